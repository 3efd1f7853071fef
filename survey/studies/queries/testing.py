"""The address of whoever tests a message."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection


async def sealed_addresses(here: Connection, account_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Accounts' addresses, sealed. Role.WORKER."""
    rows = await here.fetch(
        "SELECT id, email FROM identity.account WHERE id = ANY($1::uuid[]) AND status = 'active'", list(account_ids)
    )
    return {row["id"]: row["email"] for row in rows}
