"""Payout methods and tax numbers: the shopper's own, payroll's, and the purge."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Scope, connection

from ..domain import PayoutKind, PayoutShown, TaxKind, TaxShown

_PUT_PAYOUT = """
INSERT INTO identity.payout (shopper_id, affiliate_id, kind, handle, last4, updated_at)
VALUES ($2, $1, $3, $4, $5, $6)
ON CONFLICT (shopper_id) DO UPDATE
   SET kind = excluded.kind,
       handle = excluded.handle,
       last4 = excluded.last4,
       updated_at = excluded.updated_at
"""

_NEED_TAX = """
INSERT INTO identity.tax_identity (affiliate_id, shopper_id, asked_at, purge_on)
VALUES ($1, $2, $3, $4)
ON CONFLICT (shopper_id) DO UPDATE
   SET purge_on = excluded.purge_on
 WHERE identity.tax_identity.purge_on < excluded.purge_on
RETURNING id
"""


async def find_payout(scope: Scope) -> PayoutShown | None:
    """Where one's own money goes, as pages show it. Role.SHOPPER."""
    row = await connection().fetchrow(
        "SELECT kind, last4, updated_at FROM identity.payout WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return PayoutShown(**row) if row else None


async def is_owed(scope: Scope) -> bool:
    """Whether an editor has said that something is owed to the shopper, and it has not been paid. Role.SHOPPER.

    What it is belongs to pay, an area above this one; that there is something is all that is read.
    """
    found = await connection().fetchval(
        "SELECT true FROM identity.pay_item WHERE affiliate_id = $1 AND shopper_id = $2"
        " AND state IN ('PAYABLE', 'PENDING', 'REVERSED') LIMIT 1",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return found is True


async def put_payout(scope: Scope, kind: PayoutKind, handle: bytes, last4: str, now: datetime) -> None:
    """Say where one's own money goes. Role.SHOPPER."""
    await connection().execute(_PUT_PAYOUT, scope.affiliate_id, scope.shopper_id, kind, handle, last4, now)


async def drop_payout(scope: Scope) -> bool:
    """Forget it. Role.SHOPPER."""
    return (
        await connection().fetchval(
            "DELETE FROM identity.payout WHERE affiliate_id = $1 AND shopper_id = $2 RETURNING shopper_id",
            scope.affiliate_id,
            scope.shopper_id,
        )
        is not None
    )


async def sealed_payouts(scope: Scope, shopper_ids: Sequence[UUID]) -> list[Record]:
    """Where the money of shoppers goes, sealed. Role.STAFF."""
    rows: list[Record] = await connection().fetch(
        "SELECT shopper_id, kind, handle FROM identity.payout WHERE affiliate_id = $1 AND shopper_id = ANY($2::uuid[])",
        scope.affiliate_id,
        list(shopper_ids),
    )
    return rows


async def need_tax_number(scope: Scope, shopper_id: UUID, purge_on: date, now: datetime) -> bool:
    """Note that there is something to pay; False where that is known, and no later day needed. STAFF or WORKER."""
    found = await connection().fetchval(_NEED_TAX, scope.affiliate_id, shopper_id, now, purge_on)
    return found is not None


async def has_tax_number(scope: Scope, shopper_id: UUID) -> bool:
    """Whether the number was given. Role.STAFF or WORKER."""
    found: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM identity.tax_identity"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND number IS NOT NULL)",
        scope.affiliate_id,
        shopper_id,
    )
    return found


async def find_tax(scope: Scope) -> TaxShown | None:
    """One's own tax number as pages show it; None while nobody asks for it. Role.SHOPPER."""
    row = await connection().fetchrow(
        "SELECT kind, coalesce(last4, '') AS last4, asked_at, collected_at, purge_on FROM identity.tax_identity"
        " WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return TaxShown(**row) if row else None


async def tax_id_of(scope: Scope) -> UUID | None:
    """The row that asks for one's own number; locked. Role.SHOPPER."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM identity.tax_identity WHERE affiliate_id = $1 AND shopper_id = $2 FOR UPDATE",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return found


async def put_tax(scope: Scope, tax_id: UUID, kind: TaxKind, sealed: tuple[bytes, str], now: datetime) -> None:
    """The number, sealed, with its last four characters. Role.SHOPPER."""
    await connection().execute(
        "UPDATE identity.tax_identity SET kind = $3, number = $4, last4 = $5, collected_at = $6"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        tax_id,
        kind,
        *sealed,
        now,
    )


async def sealed_tax_numbers(scope: Scope, shopper_ids: Sequence[UUID]) -> list[Record]:
    """Tax numbers that were given, sealed. Role.STAFF."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, shopper_id, kind, number FROM identity.tax_identity"
        " WHERE affiliate_id = $1 AND shopper_id = ANY($2::uuid[]) AND number IS NOT NULL",
        scope.affiliate_id,
        list(shopper_ids),
    )
    return rows


async def purge_taxes(here: Connection, today: date, limit: int) -> list[Record]:
    """Remove the numbers whose day has come; a batch. Role.WORKER."""
    rows: list[Record] = await here.fetch(
        "DELETE FROM identity.tax_identity WHERE id IN (SELECT id FROM identity.tax_identity WHERE purge_on <= $1"
        " ORDER BY id LIMIT $2) RETURNING id, affiliate_id, shopper_id",
        today,
        limit,
    )
    return rows
