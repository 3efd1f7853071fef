"""What is asked of the suppression list. It belongs to the whole platform: no row of it is any affiliate's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from ..crypto import DIGEST_BYTES
from .domain import Link, Source, Stop, StopScope

INSERT_LINK = """
    INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id)
    VALUES ($1, $2, $3)
    ON CONFLICT (suppression_key, affiliate_id, client_id) DO NOTHING
    RETURNING id
"""
LINK_OF = """
    SELECT id
    FROM ledger.opt_out_link
    WHERE suppression_key = $1 AND affiliate_id = $2 AND client_id IS NOT DISTINCT FROM $3
"""
# The ledger may not be updated, and ON CONFLICT DO NOTHING returns nothing for what is there already: two statements.
INSERT_LINKS = """
    INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id)
    SELECT DISTINCT given.key, given.affiliate_id, NULL::uuid
    FROM unnest($1::bytea[], $2::uuid[]) AS given (key, affiliate_id)
    ON CONFLICT (suppression_key, affiliate_id, client_id) DO NOTHING
"""
LINKS_OF = """
    SELECT link.suppression_key, link.affiliate_id, link.id
    FROM unnest($1::bytea[], $2::uuid[]) AS given (key, affiliate_id)
    JOIN ledger.opt_out_link AS link
      ON link.suppression_key = given.key AND link.affiliate_id = given.affiliate_id AND link.client_id IS NULL
"""
LINK = "SELECT id, suppression_key, affiliate_id, client_id FROM ledger.opt_out_link WHERE id = $1"

# A stop is active as long as no later row lifts it.
ACTIVE = "stop.lifts IS NULL AND NOT EXISTS (SELECT FROM ledger.opt_out AS undo WHERE undo.lifts = stop.id)"
SAME_REACH = """
    stop.suppression_key = $1 AND stop.scope = $2
    AND coalesce(stop.client_id, stop.sender_id) IS NOT DISTINCT FROM $3
"""
WHOSE = "CASE WHEN {scope} = 'client' THEN {whose} END, CASE WHEN {scope} IN ('affiliate', 'offers') THEN {whose} END"
INSERT_STOP = f"""
    INSERT INTO ledger.opt_out (suppression_key, scope, client_id, sender_id, source, at)
    SELECT $1::bytea, $2::text, {WHOSE.format(scope="$2::text", whose="$3::uuid")}, $4, $5
    WHERE NOT EXISTS (SELECT FROM ledger.opt_out AS stop WHERE {SAME_REACH} AND {ACTIVE})
"""  # noqa: S608  (made of the constants above)
LIFT_STOPS = f"""
    INSERT INTO ledger.opt_out (suppression_key, scope, client_id, sender_id, source, at, lifts)
    SELECT stop.suppression_key, stop.scope, stop.client_id, stop.sender_id, $4, $5, stop.id
    FROM ledger.opt_out AS stop
    WHERE {SAME_REACH} AND {ACTIVE}
    ON CONFLICT (lifts) DO NOTHING
"""  # noqa: S608  (made of the constants above)
ACTIVE_STOPS = f"""
    SELECT stop.id, stop.scope, stop.client_id, stop.source, stop.at, stop.sender_id
    FROM ledger.opt_out AS stop
    WHERE stop.suppression_key = $1 AND {ACTIVE}
    ORDER BY stop.at, stop.id
"""  # noqa: S608  (made of the constants above)
# The keys come as one text of bytes: an array of thousands costs the driver more than the question is worth.
STOPPED_KEYS = f"""
    SELECT DISTINCT stop.suppression_key
    FROM generate_series(0, octet_length($1::bytea) / {DIGEST_BYTES} - 1) AS place (number)
    JOIN ledger.opt_out AS stop
      ON stop.suppression_key = substring($1 FROM place.number * {DIGEST_BYTES} + 1 FOR {DIGEST_BYTES})
    WHERE (stop.scope = 'everything' OR stop.client_id = $2
           OR (stop.scope = 'affiliate' AND stop.sender_id = $3))
      AND {ACTIVE}
"""  # noqa: S608  (made of the constants above)


async def insert_link(connection: Connection, key: bytes, affiliate_id: UUID, client_id: UUID | None) -> UUID | None:
    """Add the link, or None where there is one already."""
    added: UUID | None = await connection.fetchval(INSERT_LINK, key, affiliate_id, client_id)
    return added


async def link_of(connection: Connection, key: bytes, affiliate_id: UUID, client_id: UUID | None) -> UUID:
    """The id of the link that exists."""
    found: UUID = await connection.fetchval(LINK_OF, key, affiliate_id, client_id)
    return found


async def links_of(connection: Connection, pairs: Sequence[tuple[bytes, UUID]]) -> dict[tuple[bytes, UUID], UUID]:
    """The links of these addresses in these affiliates' own mail, made where there are none."""
    columns = [key for key, _ in pairs], [affiliate_id for _, affiliate_id in pairs]
    await connection.execute(INSERT_LINKS, *columns)
    rows = await connection.fetch(LINKS_OF, *columns)
    return {(row["suppression_key"], row["affiliate_id"]): row["id"] for row in rows}


async def find_link(connection: Connection, link_id: UUID) -> Link | None:
    """The link with this id, if there is one."""
    row = await connection.fetchrow(LINK, link_id)
    return Link(*row) if row else None


async def insert_stop(
    connection: Connection, key: bytes, scope: StopScope, whose: UUID | None, source: Source, at: datetime
) -> None:
    """Add a stop unless one of the same reach is active."""
    await connection.execute(INSERT_STOP, key, scope, whose, source, at)


async def lift_stops(connection: Connection, key: bytes, scope: StopScope, whose: UUID | None, at: datetime) -> None:
    """Add a lifting row for every active stop of this reach."""
    await connection.execute(LIFT_STOPS, key, scope, whose, Source.UNDO, at)


async def active_stops(connection: Connection, key: bytes) -> list[Stop]:
    """The stops of an address that nobody has lifted, oldest first."""
    rows = await connection.fetch(ACTIVE_STOPS, key)
    return [Stop(row[0], StopScope(row[1]), row[2], Source(row[3]), row[4], row[5]) for row in rows]


async def stopped_keys(
    connection: Connection, keys: Sequence[bytes], client_id: UUID | None, affiliate_id: UUID | None
) -> set[bytes]:
    """Those of the keys that must not be written to on behalf of this client by this affiliate."""
    return {row[0] for row in await connection.fetch(STOPPED_KEYS, b"".join(keys), client_id, affiliate_id)}
