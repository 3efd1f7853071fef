"""The shops of a wave: what publishing would make, and the one statement that makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from survey.clients.domain import WEEKDAYS
from survey.db import Scope, beyond_clients, connection
from survey.shops.visits.domain import State

from ..domain import DAYPARTS, REF_CHARACTERS, Campaign, Kind, Place, Wave, Window, bar_at

# Locations of the quota; how many shops each gets by part of the day; between when. Hours like ["18:00", "02:00"] pass
# midnight, so that a closing before the opening counts as 24:00. No hours at all: nobody has said, so any will do.
_WANTED = """
WITH place AS (
    SELECT l.id, l.time_zone, l.opening_hours
      FROM field.location l
     WHERE l.affiliate_id = $1
       AND l.client_id = $2
       AND l.level = 'store'
       AND l.is_competitor = $17
       AND l.status = 'open'
       AND l.region || '/' || l.country <> ALL($16::text[])
       AND (cardinality($3::uuid[]) = 0
            OR EXISTS (SELECT FROM field.location n
                        WHERE n.affiliate_id = $1
                          AND n.client_id = $2
                          AND n.id = ANY($3)
                          AND starts_with(l.path, n.path)))
), asked AS (
    SELECT p.id, p.time_zone, p.opening_hours, q.daypart, q.shops
      FROM place p
     CROSS JOIN unnest($4::text[], $5::int[]) AS q (daypart, shops)
     WHERE p.id <> ALL($6::uuid[])
     UNION ALL
    SELECT p.id, p.time_zone, p.opening_hours, o.daypart, o.shops
      FROM place p
      JOIN unnest($6::uuid[], $7::text[], $8::int[]) AS o (location_id, daypart, shops) ON o.location_id = p.id
), wanted AS (
    SELECT a.id AS location_id, a.daypart, a.shops, w.opens, w.closes,
           a.daypart = 'any' OR a.opening_hours = '{}' OR EXISTS (
               SELECT FROM jsonb_each(a.opening_hours) AS day (name, hours), jsonb_array_elements(day.hours) AS span
                WHERE day.name = ANY($14::text[])
                  AND span ->> 0 < w.until_hour
                  AND CASE WHEN span ->> 1 <= span ->> 0 THEN '24:00' ELSE span ->> 1 END > w.from_hour
           ) AS is_open_then
      FROM asked a
      LEFT JOIN unnest($9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::text[], $15::text[])
             AS w (time_zone, daypart, opens, closes, from_hour, until_hour)
             ON w.time_zone = a.time_zone AND w.daypart = a.daypart
)
"""

_FORECAST = (
    _WANTED
    + """
SELECT coalesce(sum(shops) FILTER (WHERE closes IS NOT NULL AND is_open_then), 0)::int AS shops,
       count(DISTINCT location_id) FILTER (WHERE closes IS NOT NULL AND is_open_then AND shops > 0)::int AS locations,
       coalesce(sum(shops) FILTER (WHERE closes IS NULL), 0)::int AS over,
       coalesce(sum(shops) FILTER (WHERE closes IS NOT NULL AND NOT is_open_then), 0)::int AS not_open_then
  FROM wanted
"""
)

# Who is passed over before a quota is looked at.
_NOT_OPEN = """
SELECT count(*) FILTER (WHERE l.status = 'closed')::int AS closed,
       count(*) FILTER (WHERE l.status = 'temporarily_closed')::int AS temporarily_closed,
       count(*) FILTER (WHERE l.status = 'open' AND l.region || '/' || l.country = ANY($4::text[]))::int AS recording,
       count(*) FILTER (WHERE l.status = 'open' AND l.region || '/' || l.country <> ALL($4::text[]))::int AS untold
  FROM field.location l
 WHERE l.affiliate_id = $1
   AND l.client_id = $2
   AND l.level = 'store'
   AND l.is_competitor = $6
   AND (l.status <> 'open' OR l.region || '/' || l.country = ANY($4::text[] || $5::text[]))
   AND (cardinality($3::uuid[]) = 0
        OR EXISTS (SELECT FROM field.location n
                    WHERE n.affiliate_id = $1 AND n.client_id = $2 AND n.id = ANY($3) AND starts_with(l.path, n.path)))
"""

BARS = ("recording_mode", "employee_id_mode", "jurisdictions")  # what `bar_at` needs besides the place

# The n-th reference is cut out of a bytea, which costs the same for every n; an array of texts would be walked.
_PUBLISH = (
    _WANTED  # noqa: S608 - a constant of this module
    + """, planned AS (
    SELECT row_number() OVER () AS n, w.location_id, w.daypart, w.opens, w.closes
      FROM wanted w
     CROSS JOIN generate_series(1, w.shops)
     WHERE w.closes IS NOT NULL
       AND w.is_open_then
), made AS (
    INSERT INTO field.shop (affiliate_id, client_id, campaign_id, wave_id, location_id, scenario_id, guideline_id,
                            version_id, public_ref, daypart, window_start, window_end, fee_cents,
                            reimbursement_cap_cents, currency, state, state_since, created_at)
    SELECT $1, $2, $18, $19, p.location_id,
           ($20::uuid[])[1 + (p.n - 1) % greatest(cardinality($20::uuid[]), 1)],
           $21, $22,
           $23::text || '-' || convert_from(substr($24::bytea, (p.n::int - 1) * $25 + 1, $25), 'UTF8'),
           p.daypart, p.opens, p.closes, $26, $27, $28, $30, $29, $29
      FROM planned p
    RETURNING id, window_end
), timed AS (
    INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at)
    SELECT id, $1, 'window_ended', window_end FROM made WHERE $30 = 'OPEN'
)
SELECT count(*) FROM made
"""
)


@dataclass(frozen=True, slots=True)
class Room:
    """When and where shops of a wave can be made.

    barred, untold: region and country of locations without any: nobody may record there, nobody told the staff.
    """

    windows: Sequence[Window]
    barred: Sequence[Place] = ()
    untold: Sequence[Place] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the shops of a wave take besides the campaign's own: scenarios in turn, references, moment, first state."""

    scenarios: Sequence[UUID]
    prefix: str
    refs: Sequence[str]
    now: datetime
    state: State


@dataclass(frozen=True, slots=True)
class Draft:
    """A shop that no shopper sees yet. place: how its location stands; has_guideline, is_closed: of its campaign.

    bar: why its campaign makes no shop at the place, or "".
    """

    id: UUID
    place: str
    window_end: datetime
    has_guideline: bool
    is_closed: bool
    bar: str


async def forecast(scope: Scope, campaign: Campaign, wave: Wave, room: Room) -> dict[str, int]:
    """What publishing would make: shops, locations; and what it passes over, by reason."""
    arguments = _arguments(scope, campaign, wave, room)
    row = await connection().fetchrow(_FORECAST, *arguments)
    left_out = await connection().fetchrow(
        _NOT_OPEN, *arguments[:3], _keys(room.barred), _keys(room.untold), arguments[-1]
    )
    return {**row, **left_out}


async def make_shops(scope: Scope, campaign: Campaign, wave: Wave, room: Room, given: Given) -> int:
    """Make the shops of a wave with their timers, in one statement; how many. There is a reference for each."""
    made: int = await connection().fetchval(
        _PUBLISH,
        *_arguments(scope, campaign, wave, room),
        campaign.id,
        wave.id,
        given.scenarios,
        campaign.guideline_id,
        campaign.version_id,
        given.prefix,
        "".join(given.refs).encode(),
        REF_CHARACTERS,
        campaign.fee_cents,
        campaign.reimbursement_cap_cents,
        campaign.currency,
        given.now,
        given.state.value,
    )
    return made


async def drafts_of(scope: Scope, wave_id: UUID) -> list[UUID]:
    """The shops of a wave that no shopper sees yet."""
    rows = await connection().fetch(
        "SELECT id FROM field.shop WHERE affiliate_id = $1 AND wave_id = $2 AND state = 'DRAFT' ORDER BY id",
        scope.affiliate_id,
        wave_id,
    )
    return [row["id"] for row in rows]


async def drafts_among(scope: Scope, shop_ids: Sequence[UUID]) -> list[Draft]:
    """Those of the shops that are the affiliate's and drafts, in the order of their ids."""
    rows = await connection().fetch(
        "SELECT s.id, l.status AS place, l.region, l.country, s.window_end,"
        " c.guideline_id IS NOT NULL AS has_guideline, c.status = 'closed' AS is_closed, c.recording_mode,"
        " c.employee_id_mode, coalesce(n.jurisdictions, '{}') AS jurisdictions"
        " FROM field.shop s JOIN field.location l ON l.id = s.location_id JOIN field.campaign c ON c.id = s.campaign_id"
        " LEFT JOIN field.staff_notice n ON n.id = c.staff_notice_id"
        " WHERE s.affiliate_id = $1 AND s.id = ANY($2::uuid[]) AND s.state = 'DRAFT' ORDER BY s.id",
        scope.affiliate_id,
        list(shop_ids),
    )
    return [_draft(row) for row in rows]


def _draft(row: Record) -> Draft:
    bar = bar_at((row["region"], row["country"]), *(row[name] for name in BARS))
    return Draft(row["id"], row["place"], row["window_end"], row["has_guideline"], row["is_closed"], bar)


async def zones_of(scope: Scope, client_id: UUID, *, of_competitors: bool) -> list[str]:
    """The time zones in which a client's open stores lie, or those of its competitors."""
    rows = await connection().fetch(
        "SELECT DISTINCT time_zone FROM field.location"
        " WHERE affiliate_id = $1 AND client_id = $2 AND level = 'store' AND status = 'open' AND is_competitor = $3"
        " ORDER BY 1",
        scope.affiliate_id,
        client_id,
        of_competitors,
    )
    return [row["time_zone"] for row in rows]


async def taken_refs(scope: Scope, refs: Sequence[str]) -> set[str]:
    """Which of these references belong to shops already."""
    # References are one series for all clients; these were drawn a moment ago, and say nothing of whose they are.
    async with beyond_clients():
        rows = await connection().fetch(
            "SELECT public_ref FROM field.shop WHERE affiliate_id = $1 AND public_ref = ANY($2::text[])",
            scope.affiliate_id,
            refs,
        )
    return {row["public_ref"] for row in rows}


async def slug_of(scope: Scope) -> str:
    """The affiliate's address name. Its references begin with its initials."""
    slug: str = await connection().fetchval("SELECT slug FROM field.affiliate WHERE id = $1", scope.affiliate_id)
    return slug


def _arguments(scope: Scope, campaign: Campaign, wave: Wave, room: Room) -> tuple[Any, ...]:
    quota, open_windows = wave.quota, room.windows
    own = [(UUID(place), part, shops) for place, parts in quota.own.items() for part, shops in parts.items()]
    hours = [DAYPARTS[window.daypart] for window in open_windows]
    return (
        scope.affiliate_id,
        campaign.client_id,
        [UUID(node) for node in quota.nodes],
        list(quota.dayparts),
        list(quota.dayparts.values()),
        [place for place, _, _ in own],
        [part for _, part, _ in own],
        [shops for _, _, shops in own],
        [window.time_zone for window in open_windows],
        [window.daypart for window in open_windows],
        [window.opens for window in open_windows],
        [window.closes for window in open_windows],
        [f"{first:02}:00" for first, _ in hours],
        _weekdays(wave.starts_on, wave.ends_on),
        [f"{last:02}:00" for _, last in hours],
        _keys([*room.barred, *room.untold]),
        campaign.kind == Kind.COMPETITOR,
    )


def _keys(places: Sequence[Place]) -> list[str]:
    return [f"{region}/{country}" for region, country in places]


def _weekdays(first: date, last: date) -> list[str]:
    days = min((last - first).days, 6)
    return [WEEKDAYS[(first + timedelta(days=day)).weekday()] for day in range(days + 1)]
