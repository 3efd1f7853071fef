"""Recording events in the writer's own transaction, laying the chain over them afterwards, and walking along it."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from . import queries
from .domain import Event, Head, Verdict, Walk, chained


async def record(connection: Connection, event: Event, now: datetime) -> None:
    """Write one event. It stands or falls with the transaction that did what it tells."""
    await queries.insert_event(connection, event, now)


async def record_look(connection: Connection, event: Event, now: datetime) -> bool:
    """Write one look at a person; False where the same account looked at the same thing less than a minute ago.

    A page that is loaded again is one look; what was seen, whose it is and what for are compared. For roles that may
    read the ledger.
    """
    return await queries.insert_look(connection, event, now)


async def record_looks(connection: Connection, events: Sequence[Event], now: datetime) -> None:
    """Write many looks in one round trip; those of less than a minute ago are left out as by `record_look`."""
    await queries.insert_looks(connection, events, now)


async def record_many(connection: Connection, events: Sequence[Event], now: datetime) -> None:
    """Write many events in one round trip."""
    await queries.insert_events(connection, events, now)


async def chain(connection: Connection, batch_size: int = 1000) -> int:
    """Lay links over the oldest events that have none and say how many; 0 says that none is waiting.

    Afterwards and under a lock of its own, so that those who write events never wait for one another.
    """
    await queries.lock_chain(connection)
    head, head_at = await queries.head_of_chain(connection)
    events = await queries.unchained_events(connection, head_at, batch_size)
    if events:
        await queries.insert_links(connection, chained(head, events))
    return len(events)


async def verify_chain(connection: Connection, checkpoint: Head | None = None, batch_size: int = 2000) -> Verdict:
    """Walk along the whole chain, a batch at a time, and find the first event edited, removed or slipped in.

    Whoever owns the table can cut off the chain's end or lay it anew from some link on; only a head that was
    kept elsewhere shows that. Give it as `checkpoint`.
    """
    walk = Walk()
    while batch := await queries.chained_after(connection, walk.head.seq, batch_size):
        for link, event in batch:
            if not walk.accepts(link, event) or _contradicts(checkpoint, walk.head):
                return Verdict(False, walk.head.seq, link.event_id, walk.head)
    if checkpoint is not None and walk.head.seq < checkpoint.seq:
        return Verdict(False, walk.head.seq, None, walk.head)
    slipped_in = await queries.find_slipped_in(connection, walk.latest) if walk.latest else None
    return Verdict(slipped_in is None, walk.head.seq, slipped_in, walk.head)


def _contradicts(checkpoint: Head | None, head: Head) -> bool:
    return checkpoint is not None and head.seq == checkpoint.seq and head != checkpoint
