"""Where shoppers are written to. Role.WORKER, or Role.STAFF for the affiliate's own."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection


async def sealed_addresses(here: Connection, shopper_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Sealed addresses of shoppers who are still there."""
    rows = await here.fetch(
        "SELECT id, email FROM identity.shopper WHERE id = ANY($1::uuid[]) AND status <> 'erased'", list(shopper_ids)
    )
    return {row["id"]: row["email"] for row in rows}
