"""Changing the address of a profile: asked for by the shopper, confirmed from the new mailbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg import Connection, Record

from survey.db import NotFound, Scope, connection

from ..domain import TakenAddress

_ASK = """
INSERT INTO identity.email_change (id, affiliate_id, shopper_id, email, email_index, asked_at)
VALUES ($3, $1, $2, $4, $5, $6)
ON CONFLICT (shopper_id) DO UPDATE
   SET id = excluded.id,
       email = excluded.email,
       email_index = excluded.email_index,
       asked_at = excluded.asked_at
"""


async def ask(scope: Scope, change_id: UUID, sealed: tuple[bytes, bytes], now: datetime) -> None:
    """Put a new address by; a later one replaces it. sealed: the address and its index. Role.SHOPPER."""
    await connection().execute(_ASK, scope.affiliate_id, scope.shopper_id, change_id, *sealed, now)


async def asked_behind(change_id: UUID) -> tuple[UUID, UUID]:
    """Affiliate and shopper of a change that waits. Role.GATE. Raises NotFound once it was made or replaced."""
    row = await connection().fetchrow(
        "SELECT affiliate_id, shopper_id FROM identity.email_change WHERE id = $1", change_id
    )
    if row is None:
        raise NotFound("change of address")
    return row["affiliate_id"], row["shopper_id"]


async def take_change(scope: Scope, change_id: UUID) -> Record | None:
    """Take the change out, sealed; None where it was made or replaced meanwhile. Role.SHOPPER."""
    return await connection().fetchrow(
        "DELETE FROM identity.email_change WHERE affiliate_id = $1 AND shopper_id = $2 AND id = $3"
        " RETURNING email, email_index",
        scope.affiliate_id,
        scope.shopper_id,
        change_id,
    )


async def put_address(scope: Scope, email: bytes, email_index: bytes) -> None:
    """Another address. Role.SHOPPER. Raises TakenAddress."""
    try:
        await connection().execute(
            "UPDATE identity.shopper SET email = $3, email_index = $4 WHERE affiliate_id = $1 AND id = $2",
            scope.affiliate_id,
            scope.shopper_id,
            email,
            email_index,
        )
    except asyncpg.UniqueViolationError:
        raise TakenAddress from None


async def sealed_changes(here: Connection, shopper_ids: Sequence[UUID]) -> list[Record]:
    """The changes of shoppers that wait, sealed, for the letters to the new addresses. Role.WORKER."""
    rows: list[Record] = await here.fetch(
        "SELECT id, shopper_id, email FROM identity.email_change WHERE shopper_id = ANY($1::uuid[])", list(shopper_ids)
    )
    return rows


async def forget_changes(here: Connection, before: datetime) -> None:
    """Remove changes that no mailbox has answered. Role.WORKER."""
    await here.execute("DELETE FROM identity.email_change WHERE asked_at < $1", before)
