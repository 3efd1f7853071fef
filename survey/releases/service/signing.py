"""Signing what leaves, in the transaction in which it leaves; and looking whether it is still what was signed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from privacy.crypto import DIGEST_BYTES, KEY_BYTES, random_bytes, random_id
from privacy.signing import sign
from survey.db import Role, transaction
from survey.settings import Settings

from .. import queries
from ..domain.signing import Kept, Kind, Subject, fault_of, statement_of

WORDS = {
    Kind.RELEASE: "release",
    Kind.SHOP_REPORT: "report of a visit",
    Kind.MAKEUP: "who made the visits of wave",
}


async def sign_leaving(settings: Settings, affiliate_id: UUID, subject: Subject, now: datetime) -> None:
    """Sign something, in the transaction that writes it."""
    statement = statement_of(subject, now)
    kept = Kept(statement, sign(settings.token_keys, statement.encode()))
    await queries.insert_signature(affiliate_id, subject, kept, now)


@dataclass(slots=True)
class Looked:
    """What was found of signatures. struck: under keys that were stolen, which prove nothing; faults: in words."""

    seen: int = 0
    struck: int = 0
    faults: list[str] = field(default_factory=list)


async def look_at_signatures(settings: Settings, affiliate_id: UUID) -> Looked:
    """Hold everything of an affiliate that has left against its signature."""
    looked = Looked()
    async with transaction(Role.WORKER, affiliate=affiliate_id):
        since = await queries.signed_since()
        await _look(settings, looked, queries.signed_reports(affiliate_id, since))
        await _look(settings, looked, queries.signed_makeups(affiliate_id, since))
        others = await queries.signed_elsewhere(affiliate_id)
    async with transaction(Role.RELEASER, affiliate=affiliate_id):
        await _look(settings, looked, queries.signed_releases(affiliate_id, since))
        gone = await queries.no_releases(others)
    looked.faults += [f"{each}: what was signed is gone" for each in gone]
    return looked


def is_forgery_found(settings: Settings) -> bool:
    """Sign a sample, change it, sign it with another key: whether the first is sound and the others are found out."""
    subject, at = Subject(Kind.RELEASE, random_id(), random_id(), bytes(DIGEST_BYTES)), datetime.now(UTC)
    keys, text = settings.known_token_keys, statement_of(subject, at)
    genuine = Kept(text, sign(settings.token_keys, text.encode()))
    other = Kept(text, sign((random_bytes(KEY_BYTES),), text.encode()))
    changed = replace(subject, digest=random_bytes(DIGEST_BYTES))
    return not fault_of(keys, subject, genuine) and all(
        (fault_of(keys, changed, genuine), fault_of(keys, subject, other), fault_of(keys, subject, None))
    )


async def _look(settings: Settings, looked: Looked, found: AsyncIterator[tuple[Subject, Kept | None]]) -> None:
    async for subject, kept in found:
        looked.seen += 1
        fault = fault_of(settings.known_token_keys, subject, kept)
        if fault:
            looked.faults.append(f"{WORDS[subject.kind]} {subject.id}: {fault}")
        elif kept is not None and kept.signature.key in settings.struck_keys:
            looked.struck += 1
