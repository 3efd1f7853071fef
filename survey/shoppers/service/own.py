"""What a shopper does with their own profile. Role.SHOPPER throughout."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

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
    Conflict,
    ConflictKind,
    Details,
    Look,
    Profile,
    Qualification,
    QualificationKind,
    Status,
    WrongStatus,
    household_index,
)
from . import qualifications
from .notes import note, own_id
from .sealing import opened_profile, sealed_address, sealed_text


async def own_profile(scope: Scope, ring: KeyRing) -> Profile:
    """One's own profile, opened."""
    return opened_profile(await data_key(connection(), ring, own_id(scope)), await queries.own.own_row(scope))


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
        household_index(settings.index_key, scope.affiliate_id, details.address),
    )
    await queries.own.put_details(scope, sealed, details.address.region, details.time_zone)
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
    """Be offered shops again. Raises WrongStatus."""
    await _move(scope, Status.PAUSED, Status.ACTIVE, "shopper.resume", now)


async def own_conflicts(scope: Scope) -> list[Conflict]:
    """One's own conflicts of interest."""
    return await queries.standing.conflicts_of(scope, own_id(scope))


async def clients(scope: Scope) -> Sequence[tuple[UUID, str]]:
    """The clients with which one can be in conflict."""
    return await queries.standing.clients_of(scope)


async def declare_conflict(scope: Scope, client_id: UUID, kind: ConflictKind, now: datetime) -> None:
    """Say that one is no stranger to a client. Raises NotFound."""
    await queries.standing.require_client(scope, client_id)
    await queries.standing.put_conflict(scope, own_id(scope), client_id, kind, "self", now)
    await note(scope, "shopper.conflict", own_id(scope), now, client_id=str(client_id), kind=kind)


async def withdraw_conflict(scope: Scope, client_id: UUID, now: datetime) -> None:
    """Take back what one has declared; what staff recorded stays. Raises NotFound."""
    if not await queries.standing.delete_conflict(scope, own_id(scope), client_id, "self"):
        raise NotFound("conflict")
    await note(scope, "shopper.conflict_withdraw", own_id(scope), now, client_id=str(client_id))


async def own_qualifications(scope: Scope, ring: KeyRing) -> list[Qualification]:
    """What one has, asks for, or was refused, and why."""
    return await qualifications.of_shopper(scope, ring, own_id(scope))


async def qualification_kinds(scope: Scope) -> list[QualificationKind]:
    """What the affiliate records."""
    return await queries.rules.kinds_of(scope)


async def ask_qualification(scope: Scope, code: str, now: datetime) -> None:
    """Ask the affiliate to record one; its staff look at the document. Twice is once. Raises NotFound."""
    if code not in {kind.code for kind in await queries.rules.kinds_of(scope)}:
        raise NotFound("qualification")
    if await queries.standing.ask_qualification(scope, code, now):
        await note(scope, "shopper.qualification_ask", own_id(scope), now, code=code)


async def own_looks(scope: Scope, keyset: Keyset) -> Paged[Look]:
    """Who looked at the profile, the latest first."""
    return await queries.own.looks_at(scope, keyset)


async def accepted_agreement(scope: Scope, version: int | None) -> Agreement | None:
    """The words that were accepted."""
    return None if version is None else await queries.own.agreement_numbered(scope, version)


async def _move(scope: Scope, old: Status, new: Status, action: str, now: datetime) -> None:
    if not await queries.own.move_status(scope, old, new):
        raise WrongStatus
    await note(scope, action, own_id(scope), now)
