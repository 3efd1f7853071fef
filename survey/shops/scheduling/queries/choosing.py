"""Which shops an act is about, and what they are before it."""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection
from survey.shops.visits.domain import State

from ..domain import IN_WORK, MOST_SHOPS, Chosen, Filter, Risk, Ticked
from .asking import Asked
from .narrowing import where
from .risk import reasons_of

_CHOSEN = """
SELECT s.id, s.public_ref, s.state, s.revision, s.is_on_hold, s.planned_on, s.due_at, s.fee_cents,
       s.bonus_cents, s.currency, s.unassign_count, s.window_end, c.bonus_ladder::text
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
 ORDER BY s.window_end, s.id
"""

_REVISIONS = "SELECT id, revision FROM field.shop WHERE affiliate_id = $1 AND id = ANY($2::uuid[])"

_WAVE_ENDS = """
SELECT s.id, w.ends_on
  FROM field.shop s
  JOIN field.wave w ON w.id = s.wave_id
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
"""

_SHOPPER = "SELECT id FROM identity.shopper WHERE affiliate_id = $1 AND display_code = $2"


async def matching(scope: Scope, wanted: Filter, now: datetime, places: Sequence[UUID] = ()) -> list[UUID]:
    """Shops that a filter leaves, where places are named those at them; one more than an act may take at most."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    if places:
        condition += f" AND s.location_id = ANY({asked(list(places))}::uuid[])"
    rows = await connection().fetch(
        f"SELECT s.id FROM field.shop s WHERE {condition} ORDER BY s.window_end, s.id LIMIT {MOST_SHOPS + 1}",
        *asked.values,
    )
    return [row["id"] for row in rows]


class Coded(NamedTuple):
    """Shops that pasted codes mean, known codes, and how many shops fit in all, and how many are over and left out."""

    ids: list[UUID]
    known: set[str]
    fit: int
    over: int


async def coded(scope: Scope, wanted: Filter, codes: Sequence[str], now: datetime) -> Coded:
    """Shops with these references, or at locations with these codes, within a filter; those that end first come first.

    A place's code means what can still be acted on there, unless the filter asks for states; a reference means its
    shop.
    """
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    given, states = asked(list(codes)), asked([state.value for state in wanted.state or IN_WORK])
    row = await connection().fetchrow(
        "WITH fit AS MATERIALIZED (SELECT s.id, upper(s.public_ref) AS ref, upper(l.code) AS code, s.window_end,"
        f" upper(s.public_ref) = ANY({given}::text[]) OR s.state = ANY({states}::text[]) AS is_meant"
        " FROM field.shop s JOIN field.location l ON l.id = s.location_id WHERE"
        f" {condition} AND (upper(s.public_ref) = ANY({given}::text[]) OR upper(l.code) = ANY({given}::text[])))"
        " SELECT ARRAY(SELECT fit.id FROM fit WHERE fit.is_meant"
        f" ORDER BY fit.window_end, fit.id LIMIT {MOST_SHOPS + 1}) AS ids,"
        f" ARRAY(SELECT given.code FROM unnest({given}::text[]) AS given (code)"
        " WHERE EXISTS (SELECT FROM fit WHERE given.code IN (fit.ref, fit.code))) AS known,"
        " (SELECT count(*) FROM fit WHERE fit.is_meant) AS fit,"
        " (SELECT count(*) FROM fit WHERE NOT fit.is_meant) AS over",
        *asked.values,
    )
    return Coded(row["ids"], set(row["known"]), row["fit"], row["over"])


# As `domain.suggested_bonus` says of one shop: steps are [days before the end, cents]. Each return is a step further
# than the days alone would reach; the ladder ends at its top. Most shops never came back: for them no step is counted.
_SUGGESTED = """
greatest(s.bonus_cents, CASE WHEN s.unassign_count = 0 THEN (
    SELECT max((step.value ->> 1)::integer)
      FROM jsonb_array_elements(c.bonus_ladder) AS step
     WHERE s.window_end <= {now}::timestamptz + (step.value ->> 0)::integer * interval '24 hours')
ELSE (
    SELECT max(step.cents)
      FROM (SELECT (each.value ->> 1)::integer AS cents,
                   row_number() OVER (ORDER BY (each.value ->> 0)::integer DESC, each.ordinality) AS place,
                   count(*) FILTER (
                       WHERE s.window_end <= {now}::timestamptz + (each.value ->> 0)::integer * interval '24 hours')
                       OVER () AS reached
              FROM jsonb_array_elements(c.bonus_ladder) WITH ORDINALITY AS each) AS step
     WHERE step.place <= step.reached + s.unassign_count) END)
"""
OFFERED_AGAIN = "s.state IN ('OPEN', 'OFFERED')"  # a bonus is suggested for what somebody is still to be found for


class Ladder(NamedTuple):
    """Of the shops of a filter: how many, how many would pay a higher bonus by now, and what that costs by currency.

    every: how many there are whatever reason is asked for, and reasons: how many for each.
    """

    total: int
    every: int
    raised: int
    cost_cents: dict[str, int]
    reasons: dict[Risk, int]


async def ladder_of(scope: Scope, wanted: Filter, now: datetime) -> Ladder:
    """What the campaigns' ladders come to for every shop that a filter leaves, however many; and why they are there."""
    asked = Asked()
    everything = replace(wanted, why=None, risk=wanted.risk or wanted.why is not None)
    condition = where(asked, scope.affiliate_id, everything, now)
    reasons, among = reasons_of(asked, "$1", now), f"at.{wanted.why}" if wanted.why else "true"
    counted = ", ".join(f"count(*) FILTER (WHERE at.{risk}) AS {risk}" for risk in reasons)
    columns = ", ".join(f"({each}) AS {risk}" for risk, each in reasons.items())
    # Each shop's bonus is worked out once, however often it is counted.
    rows = await connection().fetch(
        f"WITH at AS MATERIALIZED (SELECT s.currency, {columns}, CASE WHEN {OFFERED_AGAIN}"
        f" AND c.bonus_ladder <> '[]'::jsonb THEN {_SUGGESTED.format(now=asked(now))} - s.bonus_cents ELSE 0 END"
        f" AS more FROM field.shop s JOIN field.campaign c ON c.id = s.campaign_id WHERE {condition})"
        f" SELECT at.currency, count(*) AS every, count(*) FILTER (WHERE {among}) AS total,"
        f" count(*) FILTER (WHERE {among} AND at.more > 0) AS raised,"
        f" sum(at.more) FILTER (WHERE {among})::bigint AS cost, {counted}"
        " FROM at GROUP BY at.currency ORDER BY at.currency",
        *asked.values,
    )
    costs = {row["currency"]: row["cost"] for row in rows if row["cost"]}
    why = {risk: sum(row[risk.value] for row in rows) for risk in reasons}
    total, every, raised = (sum(row[name] for row in rows) for name in ("total", "every", "raised"))
    return Ladder(total, every, raised, costs, why)


async def chosen_shops(scope: Scope, shop_ids: Sequence[UUID], *, lock: bool = False) -> list[Chosen]:
    """Those of the shops that are the affiliate's, the most urgent first."""
    statement = _CHOSEN + (" FOR NO KEY UPDATE OF s" if lock else "")
    return [_chosen(row) for row in await connection().fetch(statement, scope.affiliate_id, list(shop_ids))]


async def ticked_of(
    scope: Scope, wanted: Filter, now: datetime, refs: Sequence[str], shop_ids: Sequence[UUID] = ()
) -> list[Ticked]:  # fmt: skip
    """Shops by reference and by id, each with whether a filter leaves it; what is not there is left out."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    rows = await connection().fetch(
        f"SELECT s.id, s.public_ref, l.code, s.location_id, ({condition}) IS TRUE AS fits"
        " FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        f" WHERE s.affiliate_id = $1 AND (s.public_ref = ANY({asked(list(refs))}::text[])"
        f" OR s.id = ANY({asked(list(shop_ids))}::uuid[])) ORDER BY s.window_end, s.id",
        *asked.values,
    )
    return [Ticked(**dict(row)) for row in rows]


async def revisions_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The revision of each of the shops."""
    rows = await connection().fetch(_REVISIONS, scope.affiliate_id, list(shop_ids))
    return {row["id"]: row["revision"] for row in rows}


async def wave_ends_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The last day of each shop's wave."""
    rows = await connection().fetch(_WAVE_ENDS, scope.affiliate_id, list(shop_ids))
    return {row["id"]: row["ends_on"] for row in rows}


async def shopper_called(scope: Scope, code: str) -> UUID:
    """The shopper with a display code. Raises NotFound."""
    found: UUID | None = await connection().fetchval(_SHOPPER, scope.affiliate_id, code.upper())
    if found is None:
        raise NotFound("shopper")
    return found


def _chosen(row: Record) -> Chosen:
    ladder = tuple((int(days), int(cents)) for days, cents in json.loads(row["bonus_ladder"]))
    return Chosen(**(dict(row) | {"state": State(row["state"]), "bonus_ladder": ladder}))
