"""Which clients somebody works for: all of them, or those an administrator has ticked."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from survey.db import NotFound, Scope

from .. import queries
from ..domain import LIMITED_ROLES, AlwaysAll, NotYourself
from .places import CLIENTS_SHOWN
from .records import note

ALL = "all"


works_for = queries.works_for


async def limit_choices(scope: Scope, account_id: UUID | None = None) -> list[tuple[str, str]]:
    """The clients to tick for somebody, or for somebody new, as (id, name). Role.STAFF."""
    return [(str(row["id"]), row["name"]) for row in await queries.limit_choices(scope, account_id, CLIENTS_SHOWN)]


async def require_clients(scope: Scope, client_ids: Collection[UUID] | None) -> None:
    """Raises NotFound unless every one of them is a client of the affiliate. Role.STAFF."""
    if client_ids and await queries.count_clients(scope, client_ids) != len(set(client_ids)):
        raise NotFound("client")


async def limited_to(account_id: UUID) -> list[UUID]:
    """The clients that are ticked now. Role.STAFF."""
    return await queries.limited_to(account_id)


async def beyond_choices(scope: Scope, account_id: UUID) -> set[UUID]:
    """The clients that are ticked now and have no room among the choices. Role.STAFF."""
    shown = {row["id"] for row in await queries.limit_choices(scope, account_id, CLIENTS_SHOWN)}
    return set(await queries.limited_to(account_id)) - shown


async def limit(scope: Scope, account_id: UUID, client_ids: Collection[UUID] | None, now: datetime) -> None:
    """From the next request on the account works for these clients alone; None: for all. Role.GATE.

    Raises NotFound (for a client too), NotYourself, AlwaysAll.
    """
    if account_id == scope.account_id:
        raise NotYourself
    row = await queries.locked_person(scope, account_id)
    if row["role"] not in LIMITED_ROLES:
        raise AlwaysAll
    chosen = None if client_ids is None else set(client_ids)
    old = await queries.limited_to(account_id) if row["is_limited"] else None
    if await queries.put_limit(scope, account_id, chosen) != len(chosen or ()):
        raise NotFound("client")
    await _note(scope, account_id, old, chosen, now)


async def lift(scope: Scope, account_id: UUID, now: datetime) -> None:
    """End the limit of an account that has one, before it gets a role that has none. Role.GATE."""
    old = await queries.limited_to(account_id)
    await queries.put_limit(scope, account_id, None)
    await _note(scope, account_id, old, None, now)


async def own_clients(account_id: UUID) -> list[str]:
    """What the clients are called that one is limited to, for one's own page. Role.GATE."""
    return await queries.limit_names(account_id)


async def _note(
    scope: Scope, account_id: UUID, old: Collection[UUID] | None, new: Collection[UUID] | None, now: datetime
) -> None:
    await note(scope, "account.limit", account_id, now, **{"clients.old": _words(old), "clients.new": _words(new)})


def _words(client_ids: Collection[UUID] | None) -> str:
    return ALL if client_ids is None else " ".join(sorted(map(str, client_ids)))
