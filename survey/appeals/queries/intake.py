"""Appeals as the worker: what clients have raised is tied to its shop; what shoppers have answered comes back."""

from datetime import datetime
from uuid import UUID

from survey.db import connection

from ..domain import OPEN

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
   SET state = 'WAITING_AFFILIATE', changed_at = $1, turn_since = $1
 WHERE a.state = 'WAITING_SHOPPER'
   AND EXISTS (SELECT FROM field.appeal_question q WHERE q.appeal_id = a.id)
   AND NOT EXISTS (SELECT FROM field.appeal_question q WHERE q.appeal_id = a.id AND q.answered_at IS NULL)
RETURNING a.id
"""


# The shop may close again, unless another appeal against it is open. $2: how many, $3: states in which one is open.
_FREED = """
freed AS (
    UPDATE field.shop s
       SET is_appeal_open = EXISTS (
               SELECT FROM release.appeal o
                 JOIN release.shop_report r ON r.report_ref = o.report_ref AND NOT r.is_superseded
                WHERE r.shop_id = s.id AND r.withdrawn_at IS NULL AND o.state = ANY ($3::text[])),
           revision = s.revision + 1
      FROM gone
     WHERE s.id = gone.shop_id AND s.is_appeal_open
)"""

# What a client has let go of.
_LET_GO = f"""
WITH gone AS (
    SELECT a.id, a.affiliate_id, a.state, r.shop_id
      FROM release.appeal a
      JOIN release.shop_report r ON r.report_ref = a.report_ref AND NOT r.is_superseded
     WHERE a.let_go_at IS NULL
       AND a.state IN ('WITHDRAWN', 'DECLINED_BY_CLIENT')
     ORDER BY a.changed_at
     LIMIT $2
       FOR UPDATE OF a SKIP LOCKED
), seen AS (
    UPDATE release.appeal a SET let_go_at = $1 FROM gone WHERE a.id = gone.id
), {_FREED}
SELECT id, affiliate_id, shop_id, state FROM gone
"""  # noqa: S608  (made of constants)


# What was contested is gone with the report: nobody waits any more for an answer about it.
_RECALLED = f"""
WITH gone AS (
    SELECT a.id, a.affiliate_id, r.shop_id
      FROM release.appeal a
      JOIN release.shop_report r ON r.report_ref = a.report_ref AND NOT r.is_superseded
     WHERE a.state = ANY ($3::text[])
       AND a.taken_in_at IS NOT NULL
       AND r.withdrawn_at IS NOT NULL
     ORDER BY a.changed_at
     LIMIT $2
       FOR UPDATE OF a SKIP LOCKED
), ended AS (
    UPDATE release.appeal a SET state = 'RECALLED', changed_at = $1 FROM gone WHERE a.id = gone.id
), {_FREED}
SELECT id, affiliate_id, shop_id FROM gone
"""  # noqa: S608  (made of constants)


async def end_recalled(now: datetime, limit: int) -> list[tuple[UUID, UUID, UUID]]:
    """End open appeals against reports that were taken back or excluded since: appeal, affiliate, shop."""
    return [tuple(row) for row in await connection().fetch(_RECALLED, now, limit, list(OPEN))]


async def let_go(now: datetime, limit: int) -> list[tuple[UUID, UUID, UUID, str]]:
    """Appeals that clients have let go of since: appeal, affiliate, shop, state."""
    rows = await connection().fetch(_LET_GO, now, limit, list(OPEN))
    return [(row["id"], row["affiliate_id"], row["shop_id"], row["state"]) for row in rows]


async def take_in(now: datetime, limit: int) -> list[tuple[UUID, UUID, UUID]]:
    """Appeals that were not tied to their shops yet: appeal, affiliate, shop."""
    return [tuple(row) for row in await connection().fetch(_TAKE_IN, now, limit)]


async def take_answers(now: datetime) -> int:
    """Let appeals whose questions are answered come back to the affiliate; returns how many."""
    return len(await connection().fetch(_ANSWERED, now))
