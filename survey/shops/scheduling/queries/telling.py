"""What shoppers have not been told yet. All of it is asked as the worker, for every affiliate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Scope, connection
from survey.shops.visits.domain import ApplicationState

from ..domain import HEARD, NOT_LATER, UNDO, WAIT, Answered, Reminder, Standing, Step, Tale, Untold

# Acts that gave another day or window, that nobody can undo any more, and whose shoppers nobody has told.
_REDATED = """
SELECT id
  FROM ops.bulk_action
 WHERE kind IN ('plan', 'window')
   AND done_at > $1
   AND done_at < $2
   AND undone_at IS NULL
   AND carried_out_at IS NULL
 ORDER BY done_at, id
 LIMIT $3
"""

_TOLD = "UPDATE ops.bulk_action SET carried_out_at = $2 WHERE id = ANY($1::uuid[])"

# Another day or window is told to whoever had the shop before the act and has it still. $4: those acts.
# What goes with an act that waits is told when it has taken effect ($5: from when on it is seen).
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
    SELECT 'shop-moved', md5(b.id::text || a.id::text)::uuid, a.affiliate_id, a.shopper_id, a.id
      FROM ops.bulk_action b
     CROSS JOIN LATERAL jsonb_each(b.before) AS was (shop_id, there)
      JOIN identity.assignment a ON a.shop_id = was.shop_id::uuid AND a.affiliate_id = b.affiliate_id
      JOIN field.shop s ON s.id = a.shop_id
     WHERE b.id = ANY($4::uuid[])
       AND a.state IN ('offered', 'held')
       AND a.assigned_at < b.done_at
       AND ((was.there ->> 'planned_on')::date IS DISTINCT FROM s.planned_on
            OR (was.there ->> 'window_start')::timestamptz <> s.window_start
            OR (was.there ->> 'window_end')::timestamptz <> s.window_end)
     UNION ALL
    SELECT 'shop-message', m.id, m.affiliate_id, m.shopper_id, m.thread_id
      FROM identity.message m
     WHERE m.created_at > $1
       AND m.author = 'staff'
       AND coalesce(m.shown_from, m.created_at) <= $5
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

# By the location's calendar, from eight in the morning, and of what is due before ten two hours earlier; who was given
# the shop that day needs no reminder that day. Warnings come once the report was due, and again when half of what is
# left then is over, at most twelve hours before the shop goes back to the board.
_STEPS = """
SELECT md5(a.id::text || r.step || r.day::text)::uuid AS occasion, a.affiliate_id, a.shopper_id, a.id AS about,
       r.step, r.day, r.at, r.until, a.assigned_at < r.given_before AS is_meant
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
 CROSS JOIN LATERAL (
       SELECT coalesce(s.planned_on, s.last_day) AS visit,
              coalesce(s.due_at, s.window_end) AS due,
              coalesce(s.due_at, s.window_end) + c.grace_hours * interval '1 hour' AS back,
              least(c.grace_hours * interval '30 minutes', interval '12 hours') AS before) AS t
 CROSS JOIN LATERAL (
       SELECT d.step, d.day, (d.day + time '08:00') AT TIME ZONE l.time_zone,
              (d.day + 1)::timestamp AT TIME ZONE l.time_zone, d.day::timestamp AT TIME ZONE l.time_zone
         FROM (VALUES ('three', t.visit - 3), ('one', t.visit - 1)) AS d (step, day)
        UNION ALL
       SELECT 'due', e.day, greatest(e.start, least(e.start + interval '8 hours', t.due - interval '2 hours')), t.due,
              e.start
         FROM (SELECT f.day, f.day::timestamp AT TIME ZONE l.time_zone AS start
                 FROM (SELECT ((t.due - interval '1 microsecond') AT TIME ZONE l.time_zone)::date) AS f (day)) AS e
        UNION ALL
       SELECT w.step, (t.due AT TIME ZONE l.time_zone)::date, w.at, t.back, w.at
         FROM (VALUES ('late', t.due), ('last', t.back - t.before)) AS w (step, at)) AS r (step, day, at, until,
                                                                                           given_before)
 WHERE a.state = 'held'
   AND s.state IN ('ASSIGNED', 'IN_PROGRESS')
"""

_REMINDERS = f"""
SELECT 'shop-reminder' AS kind, d.occasion, d.affiliate_id, d.shopper_id, d.about, d.step, d.day
  FROM ({_STEPS}
           AND NOT s.is_on_hold
           AND r.at <= $1
           AND r.until > $1) AS d
  JOIN identity.shopper p ON p.id = d.shopper_id AND p.status <> 'erased'
 WHERE d.is_meant
   AND NOT EXISTS (
       SELECT FROM ops.delivery x
        WHERE x.campaign_id = d.occasion AND x.recipient_id = d.shopper_id AND x.kind = 'shop-reminder')
 ORDER BY d.affiliate_id, d.occasion
 LIMIT $2
"""  # noqa: S608

_PLANNED = f"""
SELECT d.step, d.at, d.is_meant, x.state, x.sent_at, coalesce(x.reason, '') AS reason
  FROM ({_STEPS}
           AND s.affiliate_id = $1
           AND s.id = $2
           AND r.at < r.until) AS d
  LEFT JOIN ops.delivery x
         ON x.affiliate_id = $1 AND x.campaign_id = d.occasion AND x.recipient_id = d.shopper_id
        AND x.kind = 'shop-reminder'
 ORDER BY d.at, d.step
"""  # noqa: S608

_STANDING = """
SELECT a.id AS assignment_id, a.state AS assignment_state, s.id AS shop_id, s.public_ref, s.state AS shop_state,
       s.is_on_hold, s.planned_on, s.window_end, s.due_at, l.time_zone, s.fee_cents + s.bonus_cents AS pay_cents,
       s.currency, l.status = 'open' AS is_place_open, c.grace_hours, t.due_at AS answer_by,
       EXISTS (SELECT FROM identity.mark k
                WHERE k.assignment_id = a.id AND k.state IN ('PROPOSED', 'CONTESTED')) AS has_open_mark
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.shop_timer t ON t.shop_id = s.id AND t.kind = 'offer_timeout'
 WHERE a.id = ANY($1::uuid[])
"""

_ANSWERED = """
SELECT q.id AS application_id, q.state, s.public_ref, q.reason
  FROM identity.application q
  JOIN field.shop s ON s.id = q.shop_id
 WHERE q.id = ANY($1::uuid[])
"""

_MESSAGES = "SELECT id FROM identity.message WHERE id = ANY($1::uuid[])"


async def redated(now: datetime, limit: int) -> list[UUID]:
    """Acts that moved shops to other days, and can no longer be undone; each only until its shoppers were told."""
    rows = await connection().fetch(_REDATED, now - NOT_LATER, now - UNDO, limit)
    return [row["id"] for row in rows]


async def mark_told(action_ids: Sequence[UUID], now: datetime) -> None:
    """Write that whom these acts concern was told, so that nobody opens them again."""
    await connection().execute(_TOLD, list(action_ids), now)


async def untold(now: datetime, limit: int, redated_by: Sequence[UUID] = ()) -> list[Untold]:
    """What happened lately of which nobody was told. redated_by: acts that moved shops to other days."""
    rows = await connection().fetch(_UNTOLD, now - NOT_LATER, HEARD, limit, list(redated_by), now + WAIT)
    return [_untold(row) for row in rows]


async def due_reminders(now: datetime, limit: int) -> list[Untold]:
    """Reminders whose day has come where the shop is."""
    rows = await connection().fetch(_REMINDERS, now, limit)
    return [_untold(row) for row in rows]


async def reminders_of(scope: Scope, shop_id: UUID) -> list[Reminder]:
    """Reminders of whoever has a shop, sent and to come, the first first; none where nobody has it."""
    rows = await connection().fetch(_PLANNED, scope.affiliate_id, shop_id)
    return [Reminder(**(dict(row) | {"step": Step(row["step"])})) for row in rows]


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
