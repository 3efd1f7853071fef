"""Pay items as rows: what a shop offers, one item under a lock, the list by the promised day."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Amounts, Item, Kind, Listed, State, Terms, Wanted, span_of

# Who stands on the shop is asked for by name: a shopper may also see that their household made a visit.
_OFFER = """
SELECT s.client_id,
       s.currency,
       s.fee_cents,
       s.bonus_cents,
       s.reimbursement_cap_cents,
       c.attempt_fee_cents,
       c.is_attempt_repaid,
       c.pay_days,
       r.receipt_cents,
       coalesce(r.outcome, 'done') AS outcome,
       a.shopper_id,
       coalesce((r.time_in AT TIME ZONE l.time_zone)::date, a.planned_on, s.planned_on,
                ($3::timestamptz AT TIME ZONE l.time_zone)::date) AS visited_on
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
  LEFT JOIN field.report r ON r.shop_id = s.id
 WHERE s.affiliate_id = $1
   AND s.id = $2
   AND ($4::uuid IS NULL OR a.shopper_id = $4)
"""

COLUMNS = """
i.id, i.shop_id, i.shopper_id, i.client_id, i.kind, i.state, i.fee_cents, i.reimbursement_cents, i.bonus_cents,
i.currency, i.visited_on, i.promised_on, i.paid_on, i.batch_id, i.reason, i.revision, i.voided_from
"""

# What is owed stays owed while its report is in review once more.
LOOKED_AT_AGAIN = "s.state IN ('SUBMITTED', 'IN_REVIEW', 'RETURNED') AND i.state IN ('PAYABLE', 'PENDING')"

WAITING = """
       i.state IN ('PAYABLE', 'REVERSED')
       AND NOT EXISTS (SELECT FROM identity.payout o WHERE o.shopper_id = i.shopper_id)
"""

_ITEM = f"""
SELECT {COLUMNS}
  FROM identity.pay_item i
 WHERE i.affiliate_id = $1
"""  # noqa: S608  (made of constants)

# Two requests for one shop meet here: the second finds the first one's row.
_INSERT = f"""
INSERT INTO identity.pay_item AS i (affiliate_id, shop_id, shopper_id, client_id, kind, fee_cents,
       reimbursement_cents, bonus_cents, currency, visited_on, promised_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (shop_id) DO NOTHING
RETURNING {COLUMNS}
"""  # noqa: S608  (made of constants)

_REWRITE = """
UPDATE identity.pay_item
   SET kind = $3, fee_cents = $4, reimbursement_cents = $5, bonus_cents = $6, visited_on = $7, promised_on = $8,
       revision = revision + 1
 WHERE id = $1
   AND revision = $2
"""

_MOVE = """
UPDATE identity.pay_item
   SET state = $4, reason = $5, revision = revision + 1,
       voided_from = CASE WHEN $4 = 'VOID' THEN state END,
       batch_id = CASE WHEN $4 IN ('PENDING', 'PAID', 'REVERSED') THEN batch_id END,
       paid_on = CASE WHEN $4 IN ('PAID', 'REVERSED') THEN paid_on END
 WHERE affiliate_id = $1
   AND id = $2
   AND revision = $3
"""

_EARNED = """
SELECT coalesce(sum(fee_cents::bigint + bonus_cents), 0)::bigint
  FROM identity.pay_item
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND currency = $3
   AND (state IN ('PAYABLE', 'PENDING') OR state = 'PAID' AND paid_on >= $4)
"""

_NAMED = f"""
SELECT {COLUMNS},
       s.public_ref,
       p.display_code,
       c.name AS client_name,
       b.number AS batch_number,
       s.is_on_hold,
       {LOOKED_AT_AGAIN} AS is_again,
       {WAITING} AS is_waiting
"""
_NAMES = """
  JOIN field.shop s ON s.id = i.shop_id
  JOIN identity.shopper p ON p.id = i.shopper_id
  JOIN field.client c ON c.id = i.client_id
  LEFT JOIN identity.pay_batch b ON b.id = i.batch_id
"""

_LISTED = f"""
{_NAMED}
  FROM identity.pay_item i
  {_NAMES}
 WHERE i.affiliate_id = $1
   AND i.id = $2
"""

# Each state is walked along the index by itself and only as far as the page needs; names come last.
_AGEING = f"""
WITH page AS (
    SELECT i.*
      FROM unnest($2::text[]) AS wanted (state)
     CROSS JOIN LATERAL (
           SELECT {COLUMNS}
             FROM identity.pay_item i
            WHERE i.affiliate_id = $1
              AND i.state = wanted.state
              AND i.promised_on BETWEEN $3 AND $4
              AND ($5 = '' OR i.currency = $5)
              AND ($6 = ''
                   OR i.shop_id = (SELECT f.id FROM field.shop f WHERE f.affiliate_id = $1 AND f.public_ref = $6)
                   OR i.shopper_id = (SELECT f.id FROM identity.shopper f
                                       WHERE f.affiliate_id = $1 AND f.display_code = $6))
              AND ($7::date IS NULL OR (i.promised_on, i.id) > ($7, $8::uuid))
            ORDER BY i.promised_on, i.id
            LIMIT $9) i
     ORDER BY i.promised_on, i.id
     LIMIT $9
)
{_NAMED}
  FROM page i
  {_NAMES}
 ORDER BY i.promised_on, i.id
"""  # noqa: S608  (made of constants)


class Offer(NamedTuple):
    """What a shop pays whom, and what its report shows."""

    shopper_id: UUID
    client_id: UUID
    currency: str
    terms: Terms
    outcome: str
    visited_on: date
    pay_days: int


class Promise(NamedTuple):
    """What is written when a report is in."""

    kind: Kind
    amounts: Amounts
    visited_on: date
    promised_on: date


async def offer_in(scope: Scope, shop_id: UUID, now: datetime) -> Offer:
    """What a shop offers whoever holds it or has made it; to a shopper only their own. Raises NotFound."""
    row = await connection().fetchrow(_OFFER, scope.affiliate_id, shop_id, now, scope.shopper_id)
    if row is None:
        raise NotFound("shop")
    terms = Terms(
        row["fee_cents"],
        row["bonus_cents"],
        row["reimbursement_cap_cents"],
        row["attempt_fee_cents"],
        row["receipt_cents"],
        row["is_attempt_repaid"],
    )
    return Offer(
        row["shopper_id"], row["client_id"], row["currency"], terms, row["outcome"], row["visited_on"], row["pay_days"]
    )


async def find_item_of(scope: Scope, shop_id: UUID, *, lock: bool = False) -> Item | None:
    """The item of a shop, if there is one yet."""
    statement = _ITEM + " AND i.shop_id = $2" + (" FOR NO KEY UPDATE" if lock else "")
    row = await connection().fetchrow(statement, scope.affiliate_id, shop_id)
    return _item(row) if row else None


async def item_in(scope: Scope, item_id: UUID, *, lock: bool = False) -> Item:
    """An item; with `lock` nobody else moves it until this transaction ends. Raises NotFound."""
    statement = _ITEM + " AND i.id = $2" + (" FOR NO KEY UPDATE" if lock else "")
    row = await connection().fetchrow(statement, scope.affiliate_id, item_id)
    if row is None:
        raise NotFound("pay item")
    return _item(row)


async def listed_in(scope: Scope, item_id: UUID) -> Listed:
    """An item as a list has it. Raises NotFound."""
    row = await connection().fetchrow(_LISTED, scope.affiliate_id, item_id)
    if row is None:
        raise NotFound("pay item")
    return listed_of(row)


async def insert_item(scope: Scope, shop_id: UUID, offer: Offer, promise: Promise) -> Item | None:
    """Promise a shop's pay; None where there is an item already."""
    row = await connection().fetchrow(
        _INSERT,
        scope.affiliate_id,
        shop_id,
        offer.shopper_id,
        offer.client_id,
        promise.kind,
        *promise.amounts,
        offer.currency,
        promise.visited_on,
        promise.promised_on,
    )
    return _item(row) if row else None


async def rewrite(item: Item, promise: Promise) -> bool:
    """Other amounts for an item that is still at its revision; False where it is not."""
    written = await connection().execute(
        _REWRITE, item.id, item.revision, promise.kind, *promise.amounts, promise.visited_on, promise.promised_on
    )
    return bool(written == "UPDATE 1")


async def move(scope: Scope, item: Item, target: State, reason: str = "") -> bool:
    """Another state for an item that is still at its revision; False where it is not. It leaves its batch by itself."""
    moved = await connection().execute(_MOVE, scope.affiliate_id, item.id, item.revision, target, reason)
    return bool(moved == "UPDATE 1")


async def earned_cents(scope: Scope, item: Item, year_begins: date) -> int:
    """Fees and bonuses of the item's shopper in its currency: paid since a day, or owed."""
    cents: int = await connection().fetchval(
        _EARNED, scope.affiliate_id, item.shopper_id, item.currency, year_begins
    )  # fmt: skip
    return cents


async def ageing(scope: Scope, wanted: Wanted, today: date, keyset: Keyset) -> Paged[Listed]:
    """One page of items, the longest promised first. Raises BadCursor."""
    after = keyset.after_as(tuple[date, UUID]) or (None, None)
    first, last = span_of(wanted.due, today)
    rows = await connection().fetch(
        _AGEING, scope.affiliate_id, wanted.states, max(first, after[0] or first), last, wanted.currency,
        wanted.words.upper(), *after, keyset.rows_to_fetch,
    )  # fmt: skip
    return paged([listed_of(row) for row in rows], keyset, lambda listed: (listed.item.promised_on, listed.item.id))


def _item(row: Record) -> Item:
    return Item(
        row["id"],
        row["shop_id"],
        row["shopper_id"],
        row["client_id"],
        Kind(row["kind"]),
        State(row["state"]),
        Amounts(row["fee_cents"], row["reimbursement_cents"], row["bonus_cents"]),
        row["currency"],
        row["visited_on"],
        row["promised_on"],
        row["paid_on"],
        row["batch_id"],
        row["reason"],
        row["revision"],
        State(row["voided_from"]) if row["voided_from"] else None,
    )


def listed_of(row: Record) -> Listed:
    names = (row["public_ref"], row["display_code"], row["client_name"])
    return Listed(_item(row), *names, row["batch_number"], row["is_on_hold"], row["is_again"], row["is_waiting"])
