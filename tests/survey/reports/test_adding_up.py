"""What an overview adds up, beside a plain sum in Python; and that a place reaches what begins with its path alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from statistics import mean
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from survey.db import Role, Scope, transaction
from survey.reports import queries
from survey.settings import Settings
from tests.conftest import NOW, World, new_affiliate
from tests.shop_world import ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, approved, release, tell

REPORTS, WAVES = 240, 5
LABELS = {f"Wave {at}" for at in range(WAVES)}
INSERT = """
INSERT INTO release.shop_report
SELECT (jsonb_populate_record(NULL::release.shop_report, to_jsonb(r) || jsonb_build_object(
           'id', gen_random_uuid(), 'report_ref', gen_random_uuid(), 'shop_id', gen_random_uuid()) || $1::jsonb)).*
  FROM (SELECT * FROM release.shop_report WHERE report_ref = $2) AS r
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """Rows as they were written, and the places that they lie at; `paths`: of every level, the head first."""

    there: ShopWorld
    rows: list[dict[str, Any]]
    paths: list[str]
    waves: list[UUID]

    def seen(self, path: str) -> list[dict[str, Any]]:
        """What a viewer of a place may read, said without an index and without a policy."""
        stands = [row for row in self.rows if not (row["withdrawn_at"] or row["is_on_hold"] or row["is_superseded"])]
        return [row for row in stands if row["own"] and row["node_path"].startswith(path)]

    def of_wave(self, path: str, at: int) -> list[dict[str, Any]]:
        """The same of one wave."""
        return [row for row in self.seen(path) if row["wave_id"] == str(self.waves[at])]

    def as_viewer(self, path: str) -> Any:
        """A transaction of somebody at a place."""
        return transaction(
            Role.CLIENT, affiliate=self.there.affiliate_id, client=self.there.client_id, node=path
        )  # fmt: skip

    def scope(self, path: str) -> Scope:
        """The scope of the same."""
        return Scope(self.there.affiliate_id, client_id=self.there.client_id, node_path=path)


def uuid_of(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def trails_of(random: Random) -> list[list[tuple[UUID, str]]]:
    """Stores of a tree of four levels, each by the places above it and itself; some lie right below the head."""
    trails = []
    head = uuid_of(random)
    regions = [uuid_of(random) for _ in range(3)]
    districts = [(region, uuid_of(random)) for region in regions for _ in range(2)]
    above = [*districts, *districts, *[(region,) for region in regions], ()]
    for places in above:
        ids = [head, *places, uuid_of(random)]
        steps = [(each, "/" + "/".join(one.hex for one in ids[: at + 1]) + "/") for at, each in enumerate(ids)]
        trails.append(steps)
    return trails


def report(random: Random, trail: Sequence[tuple[UUID, str]], wave: tuple[int, UUID]) -> dict[str, Any]:
    """A report of a store in a wave, standing more often than not."""
    at, wave_id = wave
    answers = [
        {"question_id": f"q{n}", "title": f"Question {n}", "section": "Store", "lines": ["Yes"], "comment": "",
         "points": [str(random.randrange(11)), "10.00"] if random.random() < 0.8 else None}
        for n in range(3)
    ]  # fmt: skip
    sections = [{"id": "store", "title": "Store", "score": str(random.randrange(101))}]
    return {
        "node_path": trail[-1][1], "node_code": trail[-1][0].hex[:6], "node_name": f"Store {trail[-1][0].hex[:6]}",
        "trail": [[str(each), path, f"Place {each.hex[:6]}"] for each, path in trail],
        "wave_id": str(wave_id), "wave_label": f"Wave {at}", "is_failed": random.random() < 0.3,
        "wave_starts_on": str(NOW.date() + timedelta(days=30 * at)),
        "score": random.choice([None, *range(0, 101, 7)]), "is_on_hold": random.random() < 0.1,
        "is_superseded": random.random() < 0.1,
        "withdrawn_at": NOW.isoformat() if random.random() < 0.1 else None,
        "snapshot": {"answers": answers, "sections": sections},
    }  # fmt: skip


@pytest.fixture
async def filled(world: World, superuser: asyncpg.Connection, settings: Settings) -> Filled:
    """Reports of two affiliates and two clients at the same paths; only alice's client's own are its to read."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(there)
    one = await release(await approved(there))
    random = Random(7)
    trails, waves = trails_of(random), [uuid_of(random) for _ in range(WAVES)]
    strangers = (
        {"affiliate_id": str((await new_affiliate("Kestrel")).affiliate_id)},
        {"client_id": str(uuid_of(random))},
    )
    rows = []
    for _ in range(REPORTS):
        whose = random.choice([{}, {}, {}, *strangers])
        at = random.randrange(WAVES)
        row = report(random, random.choice(trails), (at, waves[at])) | whose
        await superuser.execute(INSERT, json.dumps(row), one)
        rows.append(row | {"own": not whose})
    paths = sorted({path for trail in trails for _, path in trail}, key=len)
    return Filled(there, rows, paths, waves)


async def test_a_viewer_of_any_place_reads_what_stands_below_it_and_no_more(filled: Filled) -> None:
    for path in filled.paths:
        async with filled.as_viewer(path) as here:
            read = await here.fetch("SELECT node_path, wave_id::text, score FROM release.shop_report")
        wanted = [(row["node_path"], row["wave_id"], row["score"]) for row in filled.seen(path)]
        assert sorted(map(str, wanted)) == sorted(str((p, w, None if s is None else int(s))) for p, w, s in read)


@pytest.mark.parametrize("path", [None, "", f"/{'0' * 32}/", f"/{'f' * 32}/"])
async def test_without_a_place_or_at_nobodys_nothing_is_read(filled: Filled, path: str | None) -> None:
    here = filled.there.owner
    async with here.transaction():
        await here.execute("SET LOCAL ROLE candour_client")
        own = {"affiliate": filled.there.affiliate_id, "client": filled.there.client_id, "node": path}
        for name, value in own.items():
            if value is not None:
                await here.execute("SELECT set_config($1, $2, true)", f"app.{name}", str(value))
        assert await here.fetchval("SELECT count(*) FROM release.shop_report") == 0


async def test_each_wave_is_the_mean_of_its_reports_below_a_place(filled: Filled) -> None:
    for path in filled.paths:
        async with filled.as_viewer(path):
            found = await queries.waves_of(filled.scope(path), path, is_theirs=False)
        wanted = []
        for at in reversed(range(WAVES)):
            if rows := filled.of_wave(path, at):
                wanted.append((filled.waves[at], f"Wave {at}", len(rows), mean_of([row["score"] for row in rows])))
        assert [(each.id, each.label, each.n, rounded(each.score)) for each in found if each.label in LABELS] == wanted


async def test_visits_by_score_and_failed_ones_are_counted_once_each(filled: Filled) -> None:
    for path in filled.paths[:8]:
        async with filled.as_viewer(filled.paths[0]):
            bins, failed = await queries.spread_of(filled.scope(filled.paths[0]), filled.waves[2], path)
        rows = filled.of_wave(path, 2)
        scores = [row["score"] for row in rows if row["score"] is not None]
        assert bins == [sum(min(score // 10, 9) == at for score in scores) for at in range(10)]
        assert failed == sum(row["is_failed"] for row in rows)


async def test_places_below_are_compared_by_their_own_reports(filled: Filled) -> None:
    for path in filled.paths[:10]:
        async with filled.as_viewer(path):
            found = await queries.places_of(filled.scope(path), filled.waves[3], filled.waves[2], path)
        below = [each for each in filled.paths if each.startswith(path) and each.count("/") == path.count("/") + 1]
        wanted = set()
        for each in below:
            now = [row for row in filled.of_wave(each, 3) if row["node_path"] != each]
            before = [row for row in filled.of_wave(each, 2) if row["node_path"] != each]
            if now:
                of_both = [mean_of([row["score"] for row in rows]) for rows in (now, before)]
                wanted.add((UUID(each[-33:-1]), f"Place {each[-33:-27]}", *of_both, len(now)))
        assert {(one.id, one.name, rounded(one.score), rounded(one.before), one.n) for one in found} == wanted


async def test_what_fell_furthest_comes_first(filled: Filled) -> None:
    head = filled.paths[0]
    async with filled.as_viewer(head):
        found = await queries.places_of(filled.scope(head), filled.waves[3], filled.waves[2], head)
    falls = [one.score - one.before for one in found if one.score is not None and one.before is not None]
    assert len(falls) == 3
    assert falls == sorted(falls)


async def test_each_question_and_section_is_the_mean_of_what_was_given(filled: Filled) -> None:
    for path in filled.paths[:8]:
        scope, (now, before) = filled.scope(path), (filled.waves[1], filled.waves[0])
        async with filled.as_viewer(path):
            questions = await queries.questions_of_wave(scope, now, before, path)
            sections = await queries.sections_of(scope, now, before, path)
        both = [[row["snapshot"] for row in filled.of_wave(path, at)] for at in (1, 0)]
        wanted = []
        for n in range(3):
            given = [[each["answers"][n]["points"] for each in rows] for rows in both]
            shares = [[10 * Decimal(points[0]) for points in rows if points] for rows in given]
            if shares[0]:
                wanted.append((f"q{n}", f"Question {n}", *map(mean_of, shares), len(shares[0])))
        assert [(q.id, q.title, rounded(q.score), rounded(q.before), q.n) for q in questions] == wanted
        parts = [[Decimal(each["sections"][0]["score"]) for each in rows] for rows in both]
        assert [(s.title, rounded(s.score), rounded(s.before)) for s in sections] == (
            [("Store", *map(mean_of, parts))] if parts[0] else []
        )


def mean_of(numbers: Sequence[Any]) -> Decimal | None:
    """The mean of what there is, rounded far below what a page shows."""
    there = [Decimal(number) for number in numbers if number is not None]
    return rounded(mean(there)) if there else None


def rounded(number: Decimal | None) -> Decimal | None:
    return None if number is None else round(number, 6)
