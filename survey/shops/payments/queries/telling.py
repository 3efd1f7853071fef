"""Who is to hear that money is on its way. Role.WORKER, which reads of pay items whose they are and no amount."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asyncpg import Connection

from survey.db import connection

_PAID = """
SELECT DISTINCT i.shopper_id
  FROM identity.pay_item i
 WHERE i.affiliate_id = $1
   AND i.batch_id = $2
   AND i.state = 'PAID'
 ORDER BY i.shopper_id
"""

# What has come back since is not told any more.
_PAID_ON = """
SELECT i.batch_id, i.shopper_id, max(i.paid_on) AS paid_on
  FROM unnest($1::uuid[], $2::uuid[]) AS given (batch_id, shopper_id)
  JOIN identity.pay_item i ON i.batch_id = given.batch_id AND i.shopper_id = given.shopper_id AND i.state = 'PAID'
 GROUP BY i.batch_id, i.shopper_id
"""


async def paid_shoppers(affiliate_id: UUID, batch_id: UUID) -> list[UUID]:
    """Whoever a batch has paid something."""
    return [row["shopper_id"] for row in await connection().fetch(_PAID, affiliate_id, batch_id)]


async def paid_on(here: Connection, told: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], date]:
    """The day of payment by batch and shopper, of those that stand."""
    columns = [batch_id for batch_id, _ in told], [shopper_id for _, shopper_id in told]
    return {(row["batch_id"], row["shopper_id"]): row["paid_on"] for row in await here.fetch(_PAID_ON, *columns)}
