"""Shoppers as letters to them need them, and the page behind a letter's way out."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection, Record


async def sealed_people(here: Connection, shopper_ids: Sequence[UUID]) -> list[Record]:
    """The sealed address and name of shoppers, with what their letters depend on."""
    rows: list[Record] = await here.fetch(
        "SELECT id, email, name, time_zone, status FROM identity.shopper"
        " WHERE id = ANY($1::uuid[]) AND status <> 'erased'",
        list(shopper_ids),
    )
    return rows


async def find_sealed_address(here: Connection, shopper_id: UUID) -> bytes | None:
    """The sealed address of a shopper who is still there. Role.DESK."""
    found: bytes | None = await here.fetchval(
        "SELECT email FROM identity.shopper WHERE id = $1 AND status <> 'erased'", shopper_id
    )
    return found
