"""What the other rooms cost beside the schedulers' board: the job board, the queue of reviews, pay, a client's visits.

50,000 shops of 5,000 places, of which 14,000 are open and 9,000 wait for an editor; 31,000 sums to be paid; 20,000
released reports of 24 waves, first of 3 questions and then of 40; 10,000 shoppers. A page is the
whole request, from the address to the HTML, in processor time, ours and PostgreSQL's together; the clock's time stands
beside it and speaks of the neighbours, too. The floor is what no page of that room can do without: as many rows by
primary key, in a transaction of the room's own role.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg

from bench.board import _fill
from bench.imports import Meter
from survey.app import build
from survey.db import Database, Role, Transaction, transaction
from survey.db.database import EVERY_ROLE
from survey.db.embedded import DATABASE, Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.settings import Settings, load
from survey.web.application import set_apart
from tests.conftest import NOW, TEST_ENVIRONMENT, new_affiliate
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, approved, release, tell
from tests.web_client import Browser, Clock, Site

RELEASED, WAVES = 20_000, 24
MORE_SHOPPERS = 8_000  # beside the board's 2,000
PAGES = 20
WARM = 6  # PostgreSQL chooses a statement's lasting plan after five times
Begin = Callable[[], Transaction]
Floor = tuple[Begin, str]
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
           'trail', jsonb_set(to_jsonb(r.trail), '{-1}', jsonb_build_array(l.id, l.path, l.name)),
           'wave_id', '00000000-0000-4000-8000-' || lpad(to_hex(l.at % $3::integer), 12, '0'),
           'wave_label', 'Wave ' || l.at % $3, 'wave_starts_on', r.wave_starts_on - 30 * (l.at % $3)::integer,
           'released_on', r.released_on - (l.at % 300)::integer))).*
  FROM (SELECT * FROM release.shop_report LIMIT 1) AS r,
       (SELECT id, path, code, name, at
          FROM generate_series(0, $2::integer - 1) AS at
          JOIN (SELECT id, path, code, name, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS total
                  FROM field.location WHERE client_id = $1 AND level = 'store') AS store
            ON store.number = at % store.total) AS l
"""

# The same reports with as many questions as a written visit has, each with its words: five sections of eight.
LONGER = """
UPDATE release.shop_report r
   SET snapshot = r.snapshot || jsonb_build_object(
       'sections', (SELECT jsonb_agg(jsonb_build_object('id', 's' || s, 'title', 'Section ' || s,
                                                        'score', (40 + (s * 7) % 60)::text, 'share', '20'))
                      FROM generate_series(1, 5) AS s),
       'answers', (SELECT jsonb_agg(jsonb_build_object(
                              'question_id', 'q' || q, 'section', 'Section ' || (q + 7) / 8,
                              'title', 'Was it as the guideline says, in point ' || q || '?',
                              'lines', jsonb_build_array('Yes, as far as could be seen'),
                              'comment', repeat('What was seen is told here in some words. ', 3),
                              'points', jsonb_build_array((q * 3 % 11)::text, '10'), 'wait_seconds', null) ORDER BY q)
                     FROM generate_series(1, 40) AS q))
"""

# What every visit that somebody made is worth; most of it waits to be paid.
OWED = """
INSERT INTO identity.pay_item (affiliate_id, shop_id, shopper_id, client_id, kind, fee_cents, reimbursement_cents,
                               bonus_cents, currency, state, visited_on, promised_on)
SELECT s.affiliate_id, s.id, a.shopper_id, s.client_id, 'full', s.fee_cents, 300, 0, s.currency,
       CASE WHEN s.state IN ('ASSIGNED', 'SUBMITTED', 'IN_REVIEW') THEN 'PROSPECTIVE' ELSE 'PAYABLE' END,
       $2::date - n % 90, $2::date - n % 90 + 30
  FROM (SELECT *, (row_number() OVER (ORDER BY id))::integer AS n FROM field.shop WHERE affiliate_id = $1) AS s
  JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
"""

# More shoppers than the board's: every fourth of them has made a visit, all are in the list.
MORE = """
WITH account AS (
    INSERT INTO identity.account (affiliate_id, role, email, email_index, name, status, created_at)
    SELECT $1, 'shopper', '', sha256(('more ' || n)::bytea), '', 'active', $2 FROM generate_series(1, $3::integer) AS n
    RETURNING id, email_index
)
INSERT INTO identity.shopper (affiliate_id, account_id, display_code, name, email, email_index, region, status,
                              grade_tenths, agreement_version, agreed_at, created_at)
SELECT $1, id, 'T-' || row_number() OVER (), '', '', email_index, 'Region ' || row_number() OVER () % 40, 'active',
       40 + row_number() OVER () % 60, 1, $2, $2 - interval '1 hour' * row_number() OVER ()
  FROM account
"""
GIVEN_BACK = """
INSERT INTO identity.assignment (affiliate_id, shop_id, shopper_id, mode, state, assigned_at, ended_at)
SELECT p.affiliate_id, s.id, p.id, 'manual', 'given_back', p.created_at, p.created_at
  FROM (SELECT *, row_number() OVER () AS n FROM identity.shopper WHERE affiliate_id = $1 AND region <> '') AS p
  JOIN (SELECT id, row_number() OVER () AS n FROM field.shop WHERE affiliate_id = $1) AS s ON s.n = p.n
 WHERE p.n % 4 = 0
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
        await owner.execute(OWED, there.affiliate_id, NOW)
        await owner.execute(MORE, there.affiliate_id, NOW, MORE_SHOPPERS)
        await owner.execute(GIVEN_BACK, there.affiliate_id)
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
        set_apart()  # as the web process does once it has started
        editor = await site.signed_in(there.affiliate_id, "editor")
        payer = await site.signed_in(there.affiliate_id, "payroll")
        scheduler = await site.signed_in(there.affiliate_id, "scheduler")
        head = await site.viewer(there.affiliate_id, there.client_id, there.root_id)
        store = await site.viewer(there.affiliate_id, there.client_id, store_id)
        person = await there.signed_in(site, shopper)
        path = await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.root_id)
        reading = {"affiliate": there.affiliate_id, "client": there.client_id, "node": path}
        floor: Floor = (
            lambda: transaction(Role.CLIENT, **reading), "SELECT id FROM release.shop_report ORDER BY id LIMIT 50"
        )  # fmt: skip
        visits = ["/portal/shops", "/portal/shops?score=failed", "/portal/shops/overview"]
        lines = [
            await _room("job board", person, ["/shopper/board", "/shopper/board?view=map", "/shopper/board?sort=pay"],
                        meter, (_as_shopper(there, shopper), "SELECT id FROM field.shop ORDER BY id LIMIT 20")),
            await _room("reviews", editor, ["/reviews", "/reviews?state=SUBMITTED", "/reviews?state=IN_REVIEW"], meter,
                        (lambda: there.transaction(), "SELECT id FROM field.report ORDER BY id LIMIT 50")),
            await _room("shoppers", scheduler, [
                "/shoppers", "/shoppers?sort=seen", "/shoppers?sort=grade", "/shoppers?seen=not90",
            ], meter, (lambda: there.transaction(), "SELECT id FROM identity.shopper ORDER BY id LIMIT 50")),
            await _room("pay", payer, ["/pay", "/pay?due=late", "/pay?state=PAYABLE&currency=USD", "/pay?q=S-77"],
                        meter, (lambda: there.transaction(), "SELECT id FROM identity.pay_item ORDER BY id LIMIT 50")),
            # The connections are the same: what a store's pages have settled on must not be the head office's lot.
            *[
                await _room(f"visits, {name}", browser, visits, meter, floor)
                for name, browser in (("a store", store), ("head office after a store", head))
            ],
        ]  # fmt: skip
        await there.owner.execute(LONGER)
        await there.owner.execute("VACUUM FULL release.shop_report")
        await there.owner.execute("VACUUM ANALYZE release.shop_report")  # what was written anew is known as read by all
        report_ref = await there.owner.fetchval("SELECT report_ref FROM release.shop_report ORDER BY id LIMIT 1")
        one = f"/portal/shops/{report_ref}"
        return [
            *lines,
            await _room("visits of 40 questions, head office", head, [
                *visits, one, f"{one}/files/csv", "/portal/shops/overview/question?question=q7",
            ], meter, floor),
            await _room("a visit of 40 questions as a PDF", head, [f"{one}/files/pdf"], meter, floor),
        ]  # fmt: skip


def _as_shopper(there: ShopWorld, shopper: Shopper) -> Begin:
    def begin() -> Transaction:
        return transaction(Role.SHOPPER, affiliate=there.affiliate_id, shopper=shopper.id)

    return begin


async def _room(name: str, browser: Browser, pages: list[str], meter: Meter, floor: Floor) -> str:
    costs = {page: await _page_ms(browser, meter, page) for page in pages}
    least = await _floor_ms(meter, *floor)
    worst = max(costs, key=lambda page: costs[page].used)
    verdict = "reached" if costs[worst].used <= GOAL_MS else "NOT REACHED"
    middle = median(cost.used for cost in costs.values())
    waited = [each for cost in costs.values() for each in cost.waited]
    return (
        f"{name}: median {middle:.0f} ms of CPU, worst {costs[worst].used:.0f} ms ({worst}), goal {GOAL_MS} ms"
        f" {verdict}; by the clock {median(waited):.0f} ms, worst {max(waited):.0f} ms;"
        f" floor {least:.1f} ms of CPU, {middle / least:.0f} times it"
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of a page: of processor time on average, and by the clock each time."""

    used: float
    waited: list[float]


async def _page_ms(browser: Browser, meter: Meter, page: str) -> Cost:
    """What one page costs, over several. Statements have their lasting plans by then."""
    for _ in range(WARM):
        await browser.get(page)
    before, waited = meter.now(), []
    for _ in range(PAGES):
        began = perf_counter()
        answer = await browser.get(page)
        waited.append((perf_counter() - began) * 1000)
        assert answer.status_code == 200, (page, answer.status_code)
    used = meter.since(before)
    return Cost((used.ours + used.postgres) * 1000 / PAGES, waited)


async def _floor_ms(meter: Meter, begin: Begin, statement: str) -> float:
    before = meter.now()
    for _ in range(10 * PAGES):
        async with begin() as connection:
            await connection.fetch(statement)
    used = meter.since(before)
    return (used.ours + used.postgres) * 1000 / (10 * PAGES)
