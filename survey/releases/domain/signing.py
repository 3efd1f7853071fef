"""What is signed of something that leaves: what it is, whose it is, and digests of all that it says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import DecodeError
from msgspec.json import decode

from privacy.signing import Signature, holds
from privacy.tokens import Keys

from .parts import Parts, spelt
from .seal import canonical

WITHOUT = "it bears no signature"
FORGED = "its signature is not ours"
CHANGED = "it is not what was signed when it left"
# What stands in a statement beside the facts of its subject. Parts are held against what is stored of them elsewhere.
BESIDE = frozenset({"signed_at", "pictures", "staff"})


class Kind(StrEnum):
    """What leaves."""

    RELEASE = "candour release 1"
    SHOP_REPORT = "candour shop report 1"
    MAKEUP = "candour wave makeup 1"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that leaves. digest: SHA-256 over all of it; content: the same of what is stored, in hex, if at all.

    parts: what goes by itself later, as it is signed; None for what has no such parts.
    """

    kind: Kind
    id: UUID
    client_id: UUID
    digest: bytes
    content: str = ""
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A signature as it is stored. statement: exactly the text that was signed."""

    statement: str
    signature: Signature


def statement_of(subject: Subject, at: datetime) -> str:
    """What is signed, in the one spelling of releases."""
    parts = spelt(subject.parts) if subject.parts else {}
    return canonical(_facts(subject) | {"signed_at": at} | parts).decode()


def fault_of(keys: Keys, subject: Subject, kept: Kept | None) -> str:
    """What is wrong with the signature of something that has left, in words; empty where nothing is.

    keys: every token key there has ever been. subject: as it is stored now.
    """
    if kept is None:
        return WITHOUT
    if not holds(keys, kept.statement.encode(), kept.signature):
        return FORGED
    return "" if _said(kept.statement) == _facts(subject) else CHANGED


def _facts(subject: Subject) -> dict[str, object]:
    return {
        "kind": subject.kind.value,
        "id": str(subject.id),
        "client": str(subject.client_id),
        "digest": subject.digest.hex(),
        "content": subject.content,
    }


def _said(statement: str) -> Mapping[str, object] | None:
    try:
        said = decode(statement)
    except DecodeError:
        return None
    return {name: value for name, value in said.items() if name not in BESIDE} if isinstance(said, dict) else None
