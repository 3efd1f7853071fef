"""Shops as rows: one of them under a lock, and what a transition writes."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from .domain import Event, Shop, State

_SHOP = """
SELECT s.id,
       s.affiliate_id,
       s.client_id,
       s.campaign_id,
       s.wave_id,
       s.location_id,
       s.public_ref,
       s.state,
       s.is_on_hold,
       s.window_start,
       s.window_end,
       s.due_at,
       s.revision,
       c.offer_hours,
       c.grace_hours,
       c.return_hours,
       c.appeal_days
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

# What a transition may write besides the state, and as what.
CHANGES: Mapping[str, str] = {
    "planned_on": "date", "due_at": "timestamptz", "version_id": "uuid", "guideline_id": "uuid",
    "unassign_count": "integer", "is_flaked": "boolean", "editor_id": "uuid", "score_percent": "numeric",
    "grade": "integer", "bonus_cents": "integer", "is_appeal_open": "boolean",
}  # fmt: skip

_TIMERS = """
WITH gone AS (
    DELETE FROM field.shop_timer
     WHERE shop_id = $1
       AND NOT kind = ANY($3::text[])
)
INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at)
SELECT $1, $2, kind, due_at
  FROM unnest($3::text[], $4::timestamptz[]) AS given (kind, due_at)
ON CONFLICT (shop_id, kind) DO UPDATE SET due_at = excluded.due_at
"""

_DUE = """
SELECT t.shop_id, t.affiliate_id, t.kind
  FROM field.shop_timer t
 WHERE t.due_at <= $1
 ORDER BY t.due_at, t.shop_id
 LIMIT $2
   FOR UPDATE SKIP LOCKED
"""


async def shop_in(scope: Scope, shop_id: UUID, *, lock: bool = False) -> Shop:
    """A shop; with `lock` nobody else moves it until this transaction ends. Raises NotFound."""
    row = await connection().fetchrow(_SHOP + (" FOR NO KEY UPDATE OF s" if lock else ""), scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("shop")
    return _shop(row)


async def write_state(shop: Shop, target: State, changes: Mapping[str, object], now: datetime) -> bool:
    """Move a shop that is still at its revision; False where it is not. changes: columns of CHANGES."""
    sets = "".join(f", {name} = ${place}::{CHANGES[name]}" for place, name in enumerate(changes, start=5))
    moved: bool | None = await connection().fetchval(
        "UPDATE field.shop SET state = $3, revision = revision + 1,"  # noqa: S608  (names of the table above)
        " state_since = CASE WHEN state = $3 THEN state_since ELSE $4 END"
        f"{sets} WHERE id = $1 AND revision = $2 RETURNING true",
        shop.id,
        shop.revision,
        target,
        now,
        *changes.values(),
    )
    return moved is True


async def set_timers(shop: Shop, timers: Mapping[Event, datetime]) -> None:
    """Replace what will happen to the shop by itself."""
    await connection().execute(_TIMERS, shop.id, shop.affiliate_id, list(timers), list(timers.values()))


async def due_timers(now: datetime, limit: int) -> list[Record]:
    """Timers whose moment has come, locked: shop_id, affiliate_id, kind."""
    rows: list[Record] = await connection().fetch(_DUE, now, limit)
    return rows


async def drop_timer(shop_id: UUID, kind: str) -> None:
    """Remove a timer that has done its work, or has none left to do."""
    await connection().execute("DELETE FROM field.shop_timer WHERE shop_id = $1 AND kind = $2", shop_id, kind)


def _shop(row: Record) -> Shop:
    return Shop(**(dict(row) | {"state": State(row["state"])}))
