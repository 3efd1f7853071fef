"""Restriction of processing: a shopper asks and it stands; whoever answers for privacy answers; the shopper ends it.

While it stands a profile that was active is paused: what offers, gives and mails shops passes over whoever is paused.
"""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from privacy.crypto import random_id
from privacy.vault import KeyRing, Place, data_key, seal, unseal_text
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import Ground, Restricted, RestrictionAnswer, Status, WrongStatus
from ..domain.restricting import RESTRICTION_NOTICE, QueuedRestriction, Restriction, may_be_opened_for
from .notes import RESTRICTION_KIND, note, note_look, own_id, tell

PURPOSE = "answer a request to restrict what is done with their data"


async def own(scope: Scope, ring: KeyRing, now: datetime) -> Restriction | None:
    """One's own, opened; None where none stands. Role.SHOPPER."""
    row = await queries.restricting.standing(scope, own_id(scope), now)
    return None if row is None else await _opened(ring, own_id(scope), row)


async def own_since(scope: Scope, now: datetime) -> datetime | None:
    """Since when one's own stands, without opening what was written; None where none does. Role.SHOPPER."""
    row = await queries.restricting.standing(scope, own_id(scope), now)
    return None if row is None else row["asked_at"]


async def restrict(scope: Scope, ring: KeyRing, why: tuple[Ground, str], now: datetime) -> None:
    """Restrict what is done with one's data, from this moment. Twice is once. why: ground, words. Role.SHOPPER."""
    await queries.own.lock(scope)
    if await queries.restricting.standing(scope, own_id(scope), now) is not None:
        return
    (ground, words), one = why, random_id()
    key = await data_key(connection(), ring, own_id(scope))
    sealed = seal(key, _place("words", one, own_id(scope)), words) if words else None
    await queries.restricting.insert(scope, (one, ground, sealed), now)
    is_paused = await queries.own.move_status(scope, Status.ACTIVE, Status.PAUSED)
    # The ground goes with the profile, and this line stays for ever: the row has it.
    await note(scope, "shopper.restrict", own_id(scope), now, paused=is_paused)


async def end(scope: Scope, now: datetime) -> None:
    """End one's own; the profile stays paused until its owner takes up work again. Role.SHOPPER. Raises WrongStatus."""
    await queries.own.lock(scope)
    if not await queries.restricting.end(scope, now):
        raise WrongStatus
    await note(scope, "shopper.restriction_end", own_id(scope), now)


async def queue(scope: Scope, now: datetime, keyset: Keyset) -> Paged[QueuedRestriction]:
    """One page of those that stand, by code, the oldest first. Role.STAFF. Raises BadCursor."""
    return await queries.restricting.queue(scope, now, keyset)


async def count_waiting(scope: Scope) -> int:
    """How many wait for an answer. Role.STAFF."""
    return await queries.restricting.count_waiting(scope)


async def stands(scope: Scope, shopper_id: UUID, now: datetime) -> bool:
    """Whether one stands. Role.STAFF, or Role.SHOPPER for oneself."""
    return await queries.restricting.standing(scope, shopper_id, now) is not None


async def look_at(scope: Scope, ring: KeyRing, shopper_id: UUID, now: datetime) -> Restriction:
    """The one that stands with what was written; the look is recorded. Role.STAFF. Raises NotFound."""
    row = await _standing(scope, shopper_id, now)
    await note_look(scope, "shopper.restriction.read", shopper_id, PURPOSE, now)
    return await _opened(ring, shopper_id, row)


async def answer(
    scope: Scope, settings: Settings, shopper_id: UUID, said: tuple[RestrictionAnswer, str], now: datetime
) -> None:
    """Say that it stands, or that it ends once the notice is over; the shopper is told. said: which, and in words.

    Role.STAFF. Raises NotFound where none stands.
    """
    row = await _standing(scope, shopper_id, now)
    verdict, words = said
    key = await data_key(connection(), settings.keyring, shopper_id)
    sealed = seal(key, _place("answer", row["id"], shopper_id), words) if words else None
    ends_at = now + RESTRICTION_NOTICE if verdict is RestrictionAnswer.ENDS else None
    if not await queries.restricting.decide(scope, row["id"], verdict, sealed, (now, ends_at)):
        raise NotFound("restriction")
    await note(scope, "shopper.restriction_answer", shopper_id, now, verdict=verdict)
    await tell(scope, settings, shopper_id, RESTRICTION_KIND, now)


async def require_open_for(scope: Scope, shopper_id: UUID, purpose: str, now: datetime) -> None:
    """Raises Restricted where staff may not see who somebody is for this purpose. purpose: a code. Role.STAFF."""
    if not may_be_opened_for(purpose) and await stands(scope, shopper_id, now):
        raise Restricted


async def _standing(scope: Scope, shopper_id: UUID, now: datetime) -> Record:
    row = await queries.restricting.standing(scope, shopper_id, now)
    if row is None:
        raise NotFound("restriction")
    return row


async def _opened(ring: KeyRing, shopper_id: UUID, row: Record) -> Restriction:
    key = await data_key(connection(), ring, shopper_id)
    opened = {
        name: unseal_text(key, _place(name, row["id"], shopper_id), row[name]) if row[name] else ""
        for name in ("words", "answer")
    }
    return Restriction(**dict(row) | opened)


def _place(column: str, restriction_id: UUID, shopper_id: UUID) -> Place:
    return Place(f"identity.restriction.{column}", restriction_id, shopper_id)
