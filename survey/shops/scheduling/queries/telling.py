"""What shoppers have not been told yet. All of it is asked as the worker, for every affiliate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import connection
from survey.shops.visits.domain import ApplicationState

from ..domain import HEARD, NOT_LATER, Answered, Standing, Tale, Untold

# An application that an undone act has let wait again ends anew at another moment, and is told anew.
_UNTOLD = """
WITH news AS (
    SELECT CASE a.state WHEN 'offered' THEN 'shop-offer' ELSE 'shop-assigned' END AS kind, a.id AS occasion,
           a.affiliate_id, a.shopper_id, a.id AS about
      FROM identity.assignment a
     WHERE a.assigned_at > $1
       AND (a.state = 'offered' OR a.state = 'held' AND a.mode IN ('manual', 'application'))
     UNION ALL
    SELECT 'shop-taken-back', a.id, a.affiliate_id, a.shopper_id, a.id
      FROM identity.assignment a
     WHERE a.ended_at > $1
       AND a.state = 'taken_back'
       AND a.ended_at - a.assigned_at > $2
     UNION ALL
    SELECT 'shop-message', m.id, m.affiliate_id, m.shopper_id, m.thread_id
      FROM identity.message m
     WHERE m.created_at > $1
       AND m.author = 'staff'
     UNION ALL
    SELECT 'shop-application', md5(q.id::text || extract(epoch FROM q.decided_at)::text)::uuid, q.affiliate_id,
           q.shopper_id, q.id
      FROM identity.application q
     WHERE q.decided_at > $1
       AND q.state IN ('DECLINED', 'SUPERSEDED', 'EXPIRED')
)
SELECT n.*
  FROM news n
  JOIN identity.shopper p ON p.id = n.shopper_id AND p.status <> 'erased'
 WHERE NOT EXISTS (
       SELECT FROM ops.delivery d
        WHERE d.campaign_id = n.occasion AND d.recipient_id = n.shopper_id AND d.kind = n.kind)
 ORDER BY n.affiliate_id, n.occasion
 LIMIT $3
"""

# By the location's calendar, from eight in the morning; who was given the shop that day needs no reminder that day.
_REMINDERS = """
WITH due AS (
    SELECT md5(a.id::text || r.step || r.day::text)::uuid AS occasion, a.affiliate_id, a.shopper_id, a.id AS about,
           r.step, r.day
      FROM identity.assignment a
      JOIN field.shop s ON s.id = a.shop_id
      JOIN field.location l ON l.id = s.location_id
     CROSS JOIN LATERAL (
           SELECT coalesce(s.planned_on,
                           ((s.window_end - interval '1 microsecond') AT TIME ZONE l.time_zone)::date) AS visit,
                  (coalesce(s.due_at, s.window_end) AT TIME ZONE l.time_zone)::date AS report,
                  $1::timestamptz AT TIME ZONE l.time_zone AS clock) AS t
     CROSS JOIN LATERAL (VALUES ('three', t.visit - 3), ('one', t.visit - 1), ('due', t.report)) AS r (step, day)
     WHERE a.state = 'held'
       AND s.state IN ('ASSIGNED', 'IN_PROGRESS')
       AND NOT s.is_on_hold
       AND r.day = t.clock::date
       AND extract(hour FROM t.clock) >= 8
       AND (a.assigned_at AT TIME ZONE l.time_zone)::date < r.day
)
SELECT 'shop-reminder' AS kind, d.*
  FROM due d
  JOIN identity.shopper p ON p.id = d.shopper_id AND p.status <> 'erased'
 WHERE NOT EXISTS (
       SELECT FROM ops.delivery x
        WHERE x.campaign_id = d.occasion AND x.recipient_id = d.shopper_id AND x.kind = 'shop-reminder')
 ORDER BY d.affiliate_id, d.occasion
 LIMIT $2
"""

_STANDING = """
SELECT a.id AS assignment_id, a.state AS assignment_state, s.id AS shop_id, s.public_ref, s.state AS shop_state,
       s.is_on_hold, s.planned_on, s.window_end, s.due_at, l.time_zone, s.fee_cents + s.bonus_cents AS pay_cents,
       s.currency
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  JOIN field.location l ON l.id = s.location_id
 WHERE a.id = ANY($1::uuid[])
"""

_ANSWERED = """
SELECT q.id AS application_id, q.state, s.public_ref, q.reason
  FROM identity.application q
  JOIN field.shop s ON s.id = q.shop_id
 WHERE q.id = ANY($1::uuid[])
"""

_MESSAGES = "SELECT id FROM identity.message WHERE id = ANY($1::uuid[])"


async def untold(now: datetime, limit: int) -> list[Untold]:
    """What happened lately of which nobody was told."""
    rows = await connection().fetch(_UNTOLD, now - NOT_LATER, HEARD, limit)
    return [_untold(row) for row in rows]


async def due_reminders(now: datetime, limit: int) -> list[Untold]:
    """Reminders whose day has come where the shop is."""
    rows = await connection().fetch(_REMINDERS, now, limit)
    return [_untold(row) for row in rows]


async def standing_of(here: Connection, assignment_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """How shops stand now, by assignment."""
    rows = await here.fetch(_STANDING, list(assignment_ids))
    return {row["assignment_id"]: Standing(**dict(row)) for row in rows}


async def answered_of(here: Connection, application_ids: Sequence[UUID]) -> dict[UUID, Answered]:
    """How applications stand now."""
    rows = await here.fetch(_ANSWERED, list(application_ids))
    return {row["application_id"]: Answered(**(dict(row) | {"state": ApplicationState(row["state"])})) for row in rows}


async def messages_there(here: Connection, message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the messages that nobody has taken back."""
    rows = await here.fetch(_MESSAGES, list(message_ids))
    return {row["id"] for row in rows}


def _untold(row: Record) -> Untold:
    return Untold(**(dict(row) | {"kind": Tale(row["kind"])}))
