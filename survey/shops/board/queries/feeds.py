"""A shopper's calendar address as a row, and the shops that are in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from survey.db import NotFound, Scope, connection
from survey.shops.visits.domain import AssignmentState

from ..domain import BEHIND_DAYS, MOST_EVENTS, Dated


class Owner(NamedTuple):
    """Whose calendar an address is."""

    affiliate_id: UUID
    account_id: UUID
    shopper_id: UUID


@dataclass(frozen=True, slots=True)
class Feed:
    """The shopper's own address."""

    id: UUID
    created_at: datetime


# Whoever is no shopper here any more has lost the calendar with the profile.
_OWNER = """
SELECT f.affiliate_id, f.account_id, f.shopper_id
  FROM ops.calendar_feed f
  JOIN identity.shopper p ON p.id = f.shopper_id AND p.affiliate_id = f.affiliate_id
 WHERE f.id = $1
   AND f.revoked_at IS NULL
   AND p.status IN ('active', 'paused', 'deactivated')
"""

_OWN = """
SELECT id, created_at
  FROM ops.calendar_feed
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND revoked_at IS NULL
"""

_INSERT = """
INSERT INTO ops.calendar_feed (affiliate_id, account_id, shopper_id, created_at)
VALUES ($1, $2, $3, $4)
RETURNING id
"""

_REVOKE = """
UPDATE ops.calendar_feed
   SET revoked_at = $3
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND revoked_at IS NULL
RETURNING id
"""

# What can still be undone is not there yet, and what was undone never was.
# What somebody has lost stays for a while as cancelled, so that calendars take it out.
_DATED = """
SELECT a.id AS assignment_id,
       a.state,
       s.public_ref,
       s.revision,
       coalesce(a.ended_at, s.state_since) AS changed_at,
       d.day,
       l.name AS place,
       l.street,
       l.city,
       a.round_place
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  JOIN field.location l ON l.id = s.location_id
 CROSS JOIN LATERAL (
       SELECT coalesce(a.planned_on, s.planned_on, s.last_day) AS day) AS d
 WHERE a.affiliate_id = $1
   AND a.shopper_id = $2
   AND d.day >= $3
   AND (a.shown_from IS NULL OR a.shown_from <= $5 AND coalesce(a.ended_at >= a.shown_from, true))
 ORDER BY d.day, a.round_id NULLS FIRST, a.round_place, a.id
 LIMIT $4
"""


async def owner_of(feed_id: UUID) -> Owner:
    """Whose calendar this is; as the gate. Raises NotFound."""
    row = await connection().fetchrow(_OWNER, feed_id)
    if row is None:
        raise NotFound("calendar")
    return Owner(*row)


async def find_feed(scope: Scope) -> Feed | None:
    """The shopper's own address, if there is one."""
    row = await connection().fetchrow(_OWN, scope.affiliate_id, scope.shopper_id)
    return None if row is None else Feed(**dict(row))


async def insert_feed(scope: Scope, now: datetime) -> UUID:
    """A new address for the shopper; its id."""
    feed_id: UUID = await connection().fetchval(_INSERT, scope.affiliate_id, scope.account_id, scope.shopper_id, now)
    return feed_id


async def revoke_feed(scope: Scope, now: datetime) -> UUID | None:
    """Let the shopper's address be dead; its id, or None where there was none."""
    found: UUID | None = await connection().fetchval(_REVOKE, scope.affiliate_id, scope.shopper_id, now)
    return found


async def dated_shops(scope: Scope, now: datetime) -> list[Dated]:
    """The shopper's shops from a while ago on, by day."""
    first = (now - timedelta(days=BEHIND_DAYS)).date()
    rows = await connection().fetch(_DATED, scope.affiliate_id, scope.shopper_id, first, MOST_EVENTS, now)
    return [Dated(**(dict(row) | {"state": AssignmentState(row["state"])})) for row in rows]
