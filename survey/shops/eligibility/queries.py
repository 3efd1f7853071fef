"""Facts for eligibility: of any number of shoppers and shops, in a fixed number of statements, within one affiliate.

The same statements serve staff and a shopper: row policies let a shopper read no other person, and of the household's
visits only those that rotation counts.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

import msgspec
from asyncpg import Record

from survey.db import Scope, beyond_clients, connection
from survey.shoppers.domain import units_or_km
from survey.shops.campaigns.domain import Requirements, Rotation
from survey.shops.visits.domain import State

from .domain import Known, Place, Rules, ShopFacts, ShopperFacts, Visit, history_of, open_weekdays

_SHOPS = """
SELECT s.id,
       s.client_id,
       s.campaign_id,
       s.location_id,
       s.state,
       s.is_on_hold,
       s.daypart,
       s.window_end,
       (s.window_start AT TIME ZONE l.time_zone)::date AS first_day,
       s.last_day
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
"""

_CAMPAIGNS = """
SELECT c.id, c.kind, c.is_certified, c.guideline_id, c.rotation::text, c.requirements::text,
       (SELECT jsonb_object_agg(k.code, k.label)::text
          FROM field.qualification_kind k
         WHERE k.affiliate_id = c.affiliate_id
           AND c.requirements -> 'qualifications' ? k.code) AS labels
  FROM field.campaign c
 WHERE c.affiliate_id = $1
   AND c.id = ANY($2::uuid[])
"""

_PLACES = """
SELECT id, status, time_zone, latitude, longitude, opening_hours::text
  FROM field.location
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
"""

# No person is needed to know on which days a place is visited.
_TAKEN = """
SELECT location_id, id, planned_on
  FROM field.shop
 WHERE affiliate_id = $1
   AND location_id = ANY($2::uuid[])
   AND planned_on BETWEEN $3 AND $4
   AND state NOT IN ('DRAFT', 'OPEN', 'CANCELLED', 'EXPIRED')
   AND NOT is_attempt
"""

# Of qualifications and readings only what some campaign of the shops asks for is looked at; most ask for none.
_SHOPPERS = """
SELECT s.id, s.status, s.agreement_version IS NOT NULL AS has_agreed, s.held_limit, s.household_index, s.latitude,
       s.longitude, s.bands::text, s.grade_tenths, s.units,
       CASE WHEN $3::text[] <> '{}' THEN (
            SELECT jsonb_object_agg(q.code, q.expires_on)::text
              FROM identity.qualification q
             WHERE q.shopper_id = s.id
               AND q.code = ANY($3)
               AND q.status = 'held') END AS qualifications,
       CASE WHEN $4::uuid[] <> '{}' THEN ARRAY(
            SELECT y.guideline_id
              FROM identity.guideline_reading y
             WHERE y.shopper_id = s.id
               AND y.guideline_id = ANY($4)) END AS read
  FROM identity.shopper s
 WHERE s.affiliate_id = $1
   AND ($2::uuid[] IS NULL AND s.status = 'active' OR s.id = ANY($2::uuid[]))
"""

# A visit without a day may still be on the last day of its window. Who found a door shut, and was believed, has made no
# visit: no rule counts it, neither for them nor for their household. Only what some rule of the shops asked about looks
# at: any visit near their days, older ones to their places and clients, all in campaigns that allow one each.
_VISITS = """
SELECT a.shopper_id, a.household_index, a.shop_id, v.location_id, v.client_id, v.campaign_id, v.day,
       a.state <> 'done' AS is_held, a.state = 'done' OR s.state = 'RETURNED' AS is_made,
       CASE WHEN coalesce(a.planned_on, s.planned_on) IS NULL THEN s.last_day END AS last_day
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
 CROSS JOIN LATERAL (
       SELECT s.location_id, s.client_id, s.campaign_id,
              coalesce(a.planned_on, s.planned_on, s.last_day) AS day) AS v
 WHERE a.affiliate_id = $1
   AND a.state IN ('offered', 'held', 'done')
   AND NOT s.is_attempt
   AND (a.shopper_id = ANY($2::uuid[]) OR a.household_index = ANY($3::bytea[]))
   AND (a.state <> 'done'
        OR v.day BETWEEN $4 AND $5
        OR v.day BETWEEN $6 AND $7 AND v.location_id = ANY($8::uuid[])
        OR v.day BETWEEN $9 AND $10 AND v.client_id = ANY($11::uuid[])
        OR v.campaign_id = ANY($12::uuid[]))
"""


async def shop_facts(scope: Scope, shop_ids: Collection[UUID]) -> dict[UUID, ShopFacts]:
    """Facts of those of the shops that exist here, by shop. Four statements at most."""
    rows = await connection().fetch(_SHOPS, scope.affiliate_id, list(shop_ids))
    if not rows:
        return {}
    rules = await _rules(scope, {row["campaign_id"] for row in rows})
    places = await _places(scope, rows, rules.values())
    return {row["id"]: _shop(row, places[row["location_id"]], rules[row["campaign_id"]]) for row in rows}


async def shopper_facts(
    scope: Scope, shopper_ids: Collection[UUID] | None, shops: Collection[ShopFacts], known: Known
) -> dict[UUID, ShopperFacts]:
    """Facts of the shoppers (None: of all who are active) as far as these shops ask for them. Two statements."""
    chosen = None if shopper_ids is None else list(shopper_ids)
    wanted = sorted({code for shop in shops for code in shop.rules.requirements.qualifications})
    guidelines = {shop.rules.guideline_id for shop in shops if shop.rules.is_certified and shop.rules.guideline_id}
    rows = await connection().fetch(_SHOPPERS, scope.affiliate_id, chosen, wanted, list(guidelines))
    visits = await _visits(scope, rows, shops)
    decode, days = msgspec.json.Decoder(dict[str, str]).decode, msgspec.json.Decoder(dict[str, date | None]).decode
    nothing: frozenset[UUID] = frozenset()
    empty = history_of(())
    facts = {}
    for (
        shopper_id,
        status,
        has_agreed,
        held_limit,
        household,
        latitude,
        longitude,
        bands,
        grade,
        units,
        held,
        read,
    ) in rows:
        theirs = visits.get(shopper_id)
        facts[shopper_id] = ShopperFacts(
            shopper_id, status, has_agreed, held_limit, household, latitude, longitude, decode(bands), grade,
            frozenset(known.conflicts.get(shopper_id, nothing)), frozenset(known.certified.get(shopper_id, nothing)),
            history_of(theirs) if theirs else empty, days(held) if held else {},
            frozenset(read or nothing), units_or_km(units),
        )  # fmt: skip
    return facts


def _shop(row: Record, place: Place, rules: Rules) -> ShopFacts:
    shop_id, client_id, _, _, state, is_on_hold, daypart, window_end, first_day, last_day = row
    weekdays = _weekdays(place.opening_hours, daypart)
    return ShopFacts(
        shop_id, client_id, State(state), is_on_hold, window_end, first_day, last_day, weekdays, place, rules
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _weekdays(opening_hours: str, daypart: str) -> frozenset[int]:
    """Many places keep the same hours; to read them once is most of the work."""
    return open_weekdays(msgspec.json.decode(opening_hours), daypart)


async def _rules(scope: Scope, campaign_ids: Collection[UUID]) -> dict[UUID, Rules]:
    rows = await connection().fetch(_CAMPAIGNS, scope.affiliate_id, list(campaign_ids))
    return {
        row["id"]: Rules(
            row["id"],
            row["kind"],
            row["is_certified"],
            row["guideline_id"],
            msgspec.json.decode(row["rotation"], type=Rotation),
            msgspec.json.decode(row["requirements"], type=Requirements),
            msgspec.json.decode(row["labels"], type=dict[str, str]) if row["labels"] else {},
        )
        for row in rows
    }


async def _places(scope: Scope, shops: Sequence[Record], rules: Collection[Rules]) -> dict[UUID, Place]:
    location_ids = {row["location_id"] for row in shops}
    rows = await connection().fetch(_PLACES, scope.affiliate_id, list(location_ids))
    taken = await _taken(scope, shops, rules)
    return {
        row["id"]: Place(
            row["id"],
            row["status"],
            row["time_zone"],
            row["latitude"],
            row["longitude"],
            row["opening_hours"],
            tuple(taken.get(row["id"], ())),
        )
        for row in rows
    }


async def _taken(
    scope: Scope, shops: Sequence[Record], rules: Collection[Rules]
) -> Mapping[UUID, list[tuple[UUID, date]]]:
    """Who asks for no limit of a place is not told its days."""
    asking = {each.campaign_id: each.rotation.location_gap_days for each in rules if _limits_places(each.rotation)}
    if not asking:
        return {}
    chosen = [row for row in shops if row["campaign_id"] in asking]
    around = timedelta(days=max(asking.values()))
    rows = await connection().fetch(
        _TAKEN,
        scope.affiliate_id,
        list({row["location_id"] for row in chosen}),
        min(row["first_day"] for row in chosen) - around,
        max(row["last_day"] for row in chosen) + around,
    )
    taken: dict[UUID, list[tuple[UUID, date]]] = defaultdict(list)
    for location_id, shop_id, planned_on in rows:
        taken[location_id].append((shop_id, planned_on))
    return taken


async def _visits(scope: Scope, people: Sequence[Record], shops: Collection[ShopFacts]) -> dict[UUID, list[Visit]]:
    """Visits of each shopper, own and of the household, as far as the rules of these shops look."""
    if not people or not shops:
        return {}
    rotations = {shop.rules.campaign_id: shop.rules.rotation for shop in shops}
    homes: dict[bytes, list[UUID]] = defaultdict(list)
    if any(rotation.is_household for rotation in rotations.values()):
        for row in people:
            if row["household_index"] is not None:
                homes[row["household_index"]].append(row["id"])
    days = min(shop.first_day for shop in shops), max(shop.last_day for shop in shops)
    # Whoever works for certain clients alone gives nobody two shops a day either: all visits count, and what is said of
    # those for other clients names none of them (see `Closed`).
    async with beyond_clients():
        rows = await connection().fetch(
            _VISITS,
            scope.affiliate_id,
            [row["id"] for row in people],
            list(homes),
            *_widened(days, max(each.gap_days for each in rotations.values())),
            *_widened(days, max(each.location_days for each in rotations.values())),
            list({shop.place.id for shop in shops}),
            *_widened(days, max(each.brand_days for each in rotations.values())),
            list({shop.client_id for shop in shops}),
            [campaign_id for campaign_id, each in rotations.items() if each.once_per_campaign],
        )
    return _sorted({row["id"] for row in people}, homes, rows)


def _widened(days: tuple[date, date], by: int) -> tuple[date, date]:
    return days[0] - timedelta(days=by), days[1] + timedelta(days=by)


def _sorted(
    people: Collection[UUID], homes: Mapping[bytes, list[UUID]], rows: Sequence[Record]
) -> dict[UUID, list[Visit]]:
    visits: dict[UUID, list[Visit]] = defaultdict(list)
    for shopper_id, household, shop_id, location_id, client_id, campaign_id, day, is_held, is_made, last_day in rows:
        place = shop_id, location_id, client_id, campaign_id, day
        if shopper_id in people:
            visits[shopper_id].append(Visit(*place, True, is_held, is_made, last_day))
        if household is not None:
            for other in homes.get(household, ()):
                if other != shopper_id:
                    visits[other].append(Visit(*place, False, False, is_made, last_day))
    return visits


def _limits_places(rotation: Rotation) -> bool:
    return bool(rotation.location_daily_limit or rotation.location_gap_days)
