"""What publishing costs: a wave of 20,000 shops, beside the bare INSERT … SELECT that no publishing can do without.

Processor time of this process and of PostgreSQL together: on a shared machine the clock speaks of the neighbours. The
floor writes the same rows into the same table from a temporary table that holds everything ready: no quota, no opening
hours, no references, no timers, no trigger of ours, no row-level security. Both in one transaction, on a database of
its own.
"""

import asyncio
import os
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from bench.answering import Site
from survey.clients import service as clients
from survey.db import Database, Role, Scope, transaction
from survey.db.database import EVERY_ROLE
from survey.db.embedded import Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import store_visit
from survey.settings import Settings, load
from survey.shops.campaigns import service
from survey.shops.campaigns.domain import Draft, Quota, WaveDraft
from tests.conftest import TEST_ENVIRONMENT

PLACES = 10_000
SHOPS = 20_000
ROUNDS = 3
GOAL_RATIO = 3.0

STORES = """
INSERT INTO field.location (id, affiliate_id, client_id, parent_id, level, code, name, path, time_zone, created_at)
SELECT p.id, $1, $2, r.id, 'store', p.n::text, 'Store ' || p.n, r.path || replace(p.id::text, '-', '') || '/',
       (ARRAY['Europe/London', 'America/New_York', 'America/Chicago'])[1 + p.n % 3], now()
  FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $3) AS n) AS p
 CROSS JOIN (SELECT id, path FROM field.location WHERE client_id = $2 AND parent_id IS NULL) AS r
"""
COLUMNS = (
    "affiliate_id, client_id, campaign_id, wave_id, location_id, scenario_id, guideline_id, version_id, public_ref,"
    " daypart, window_start, window_end, last_day, fee_cents, reimbursement_cap_cents, currency, state, state_since,"
    " created_at"
)
# The same shops, as they came out of the product, for another wave: their references backwards, to be free.
READY = f"""
CREATE TEMPORARY TABLE ready ON COMMIT DROP AS
SELECT {COLUMNS.replace("public_ref", "reverse(public_ref) AS public_ref").replace("wave_id", "$2::uuid AS wave_id")}
  FROM field.shop
 WHERE wave_id = $1
"""
FLOOR = f"INSERT INTO field.shop ({COLUMNS}) SELECT {COLUMNS} FROM ready"


def run() -> list[str]:
    """The report, line by line."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        Path(folder).chmod(0o711)
        cluster = start_cluster(Path(folder))
        settings = load(TEST_ENVIRONMENT | {"CANDOUR_DATA": folder})
        try:
            asyncio.run(make_ready(settings, cluster))
            return asyncio.run(_measure(replace(settings, database_url=cluster.url()), cluster))
        finally:
            cluster.stop()


async def _measure(settings: Settings, cluster: Cluster) -> list[str]:
    database = Database(EVERY_ROLE)
    await database.start(settings)
    owner = await asyncpg.connect(cluster.url(as_superuser=True))
    machine = Site(0, os.getpid(), cluster.process_id)
    try:
        rounds = [await _round(owner, machine) for _ in range(ROUNDS)]
    finally:
        await owner.close()
        await database.stop()
    ratio, ours, bare, seconds = sorted((ours / bare, ours, bare, seconds) for ours, bare, seconds in rounds)[
        ROUNDS // 2
    ]
    return [
        f"publishing {SHOPS:,} shops: {ours:.2f} s of CPU ({seconds:.1f} s by the clock), bare insert {bare:.2f} s,"
        f" ratio {ratio:.2f} (goal {GOAL_RATIO:.0f}) {'reached' if ratio <= GOAL_RATIO else 'NOT REACHED'}"
    ]


async def _round(owner: asyncpg.Connection, machine: Site) -> tuple[float, float, float]:
    """CPU seconds of publishing and of the bare insert of as many rows; seconds of publishing by the clock."""
    scope, wave_id, other_id = await _ready(owner)
    began, before = time.perf_counter(), machine.cpu_seconds()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        made = await service.publish_wave(scope, wave_id, datetime.now(UTC))
    seconds, cpu_seconds = time.perf_counter() - began, machine.cpu_seconds() - before
    assert made.shops == SHOPS
    return cpu_seconds, await _floor(owner, machine, wave_id, other_id), seconds


async def _floor(owner: asyncpg.Connection, machine: Site, wave_id: UUID, other_id: UUID) -> float:
    async with owner.transaction():
        await owner.execute(READY, wave_id, other_id)
        await owner.execute("ALTER TABLE field.shop DISABLE TRIGGER keep_window")
        before = machine.cpu_seconds()
        await owner.execute(FLOOR)
        used = machine.cpu_seconds() - before
        await owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        await owner.execute("ALTER TABLE field.shop ENABLE TRIGGER keep_window")
    return used


async def _ready(owner: asyncpg.Connection) -> tuple[Scope, UUID, UUID]:
    """A new affiliate whose client has 10,000 stores, and two waves of which one wants only the button."""
    now = datetime.now(UTC)
    scope = Scope(uuid4(), uuid4())
    await owner.execute(
        "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
        " VALUES ($1, 'affiliate', 'Bench', $2, '1 High Street', 'office@bench.test', $3)",
        scope.affiliate_id, f"bench-{scope.affiliate_id.hex}", now,
    )  # fmt: skip
    today = now.date()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = await clients.create_client(scope, "Brightwater Coffee", now)
        await questionnaires.create(scope, "Visits", store_visit(), now)
        (usable,) = await questionnaires.usable_versions(scope)
        campaign_id = await service.create(scope, Draft(client_id, "Winter", "in_person"), now)
        await service.edit(scope, campaign_id, 1, {"version_id": usable.version_id}, now)
        await service.write(scope, campaign_id, "Go in and order.", (), (80, now))
        await service.put_scenario(scope, campaign_id, None, ("A parent", ""), now)
        quota = Quota({"morning": 1, "evening": 1})
        first, second = [
            await service.put_wave(
                scope, campaign_id, None, WaveDraft(label, today, today + timedelta(days=30), quota), now
            )
            for label in ("One", "Two")
        ]
    await owner.execute(STORES, scope.affiliate_id, client_id, PLACES)
    await owner.execute("ANALYZE field.location")
    return scope, first, second
