"""Signing what leaves, in the transaction in which it leaves; and looking whether it is still what was signed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from privacy.crypto import DIGEST_BYTES, KEY_BYTES, random_bytes, random_id, sha256
from privacy.signing import sign
from survey.db import NotFound, Role, transaction
from survey.media import Media, TooLarge, media_of
from survey.settings import Settings

from .. import queries
from ..domain.parts import ANOTHER, EARLY, Filed, Held, Parts, Person, Picture, faults_in, parts_in
from ..domain.signing import Kept, Kind, Subject, fault_of, statement_of
from ..tables import PICTURES, UNREAD

WORDS = {
    Kind.RELEASE: "release",
    Kind.SHOP_REPORT: "report of a visit",
    Kind.MAKEUP: "who made the visits of wave",
}
LIMIT_BYTES = 20_000_000
MOST_READ = 500
AT_ONCE = 8


async def sign_leaving(settings: Settings, affiliate_id: UUID, subject: Subject, now: datetime) -> None:
    """Sign something, in the transaction that writes it."""
    statement = statement_of(subject, now)
    kept = Kept(statement, sign(settings.token_keys, statement.encode()))
    await queries.insert_signature(affiliate_id, subject, kept, now)


async def sign_report(settings: Settings, affiliate_id: UUID, subject: Subject, now: datetime) -> None:
    """Sign a report of a visit that was written just now. subject: with its pictures, and the rest as it is stored."""
    pictures = subject.parts.pictures if subject.parts else ()
    parts = Parts(pictures, await queries.staff_of(subject.id))
    whole = replace(subject, content=await queries.content_of(subject.id), parts=parts)
    await sign_leaving(settings, affiliate_id, whole, now)


@dataclass(slots=True)
class Looked:
    """What was found of signatures. struck: under keys that were stolen, which prove nothing; faults: in words.

    pictures, staff: those signed apart that are there; read: pictures whose files were read; whole: reports that left
    before their parts were signed apart.
    """

    seen: int = 0
    struck: int = 0
    pictures: int = 0
    read: int = 0
    staff: int = 0
    whole: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ToRead:
    """A picture whose file is to be read. is_over: whether it may be gone meanwhile."""

    report: Subject
    media_key: str
    digest: str
    is_over: bool


async def look_at_signatures(settings: Settings, affiliate_id: UUID, now: datetime) -> Looked:
    """Hold everything of an affiliate that has left against its signature.

    Of pictures the files of some are read, another choice each day.
    """
    looked = Looked()
    async with transaction(Role.WORKER, affiliate=affiliate_id):
        since = await queries.signed_since()
        to_read = await _look_at_reports(settings, looked, affiliate_id, since, now)
        await _look(settings, looked, queries.signed_makeups(affiliate_id, since))
        others = await queries.signed_elsewhere(affiliate_id)
    async with transaction(Role.RELEASER, affiliate=affiliate_id):
        await _look(settings, looked, queries.signed_releases(affiliate_id, since))
        gone = await queries.no_releases(others)
    looked.faults += [f"{each}: what was signed is gone" for each in gone]
    await _read_again(media_of(settings), looked, to_read)
    return looked


def is_forgery_found(settings: Settings) -> bool:
    """Sign a sample, change it, sign it with another key: whether the first is sound and the others are found out."""
    subject, at = Subject(Kind.RELEASE, random_id(), random_id(), bytes(DIGEST_BYTES)), datetime.now(UTC)
    keys, text = settings.known_token_keys, statement_of(subject, at)
    genuine = Kept(text, sign(settings.token_keys, text.encode()))
    other = Kept(text, sign((random_bytes(KEY_BYTES),), text.encode()))
    changed = replace(subject, digest=random_bytes(DIGEST_BYTES))
    return (
        not fault_of(keys, subject, genuine)
        and all((fault_of(keys, changed, genuine), fault_of(keys, subject, other), fault_of(keys, subject, None)))
        and _is_missing_part_found(subject, at)
    )


def _is_missing_part_found(subject: Subject, at: datetime) -> bool:
    filed, person = Filed(random_id(), 0, "photo", ""), Person("E1", "barista", date.max, "mark")
    pictures = (Picture(filed.id, filed.position, filed.kind, ""),)
    signed = parts_in(statement_of(replace(subject, parts=Parts(pictures, (person,))), at))
    sound = Held((filed,), (person,), is_over=False)
    forged = (replace(sound, pictures=()), replace(sound, staff=()), replace(sound, staff=(replace(person, mark="m"),)))
    return (
        signed is not None
        and not faults_in(signed, sound, at.date())
        and all(faults_in(signed, each, at.date()) for each in forged)
    )


async def _look(settings: Settings, looked: Looked, found: AsyncIterator[tuple[Subject, Kept | None]]) -> None:
    async for subject, kept in found:
        _judge(settings, looked, subject, kept)


async def _look_at_reports(
    settings: Settings, looked: Looked, affiliate_id: UUID, since: datetime, now: datetime
) -> list[_ToRead]:
    """Look at reports and at the rows of their parts; the files that are to be read."""
    chosen = await queries.pictures_to_read(affiliate_id, now.date(), MOST_READ)
    kept_from, read_from = (now - timedelta(days=each.days or 0) for each in (PICTURES, UNREAD))
    to_read: list[_ToRead] = []
    async for subject, kept, held in queries.signed_reports(affiliate_id, since, kept_from, read_from):
        is_sound = _judge(settings, looked, subject, kept)
        if kept is None or not is_sound:
            continue
        parts = parts_in(kept.statement)
        if parts is None:
            looked.whole += 1
            continue
        looked.faults += [f"{_named(subject)}: {each}" for each in faults_in(parts, held, now.date())]
        signed = {each.id: each.digest for each in parts.pictures}
        there = [each for each in held.pictures if each.id in signed]
        looked.pictures, looked.staff = looked.pictures + len(there), looked.staff + len(parts.staff)
        to_read += [
            _ToRead(subject, each.media_key, signed[each.id], held.is_over) for each in there if each.id in chosen
        ]
    return to_read


def _judge(settings: Settings, looked: Looked, subject: Subject, kept: Kept | None) -> bool:
    """Count it, note what is wrong with its signature, and return whether it is sound."""
    looked.seen += 1
    fault = fault_of(settings.known_token_keys, subject, kept)
    if fault:
        looked.faults.append(f"{_named(subject)}: {fault}")
    elif kept is not None and kept.signature.key in settings.struck_keys:
        looked.struck += 1
    return not fault


async def _read_again(media: Media, looked: Looked, to_read: Sequence[_ToRead]) -> None:
    """Hold the files of pictures against what was signed of them: some at a time, as each is held in memory."""
    for at in range(0, len(to_read), AT_ONCE):
        some = to_read[at : at + AT_ONCE]
        faults = await asyncio.gather(*(_fault_of_file(media, each) for each in some))
        looked.faults += [f"{_named(one.report)}: {fault}" for one, fault in zip(some, faults, strict=True) if fault]
    looked.read += len(to_read)


async def _fault_of_file(media: Media, wanted: _ToRead) -> str:
    try:
        content = await media.read(wanted.media_key, limit_bytes=LIMIT_BYTES)
    except NotFound:
        return "" if wanted.is_over else EARLY
    except TooLarge:
        return ANOTHER
    return "" if sha256(content).hex() == wanted.digest else ANOTHER


def _named(subject: Subject) -> str:
    return f"{WORDS[subject.kind]} {subject.id}"
