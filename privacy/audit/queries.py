"""Statements on the ledger's events and their chain: rows are added and read, never changed."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from .domain import BEGINNING, LONGEST_DELAY, Event, Head, Link, StoredEvent

CHAIN_LOCK = 0x6C656467  # "ledg": two processes must not lay the same link

# The text of `detail` passes by any JSON codec.
COLUMNS = {
    "affiliate_id": "uuid",
    "at": "timestamptz",
    "actor_kind": "text",
    "actor_id": "uuid",
    "action": "text",
    "object_kind": "text",
    "object_id": "uuid",
    "subject_id": "uuid",
    "purpose": "text",
    "detail": "text::jsonb",
}


def insertion(first: int = 1) -> str:
    """The statement that adds one event, whose values are its parameters from number `first` on: see `values_of`.

    It takes a FROM or a WHERE after it, so that a statement can do a thing and record it in one. Nothing is returned:
    most roles may add events and read none.
    """
    values = ", ".join(f"${number}::{kind}" for number, kind in enumerate(COLUMNS.values(), first))
    return f"INSERT INTO ledger.event ({', '.join(COLUMNS)}) SELECT {values}"


INSERT_EVENT = insertion()
# A minute: long enough for a page that is loaded again, too short to hide that somebody came back.
INSERT_LOOK = f"""{insertion()}
 WHERE NOT EXISTS (
       SELECT FROM ledger.event AS seen
        WHERE seen.object_id = $7
          AND seen.actor_id = $4
          AND seen.action = $5
          AND seen.subject_id = $8
          AND seen.purpose = $9
          AND seen.at > $2::timestamptz - interval '1 minute'
          AND seen.at <= $2)
"""
LOCK_CHAIN = "SELECT pg_advisory_xact_lock($1)"
HEAD = """
    SELECT link.seq, link.hash, event.recorded_at
    FROM ledger.event_link AS link
    JOIN ledger.event ON event.id = link.event_id
    ORDER BY link.seq DESC
    LIMIT 1
"""
UNCHAINED = """
    SELECT event.id, event.recorded_at, event.at, event.affiliate_id, event.actor_kind, event.actor_id, event.action,
        event.object_kind, event.object_id, event.subject_id, event.purpose, event.detail::text
    FROM ledger.event
    WHERE ($1::timestamptz IS NULL OR event.recorded_at >= $1)
      AND NOT EXISTS (SELECT FROM ledger.event_link AS link WHERE link.event_id = event.id)
    ORDER BY event.recorded_at, event.id
    LIMIT $2
"""
INSERT_LINKS = """
    INSERT INTO ledger.event_link (seq, event_id, hash)
    SELECT fresh.seq, fresh.event_id, fresh.hash
    FROM unnest($1::bigint[], $2::uuid[], $3::bytea[]) AS fresh (seq, event_id, hash)
"""
CHAINED_AFTER = """
    SELECT link.seq, link.event_id, link.hash,
        event.id, event.recorded_at, event.at, event.affiliate_id, event.actor_kind, event.actor_id, event.action,
        event.object_kind, event.object_id, event.subject_id, event.purpose, event.detail::text
    FROM ledger.event_link AS link
    LEFT JOIN ledger.event ON event.id = link.event_id
    WHERE link.seq > $1
    ORDER BY link.seq
    LIMIT $2
"""
SLIPPED_IN = """
    SELECT event.id
    FROM ledger.event
    WHERE event.recorded_at < $1
      AND NOT EXISTS (SELECT FROM ledger.event_link AS link WHERE link.event_id = event.id)
    ORDER BY event.recorded_at, event.id
    LIMIT 1
"""


async def insert_event(connection: Connection, event: Event, at: datetime) -> None:
    """Add one event."""
    await connection.execute(INSERT_EVENT, *values_of(event, at))


async def insert_look(connection: Connection, event: Event, at: datetime) -> bool:
    """Add one event, unless it is the same look as a moment ago."""
    done: str = await connection.execute(INSERT_LOOK, *values_of(event, at))
    return done.endswith(" 1")


async def insert_looks(connection: Connection, events: Sequence[Event], at: datetime) -> None:
    """Add many such events in one round trip."""
    await connection.executemany(INSERT_LOOK, [values_of(event, at) for event in events])


async def insert_events(connection: Connection, events: Sequence[Event], at: datetime) -> None:
    """Add many events in one round trip."""
    await connection.executemany(INSERT_EVENT, [values_of(event, at) for event in events])


async def lock_chain(connection: Connection) -> None:
    """Wait until nobody else is laying links; held to the end of the transaction."""
    await connection.execute(LOCK_CHAIN, CHAIN_LOCK)


async def head_of_chain(connection: Connection) -> tuple[Head, datetime | None]:
    """The end of the chain, and when its event was recorded; None while there is no chain."""
    row = await connection.fetchrow(HEAD)
    return (Head(row[0], row[1]), row[2]) if row else (BEGINNING, None)


async def unchained_events(connection: Connection, head_at: datetime | None, limit: int) -> list[StoredEvent]:
    """The oldest events that no link holds. Those from long before the head's are left for a verification to find."""
    since = head_at - LONGEST_DELAY if head_at else None
    return [StoredEvent(*row) for row in await connection.fetch(UNCHAINED, since, limit)]


async def insert_links(connection: Connection, links: Sequence[Link]) -> None:
    """Add links in one statement."""
    columns = [link.seq for link in links], [link.event_id for link in links], [link.hash for link in links]
    await connection.execute(INSERT_LINKS, *columns)


async def chained_after(connection: Connection, seq: int, limit: int) -> list[tuple[Link, StoredEvent | None]]:
    """The next links of the chain with their events; None for an event that is gone."""
    return [_link_and_event(row) for row in await connection.fetch(CHAINED_AFTER, seq, limit)]


async def find_slipped_in(connection: Connection, latest: datetime) -> UUID | None:
    """The first event outside the chain that is too old to be waiting for its link. latest: within the chain."""
    found: UUID | None = await connection.fetchval(SLIPPED_IN, latest - LONGEST_DELAY)
    return found


def _link_and_event(row: Record) -> tuple[Link, StoredEvent | None]:
    values = tuple(row)
    width = len(Link._fields)
    event = StoredEvent(*values[width:]) if values[width] is not None else None
    return Link(*values[:width]), event


def values_of(event: Event, at: datetime) -> tuple[UUID | datetime | str | None, ...]:
    """The parameters of `insertion`, in its order."""
    return (
        event.affiliate_id,
        at,
        event.actor_kind,
        event.actor_id,
        event.action,
        event.object_kind,
        event.object_id,
        event.subject_id,
        event.purpose,
        json.dumps(dict(event.detail), default=str),
    )
