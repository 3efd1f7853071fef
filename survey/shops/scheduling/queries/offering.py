"""Offers that go on by themselves, as rows."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Scope, connection
from survey.shops.visits.domain import State


class Running(NamedTuple):
    """A shop that is offered to one shopper after another."""

    affiliate_id: UUID
    shop_id: UUID
    started_by: UUID
    state: State


_START = """
INSERT INTO field.auto_offer (shop_id, affiliate_id, started_by, started_at)
VALUES ($1, $2, $3, $4)
    ON CONFLICT (shop_id) DO UPDATE
   SET started_by = excluded.started_by, started_at = excluded.started_at, ended_at = NULL, outcome = ''
 WHERE field.auto_offer.ended_at IS NOT NULL
RETURNING shop_id
"""

_COUNT = "UPDATE field.auto_offer SET offers = offers + 1 WHERE affiliate_id = $1 AND shop_id = $2"

_END = """
UPDATE field.auto_offer
   SET ended_at = $3, outcome = $4
 WHERE affiliate_id = $1
   AND shop_id = $2
   AND ended_at IS NULL
RETURNING shop_id
"""

# Offered: somebody is being asked. On hold: nothing happens.
_DUE = """
SELECT o.affiliate_id, o.shop_id, o.started_by, s.state
  FROM field.auto_offer o
  JOIN field.shop s ON s.id = o.shop_id
 WHERE o.ended_at IS NULL
   AND s.state <> 'OFFERED'
   AND NOT s.is_on_hold
   AND ($1::uuid IS NULL OR o.shop_id > $1)
 ORDER BY o.shop_id
 LIMIT 1
   FOR UPDATE OF o SKIP LOCKED
"""


async def start_offering(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Begin; False where it runs already."""
    return await connection().fetchval(_START, shop_id, scope.affiliate_id, scope.account_id, now) is not None


async def count_offer(scope: Scope, shop_id: UUID) -> None:
    """One more offer was made."""
    await connection().execute(_COUNT, scope.affiliate_id, shop_id)


async def end_offering(scope: Scope, shop_id: UUID, outcome: str, now: datetime) -> bool:
    """End it; False where it did not run."""
    return await connection().fetchval(_END, scope.affiliate_id, shop_id, now, outcome) is not None


async def next_running(after: UUID | None) -> Running | None:
    """The next shop, by id, whose offers have to go on or to end; no two workers get the same."""
    row = await connection().fetchrow(_DUE, after)
    return None if row is None else Running(row["affiliate_id"], row["shop_id"], row["started_by"], State(row["state"]))
