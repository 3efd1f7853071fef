"""What was paid in a calendar year: by shopper and currency, in sums, and the names of shoppers under seal."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from survey.db import Keyset, Paged, Scope, connection, paged

from ..domain import Amounts, Reach, YearAsked, YearLine, YearTotal

# Money that came back is not paid any more, so it is in no year.
_PAID = """
WITH paid AS (
    SELECT i.shopper_id,
           i.currency,
           count(*) AS items,
           sum(i.fee_cents)::bigint AS fees,
           sum(i.reimbursement_cents)::bigint AS reimbursements,
           sum(i.bonus_cents)::bigint AS bonuses,
           sum(i.fee_cents::bigint + i.bonus_cents)::bigint AS earned,
           (SELECT t.number IS NOT NULL
              FROM identity.tax_identity t
             WHERE t.shopper_id = i.shopper_id) IS TRUE AS has_number
      FROM identity.pay_item i
     WHERE i.affiliate_id = $1
       AND i.state = 'PAID'
       AND i.paid_on BETWEEN $2 AND $3
       AND i.shopper_id IS NOT NULL
     GROUP BY i.shopper_id, i.currency
)
"""

_LINES = f"""
{_PAID}
SELECT y.shopper_id, p.display_code, y.currency, y.items, y.fees, y.reimbursements, y.bonuses, y.has_number
  FROM paid y
  JOIN identity.shopper p ON p.id = y.shopper_id
 WHERE ($4 = '' OR y.currency = $4)
   AND ($5 = '' OR p.display_code = $5)
   AND ($6::bigint IS NULL OR y.earned >= $6)
   AND NOT ($7 AND y.has_number)
   AND ($8::bigint IS NULL OR y.earned < $8 OR y.earned = $8 AND (p.display_code, y.currency) > ($9, $10))
 ORDER BY y.earned DESC, p.display_code, y.currency
 LIMIT $11
"""  # noqa: S608  (made of constants)

_TOTALS = f"""
{_PAID}
SELECT currency,
       count(*) AS people,
       sum(fees)::bigint AS fees,
       sum(reimbursements)::bigint AS reimbursements,
       sum(bonuses)::bigint AS bonuses,
       count(*) FILTER (WHERE earned >= $4) AS reached,
       count(*) FILTER (WHERE earned >= $4 AND NOT has_number) AS missing
  FROM paid
 GROUP BY currency
 ORDER BY currency
"""  # noqa: S608  (made of constants)

_YEARS = """
SELECT DISTINCT extract(year FROM paid_on)::integer AS year
  FROM identity.pay_item
 WHERE affiliate_id = $1
   AND state = 'PAID'
 ORDER BY year DESC
"""

_NAMES = """
SELECT id, name
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
"""


async def year_lines(scope: Scope, asked: YearAsked, keyset: Keyset) -> Paged[YearLine]:
    """One page of what shoppers were paid in a year, who earned most first. Raises BadCursor."""
    earned, code, currency = keyset.after_as(tuple[int, str, str]) or (None, "", "")
    lines = await _lines(scope, asked, (earned, code, currency), keyset.rows_to_fetch)
    return paged(lines, keyset, lambda line: (line.amounts.earned_cents, line.code, line.currency))


async def all_year_lines(scope: Scope, asked: YearAsked) -> list[YearLine]:
    """The same as a whole, for a file: one that left somebody out would be none."""
    return await _lines(scope, asked, (None, "", ""), None)


async def year_totals(scope: Scope, asked: YearAsked) -> list[YearTotal]:
    """What everybody was paid in a year, by currency."""
    rows = await connection().fetch(_TOTALS, scope.affiliate_id, *_span(asked.year), asked.tax_from_cents)
    return [
        YearTotal(row["currency"], row["people"], Amounts(*row[2:5]), row["reached"], row["missing"]) for row in rows
    ]


async def years_with_pay(scope: Scope) -> list[int]:
    """The years in which something was paid, the latest first."""
    return [row["year"] for row in await connection().fetch(_YEARS, scope.affiliate_id)]


async def sealed_names(scope: Scope, shopper_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The names of shoppers, sealed."""
    rows = await connection().fetch(_NAMES, scope.affiliate_id, list(shopper_ids))
    return {row["id"]: row["name"] for row in rows}


async def _lines(
    scope: Scope, asked: YearAsked, after: tuple[int | None, str, str], limit: int | None
) -> list[YearLine]:
    rows = await connection().fetch(
        _LINES, scope.affiliate_id, *_span(asked.year), asked.currency, asked.code, asked.earned_from_cents,
        asked.reach is Reach.MISSING, *after, limit,
    )  # fmt: skip
    return [
        YearLine(
            row["shopper_id"], row["display_code"], row["currency"], row["items"], Amounts(*row[4:7]), row["has_number"]
        )
        for row in rows
    ]  # fmt: skip


def _span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
