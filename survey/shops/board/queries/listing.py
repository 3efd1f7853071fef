"""Shops on the board: which come into question, in their order, and what a page says of each.

Row policies let a shopper read the affiliate's shops, in which no person is, and nobody's applications but their own.
"""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Keyset, NotFound, Scope, connection
from survey.shoppers.domain import Units, units_or_km

from ..domain import LOOKED_AT, PLACES, Card, Filter, Sort

Point = tuple[float, float]
FAR = 2_147_483_647  # what is nowhere on the map comes last

# Haversine on a sphere of 6371.0088 km (IUGG mean radius), in whole metres so that a cursor can hold it.
METRES = """
CASE WHEN l.latitude IS NOT NULL AND {lat}::float8 IS NOT NULL THEN
    (2 * 6371008.8 * asin(least(1, sqrt(
        sin(radians(l.latitude - {lat}) / 2) ^ 2
        + cos(radians({lat})) * cos(radians(l.latitude)) * sin(radians(l.longitude - {lng}) / 2) ^ 2))))::integer
END
"""
KEYS: Mapping[Sort, tuple[str, str]] = {
    Sort.SOONEST: ("s.window_end", "timestamptz"),
    Sort.PAY: ("-(s.fee_cents + s.bonus_cents)", "integer"),
    Sort.NEAREST: (f"coalesce({METRES.format(lat='$2', lng='$3')}, {FAR})", "integer"),
}

_CANDIDATES = f"""
SELECT s.id, {{key}} AS key
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
  JOIN field.campaign c ON c.id = s.campaign_id
 WHERE s.affiliate_id = $1
   AND s.state = 'OPEN'
   AND NOT s.is_on_hold
   AND s.window_end > $4
   AND ($2::float8 IS NULL OR $3::float8 IS NOT NULL)
   AND ($5::integer IS NULL OR c.kind <> ALL ($12::text[]) OR {METRES.format(lat="$2", lng="$3")} <= $5)
   AND ($6::text = '' OR s.daypart IN ($6, 'any'))
   AND ($7::integer IS NULL OR s.fee_cents + s.bonus_cents >= $7)
   AND ($8::date IS NULL
        OR $8 BETWEEN (s.window_start AT TIME ZONE l.time_zone)::date
                  AND s.last_day)
   AND (NOT $9::boolean OR c.is_self_assign)
   AND ($10::float8[] IS NULL
        OR l.latitude BETWEEN $10[1] AND $10[3]
       AND CASE WHEN $10[2] <= $10[4] THEN l.longitude BETWEEN $10[2] AND $10[4]
                ELSE l.longitude >= $10[2] OR l.longitude <= $10[4] END)
   AND s.id <> ALL ($11::uuid[])
   AND ($13::{{kind}} IS NULL OR ({{key}}, s.id) > ($13, $14::uuid))
 ORDER BY key, s.id
 LIMIT $15
"""

_CARDS = f"""
SELECT s.id, s.public_ref, s.state, k.name AS client, c.kind, l.name AS place, l.street, l.city, l.postal_code,
       l.time_zone, l.opening_hours, l.latitude, l.longitude, {METRES.format(lat="$3", lng="$4")} AS metres, s.daypart,
       s.window_start, s.window_end, s.fee_cents, s.bonus_cents, s.reimbursement_cap_cents, c.attempt_fee_cents,
       s.currency, c.report_due_hours, c.pay_days, c.is_self_assign, c.is_certified, c.guideline_id,
       coalesce(jsonb_array_length(jsonb_path_query_array(v.definition, '$.sections[*].items[*]')), 0) AS questions,
       coalesce(i.waiting, 0) AS asked
  FROM field.shop s
  JOIN field.client k ON k.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.questionnaire_version v ON v.id = c.version_id
  LEFT JOIN field.shop_interest i ON i.shop_id = s.id
 WHERE s.affiliate_id = $1
   AND s.id = ANY ($2::uuid[])
"""


class Home(NamedTuple):
    """About where a shopper starts from, or None where it was never said, and in what distances are shown."""

    point: Point | None = None
    units: Units = Units.KM


class Candidate(NamedTuple):
    """A shop that comes into question, and where it stands in the order."""

    id: UUID
    key: datetime | int


async def candidates(
    scope: Scope, wanted: Filter, origin: Point | None, keyset: Keyset, now: datetime, *, without: Sequence[UUID] = ()
) -> list[Candidate]:
    """Open shops of the filter, in its order, from the cursor on. origin: where distances count from. BadCursor."""
    key, kind = KEYS[wanted.sort]
    after = keyset.after_as(tuple[datetime, UUID] if wanted.sort is Sort.SOONEST else tuple[int, UUID])
    rows = await connection().fetch(
        _CANDIDATES.format(key=key, kind=kind),
        scope.affiliate_id,
        *(origin or (None, None)),
        now,
        wanted.within_km * 1000 if wanted.within_km and origin else None,
        wanted.daypart,
        wanted.least_cents,
        wanted.on,
        wanted.at_once,
        list(wanted.box) if wanted.box else None,
        list(without),
        list(PLACES),
        *(after or (None, None)),
        LOOKED_AT,
    )
    return [Candidate(*row) for row in rows]


async def cards_of(scope: Scope, shop_ids: Sequence[UUID], home: Home) -> dict[UUID, Card]:
    """What a page says of shops, by shop."""
    rows = await connection().fetch(_CARDS, scope.affiliate_id, list(shop_ids), *(home.point or (None, None)))
    return {row["id"]: Card(**dict(row), units=home.units) for row in rows}


async def home_of(scope: Scope) -> Home:
    """About where the shopper starts from, if that is known, and in what distances are shown. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT latitude, longitude, units FROM identity.shopper WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        scope.shopper_id,
    )
    if row is None:
        raise NotFound("shopper")
    point = (row["latitude"], row["longitude"]) if row["latitude"] is not None else None
    return Home(point, units_or_km(row["units"]))


async def quizzes_passed(scope: Scope) -> set[UUID]:
    """The guidelines whose quiz the shopper has passed."""
    rows = await connection().fetch(
        "SELECT guideline_id FROM identity.certification WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return {row["guideline_id"] for row in rows}


async def applied_for(scope: Scope, shop_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the shops for which the shopper's application waits."""
    rows = await connection().fetch(
        "SELECT shop_id FROM identity.application"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND shop_id = ANY($3::uuid[]) AND state = 'SUBMITTED'",
        scope.affiliate_id,
        scope.shopper_id,
        list(shop_ids),
    )
    return {row["shop_id"] for row in rows}
