"""Accounting for what leaves: recorded in the transaction that lets it leave, listed for the desk and the person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from . import queries
from .domain import Disclosure, Position, RecordedDisclosure


async def record(connection: Connection, disclosure: Disclosure, now: datetime) -> None:
    """Write down that this leaves. It stands or falls with the transaction that lets it leave."""
    await queries.insert_disclosure(connection, disclosure, now)


async def disclosures_of(
    connection: Connection,
    affiliate_id: UUID,
    client_id: UUID | None = None,
    after: Position | None = None,
    limit: int = 50,
) -> Sequence[RecordedDisclosure]:
    """What left the affiliate, newest first; for one client, or for all. after: the last entry of the page before."""
    return await queries.disclosures_of(connection, affiliate_id, client_id, after, limit)
