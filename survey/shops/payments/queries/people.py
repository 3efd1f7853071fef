"""The affiliate's own account, and what a shopper's statement is made of."""

from datetime import date
from typing import NamedTuple

from asyncpg import Record

from survey.db import NotFound, Scope, connection
from survey.shoppers.domain import PayoutKind

from ..domain import Account, Amounts, PaidLine, Payer

_PAYER = """
SELECT way, holder, number, bank, tax_from_cents, revision
  FROM identity.payer
 WHERE affiliate_id = $1
"""

_PUT_PAYER = """
INSERT INTO identity.payer AS p (affiliate_id, way, holder, number, bank, tax_from_cents, revision)
VALUES ($1, $2, $3, $4, $5, $6, 1)
ON CONFLICT (affiliate_id) DO UPDATE
   SET way = excluded.way, holder = excluded.holder, number = excluded.number, bank = excluded.bank,
       tax_from_cents = excluded.tax_from_cents, revision = p.revision + 1
 WHERE p.revision = $7
RETURNING true
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


async def payer_of(scope: Scope) -> Payer:
    """The affiliate's own side of pay; an empty one where nobody has said anything."""
    row = await connection().fetchrow(_PAYER, scope.affiliate_id)
    if row is None:
        return Payer()
    account = Account(PayoutKind(row["way"]), row["holder"], row["number"], row["bank"]) if row["way"] else None
    return Payer(account, row["tax_from_cents"], row["revision"])


async def put_payer(scope: Scope, payer: Payer) -> bool:
    """Write the affiliate's own side, if it is still at its revision; False where it is not."""
    account = payer.account
    values = (account.way, account.holder, account.number, account.bank) if account else (None, "", "", "")
    written = await connection().fetchval(_PUT_PAYER, scope.affiliate_id, *values, payer.tax_from_cents, payer.revision)
    return written is True


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
