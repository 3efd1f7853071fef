"""Shops as rows: some of them under a lock, and what moving them writes. Any number costs the same statements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import CAME_BACK, LET_GO, Event, Frame, Planned, Shop, State

SHOP = """
SELECT s.id,
       s.affiliate_id,
       s.client_id,
       s.campaign_id,
       s.wave_id,
       s.location_id,
       s.public_ref,
       s.state,
       s.state_since,
       s.is_on_hold,
       s.hold_since,
       s.is_appeal_open,
       s.planned_on,
       s.unassign_count,
       s.window_start,
       s.window_end,
       s.stretched_from,
       s.due_at,
       s.revision,
       l.time_zone,
       l.status = 'open' AS is_place_open,
       c.is_self_assign,
       c.version_id AS campaign_version_id,
       c.guideline_id AS campaign_guideline_id,
       c.report_due_hours,
       c.offer_hours,
       c.grace_hours,
       c.return_hours,
       c.appeal_days,
       c.release_hours
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
"""
_CHOSEN = """
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
 ORDER BY s.id
"""
LOCK = " FOR NO KEY UPDATE OF s"

# What a transition may write besides the state, and as what.
CHANGES: Mapping[str, str] = {
    "planned_on": "date", "due_at": "timestamptz", "version_id": "uuid", "guideline_id": "uuid",
    "unassign_count": "integer", "is_flaked": "boolean", "editor_id": "uuid", "score_percent": "numeric",
    "grade": "integer", "bonus_cents": "integer", "is_appeal_open": "boolean", "is_attempt": "boolean",
}  # fmt: skip

# What follows from the event itself, unless the caller writes something else.
_IMPLIED: Mapping[str, str] = {
    "planned_on": "CASE WHEN m.target = 'OPEN' THEN NULL ELSE s.planned_on END",
    "due_at": "CASE WHEN m.target = 'OPEN' THEN NULL ELSE s.due_at END",
    "unassign_count": "s.unassign_count + m.came_back::integer",
    "is_flaked": "s.is_flaked OR m.is_overdue",
    "is_let_go": "m.is_let_go",
}

_REPLAN = """
UPDATE field.shop s
   SET planned_on = m.planned_on, due_at = m.due_at, revision = s.revision + 1
  FROM unnest($1::uuid[], $2::date[], $3::timestamptz[]) AS m (id, planned_on, due_at)
 WHERE s.id = m.id
"""

_REFRAME = """
UPDATE field.shop s
   SET window_start = m.window_start, window_end = m.window_end, planned_on = m.planned_on, due_at = m.due_at,
       stretched_from = m.stretched_from, revision = s.revision + 1
  FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::date[], $5::timestamptz[], $6::timestamptz[])
       AS m (id, window_start, window_end, planned_on, due_at, stretched_from)
 WHERE s.id = m.id
"""

_HOLD = """
UPDATE field.shop
   SET is_on_hold = $2, hold_reason = $3, hold_since = $4, due_at = $5, revision = revision + 1
 WHERE id = $1
"""


async def shop_in(scope: Scope, shop_id: UUID, *, lock: bool = False) -> Shop:
    """A shop; with `lock` nobody else moves it until this transaction ends. Raises NotFound."""
    found = await shops_of(scope, [shop_id], lock=lock)
    if not found:
        raise NotFound("shop")
    return found[0]


async def shops_of(scope: Scope, shop_ids: Sequence[UUID], *, lock: bool = False) -> list[Shop]:
    """Those of the shops that exist here; locked in the order of their ids, lest two callers wait for one another."""
    rows = await connection().fetch(SHOP + _CHOSEN + (LOCK if lock else ""), scope.affiliate_id, list(shop_ids))
    return [shop_of(row) for row in rows]


async def write_states(moves: Sequence[Planned], now: datetime) -> set[UUID]:
    """Move shops that are still at their revision, and say which were. All moves write the same columns."""
    changes = list(moves[0].move.changes)
    values: list[list[object]] = [
        [move.shop.id for move in moves],
        [move.shop.revision for move in moves],
        [move.target.value for move in moves],
        [move.move.event in CAME_BACK for move in moves],
        [move.move.event is Event.OVERDUE for move in moves],
        [move.move.event in LET_GO for move in moves],
        *([move.move.changes[name] for move in moves] for name in changes),
    ]
    rows = await connection().fetch(_update(changes), now, *values)
    return {row["id"] for row in rows}


def _update(changes: Sequence[str]) -> str:
    """The statement that writes these columns beside the state. Raises KeyError for a column that is not allowed."""
    sets = dict(_IMPLIED) | {name: f"m.{name}" for name in changes}
    arrays = "".join(f", ${place}::{CHANGES[name]}[]" for place, name in enumerate(changes, start=8))
    names = "".join(f", {name}" for name in changes)
    return (
        "UPDATE field.shop s SET state = m.target, revision = s.revision + 1,"  # noqa: S608  (names of tables above)
        " state_since = CASE WHEN s.state = m.target THEN s.state_since ELSE $1 END,"
        f" {', '.join(f'{name} = {value}' for name, value in sets.items())}"
        f" FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::boolean[], $6::boolean[], $7::boolean[]{arrays})"
        f" AS m (id, revision, target, came_back, is_overdue, is_let_go{names})"
        " WHERE s.id = m.id AND s.revision = m.revision RETURNING s.id"
    )


async def write_plans(plans: Mapping[UUID, tuple[date | None, datetime]]) -> None:
    """Give shops another day and another due time."""
    days = [planned_on for planned_on, _ in plans.values()]
    await connection().execute(_REPLAN, list(plans), days, [due_at for _, due_at in plans.values()])


async def write_frames(frames: Mapping[UUID, Frame]) -> None:
    """Give shops other windows, days and due times; frames: by shop."""
    given = frames.values()
    await connection().execute(
        _REFRAME,
        list(frames),
        [each.window_start for each in given],
        [each.window_end for each in given],
        [each.planned_on for each in given],
        [each.due_at for each in given],
        [each.stretched_from for each in given],
    )


async def write_hold(shop: Shop, reason: str, since: datetime | None, due_at: datetime | None) -> None:
    """Put a shop on hold, or, without `since`, lift the hold."""
    await connection().execute(_HOLD, shop.id, since is not None, reason, since, due_at)


async def insert_hold_spell(shop: Shop, began_at: datetime, ended_at: datetime) -> None:
    """Remember a hold that is over. Role.STAFF."""
    await connection().execute(
        "INSERT INTO field.hold_spell (shop_id, began_at, affiliate_id, ended_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        shop.id,
        began_at,
        shop.affiliate_id,
        ended_at,
    )


def shop_of(row: Record) -> Shop:
    """The shop of a row of SHOP."""
    return Shop(**(dict(row) | {"state": State(row["state"])}))
