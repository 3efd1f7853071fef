"""Offers that go on by themselves, as rows."""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Scope, connection
from survey.shops.visits.domain import State


class Running(NamedTuple):
    """A shop that is offered to one shopper after another."""

    affiliate_id: UUID
    shop_id: UUID
    started_by: UUID | None
    state: State


_START = """
INSERT INTO field.auto_offer (shop_id, affiliate_id, started_by, started_at)
VALUES ($1, $2, $3, $4)
    ON CONFLICT (shop_id) DO UPDATE
   SET started_by = excluded.started_by, started_at = excluded.started_at, ended_at = NULL, outcome = ''
 WHERE field.auto_offer.ended_at IS NOT NULL
RETURNING shop_id
"""

_START_MANY = """
INSERT INTO field.auto_offer (shop_id, affiliate_id, started_by, started_at)
SELECT s.id, s.affiliate_id, $2, $3
  FROM field.shop s
 WHERE s.affiliate_id = $1
   AND s.id = ANY($4::uuid[])
 ORDER BY s.id
    ON CONFLICT (shop_id) DO UPDATE
   SET started_by = excluded.started_by, started_at = excluded.started_at, ended_at = NULL, outcome = ''
 WHERE field.auto_offer.ended_at IS NOT NULL
RETURNING shop_id
"""

_END_MANY = """
UPDATE field.auto_offer
   SET ended_at = $3, outcome = $4
 WHERE affiliate_id = $1
   AND shop_id = ANY($2::uuid[])
   AND ended_at IS NULL
RETURNING shop_id
"""

# What somebody let go, where the campaign wants that it is offered again, and nobody has said of it that it is not.
_LET_GO = """
  FROM field.campaign c
 WHERE c.id = s.campaign_id
   AND c.offers_again
   AND c.status = 'live'
   AND s.is_let_go
   AND s.state = 'OPEN'
   AND NOT s.is_on_hold
   AND s.window_end > $1
   AND NOT EXISTS (SELECT FROM field.auto_offer o WHERE o.shop_id = s.id AND o.outcome = 'stopped')
"""

_NEXT_LET_GO = f"""
SELECT s.affiliate_id, s.id
  FROM field.shop s
 WHERE EXISTS (SELECT {_LET_GO})
   AND ($2::uuid IS NULL OR s.id > $2)
 ORDER BY s.id
 LIMIT 1
"""

_TAKE_LET_GO = f"""
UPDATE field.shop s
   SET is_let_go = false
{_LET_GO}
   AND s.affiliate_id = $2
   AND s.id = $3
RETURNING s.id
"""

_APPLIED = """
SELECT DISTINCT shopper_id
  FROM identity.application
 WHERE affiliate_id = $1
   AND shop_id = $2
   AND state IN ('SUBMITTED', 'SUPERSEDED')
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

# Offered: somebody is being asked. On hold: nothing happens. Begun a moment ago: it may still be undone.
_DUE = """
SELECT o.affiliate_id, o.shop_id, o.started_by, s.state
  FROM field.auto_offer o
  JOIN field.shop s ON s.id = o.shop_id
 WHERE o.ended_at IS NULL
   AND s.state <> 'OFFERED'
   AND NOT s.is_on_hold
   AND o.started_at <= $2
   AND ($1::uuid IS NULL OR o.shop_id > $1)
 ORDER BY o.shop_id
 LIMIT 1
   FOR UPDATE OF o SKIP LOCKED
"""


async def start_offering(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Begin; False where it runs already."""
    return await connection().fetchval(_START, shop_id, scope.affiliate_id, scope.account_id, now) is not None


async def start_offerings(scope: Scope, shop_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Begin for many shops; those for which it did not run already."""
    rows = await connection().fetch(_START_MANY, scope.affiliate_id, scope.account_id, now, list(shop_ids))
    return {row["shop_id"] for row in rows}


async def end_offerings(scope: Scope, shop_ids: Sequence[UUID], outcome: str, now: datetime) -> list[UUID]:
    """End it for many shops; those for which it ran."""
    rows = await connection().fetch(_END_MANY, scope.affiliate_id, list(shop_ids), now, outcome)
    return [row["shop_id"] for row in rows]


async def next_let_go(after: UUID | None, now: datetime) -> tuple[UUID, UUID] | None:
    """The next shop, by id, that somebody let go and that its campaign wants offered again: affiliate and shop."""
    row = await connection().fetchrow(_NEXT_LET_GO, now, after)
    return None if row is None else (row["affiliate_id"], row["id"])


async def take_let_go(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """See to such a shop; False where somebody has already, or where it is no longer one."""
    return await connection().fetchval(_TAKE_LET_GO, now, scope.affiliate_id, shop_id) is not None


async def applicants_for(scope: Scope, shop_id: UUID) -> set[UUID]:
    """Who asked for a shop and was not told no: some wait, others had to see it go to somebody else."""
    rows = await connection().fetch(_APPLIED, scope.affiliate_id, shop_id)
    return {row["shopper_id"] for row in rows}


async def count_offer(scope: Scope, shop_id: UUID) -> None:
    """One more offer was made."""
    await connection().execute(_COUNT, scope.affiliate_id, shop_id)


async def end_offering(scope: Scope, shop_id: UUID, outcome: str, now: datetime) -> bool:
    """End it; False where it did not run."""
    return await connection().fetchval(_END, scope.affiliate_id, shop_id, now, outcome) is not None


async def next_running(after: UUID | None, begun_by: datetime) -> Running | None:
    """The next shop, by id, whose offers have to go on or to end; no two workers get the same.

    begun_by: those that began later are left alone.
    """
    row = await connection().fetchrow(_DUE, after, begun_by)
    return None if row is None else Running(row["affiliate_id"], row["shop_id"], row["started_by"], State(row["state"]))
