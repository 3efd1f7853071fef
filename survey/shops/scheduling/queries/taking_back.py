"""What a taking back that waited asks when it takes effect: who had the shops, and who is to read the note. Worker."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from survey.db import Scope, connection

_HOLDERS = """
SELECT shop_id, shopper_id
  FROM identity.assignment
 WHERE affiliate_id = $1
   AND shop_id = ANY($2::uuid[])
   AND state IN ('offered', 'held')
   AND assigned_at <= $3
"""

_SHOW = """
UPDATE identity.message
   SET shown_from = $4
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
   AND shopper_id = ANY($3::uuid[])
RETURNING id
"""


async def holders_at(scope: Scope, shop_ids: Sequence[UUID], moment: datetime) -> dict[UUID, UUID]:
    """Who has, or is offered, each of the shops since a moment or longer; by shop. Role.WORKER."""
    rows = await connection().fetch(_HOLDERS, scope.affiliate_id, list(shop_ids), moment)
    return {row["shop_id"]: row["shopper_id"] for row in rows}


async def show_messages(
    scope: Scope, message_ids: Iterable[UUID], shopper_ids: Iterable[UUID], now: datetime
) -> set[UUID]:
    """Let shoppers see messages that waited, those of these shoppers alone; which they were. Role.WORKER."""
    rows = await connection().fetch(_SHOW, scope.affiliate_id, list(message_ids), list(shopper_ids), now)
    return {row["id"] for row in rows}
