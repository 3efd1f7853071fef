"""What the other rooms cost beside the schedulers' board: the job board, the queue of reviews, a client's visits.

50,000 shops of 5,000 places, of which 14,000 are open and 9,000 wait for an editor; 20,000 released reports of 24
waves. A page is the whole request, from the address to the HTML, in processor time, ours and PostgreSQL's together. The
floor is what no page of that room can do without: as many rows by primary key, in a transaction of the room's own role.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import asyncpg

from bench.board import _fill
from bench.imports import Meter
from survey.app import build
from survey.db import Database, Role, Transaction, transaction
from survey.db.database import EVERY_ROLE
from survey.db.embedded import DATABASE, Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.settings import Settings, load
from tests.conftest import TEST_ENVIRONMENT, new_affiliate
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, approved, release, tell
from tests.web_client import Browser, Clock, Site

RELEASED, WAVES = 20_000, 24
PAGES = 20
Begin = Callable[[], Transaction]
GOAL_MS = 50

REPORTS = """
INSERT INTO field.report (id, affiliate_id, shop_id, version_id, coded, started_at, submitted_at)
SELECT gen_random_uuid(), s.affiliate_id, s.id, $2, '{}', s.state_since - interval '1 hour', s.state_since
  FROM field.shop s
 WHERE s.affiliate_id = $1
   AND s.state IN ('SUBMITTED', 'IN_REVIEW', 'APPROVED')
   AND NOT EXISTS (SELECT FROM field.report r WHERE r.shop_id = s.id)
"""

# One released report, again and again at other places; the numbers differ, the words do not.
AGAIN = """
INSERT INTO release.shop_report
SELECT (jsonb_populate_record(NULL::release.shop_report, to_jsonb(r) || jsonb_build_object(
           'id', gen_random_uuid(), 'report_ref', gen_random_uuid(), 'shop_id', gen_random_uuid(),
           'node_path', l.path, 'node_code', l.code, 'node_name', l.name, 'score', 40 + l.at % 60,
           'is_failed', l.at % 29 = 0,
           'wave_id', '00000000-0000-4000-8000-' || lpad(to_hex(l.at % $3::integer), 12, '0'),
           'wave_label', 'Wave ' || l.at % $3, 'wave_starts_on', r.wave_starts_on - 30 * (l.at % $3)::integer,
           'released_on', r.released_on - (l.at % 300)::integer))).*
  FROM (SELECT * FROM release.shop_report LIMIT 1) AS r,
       (SELECT path, code, name, at
          FROM generate_series(0, $2::integer - 1) AS at
          JOIN (SELECT path, code, name, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS total
                  FROM field.location WHERE client_id = $1 AND level = 'store') AS store
            ON store.number = at % store.total) AS l
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
        there = await shop_world(owner, settings, (await new_affiliate("bench")).affiliate_id, VISIT)
        await tell(there)
        await _fill(there)
        await release(await approved(there))
        await owner.execute(REPORTS, there.affiliate_id, there.version_id)
        await owner.execute(AGAIN, there.client_id, RELEASED - 1, WAVES)
        await owner.execute("VACUUM ANALYZE")
        return await _rooms(there, settings, Meter(cluster.process_id))
    finally:
        await owner.close()
        await database.stop()


async def _rooms(there: ShopWorld, settings: Settings, meter: Meter) -> list[str]:
    clock = Clock()
    store_id = await there.owner.fetchval(
        "SELECT id FROM field.location WHERE client_id = $1 AND level = 'store' ORDER BY id LIMIT 1", there.client_id
    )
    shopper = await there.shopper(bands=json.dumps({"age": "25-34", "car": "yes"}), latitude=53.5, longitude=-1.5)
    async with AsyncExitStack() as stack:
        site = Site(build(settings, clock), settings, there.owner, stack, clock)
        editor = await site.signed_in(there.affiliate_id, "editor")
        head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
        store = await site.viewer(there.affiliate_id, there.client_id, store_id)
        person = await there.signed_in(site, shopper)
        path = await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.root_id)
        reading = {"affiliate": there.affiliate_id, "client": there.client_id, "node": path}
        return [
            await _room("job board", person, ["/shopper/board", "/shopper/board?view=map", "/shopper/board?sort=pay"],
                        meter, (_as_shopper(there, shopper), "SELECT id FROM field.shop ORDER BY id LIMIT 20")),
            await _room("reviews", editor, ["/reviews", "/reviews?state=SUBMITTED", "/reviews?state=IN_REVIEW"], meter,
                        (lambda: there.transaction(), "SELECT id FROM field.report ORDER BY id LIMIT 50")),
            *[
                await _room(f"visits, {name}", browser, ["/portal/shops", "/portal/shops?score=failed",
                                                          "/portal/shops/overview"], meter,
                            (lambda: transaction(Role.CLIENT, **reading),
                             "SELECT id FROM release.shop_report ORDER BY id LIMIT 50"))
                for name, browser in (("head office", head), ("a store", store))
            ],
        ]  # fmt: skip


def _as_shopper(there: ShopWorld, shopper: Shopper) -> Begin:
    def begin() -> Transaction:
        return transaction(Role.SHOPPER, affiliate=there.affiliate_id, shopper=shopper.id)

    return begin


async def _room(name: str, browser: Browser, pages: list[str], meter: Meter, floor: tuple[Begin, str]) -> str:
    costs = {page: await _page_ms(browser, meter, page) for page in pages}
    least = await _floor_ms(meter, *floor)
    worst = max(costs, key=costs.__getitem__)
    verdict = "reached" if costs[worst] <= GOAL_MS else "NOT REACHED"
    return (
        f"{name}: median {median(costs.values()):.0f} ms of CPU, worst {costs[worst]:.0f} ms ({worst}),"
        f" goal {GOAL_MS} ms {verdict}; floor {least:.1f} ms"
    )


async def _page_ms(browser: Browser, meter: Meter, page: str) -> float:
    """CPU milliseconds of one page, over several."""
    await browser.get(page)
    before = meter.now()
    for _ in range(PAGES):
        answer = await browser.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
    used = meter.since(before)
    return (used.ours + used.postgres) * 1000 / PAGES


async def _floor_ms(meter: Meter, begin: Begin, statement: str) -> float:
    before = meter.now()
    for _ in range(10 * PAGES):
        async with begin() as connection:
            await connection.fetch(statement)
    used = meter.since(before)
    return (used.ours + used.postgres) * 1000 / (10 * PAGES)
