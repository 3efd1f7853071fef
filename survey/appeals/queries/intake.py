"""Appeals as the worker: what clients have raised is tied to its shop; what shoppers have answered comes back."""

from datetime import datetime
from uuid import UUID

from survey.db import connection

# The shop cannot close from now on. One that has been withdrawn meanwhile is only marked as seen.
_TAKE_IN = """
WITH fresh AS (
    SELECT a.id, a.affiliate_id, r.shop_id
      FROM release.appeal a
      JOIN release.shop_report r ON r.report_ref = a.report_ref AND NOT r.is_superseded
     WHERE a.taken_in_at IS NULL
     ORDER BY a.raised_at
     LIMIT $2
       FOR UPDATE OF a SKIP LOCKED
), seen AS (
    UPDATE release.appeal a SET taken_in_at = $1 FROM fresh WHERE a.id = fresh.id
), flagged AS (
    UPDATE field.shop s SET is_appeal_open = true, revision = s.revision + 1
      FROM fresh
     WHERE s.id = fresh.shop_id AND s.state = 'RELEASED'
)
SELECT id, affiliate_id, shop_id FROM fresh
"""

_ANSWERED = """
UPDATE release.appeal a
   SET state = 'WAITING_AFFILIATE', changed_at = $1
 WHERE a.state = 'WAITING_SHOPPER'
   AND EXISTS (SELECT FROM field.appeal_question q WHERE q.appeal_id = a.id)
   AND NOT EXISTS (SELECT FROM field.appeal_question q WHERE q.appeal_id = a.id AND q.answered_at IS NULL)
RETURNING a.id
"""


async def take_in(now: datetime, limit: int) -> list[tuple[UUID, UUID, UUID]]:
    """Appeals that were not tied to their shops yet: appeal, affiliate, shop."""
    return [tuple(row) for row in await connection().fetch(_TAKE_IN, now, limit)]


async def take_answers(now: datetime) -> int:
    """Let appeals whose questions are answered come back to the affiliate; returns how many."""
    return len(await connection().fetch(_ANSWERED, now))
