"""Until when reports that went back to their shoppers are awaited. Role.WORKER."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection, Record

_AWAITED = """
SELECT s.id AS shop_id,
       t.due_at,
       l.time_zone
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
  JOIN field.shop_timer t ON t.shop_id = s.id AND t.kind = 'return_timeout'
 WHERE s.id = ANY($1::uuid[])
   AND s.state = 'RETURNED'
"""


async def awaited(here: Connection, shop_ids: Sequence[UUID]) -> list[Record]:
    """Of those shops that are: shop_id, due_at, and the time zone of the place."""
    rows: list[Record] = await here.fetch(_AWAITED, list(shop_ids))
    return rows
