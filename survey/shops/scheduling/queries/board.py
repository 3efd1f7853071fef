"""The board's statements: a page of shops, counts by state, lanes, days, spots. Each view is one statement."""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, Paged, Scope, connection, paged_both_ways
from survey.shops.campaigns.domain import may_begin_reference
from survey.shops.visits.domain import State

from ..domain import Counts, Filter, Lane, Row, Sort, Spot, View
from .asking import Asked
from .narrowing import DAY_KEY, where
from .risk import at_risk

FAR = "'9999-12-30'::date"  # the last day of all is infinity to asyncpg
LATE, EARLY = "'9999-12-30'::timestamptz", "'0001-01-02'::timestamptz"
LANE_ROWS = 8
MOST_SPOTS = 500


class Key(NamedTuple):
    """What a list is sorted by: SQL, the type of its cursor, its type in SQL, and other SQL for the way down."""

    sql: str
    shape: type
    type: str
    down: str = ""


KEYS = {
    Sort.UNTIL: Key("s.window_end", datetime, "timestamptz"),
    Sort.DUE: Key("coalesce(s.due_at, s.window_end)", datetime, "timestamptz"),
    Sort.PLANNED: Key(f"coalesce(s.planned_on, {FAR})", date, "date"),
    Sort.PLACE: Key("l.code", str, "text"),
    Sort.PAY: Key("(s.fee_cents + s.bonus_cents)", int, "integer"),
    Sort.REF: Key("s.public_ref", str, "text"),
    Sort.SINCE: Key("s.state_since", datetime, "timestamptz"),
    # What nobody asked for comes last both ways.
    Sort.ASKED: Key(f"coalesce(asked.since, {LATE})", datetime, "timestamptz", down=f"coalesce(asked.since, {EARLY})"),
    Sort.DAY: Key(DAY_KEY, date, "date"),
    # Whoever has it means to go that day, and owes a report; what nobody has, has until the window ends.
    Sort.URGENT: Key(
        "CASE WHEN s.state IN ('ASSIGNED', 'IN_PROGRESS')"
        " THEN least((s.planned_on + 1)::timestamp AT TIME ZONE 'UTC', s.due_at, s.window_end) ELSE s.window_end END",
        datetime,
        "timestamptz",
    ),
}
# What a list is sorted by may stand in another table; $1 is the affiliate.
SOURCES = {
    Sort.PLACE: "field.shop s JOIN field.location l ON l.id = s.location_id",
    Sort.ASKED: (
        "field.shop s LEFT JOIN (SELECT q.shop_id, min(q.created_at) AS since FROM identity.application q"
        " WHERE q.affiliate_id = $1 AND q.state = 'SUBMITTED' GROUP BY q.shop_id) AS asked"
        " ON asked.shop_id = s.id AND s.state = 'OPEN'"
    ),
}

# What a row shows is fetched for the rows of the page alone.
ROWS = """
SELECT s.id, page.key, s.public_ref, s.state, s.state_since, s.is_on_hold, s.is_legal_hold, s.is_flaked,
       s.unassign_count, s.daypart, s.window_start, s.window_end, s.last_day, s.planned_on, s.due_at,
       s.fee_cents, s.bonus_cents, s.currency,
       c.name AS client, g.name AS campaign, w.label AS wave, l.code, l.name AS place, l.city, l.time_zone,
       (SELECT p.display_code
          FROM identity.assignment a
          JOIN identity.shopper p ON p.id = a.shopper_id
         WHERE a.shop_id = s.id AND a.state IN ('offered', 'held', 'done')) AS held_by,
       CASE WHEN s.state = 'OPEN' THEN
           (SELECT count(*) FROM identity.application q WHERE q.shop_id = s.id AND q.state = 'SUBMITTED')
           ELSE 0 END AS asked
  FROM page
  JOIN field.shop s ON s.id = page.id
  JOIN field.client c ON c.id = s.client_id
  JOIN field.campaign g ON g.id = s.campaign_id
  JOIN field.wave w ON w.id = s.wave_id
  JOIN field.location l ON l.id = s.location_id
"""


async def shops_of(scope: Scope, view: View, keyset: Keyset, now: datetime) -> Paged[Row]:
    """One page of the shops that the view wants, in its order. Raises BadCursor."""
    key = KEYS[view.sort]
    sort_key = key.down if view.is_descending and key.down else key.sql
    asked = Asked()
    condition = where(asked, scope.affiliate_id, view.filter, now)
    sign, order = ("<", "DESC") if view.is_descending is not keyset.is_back else (">", "ASC")
    after = keyset.after_as(tuple[key.shape, UUID])  # type: ignore[name-defined]
    if after is not None:
        condition += f" AND ({sort_key}, s.id) {sign} ({asked(after[0])}::{key.type}, {asked(after[1])}::uuid)"
    source = SOURCES.get(view.sort, "field.shop s")
    rows = await connection().fetch(
        f"WITH page AS MATERIALIZED (SELECT s.id, {sort_key} AS key FROM {source} WHERE {condition}"
        f" ORDER BY key {order}, s.id {order} LIMIT {asked(keyset.rows_to_fetch)})"
        f"{ROWS} ORDER BY page.key {order}, page.id {order}",
        *asked.values,
    )
    return paged_both_ways([_row(row) for row in rows], keyset, lambda row: (row.key, row.id))


async def counts_of(scope: Scope, wanted: Filter, now: datetime) -> Counts:
    """How many shops the filter leaves in each state, and what of them needs a look: two or three statements.

    Shops at risk and shops with applications are few and found by their own ways; to look for either among all shops
    would cost as much again. Only for words that few shops have, such as a reference, looking twice costs more.
    """
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now, with_states=False)
    is_looked_for = bool(wanted.among or wanted.shopper or (wanted.q and may_begin_reference(wanted.q)))
    risky = f"count(*) FILTER (WHERE {at_risk(asked, '$1', now)})" if is_looked_for else "0"
    rows = await connection().fetch(
        f"SELECT s.state, count(*) AS shops, {risky} AS at_risk, count(*) FILTER (WHERE s.is_flaked) AS flaked,"
        " count(*) FILTER (WHERE s.is_on_hold) AS on_hold"
        f" FROM field.shop s WHERE {condition} GROUP BY s.state",
        *asked.values,
    )
    total = {name: sum(row[name] for row in rows) for name in ("at_risk", "flaked", "on_hold")}
    states = {State(row["state"]): row["shops"] for row in rows}
    if not is_looked_for:
        total["at_risk"] = await _count_at_risk(scope, wanted, now)
    return Counts(states, **total, asked=await _count_asked(scope, wanted, now))


async def lanes_of(scope: Scope, view: View, states: Sequence[tuple[State, int]], now: datetime) -> list[Lane]:
    """The first shops of each state; states: each with its count."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, view.filter, now, with_states=False)
    rows = await connection().fetch(
        "WITH page AS MATERIALIZED (SELECT lane.id, lane.window_end AS key"
        f" FROM unnest({asked([state.value for state, _ in states])}::text[]) AS wanted (state)"
        f" CROSS JOIN LATERAL (SELECT s.id, s.window_end FROM field.shop s WHERE {condition}"
        f" AND s.state = wanted.state ORDER BY s.window_end, s.id LIMIT {LANE_ROWS}) AS lane)"
        f"{ROWS} ORDER BY page.key, page.id",
        *asked.values,
    )
    shown = [_row(row) for row in rows]
    return [Lane(state, count, tuple(row for row in shown if row.state is state)) for state, count in states]


async def days_of(scope: Scope, wanted: Filter, first: date, now: datetime) -> dict[date, tuple[int, int]]:
    """A month's days from its first: how many shops fall on each, and how many of them nobody has."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    last = (first + timedelta(days=31)).replace(day=1)
    rows = await connection().fetch(
        f"SELECT {DAY_KEY} AS day, count(*) AS shops, count(*) FILTER (WHERE s.state IN ('DRAFT', 'OPEN')) AS without"
        f" FROM field.shop s WHERE {condition} AND {DAY_KEY} >= {asked(first)} AND {DAY_KEY} < {asked(last)}"
        " GROUP BY 1 ORDER BY 1",
        *asked.values,
    )
    return {row["day"]: (row["shops"], row["without"]) for row in rows}


async def spots_of(scope: Scope, wanted: Filter, now: datetime) -> list[Spot]:
    """Locations with shops of the filter, those with the most at risk first, at most MOST_SPOTS."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    # What is at risk is found by indexes of its own; to ask each shop would cost more than to count it.
    rows = await connection().fetch(
        "WITH risky AS MATERIALIZED (SELECT s.location_id, count(*) AS shops FROM field.shop s"
        f" WHERE {condition} AND {at_risk(asked, '$1', now)} GROUP BY s.location_id)"
        " SELECT l.id, l.code, l.name, l.city, l.latitude, l.longitude, at.shops, at.without, at.at_risk"
        " FROM (SELECT found.*, coalesce(risky.shops, 0) AS at_risk FROM (SELECT s.location_id, count(*) AS shops,"
        " count(*) FILTER (WHERE s.state IN ('DRAFT', 'OPEN')) AS without"
        f" FROM field.shop s WHERE {condition} GROUP BY s.location_id) AS found"
        " LEFT JOIN risky ON risky.location_id = found.location_id"
        f" ORDER BY at_risk DESC, without DESC, found.location_id LIMIT {MOST_SPOTS}) AS at"
        " JOIN field.location l ON l.id = at.location_id ORDER BY at.at_risk DESC, at.without DESC, l.code, l.id",
        *asked.values,
    )
    return [Spot(**dict(row)) for row in rows]


async def _count_at_risk(scope: Scope, wanted: Filter, now: datetime) -> int:
    asked = Asked()
    condition = where(asked, scope.affiliate_id, replace(wanted, risk=True), now, with_states=False)
    count: int = await connection().fetchval(f"SELECT count(*) FROM field.shop s WHERE {condition}", *asked.values)
    return count


async def _count_asked(scope: Scope, wanted: Filter, now: datetime) -> int:
    asked = Asked()
    condition = where(asked, scope.affiliate_id, replace(wanted, asked=False), now, with_states=False)
    # OFFSET keeps it from becoming a join, for which every open shop would be read.
    count: int = await connection().fetchval(
        "SELECT count(*) FROM (SELECT DISTINCT q.shop_id FROM identity.application q"
        " WHERE q.affiliate_id = $1 AND q.state = 'SUBMITTED') AS waiting WHERE EXISTS (SELECT FROM field.shop s"
        f" WHERE s.id = waiting.shop_id AND s.state = 'OPEN' AND {condition} OFFSET 0)",
        *asked.values,
    )
    return count


def _row(row: Record) -> Row:
    return Row(**(dict(row) | {"state": State(row["state"])}))
