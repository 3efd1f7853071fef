"""Stopping mail and undoing it. A stop of everything holds for every client of every affiliate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from . import queries
from .domain import Link, Source, Stop, StopScope, require_key, require_reach


async def link_for(connection: Connection, key: bytes, affiliate_id: UUID, client_id: UUID | None) -> UUID:
    """The id behind the opt-out link of this address in this client's mail: the same one every time."""
    require_key(key)
    added = await queries.insert_link(connection, key, affiliate_id, client_id)
    return added or await queries.link_of(connection, key, affiliate_id, client_id)


async def links_for(connection: Connection, pairs: Sequence[tuple[bytes, UUID]]) -> dict[tuple[bytes, UUID], UUID]:
    """The same for many at once: addresses' keys with the affiliates whose own mail it is, no client's."""
    for key, _ in pairs:
        require_key(key)
    return await queries.links_of(connection, pairs) if pairs else {}


async def find_link(connection: Connection, link_id: UUID) -> Link | None:
    """What stands behind an opt-out link."""
    return await queries.find_link(connection, link_id)


async def stop(
    connection: Connection, key: bytes, scope: StopScope, whose: UUID | None, source: Source, now: datetime
) -> None:
    """Write the wish down; asking twice is asking once. Raises ValueError where scope and `whose` disagree.

    whose: the client or the affiliate that a narrower stop is about.
    Two requests at the same moment may leave two rows: both say stop, and an undo lifts both.
    """
    require_key(key)
    require_reach(scope, whose)
    await queries.insert_stop(connection, key, scope, whose, source, now)


async def resume(connection: Connection, key: bytes, scope: StopScope, whose: UUID | None, now: datetime) -> None:
    """Lift the stops of this reach, and no others: the evidence of the wish stays."""
    require_key(key)
    require_reach(scope, whose)
    await queries.lift_stops(connection, key, scope, whose, now)


async def active_stops(connection: Connection, key: bytes) -> list[Stop]:
    """The stops of an address that nobody has lifted, oldest first."""
    require_key(key)
    return await queries.active_stops(connection, key)


async def is_stopped(
    connection: Connection, key: bytes, client_id: UUID | None = None, affiliate_id: UUID | None = None
) -> bool:
    """Whether no survey may be sent to this address for this client by this affiliate; without, whether none at all."""
    return bool(await stopped_keys(connection, [key], client_id, affiliate_id))


async def stopped_keys(
    connection: Connection, keys: Sequence[bytes], client_id: UUID | None = None, affiliate_id: UUID | None = None
) -> set[bytes]:
    """The same question about many addresses at once: those that are stopped. Raises ValueError for what is no key."""
    for key in keys:
        require_key(key)
    return await queries.stopped_keys(connection, keys, client_id, affiliate_id)
