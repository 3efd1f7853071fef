"""What is not paid yet, in sums."""

from collections.abc import Sequence
from datetime import date

from survey.db import Scope, connection

from ..domain import Due, Owed, span_of

_OWED = """
SELECT CASE WHEN promised_on < $2 THEN 'late'
            WHEN promised_on = $2 THEN 'today'
            WHEN promised_on <= $3 THEN 'soon'
            ELSE 'later' END AS due,
       currency,
       count(*) AS items,
       sum(fee_cents::bigint + reimbursement_cents + bonus_cents) AS cents
  FROM identity.pay_item
 WHERE affiliate_id = $1
   AND state IN ('PROSPECTIVE', 'PAYABLE', 'PENDING')
 GROUP BY 1, 2
 ORDER BY 1, 2
"""


async def owed(scope: Scope, today: date) -> list[Owed]:
    """What is not paid yet, by the nearness of its day and by currency."""
    _, soon = span_of(Due.SOON, today)
    rows = await connection().fetch(_OWED, scope.affiliate_id, today, soon)
    return [Owed(Due(row["due"]), row["currency"], row["items"], int(row["cents"])) for row in rows]


async def currencies(scope: Scope) -> Sequence[str]:
    """The currencies in which something is owed or was paid."""
    rows = await connection().fetch(
        "SELECT DISTINCT currency FROM identity.pay_item WHERE affiliate_id = $1 ORDER BY currency", scope.affiliate_id
    )
    return [row["currency"] for row in rows]
