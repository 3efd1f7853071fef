"""Statements on ledger.disclosure: rows are added and read, never changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from ..inventory.domain import Category
from .domain import Disclosure, Position, RecordedDisclosure

INSERT = """
    INSERT INTO ledger.disclosure (affiliate_id, client_id, object_kind, object_id, categories, digest, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
DISCLOSURES_OF = """
    SELECT id, at, affiliate_id, client_id, object_kind, object_id, categories, digest
    FROM ledger.disclosure
    WHERE affiliate_id = $1
      AND ($2::uuid IS NULL OR client_id = $2)
      AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
    ORDER BY at DESC, id DESC
    LIMIT $5
"""


async def insert_disclosure(connection: Connection, disclosure: Disclosure, at: datetime) -> None:
    """Add one entry."""
    await connection.execute(
        INSERT,
        disclosure.affiliate_id,
        disclosure.client_id,
        disclosure.object_kind,
        disclosure.object_id,
        [str(category) for category in disclosure.categories],
        disclosure.digest,
        at,
    )


async def disclosures_of(
    connection: Connection, affiliate_id: UUID, client_id: UUID | None, after: Position | None, limit: int
) -> Sequence[RecordedDisclosure]:
    """What left the affiliate, newest first, from the position on; for one client, or for all."""
    at, last_id = after or (None, None)
    rows = await connection.fetch(DISCLOSURES_OF, affiliate_id, client_id, at, last_id, limit)
    return [_recorded(row) for row in rows]


def _recorded(row: Record) -> RecordedDisclosure:
    id_, at, affiliate_id, client_id, object_kind, object_id, categories, digest = row
    names = tuple(Category(name) for name in categories)
    return RecordedDisclosure(id_, at, Disclosure(affiliate_id, client_id, object_kind, object_id, names, digest))
