"""Who makes a shop: rows that begin with an assignment and end with the shop's own events."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection

from ..domain import AssignmentState, Taking

# The profile must be of this affiliate and at work; another's, or one that has gone, is not found.
_INSERT = """
INSERT INTO identity.assignment
       (affiliate_id, shop_id, shopper_id, household_index, mode, state, planned_on, override_reason, round_id,
        round_place, shown_from, assigned_at)
SELECT s.affiliate_id, t.shop_id, s.id, coalesce(t.household_index, s.household_index), t.mode, $2, t.planned_on,
       t.override_reason, t.round_id, t.round_place, t.shown_from, $3
  FROM unnest($4::uuid[], $5::uuid[], $6::bytea[], $7::text[], $8::date[], $9::text[], $10::uuid[], $11::integer[],
              $12::timestamptz[])
       AS t (shop_id, shopper_id, household_index, mode, planned_on, override_reason, round_id, round_place,
             shown_from)
  JOIN identity.shopper s ON s.id = t.shopper_id
 WHERE s.affiliate_id = $1
   AND s.status = 'active'
"""

_WORKING = """
SELECT id
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
   AND status = 'active'
"""

_MOVE = """
UPDATE identity.assignment a
   SET state = m.state,
       ended_at = CASE WHEN m.state = 'held' THEN NULL ELSE $1::timestamptz END
  FROM unnest($2::uuid[], $3::text[]) AS m (shop_id, state)
 WHERE a.shop_id = m.shop_id
   AND a.state IN ('offered', 'held', 'done')
RETURNING a.id, a.affiliate_id, a.shop_id, a.shopper_id
"""

_REPLAN = """
UPDATE identity.assignment a
   SET planned_on = m.planned_on
  FROM unnest($1::uuid[], $2::date[]) AS m (shop_id, planned_on)
 WHERE a.shop_id = m.shop_id
   AND a.state IN ('offered', 'held')
"""

_OVERRIDE = """
UPDATE identity.assignment a
   SET override_reason = m.reason
  FROM unnest($1::uuid[], $2::text[]) AS m (shop_id, reason)
 WHERE a.shop_id = m.shop_id
   AND a.state IN ('offered', 'held')
"""

_OVERRIDES = """
SELECT shop_id, override_reason
  FROM identity.assignment
 WHERE affiliate_id = $1
   AND shop_id = ANY($2::uuid[])
   AND state IN ('offered', 'held')
"""

_ROUNDS = """
SELECT shop_id, round_id, round_place
  FROM identity.assignment
 WHERE affiliate_id = $1
   AND shop_id = ANY($2::uuid[])
   AND state IN ('offered', 'held')
"""

_REORDER = """
UPDATE identity.assignment a
   SET round_id = m.round_id, round_place = m.round_place
  FROM unnest($1::uuid[], $2::uuid[], $3::integer[]) AS m (shop_id, round_id, round_place)
 WHERE a.shop_id = m.shop_id
   AND a.state IN ('offered', 'held')
"""

_SET_STATE = "UPDATE identity.assignment SET state = $3 WHERE affiliate_id = $1 AND id = $2"


async def working_shoppers(scope: Scope, shopper_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the shoppers who are the affiliate's and may be given shops."""
    rows = await connection().fetch(_WORKING, scope.affiliate_id, list(shopper_ids))
    return {row["id"] for row in rows}


async def insert_assignments(
    scope: Scope, takings: Mapping[UUID, Taking], state: AssignmentState, now: datetime
) -> None:
    """Let people have shops; takings: by shop."""
    given = takings.values()
    await connection().execute(
        _INSERT,
        scope.affiliate_id,
        state,
        now,
        list(takings),
        [each.shopper_id for each in given],
        [each.household_index for each in given],
        [str(each.mode) for each in given],
        [each.planned_on for each in given],
        [each.override_reason for each in given],
        [each.stop[0] if each.stop else None for each in given],
        [each.stop[1] if each.stop else None for each in given],
        [each.shown_from for each in given],
    )


async def move_assignments(states: Mapping[UUID, AssignmentState], now: datetime) -> list[Record]:
    """Give the standing assignment of each shop another state: id, affiliate_id, shop_id, shopper_id of each."""
    rows: list[Record] = await connection().fetch(_MOVE, now, list(states), [state.value for state in states.values()])
    return rows


async def replan_assignments(days: Mapping[UUID, date | None]) -> None:
    """Write the new day beside the shopper too; days: by shop."""
    await connection().execute(_REPLAN, list(days), list(days.values()))


async def write_override_reasons(reasons: Mapping[UUID, str]) -> None:
    """Say why rules are set aside for whoever has a shop now; reasons: by shop."""
    await connection().execute(_OVERRIDE, list(reasons), list(reasons.values()))


async def override_reasons_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Why rules were set aside for whoever has each of the shops; by shop, empty where they were not."""
    rows = await connection().fetch(_OVERRIDES, scope.affiliate_id, list(shop_ids))
    return {row["shop_id"]: row["override_reason"] for row in rows}


async def rounds_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, int] | None]:
    """Of shops that somebody has, the round and the place in it; None for a shop that stands alone."""
    rows = await connection().fetch(_ROUNDS, scope.affiliate_id, list(shop_ids))
    return {row["shop_id"]: (row["round_id"], row["round_place"]) if row["round_id"] else None for row in rows}


async def write_rounds(stops: Mapping[UUID, tuple[UUID, int] | None]) -> None:
    """Give shops that somebody has a round and a place in it, or none; stops: by shop."""
    rounds = [stop[0] if stop else None for stop in stops.values()]
    places = [stop[1] if stop else None for stop in stops.values()]
    await connection().execute(_REORDER, list(stops), rounds, places)


async def set_assignment_state(scope: Scope, assignment_id: UUID, state: AssignmentState) -> None:
    """Say what an assignment that has ended counts as."""
    await connection().execute(_SET_STATE, scope.affiliate_id, assignment_id, state)
