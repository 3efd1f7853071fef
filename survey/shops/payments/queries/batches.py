"""Batches as rows: what could be in one, making it in one statement, its lines, and how it ends."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Amounts, Batch, BatchState, Candidate, Line

MOST_ITEMS = 5000

_CANDIDATES = """
SELECT i.id,
       i.shopper_id,
       p.display_code,
       s.public_ref,
       i.promised_on,
       i.fee_cents,
       i.reimbursement_cents,
       i.bonus_cents,
       s.is_on_hold,
       o.shopper_id IS NOT NULL AS has_payout,
       t.number IS NOT NULL AS has_tax_number,
       coalesce(y.cents, 0) AS earned_cents
  FROM identity.pay_item i
  JOIN field.shop s ON s.id = i.shop_id
  JOIN identity.shopper p ON p.id = i.shopper_id
  LEFT JOIN identity.payout o ON o.shopper_id = i.shopper_id
  LEFT JOIN identity.tax_identity t ON t.shopper_id = i.shopper_id
  LEFT JOIN (
       SELECT e.shopper_id, sum(e.fee_cents::bigint + e.bonus_cents) AS cents
         FROM identity.pay_item e
        WHERE e.affiliate_id = $1
          AND e.currency = $2
          AND (e.state = 'PENDING' OR e.state = 'PAID' AND e.paid_on >= $4)
        GROUP BY e.shopper_id
  ) y ON y.shopper_id = i.shopper_id
 WHERE i.affiliate_id = $1
   AND i.currency = $2
   AND i.state = 'PAYABLE'
   AND i.promised_on <= $3
 ORDER BY i.promised_on, i.id
 LIMIT $5
"""

# The batch and its items are one statement: there is no moment at which one is there without the other.
_CREATE = """
WITH batch AS (
    INSERT INTO identity.pay_batch (id, affiliate_id, number, currency, created_by, created_at, item_count, total_cents)
    SELECT $2, $1, coalesce(max(b.number), 0) + 1, $3, $4, $5, $6, $7
      FROM identity.pay_batch b
     WHERE b.affiliate_id = $1
    ON CONFLICT (id) DO NOTHING
    RETURNING id
)
UPDATE identity.pay_item i
   SET state = 'PENDING', batch_id = batch.id, reason = '', revision = i.revision + 1
  FROM batch
 WHERE i.affiliate_id = $1
   AND i.id = ANY($8::uuid[])
   AND i.currency = $3
   AND i.state = 'PAYABLE'
RETURNING i.id
"""

_BATCH = """
SELECT b.id, b.number, b.state, b.currency, b.item_count, b.total_cents, b.created_at, b.exported_at, b.paid_on,
       b.file_number, b.file_digest IS NOT NULL AS is_file_current, b.file_at
  FROM identity.pay_batch b
 WHERE b.affiliate_id = $1
"""

_LISTED = f"""
{_BATCH}
   AND ($2::text IS NULL OR b.state = $2)
   AND ($3::integer IS NULL OR b.number < $3)
 ORDER BY b.number DESC
 LIMIT $4
"""

_LINES = """
SELECT i.shopper_id,
       p.display_code,
       count(*) AS items,
       sum(i.fee_cents)::bigint AS fees,
       sum(i.reimbursement_cents)::bigint AS reimbursements,
       sum(i.bonus_cents)::bigint AS bonuses
  FROM identity.pay_item i
  JOIN identity.shopper p ON p.id = i.shopper_id
 WHERE i.affiliate_id = $1
   AND i.batch_id = $2
   AND ($3::text IS NULL OR p.display_code > $3)
 GROUP BY i.shopper_id, p.display_code
 ORDER BY p.display_code
 LIMIT $4
"""

_TAKE_OUT = """
UPDATE identity.pay_item
   SET state = 'PAYABLE', batch_id = NULL, reason = $4, revision = revision + 1
 WHERE affiliate_id = $1
   AND batch_id = $2
   AND state = 'PENDING'
   AND ($3::uuid[] IS NULL OR shopper_id = ANY($3))
RETURNING id
"""

_PAY = """
UPDATE identity.pay_item
   SET state = 'PAID', paid_on = $3, reason = '', revision = revision + 1
 WHERE affiliate_id = $1
   AND batch_id = $2
   AND state = 'PENDING'
RETURNING id
"""

_RECOUNT = """
UPDATE identity.pay_batch b
   SET item_count = counted.items, total_cents = counted.cents, file_digest = NULL
  FROM (SELECT count(*) AS items,
               coalesce(sum(fee_cents::bigint + reimbursement_cents + bonus_cents), 0) AS cents
          FROM identity.pay_item
         WHERE affiliate_id = $1
           AND batch_id = $2) counted
 WHERE b.affiliate_id = $1
   AND b.id = $2
RETURNING b.item_count
"""

_SET_STATE = """
UPDATE identity.pay_batch
   SET state = $3,
       exported_at = CASE WHEN $3 = 'exported' THEN coalesce(exported_at, $4) ELSE exported_at END,
       paid_on = $5
 WHERE affiliate_id = $1
   AND id = $2
"""

_PEOPLE = """
SELECT i.shopper_id,
       p.display_code,
       p.name,
       count(*) AS items,
       sum(i.fee_cents::bigint + i.reimbursement_cents + i.bonus_cents)::bigint AS cents
  FROM identity.pay_item i
  JOIN identity.shopper p ON p.id = i.shopper_id
 WHERE i.affiliate_id = $1
   AND i.batch_id = $2
   AND i.state = 'PENDING'
 GROUP BY i.shopper_id, p.id
 ORDER BY p.display_code
"""

_WHO = """
SELECT DISTINCT p.display_code, i.shopper_id
  FROM identity.pay_item i
  JOIN identity.shopper p ON p.id = i.shopper_id
 WHERE i.affiliate_id = $1
   AND i.batch_id = $2
   AND i.state = 'PENDING'
   AND upper(p.display_code) = ANY($3::text[])
"""


class SealedPayee(NamedTuple):
    """Who is paid what, with the name still sealed."""

    shopper_id: UUID
    code: str
    name: bytes
    items: int
    cents: int


async def lock_batches(scope: Scope) -> None:
    """Let nobody else of the affiliate put a batch together until this transaction ends."""
    await connection().execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"pay {scope.affiliate_id}")


async def candidates(
    scope: Scope, currency: str, until: date, year_begins: date, *, lock: bool = False
) -> list[Candidate]:  # fmt: skip
    """What is owed and promised by a day, the longest promised first, with what decides whether it can be paid."""
    statement = _CANDIDATES + (" FOR NO KEY UPDATE OF i" if lock else "")
    rows = await connection().fetch(statement, scope.affiliate_id, currency, until, year_begins, MOST_ITEMS)
    return [_candidate(row) for row in rows]


async def create(scope: Scope, batch_id: UUID, currency: str, chosen: Sequence[Candidate], now: datetime) -> list[UUID]:
    """Put owed items into a new batch; the ids of those that it now holds."""
    rows = await connection().fetch(
        _CREATE, scope.affiliate_id, batch_id, currency, scope.account_id, now, len(chosen),
        sum(each.amounts.total_cents for each in chosen), [each.item_id for each in chosen],
    )  # fmt: skip
    return [row["id"] for row in rows]


async def find_batch(scope: Scope, batch_id: UUID) -> Batch | None:
    """A batch, if there is one."""
    row = await connection().fetchrow(_BATCH + " AND b.id = $2", scope.affiliate_id, batch_id)
    return _batch(row) if row else None


async def batch_in(scope: Scope, batch_id: UUID, *, lock: bool = False) -> Batch:
    """A batch; with `lock` nobody else changes it until this transaction ends. Raises NotFound."""
    statement = _BATCH + " AND b.id = $2" + (" FOR NO KEY UPDATE" if lock else "")
    row = await connection().fetchrow(statement, scope.affiliate_id, batch_id)
    if row is None:
        raise NotFound("batch")
    return _batch(row)


async def batches_of(scope: Scope, state: BatchState | None, keyset: Keyset) -> Paged[Batch]:
    """One page of batches, the newest first. Raises BadCursor."""
    after = keyset.after_as(tuple[int])
    rows = await connection().fetch(
        _LISTED, scope.affiliate_id, state, after[0] if after else None, keyset.rows_to_fetch
    )
    return paged([_batch(row) for row in rows], keyset, lambda batch: (batch.number,))


async def lines_of(scope: Scope, batch_id: UUID, keyset: Keyset) -> Paged[Line]:
    """One page of who gets what from a batch, by code. Raises BadCursor."""
    after = keyset.after_as(tuple[str])
    rows = await connection().fetch(
        _LINES, scope.affiliate_id, batch_id, after[0] if after else None, keyset.rows_to_fetch
    )
    lines = [Line(row["shopper_id"], row["display_code"], row["items"], Amounts(*row[3:6])) for row in rows]
    return paged(lines, keyset, lambda line: (line.display_code,))


async def take_out(scope: Scope, batch_id: UUID, shopper_ids: Sequence[UUID] | None, reason: str) -> list[UUID]:
    """Let items of some shoppers, or (None) all, be owed again; their ids."""
    ids = list(shopper_ids) if shopper_ids is not None else None
    return [row["id"] for row in await connection().fetch(_TAKE_OUT, scope.affiliate_id, batch_id, ids, reason)]


async def pay(scope: Scope, batch_id: UUID, paid_on: date) -> list[UUID]:
    """Let everything in a batch be paid; the ids of its items."""
    return [row["id"] for row in await connection().fetch(_PAY, scope.affiliate_id, batch_id, paid_on)]


async def recount(scope: Scope, batch_id: UUID) -> int:
    """Bring a batch's own numbers to what it holds; its file is no longer current. How many items that is."""
    held: int = await connection().fetchval(_RECOUNT, scope.affiliate_id, batch_id)
    return held


async def set_state(
    scope: Scope, batch_id: UUID, state: BatchState, now: datetime, paid_on: date | None = None
) -> None:  # fmt: skip
    """Where a batch stands from now on."""
    await connection().execute(_SET_STATE, scope.affiliate_id, batch_id, state, now, paid_on)


async def sealed_payees(scope: Scope, batch_id: UUID) -> list[SealedPayee]:
    """Who is paid what from a batch, by code, sealed."""
    rows = await connection().fetch(_PEOPLE, scope.affiliate_id, batch_id)
    return [SealedPayee(*row) for row in rows]


async def shoppers_by_code(scope: Scope, batch_id: UUID, codes: Sequence[str]) -> dict[str, UUID]:
    """Shoppers with something pending in a batch, by code in capitals."""
    rows = await connection().fetch(_WHO, scope.affiliate_id, batch_id, list(codes))
    return {row["display_code"].upper(): row["shopper_id"] for row in rows}


def _candidate(row: Record) -> Candidate:
    return Candidate(
        row["id"],
        row["shopper_id"],
        row["display_code"],
        row["public_ref"],
        row["promised_on"],
        Amounts(row["fee_cents"], row["reimbursement_cents"], row["bonus_cents"]),
        row["is_on_hold"],
        row["has_payout"],
        row["has_tax_number"],
        int(row["earned_cents"]),
    )


def _batch(row: Record) -> Batch:
    return Batch(**(dict(row) | {"state": BatchState(row["state"])}))
