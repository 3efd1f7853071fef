"""Calendar feeds as rows, the shops in them, and the stops of a round."""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection
from survey.shops.visits.domain import State
from survey.web.sessions import clients_of

from ..domain import BEHIND_DAYS, MOST_EVENTS, SHOWN, Dated, Filter, Stop
from .asking import Asked
from .narrowing import DAY_KEY, where


class Owner(NamedTuple):
    """Whose calendar an address is, and which shops are in it."""

    affiliate_id: UUID
    account_id: UUID
    query: str
    clients: list[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """An account's own address."""

    id: UUID
    query: str
    created_at: datetime


# Whoever has lost the account, or the role, has lost the calendar with it.
_OWNER = f"""
SELECT f.affiliate_id, f.account_id, f.query,
       {clients_of("a")} AS clients
  FROM ops.calendar_feed f
  JOIN identity.account a ON a.id = f.account_id AND a.affiliate_id = f.affiliate_id
 WHERE f.id = $1
   AND f.shopper_id IS NULL
   AND f.revoked_at IS NULL
   AND a.status = 'active'
   AND a.role IN ('affiliate_admin', 'manager', 'scheduler')
"""

_OWN = """
SELECT id, query, created_at
  FROM ops.calendar_feed
 WHERE affiliate_id = $1
   AND account_id = $2
   AND shopper_id IS NULL
   AND revoked_at IS NULL
"""

_INSERT = """
INSERT INTO ops.calendar_feed (affiliate_id, account_id, query, created_at)
VALUES ($1, $2, $3, $4)
RETURNING id
"""

_REVOKE = """
UPDATE ops.calendar_feed
   SET revoked_at = $3
 WHERE affiliate_id = $1
   AND account_id = $2
   AND shopper_id IS NULL
   AND revoked_at IS NULL
RETURNING id
"""

_STOPS = """
SELECT s.id, s.public_ref, s.state, l.code, l.name AS place, l.street, l.city, l.postal_code, l.latitude, l.longitude,
       l.opening_hours::text, l.time_zone, s.daypart, s.window_end, s.planned_on,
       s.fee_cents + s.bonus_cents AS pay_cents, s.currency, p.display_code AS held_by,
       a.round_id, a.round_place
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('offered', 'held', 'done')
  LEFT JOIN identity.shopper p ON p.id = a.shopper_id
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
"""


async def owner_of(feed_id: UUID) -> Owner:
    """Whose calendar this is; as the gate. Raises NotFound."""
    row = await connection().fetchrow(_OWNER, feed_id)
    if row is None:
        raise NotFound("calendar")
    return Owner(*row)


async def find_feed(scope: Scope) -> Feed | None:
    """The account's own address, if there is one."""
    row = await connection().fetchrow(_OWN, scope.affiliate_id, scope.account_id)
    return None if row is None else Feed(**dict(row))


async def insert_feed(scope: Scope, query: str, now: datetime) -> UUID:
    """A new address for the account; its id."""
    feed_id: UUID = await connection().fetchval(_INSERT, scope.affiliate_id, scope.account_id, query, now)
    return feed_id


async def revoke_feed(scope: Scope, now: datetime) -> UUID | None:
    """Let the account's address be dead; its id, or None where there was none."""
    found: UUID | None = await connection().fetchval(_REVOKE, scope.affiliate_id, scope.account_id, now)
    return found


async def dated_shops(scope: Scope, wanted: Filter, now: datetime) -> list[Dated]:
    """Shops of a filter that are still to come, or were a short while ago, by day. Of too many the nearest to today."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    today, first, states = (
        asked(now.date()),
        asked((now - timedelta(days=BEHIND_DAYS)).date()),
        asked([state.value for state in SHOWN]),
    )
    rows = await connection().fetch(
        f"SELECT s.id, s.public_ref, s.state, s.state_since, s.revision, {DAY_KEY} AS day, l.code, l.name AS place,"
        " l.street, l.city FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        f" WHERE {condition} AND {DAY_KEY} >= {first} AND s.state = ANY({states}::text[])"
        f" ORDER BY abs({DAY_KEY} - {today}::date), s.id LIMIT {MOST_EVENTS}",
        *asked.values,
    )
    nearest = [Dated(**(dict(row) | {"state": State(row["state"])})) for row in rows]
    return sorted(nearest, key=lambda shop: (shop.day, shop.id))


async def stops_of(scope: Scope, shop_ids: Sequence[UUID]) -> list[Stop]:
    """Those of the shops that are the affiliate's, in the order of the ids."""
    rows = await connection().fetch(_STOPS, scope.affiliate_id, list(shop_ids))
    found = {row["id"]: _stop(row) for row in rows}
    return [found[shop_id] for shop_id in shop_ids if shop_id in found]


def _stop(row: Record) -> Stop:
    return Stop(**(dict(row) | {"state": State(row["state"]), "opening_hours": json.loads(row["opening_hours"])}))
