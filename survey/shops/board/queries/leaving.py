"""What hangs on a profile, in counts: for somebody who thinks of leaving. Role.SHOPPER."""

from survey.db import Scope, connection

from ..domain import Leaving

_LEAVING = """
SELECT (count(*) FILTER (WHERE a.state = 'done'))::integer AS reports,
       (count(*) FILTER (WHERE a.state IN ('offered', 'held')))::integer AS held,
       (SELECT count(*) FROM identity.pay_item p
         WHERE p.affiliate_id = $1 AND p.shopper_id = $2
           AND p.state IN ('PROSPECTIVE', 'PAYABLE', 'PENDING', 'REVERSED'))::integer AS unpaid
  FROM identity.assignment a
 WHERE a.affiliate_id = $1
   AND a.shopper_id = $2
"""


async def leaving_of(scope: Scope) -> Leaving:
    """One's own counts. A household's visits can be read for rotation: the statement names one."""
    row = await connection().fetchrow(_LEAVING, scope.affiliate_id, scope.shopper_id)
    return Leaving(row["reports"], row["held"], row["unpaid"])
