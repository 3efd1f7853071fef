"""The affiliate's own account, and when it needs a tax number."""

from survey.db import Scope, connection
from survey.shoppers.domain import PayoutKind

from ..domain import Account, Payer

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
