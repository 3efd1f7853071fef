"""Conflicts of interest: a shopper types a business, which is matched with the clients without a word of whether it is
one; staff record others, and tie what was not matched.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from privacy.crypto import random_id
from privacy.vault import DataKey, KeyRing, Place, data_key, data_keys, seal, unseal_text
from survey.db import Keyset, NotFound, Paged, Scope, connection

from .. import queries
from ..domain import PURPOSES, Conflict, ConflictKind, ShopperProblem, client_called, words_of
from ..domain.people import CHECK
from ..queries.conflicts import Untied
from . import restricting
from .notes import note, note_look, own_id

COMPANY = "identity.conflict.company"
MOST = 40  # of one shopper: nobody works at more places, and a list of guesses is longer


class TooMany(ShopperProblem):
    """Somebody names more businesses than anybody has to do with."""

    text = f"You have named {MOST} companies, which is as many as we keep. Remove one first, or write to us."


async def own(scope: Scope, ring: KeyRing) -> list[Conflict]:
    """One's own conflicts of interest, opened. Role.SHOPPER."""
    rows = await queries.conflicts.conflicts_of(scope, own_id(scope))
    keys = await data_keys(connection(), ring, [own_id(scope)] if any(row["company"] for row in rows) else [])
    return [_conflict(row, keys.get(own_id(scope))) for row in rows]


async def clients_of(scope: Scope) -> set[UUID]:
    """The clients of which the scope's shopper is offered nothing. Role.SHOPPER."""
    return await queries.conflicts.clients_in_conflict(scope, own_id(scope))


async def declare(scope: Scope, ring: KeyRing, company: str, kind: ConflictKind, now: datetime) -> None:
    """Say that one is no stranger to a business. The same business again changes why. Role.SHOPPER. Raises TooMany."""
    await queries.own.lock(scope)
    held = [one for one in await own(scope, ring) if one.is_typed]
    same = next((one for one in held if words_of(one.shown) == words_of(company)), None)
    if same is not None:
        await queries.conflicts.put_kind(scope, same.id, kind)
    elif len(held) >= MOST:
        raise TooMany
    else:
        key, conflict_id = await data_key(connection(), ring, own_id(scope)), random_id()
        sealed = seal(key, _place(conflict_id, own_id(scope)), company)
        client_id = client_called(company, await queries.standing.clients_of(scope))
        await queries.conflicts.declare(scope, conflict_id, (sealed, kind), client_id, now)
    await note(scope, "shopper.conflict", own_id(scope), now, kind=kind)


async def withdraw(scope: Scope, conflict_id: UUID, now: datetime) -> None:
    """Take back what one has declared; what staff recorded stays. Role.SHOPPER. Raises NotFound."""
    if not await queries.conflicts.delete(scope, own_id(scope), conflict_id, "self"):
        raise NotFound("conflict")
    await note(scope, "shopper.conflict_withdraw", own_id(scope), now)


async def of_shopper(scope: Scope, shopper_id: UUID) -> list[Conflict]:
    """A shopper's, with what was typed left under its seal. Role.STAFF."""
    return [_conflict(row, None) for row in await queries.conflicts.conflicts_of(scope, shopper_id)]


async def look_at(scope: Scope, ring: KeyRing, shopper_id: UUID, conflict_id: UUID, now: datetime) -> Conflict:
    """One with what was typed, opened; the look is recorded. Role.STAFF. Raises NotFound, Restricted."""
    row = await queries.conflicts.conflict_in(scope, shopper_id, conflict_id)
    if row["company"] is None:
        return _conflict(row, None)
    await restricting.require_open_for(scope, shopper_id, CHECK, now)
    await note_look(scope, "shopper.conflict.read", shopper_id, PURPOSES[CHECK].lower(), now)
    return _conflict(row, await data_key(connection(), ring, shopper_id))


async def tie(scope: Scope, shopper_id: UUID, conflict_id: UUID, client_id: UUID | None, now: datetime) -> None:
    """Say whose client a typed business is; None: nobody's. Role.STAFF. Raises NotFound, Restricted."""
    row = await queries.conflicts.conflict_in(scope, shopper_id, conflict_id)
    if row["company"] is None:
        raise NotFound("conflict")
    await restricting.require_open_for(scope, shopper_id, CHECK, now)
    if client_id is not None:
        await queries.standing.require_client(scope, client_id)
    await queries.conflicts.tie(scope, conflict_id, client_id, now)
    await note(scope, "shopper.conflict_tie", shopper_id, now, client_id=str(client_id or ""))


async def record(scope: Scope, shopper_id: UUID, client_id: UUID, kind: ConflictKind, now: datetime) -> None:
    """Record that a shopper is no stranger to a client; the shopper sees it. Role.STAFF. Raises NotFound."""
    await queries.staff.shopper_in(scope, shopper_id)
    await queries.standing.require_client(scope, client_id)
    await queries.conflicts.record(scope, shopper_id, client_id, kind, now)
    await note(scope, "shopper.conflict", shopper_id, now, client_id=str(client_id), kind=kind)


async def drop(scope: Scope, shopper_id: UUID, conflict_id: UUID, now: datetime) -> None:
    """Remove what staff have recorded; what the shopper has declared stays. Role.STAFF. Raises NotFound."""
    if not await queries.conflicts.delete(scope, shopper_id, conflict_id, "staff"):
        raise NotFound("conflict")
    await note(scope, "shopper.conflict_withdraw", shopper_id, now)


async def untied(scope: Scope, now: datetime, keyset: Keyset) -> Paged[Untied]:
    """One page of what waits and may be tied, by code. Role.STAFF. Raises BadCursor."""
    return await queries.conflicts.untied(scope, now, keyset)


async def clients(scope: Scope) -> Sequence[tuple[UUID, str]]:
    """The clients to tie it to. Role.STAFF."""
    return await queries.standing.clients_of(scope)


async def count_untied(scope: Scope, now: datetime) -> int:
    """How many wait and may be tied. Role.STAFF."""
    return await queries.conflicts.count_untied(scope, now)


def _conflict(row: Record, key: DataKey | None) -> Conflict:
    sealed = row["company"]
    company = unseal_text(key, _place(row["id"], key.subject_id), sealed) if sealed and key else ""
    return Conflict(**(dict(row) | {"company": company}))


def _place(conflict_id: UUID, shopper_id: UUID) -> Place:
    return Place(COMPANY, conflict_id, shopper_id)
