"""What asking costs: 5,000 shoppers for one shop, and one shopper for 5,000 shops, each beside its floor.

The floor asks the same statements with the same arguments and drops the rows: what is over it is our own work. All in
one transaction as staff under row-level security, of one affiliate with 45,000 shops and 40,000 visits made, on a
database of its own. On the wall and in processor time, ours and PostgreSQL's together; the best of the rounds.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
from asyncpg.connection import LoggedQuery

from bench.imports import Cost, Meter
from survey.db import Database
from survey.db.database import EVERY_ROLE
from survey.db.embedded import DATABASE, Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.settings import load
from survey.shops.eligibility import service
from tests.conftest import NOW, TEST_ENVIRONMENT, new_affiliate
from tests.shop_world import ShopWorld, shop_world

SHOPPERS = 5_000
SHOPS = 5_000
PLACES = 500
VISITS_EACH = 8
ROUNDS = 5
GOAL_MS = 300

RULES = {"location_days": 60, "brand_days": 14, "is_household": True, "gap_days": 1, "location_gap_days": 3}
ASKED = {"radius_km": 80, "least_grade_tenths": 50, "bands": {"age": ["25-34", "35-44"]}}

STORES = """
INSERT INTO field.location (id, affiliate_id, client_id, parent_id, level, code, name, path, time_zone, latitude,
                            longitude, opening_hours, created_at)
SELECT p.id, l.affiliate_id, l.client_id, l.id, 'store', p.n::text, 'Store ' || p.n,
       l.path || replace(p.id::text, '-', '') || '/', (ARRAY['Europe/London', 'America/New_York'])[1 + p.n % 2],
       53 + random(), -2 + random(),
       '{"mon": [["07:00", "19:00"]], "tue": [["07:00", "19:00"]], "wed": [["07:00", "19:00"]],
         "thu": [["07:00", "19:00"]], "fri": [["07:00", "19:00"]], "sat": [["09:00", "17:00"]]}', l.created_at
  FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $2) AS n) AS p
  JOIN field.location l ON l.id = $1
"""

PEOPLE = """
INSERT INTO identity.account (id, affiliate_id, role, email, email_index, name, status, created_at)
SELECT gen_random_uuid(), f.id, 'shopper', '', sha256(n::text::bytea), '', 'active', f.created_at
  FROM field.affiliate f, generate_series(1, $2::integer) AS n
 WHERE f.id = $1
"""

# Every fifth shopper shares an address with the one before.
PROFILES = """
INSERT INTO identity.shopper (affiliate_id, account_id, display_code, name, email, email_index, household_index,
                              latitude, longitude, bands, status, grade_tenths, agreement_version, agreed_at,
                              created_at)
SELECT $1, a.id, 'S-' || a.n, '', '', a.email_index, sha256((a.n - (a.n % 5 = 0)::integer)::text::bytea), 53 + random(),
       -2 + random(), jsonb_build_object('age', (ARRAY['18-24', '25-34', '35-44'])[1 + a.n % 3], 'car', 'yes'),
       'active', 40 + a.n % 60, 1, $2, $2
  FROM (SELECT id, email_index, row_number() OVER () AS n FROM identity.account
         WHERE affiliate_id = $1 AND role = 'shopper') AS a
"""

VISITS = """
WITH place AS (
    SELECT id, row_number() OVER () AS n FROM field.location WHERE affiliate_id = $1 AND level = 'store'
), person AS (
    SELECT id, household_index, row_number() OVER () AS n FROM identity.shopper WHERE affiliate_id = $1
), made AS (
    INSERT INTO field.shop (id, affiliate_id, client_id, campaign_id, wave_id, location_id, public_ref, window_start,
                            window_end, planned_on, fee_cents, reimbursement_cap_cents, currency, state, state_since,
                            created_at)
    SELECT gen_random_uuid(), $1, c.client_id, c.id, $3, place.id, 'V-' || v, $4::timestamptz - interval '200 days',
           $4::timestamptz, ($4::timestamptz - interval '1 day' * (v % 180))::date, 1200, 800, 'USD', 'CLOSED', $4, $4
      FROM generate_series(1, $5::integer) AS v
      JOIN place ON place.n = 1 + v % $6::integer
      JOIN field.campaign c ON c.id = $2
    RETURNING id, affiliate_id, public_ref, planned_on
)
INSERT INTO identity.assignment (affiliate_id, shop_id, shopper_id, household_index, mode, state, planned_on,
                                 assigned_at, ended_at)
SELECT made.affiliate_id, made.id, person.id, person.household_index, 'self', 'done', made.planned_on, $4, $4
  FROM made
  JOIN person ON person.n = 1 + substr(made.public_ref, 3)::integer % $7::integer
"""

OPEN = """
INSERT INTO field.shop (affiliate_id, client_id, campaign_id, wave_id, location_id, public_ref, daypart, window_start,
                        window_end, fee_cents, reimbursement_cap_cents, currency, state, state_since, created_at)
SELECT $1, c.client_id, c.id, $3, l.id, 'O-' || row_number() OVER (),
       (ARRAY['any', 'morning', 'evening'])[1 + v % 3], $4, $4::timestamptz + interval '14 days', 1200, 800, 'USD',
       'OPEN', $4, $4
  FROM field.location l, field.campaign c, generate_series(1, $5::integer) AS v
 WHERE l.affiliate_id = $1
   AND l.level = 'store'
   AND c.id = $2
RETURNING id
"""


def run() -> list[str]:
    """The report, line by line."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        Path(folder).chmod(0o711)
        cluster = start_cluster(Path(folder))
        try:
            return asyncio.run(_measured(cluster, Path(folder)))
        finally:
            cluster.stop()


async def _measured(cluster: Cluster, folder: Path) -> list[str]:
    settings = load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(folder), "DATABASE_URL": cluster.url(DATABASE)})
    await make_ready(settings, cluster)
    database = Database(EVERY_ROLE)
    await database.start(settings)
    owner = await asyncpg.connect(cluster.url(DATABASE, as_superuser=True))
    try:
        there = await shop_world(owner, settings, (await new_affiliate("bench")).affiliate_id)
        shop_ids = await _fill(there)
        return await _report(there, shop_ids, Meter(cluster.process_id))
    finally:
        await owner.close()
        await database.stop()


async def _fill(there: ShopWorld) -> list[UUID]:
    """An affiliate at work; the ids of its open shops."""
    owner, affiliate_id, campaign_id, wave_id = there.owner, there.affiliate_id, there.campaign_id, there.wave_id
    await there.configure(rotation=RULES, requirements=ASKED)
    await owner.execute(STORES, there.region_id, PLACES - 1)
    await owner.execute(PEOPLE, affiliate_id, SHOPPERS)
    await owner.execute(PROFILES, affiliate_id, NOW)
    visits = SHOPPERS * VISITS_EACH
    await owner.execute(VISITS, affiliate_id, campaign_id, wave_id, NOW, visits, PLACES, SHOPPERS)
    rows = await owner.fetch(OPEN, affiliate_id, campaign_id, wave_id, NOW, SHOPS // PLACES)
    await owner.execute("VACUUM ANALYZE")
    return [row["id"] for row in rows]


async def _report(there: ShopWorld, shop_ids: list[UUID], meter: Meter) -> list[str]:
    person_id = await there.owner.fetchval("SELECT shopper_id FROM identity.assignment ORDER BY shopper_id LIMIT 1")
    now = NOW + timedelta(hours=1)

    async def many_people() -> int:
        found = await service.shoppers_for_shop(there.scope, shop_ids[0], None, now)
        return sum(verdict.is_eligible for verdict in found.values())

    async def many_shops() -> int:
        found = await service.shopper_for_shops(there.scope, person_id, shop_ids, now)
        return sum(verdict.is_eligible for verdict in found.values())

    return [
        await _line(there, meter, f"{SHOPPERS:,} shoppers for one shop", many_people),
        await _line(there, meter, f"one shopper for {len(shop_ids):,} shops", many_shops),
    ]


async def _line(there: ShopWorld, meter: Meter, title: str, ask: Callable[[], Awaitable[int]]) -> str:
    asked: list[LoggedQuery] = []
    async with there.transaction() as connection:
        await ask()  # the driver asks for the types of columns once; no request does
        connection.add_query_logger(asked.append)
        eligible = await ask()
        await asyncio.sleep(0)
        connection.remove_query_logger(asked.append)

        async def floor() -> int:
            return sum([len(await connection.fetch(each.query, *each.args)) for each in asked])

        rows = await floor()
        ours, bare = await _best(meter, ask), await _best(meter, floor)
    return (
        f"{title}: {_told(ours)} (goal {GOAL_MS} ms), {eligible:,} eligible;"
        f" floor, {len(asked)} statements and {rows:,} rows fetched: {_told(bare)}"
    )


async def _best(meter: Meter, work: Callable[[], Awaitable[int]]) -> Cost:
    costs = []
    for _ in range(int(os.environ.get("CANDOUR_BENCH_ROUNDS", ROUNDS))):
        before, began = meter.now(), time.perf_counter()
        await work()
        wall = time.perf_counter() - began
        used = meter.since(before)
        costs.append(Cost(wall, used.ours, used.postgres))
    return min(costs, key=lambda cost: cost.wall)


def _told(cost: Cost) -> str:
    parts = (cost.wall, cost.ours, cost.postgres)
    wall, ours, postgres = (f"{seconds * 1000:.0f}" for seconds in parts)
    return f"{wall} ms (processor: ours {ours} ms, PostgreSQL {postgres} ms)"
