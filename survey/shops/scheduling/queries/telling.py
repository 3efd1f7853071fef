"""What shoppers have not been told yet. All of it is asked as the worker, for every affiliate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import connection

from ..domain import HEARD, NOT_LATER, Standing, Tale, Untold

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

_ADDRESSES = "SELECT id, email FROM identity.shopper WHERE id = ANY($1::uuid[]) AND status <> 'erased'"

_STANDING = """
SELECT a.id AS assignment_id, a.state AS assignment_state, s.id AS shop_id, s.public_ref, s.state AS shop_state,
       s.is_on_hold, s.planned_on, s.window_end, s.due_at, l.time_zone, s.fee_cents + s.bonus_cents AS pay_cents,
       s.currency
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  JOIN field.location l ON l.id = s.location_id
 WHERE a.id = ANY($1::uuid[])
"""

_MESSAGES = "SELECT id FROM identity.message WHERE id = ANY($1::uuid[])"

# The ledger may not be updated, and ON CONFLICT DO NOTHING returns nothing for what is there already.
_LINKS = """
INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id)
SELECT DISTINCT given.key, given.affiliate_id, NULL::uuid
  FROM unnest($1::bytea[], $2::uuid[]) AS given (key, affiliate_id)
    ON CONFLICT (suppression_key, affiliate_id, client_id) DO NOTHING
"""

_LINKED = """
SELECT l.suppression_key, l.affiliate_id, l.id
  FROM unnest($1::bytea[], $2::uuid[]) AS given (key, affiliate_id)
  JOIN ledger.opt_out_link l ON l.suppression_key = given.key AND l.affiliate_id = given.affiliate_id
   AND l.client_id IS NULL
"""


async def untold(now: datetime, limit: int) -> list[Untold]:
    """What happened lately of which nobody was told."""
    rows = await connection().fetch(_UNTOLD, now - NOT_LATER, HEARD, limit)
    return [_untold(row) for row in rows]


async def due_reminders(now: datetime, limit: int) -> list[Untold]:
    """Reminders whose day has come where the shop is."""
    rows = await connection().fetch(_REMINDERS, now, limit)
    return [_untold(row) for row in rows]


async def sealed_addresses(here: Connection, shopper_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Sealed addresses of shoppers who are still there."""
    rows = await here.fetch(_ADDRESSES, list(shopper_ids))
    return {row["id"]: row["email"] for row in rows}


async def standing_of(here: Connection, assignment_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """How shops stand now, by assignment."""
    rows = await here.fetch(_STANDING, list(assignment_ids))
    return {row["assignment_id"]: Standing(**dict(row)) for row in rows}


async def messages_there(here: Connection, message_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the messages that nobody has taken back."""
    rows = await here.fetch(_MESSAGES, list(message_ids))
    return {row["id"] for row in rows}


async def opt_out_links(keys: Sequence[tuple[bytes, UUID]]) -> dict[tuple[bytes, UUID], UUID]:
    """The links with which people at these addresses stop mail of these affiliates; made where there are none."""
    columns = [key for key, _ in keys], [affiliate_id for _, affiliate_id in keys]
    await connection().execute(_LINKS, *columns)
    rows = await connection().fetch(_LINKED, *columns)
    return {(row["suppression_key"], row["affiliate_id"]): row["id"] for row in rows}


def _untold(row: Record) -> Untold:
    return Untold(**(dict(row) | {"kind": Tale(row["kind"])}))
