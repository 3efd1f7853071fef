"""The shopper's own pay: every item, what it came to, and what a statement is made of. Role.SHOPPER."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Amounts, Earned, Listed, PaidLine, YearSum, year_sums
from .items import COLUMNS, LOOKED_AT_AGAIN, WAITING, listed_of

# A shopper has no way to the batches, and needs none.
_OWN = f"""
SELECT {COLUMNS},
       s.public_ref,
       '' AS display_code,
       c.name AS client_name,
       NULL::integer AS batch_number,
       false AS is_on_hold,
       {LOOKED_AT_AGAIN} AS is_again,
       {WAITING} AS is_waiting
  FROM identity.pay_item i
  JOIN field.shop s ON s.id = i.shop_id
  JOIN field.client c ON c.id = i.client_id
 WHERE i.affiliate_id = $1
   AND i.shopper_id = $2
   AND ($3::date IS NULL OR (i.visited_on, i.id) < ($3, $4::uuid))
 ORDER BY i.visited_on DESC, i.id DESC
 LIMIT $5
"""  # noqa: S608  (made of constants)

_PAID = """
SELECT paid_on, currency, fee_cents, reimbursement_cents, bonus_cents
  FROM identity.pay_item
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND state = 'PAID'
"""

_OWN_OWED = """
SELECT currency, sum(fee_cents::bigint + reimbursement_cents + bonus_cents)::bigint AS cents
  FROM identity.pay_item
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND state IN ('PROSPECTIVE', 'PAYABLE', 'PENDING', 'REVERSED')
 GROUP BY currency
"""

# A year's payments to one person are few: a statement that leaves some out would be none.
_PAID_LINES = """
SELECT i.paid_on, i.visited_on, s.public_ref, c.name AS client_name, i.currency, i.fee_cents, i.reimbursement_cents,
       i.bonus_cents
  FROM identity.pay_item i
  JOIN field.shop s ON s.id = i.shop_id
  JOIN field.client c ON c.id = i.client_id
 WHERE i.affiliate_id = $1
   AND i.shopper_id = $2
   AND i.state = 'PAID'
   AND i.paid_on BETWEEN $3 AND $4
 ORDER BY i.paid_on, i.id
"""

_PARTIES = """
SELECT p.name AS sealed_name, p.display_code, f.name, f.postal_address
  FROM identity.shopper p
  JOIN field.affiliate f ON f.id = p.affiliate_id
 WHERE p.affiliate_id = $1
   AND p.id = $2
"""


class Parties(NamedTuple):
    """Who is on a statement; the shopper's name still sealed."""

    sealed_name: bytes
    code: str
    payer: str
    address: str


async def own_items(scope: Scope, keyset: Keyset) -> Paged[Listed]:
    """One page of what a shopper is owed and was paid, the latest visit first. Raises BadCursor."""
    after = keyset.after_as(tuple[date, UUID]) or (None, None)
    rows = await connection().fetch(_OWN, scope.affiliate_id, scope.shopper_id, *after, keyset.rows_to_fetch)
    return paged([listed_of(row) for row in rows], keyset, lambda listed: (listed.item.visited_on, listed.item.id))


async def own_owed(scope: Scope) -> list[tuple[str, int]]:
    """What the shopper has not been paid yet: currencies and cents."""
    rows = await connection().fetch(_OWN_OWED, scope.affiliate_id, scope.shopper_id)
    return [(row["currency"], row["cents"]) for row in rows]


async def has_payout(scope: Scope) -> bool:
    """Whether the shopper has said where the money goes."""
    found = await connection().fetchval(
        "SELECT true FROM identity.payout WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return found is True


async def paid_years(scope: Scope) -> list[YearSum]:
    """What the shopper was paid by year and currency, the latest year first."""
    rows = await connection().fetch(_PAID, scope.affiliate_id, scope.shopper_id)
    return year_sums(Earned(row["paid_on"], row["currency"], Amounts(*row[2:5])) for row in rows)


async def paid_lines(scope: Scope, year: int) -> list[PaidLine]:
    """What the shopper was paid in a year, in the order of the days."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = await connection().fetch(_PAID_LINES, scope.affiliate_id, scope.shopper_id, first, last)
    return [_paid_line(row) for row in rows]


async def parties_of(scope: Scope) -> Parties:
    """The shopper and the affiliate on a statement. Raises NotFound."""
    row = await connection().fetchrow(_PARTIES, scope.affiliate_id, scope.shopper_id)
    if row is None:
        raise NotFound("shopper")
    return Parties(*row)


def _paid_line(row: Record) -> PaidLine:
    amounts = Amounts(row["fee_cents"], row["reimbursement_cents"], row["bonus_cents"])
    return PaidLine(
        row["paid_on"], row["visited_on"], row["public_ref"], row["client_name"], row["currency"], amounts
    )  # fmt: skip
