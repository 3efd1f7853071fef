"""Who must not be written to: addresses by a keyed hash of their normal form, so that no list of addresses is kept."""

import string
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

import idna

from ..crypto import DIGEST_BYTES, derive_key, hmacs_sha256

FORMAT_CHARACTER = "Cf"
TRAILING = string.whitespace + "."


class StopScope(StrEnum):
    """How far a stop reaches: all mail of the platform, the surveys of one client, or what one affiliate writes."""

    EVERYTHING = "everything"
    CLIENT = "client"
    AFFILIATE = "affiliate"
    OFFERS = "offers"  # of one affiliate: what it writes to many, not what it writes about one's own work


class Source(StrEnum):
    """How the wish reached us."""

    PAGE = "page"
    ONE_CLICK = "one-click"
    MAIL = "mailto"
    STAFF = "staff"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Link:
    """What stands behind an opt-out link: an address only by its key, and whose mail carried the link."""

    id: UUID
    suppression_key: bytes
    affiliate_id: UUID
    client_id: UUID | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that nobody has lifted."""

    id: UUID
    scope: StopScope
    client_id: UUID | None
    source: Source
    at: datetime
    affiliate_id: UUID | None = None


def require_reach(scope: StopScope, whose: UUID | None) -> None:
    """A stop for one client or affiliate names it, a stop of everything names none. Raises ValueError."""
    if (scope == StopScope.EVERYTHING) != (whose is None):
        raise ValueError("a client or affiliate is named for a stop of one, and only then")


def require_key(key: bytes) -> None:
    """A suppression key is a whole digest: a shorter one would be found nowhere, which reads as "not stopped".

    Raises ValueError.
    """
    if len(key) != DIGEST_BYTES:
        raise ValueError(f"a suppression key has {DIGEST_BYTES} bytes, not {len(key)}")


def _normalised_1(address: str) -> str:
    text = address.strip()
    if not text.isascii():
        local, at, domain = unicodedata.normalize("NFKC", text).rpartition("@")
        text = _folded(local) + at + _domain(domain)
    # A domain may be written with the root's dot behind it.
    return text.lower().rstrip(TRAILING).lstrip()


def _folded(text: str) -> str:
    """NFKC and case folding (Unicode 3.13, D146), without the invisible characters that pasting leaves behind."""
    visible = "".join(character for character in text if unicodedata.category(character) != FORMAT_CHARACTER)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())


def _domain(domain: str) -> str:
    """The ASCII form of a domain (IDNA 2008, mapped after UTS 46), so that both of its spellings are one."""
    folded = _folded(domain)
    for spelling in (domain.strip(), folded.strip()):
        with suppress(idna.IDNAError):
            return idna.encode(spelling, uts46=True).decode()
    return folded


# A new normalisation gets a new number and the old one stays: keys that were made with it must be found for ever.
NORMALISATIONS: Mapping[int, Callable[[str], str]] = MappingProxyType({1: _normalised_1})
CURRENT_NORMALISATION = max(NORMALISATIONS)


def normalised(address: str, version: int = CURRENT_NORMALISATION) -> str:
    """The form in which two spellings of one address are equal. Dots and plus signs count: not every server drops them.

    Never fails: what is no address has a normal form as well, so that a look-up may always be made.
    """
    return NORMALISATIONS[version](address)


def suppression_key(index_key: bytes, address: str, version: int = CURRENT_NORMALISATION) -> bytes:
    """The platform-wide name of an address in the suppression list; nobody without the key can try addresses on it."""
    return suppression_keys(index_key, [address], version)[0]


def suppression_keys(index_key: bytes, addresses: Iterable[str], version: int = CURRENT_NORMALISATION) -> list[bytes]:
    """The same for many addresses, in their order."""
    key, normal_form = derive_key(index_key, f"suppression {version}"), NORMALISATIONS[version]
    return hmacs_sha256(key, [normal_form(address).encode(errors="surrogatepass") for address in addresses])
