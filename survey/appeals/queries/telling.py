"""Who is to hear that an appeal was answered, as the worker; and the record of what clients have written."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from survey.db import connection

from ..domain import ANSWERED_KIND, NOT_LATER, AppealState

# Whoever reads the place reads the appeal. An answer is one mail, however often the appeal goes to and fro. What the
# client's own people did above the place is news to the place alone.
_UNTOLD = """
WITH answered AS (
    SELECT a.id, a.affiliate_id, a.client_id, a.node_path, a.state,
           md5(a.id::text || a.state || extract(epoch FROM a.changed_at)::text)::uuid AS occasion
      FROM release.appeal a
     WHERE a.state IN ('WAITING_CLIENT', 'RESOLVED', 'CHANGED', 'DECLINED', 'APPROVED', 'DECLINED_BY_CLIENT')
       AND a.changed_at > $1
       AND EXISTS (
           SELECT FROM release.shop_report r
            WHERE r.report_ref = a.report_ref AND NOT r.is_superseded AND r.withdrawn_at IS NULL AND NOT r.is_on_hold)
)
SELECT w.affiliate_id, v.id AS account_id, w.occasion, w.id AS appeal_id, w.state
  FROM answered w
  JOIN identity.account v ON v.affiliate_id = w.affiliate_id AND v.client_id = w.client_id
   AND v.role = 'client_viewer' AND v.status = 'active' AND v.report_mail <> 'never'
  JOIN field.location l ON l.id = v.location_id AND starts_with(w.node_path, l.path)
 WHERE (w.state NOT IN ('APPROVED', 'DECLINED_BY_CLIENT') OR l.path = w.node_path)
   AND NOT EXISTS (
       SELECT FROM ops.delivery d
        WHERE d.campaign_id = w.occasion AND d.recipient_id = v.id AND d.kind = $2)
 ORDER BY w.affiliate_id, w.occasion, v.id
 LIMIT $3
"""

_STATES = """
SELECT a.id, a.state
  FROM release.appeal a
 WHERE a.id = ANY($1::uuid[])
   AND EXISTS (
       SELECT FROM release.shop_report r
        WHERE r.report_ref = a.report_ref AND NOT r.is_superseded AND r.withdrawn_at IS NULL AND NOT r.is_on_hold)
"""

# The words that open an appeal are part of raising it, which has an event of its own.
_REPLIES = """
WITH fresh AS (
    SELECT m.id, m.affiliate_id, m.appeal_id, m.at
      FROM release.appeal_message m
     WHERE m.author = 'client'
       AND m.recorded_at IS NULL
     ORDER BY m.at, m.id
     LIMIT $2
       FOR UPDATE SKIP LOCKED
), seen AS (
    UPDATE release.appeal_message m SET recorded_at = $1 FROM fresh WHERE m.id = fresh.id
)
SELECT f.affiliate_id, 'appeal.client_replied' AS action, f.appeal_id AS object_id, r.shop_id
  FROM fresh f
  JOIN release.appeal a ON a.id = f.appeal_id AND a.raised_at < f.at
  LEFT JOIN release.shop_report r ON r.report_ref = a.report_ref AND NOT r.is_superseded
 ORDER BY f.at, f.id
"""

_PLANS = """
WITH fresh AS (
    SELECT e.id, e.affiliate_id, e.plan_id, e.event, e.at
      FROM release.action_plan_event e
     WHERE e.recorded_at IS NULL
     ORDER BY e.at, e.id
     LIMIT $2
       FOR UPDATE SKIP LOCKED
), seen AS (
    UPDATE release.action_plan_event e SET recorded_at = $1 FROM fresh WHERE e.id = fresh.id
)
SELECT f.affiliate_id, 'plan.' || f.event AS action, f.plan_id AS object_id, r.shop_id
  FROM fresh f
  JOIN release.action_plan p ON p.id = f.plan_id
  LEFT JOIN release.shop_report r ON r.report_ref = p.report_ref AND NOT r.is_superseded
 ORDER BY f.at, f.id
"""


class Untold(NamedTuple):
    """Somebody who reads an appeal that was answered or decided, and has not been told."""

    affiliate_id: UUID
    account_id: UUID
    occasion: UUID
    appeal_id: UUID
    state: str


class Written(NamedTuple):
    """Something that a client's people wrote, for the ledger: no person of theirs, no words."""

    affiliate_id: UUID
    action: str
    object_id: UUID
    shop_id: UUID | None


async def untold(now: datetime, limit: int) -> list[Untold]:
    """Answers and decisions of the last days of which somebody in scope was not told."""
    return [Untold(**dict(row)) for row in await connection().fetch(_UNTOLD, now - NOT_LATER, ANSWERED_KIND, limit)]


async def states_of(here: Connection, appeal_ids: Sequence[UUID]) -> dict[UUID, AppealState]:
    """Where appeals stand whose reports still do."""
    rows = await here.fetch(_STATES, list(appeal_ids))
    return {row["id"]: AppealState(row["state"]) for row in rows}


async def unrecorded(now: datetime, limit: int) -> list[Written]:
    """Replies and moves of plans that the ledger does not know yet; they are marked as recorded."""
    rows = [*await connection().fetch(_REPLIES, now, limit), *await connection().fetch(_PLANS, now, limit)]
    return [Written(**dict(row)) for row in rows]
