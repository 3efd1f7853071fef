"""What a shopper does with their own profile. Role.SHOPPER throughout."""

from datetime import datetime

from privacy.vault import KeyRing, data_key
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import (
    NAME,
    PHONE,
    Agreement,
    Answers,
    BandQuestion,
    Details,
    Look,
    Profile,
    Qualification,
    QualificationKind,
    Status,
    StillRestricted,
    WrongStatus,
    household_index,
)
from . import qualifications
from .likeness import follow
from .notes import note, own_id
from .sealing import opened_profile, opened_text, sealed_address, sealed_text


async def own_profile(scope: Scope, ring: KeyRing) -> Profile:
    """One's own profile, opened."""
    return opened_profile(await data_key(connection(), ring, own_id(scope)), await queries.own.own_row(scope))


async def own_name(scope: Scope, ring: KeyRing) -> str:
    """What one is called. Role.SHOPPER. Raises NotFound."""
    row = await queries.own.own_row(scope)
    return opened_text(await data_key(connection(), ring, own_id(scope)), NAME, row["name"])


async def clock(scope: Scope) -> str:
    """The time zone of the shopper's own pages. Role.SHOPPER. Raises NotFound."""
    return await queries.own.clock(scope)


async def correct(scope: Scope, settings: Settings, details: Details, now: datetime) -> None:
    """Replace what is held; which parts changed is on record, not what they were."""
    key = await data_key(connection(), settings.keyring, own_id(scope))
    old = opened_profile(key, await queries.own.own_row(scope)).details
    if old == details:
        return
    sealed = (
        sealed_text(key, NAME, details.name),
        sealed_text(key, PHONE, details.phone),
        sealed_address(key, details.address),
        # Who stays where they are stays in the household that staff may have recognised.
        None if old.address == details.address else _household(scope, settings, details),
    )
    await queries.own.put_details(scope, sealed, details.address.region, (details.time_zone, details.units))
    await follow(settings, scope.affiliate_id, own_id(scope), details)
    changed = {f"{name}.changed": True for name in Details.__slots__ if getattr(old, name) != getattr(details, name)}
    await note(scope, "shopper.correct", own_id(scope), now, **changed)


async def questions(scope: Scope) -> list[BandQuestion]:
    """What the affiliate asks at present."""
    return [one for one in await queries.rules.questions_of(scope) if one.is_asked]


async def answer(scope: Scope, given: Answers, now: datetime) -> None:
    """Replace what somebody tells of themselves. given: answers that are on offer, by question."""
    await queries.own.put_bands(scope, given)
    await note(scope, "shopper.answer", own_id(scope), now, answers=len(given))


async def pause(scope: Scope, now: datetime) -> None:
    """Be offered nothing for a while. What was taken stays. Raises WrongStatus."""
    await _move(scope, Status.ACTIVE, Status.PAUSED, "shopper.pause", now)


async def resume(scope: Scope, now: datetime) -> None:
    """Be offered shops again. Raises WrongStatus, and StillRestricted where one's own restriction stands."""
    await queries.own.lock(scope)
    if await queries.restricting.standing(scope, own_id(scope), now) is not None:
        raise StillRestricted
    await _move(scope, Status.PAUSED, Status.ACTIVE, "shopper.resume", now)


async def own_qualifications(scope: Scope, ring: KeyRing) -> list[Qualification]:
    """What one has, asks for, or was refused, and why."""
    return await qualifications.of_shopper(scope, ring, own_id(scope))


async def qualification_kinds(scope: Scope) -> list[QualificationKind]:
    """What the affiliate records of whoever asks: nothing that is retired."""
    return [kind for kind in await queries.rules.kinds_of(scope) if not kind.is_retired]


async def ask_qualification(scope: Scope, code: str, now: datetime) -> None:
    """Ask the affiliate to record one; its staff look at the document. Twice is once. Raises NotFound."""
    if code not in {kind.code for kind in await qualification_kinds(scope)}:
        raise NotFound("qualification")
    if await queries.standing.ask_qualification(scope, code, now):
        await note(scope, "shopper.qualification_ask", own_id(scope), now, code=code)


async def own_looks(scope: Scope, keyset: Keyset) -> Paged[Look]:
    """Who looked at the profile, the latest first."""
    return await queries.own.looks_at(scope, keyset)


async def accepted_agreement(scope: Scope, version: int | None) -> Agreement | None:
    """The words that were accepted."""
    return None if version is None else await queries.own.agreement_numbered(scope, version)


def _household(scope: Scope, settings: Settings, details: Details) -> bytes:
    return household_index(settings.index_key, scope.affiliate_id, details.address)


async def _move(scope: Scope, old: Status, new: Status, action: str, now: datetime) -> None:
    if not await queries.own.move_status(scope, old, new):
        raise WrongStatus
    await note(scope, action, own_id(scope), now)
