"""The whole release as a head office's viewer can save it, given to somebody who adds and subtracts.

The files of every page and place are read as text; what is not in them is not used. The control runs the same attack
on the same answers with the protection taken out.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import asyncpg
import pytest

from privacy.anonymity.counting import Question, Record, counted
from privacy.anonymity.protection import large_enough
from privacy.anonymity.publication import Exact, published
from survey.db import Role, transaction
from survey.releases import service
from survey.releases.domain import Place
from survey.releases.domain.building import tree_of
from tests.attacks.subtraction import Found, Known, small_groups_found
from tests.conftest import NOW, World
from tests.survey.releases.field import SIGNING, Study, new_client, study_in_field
from tests.web_client import Browser, Site, clock, front, site  # noqa: F401 - fixtures

K = 10
REGIONS = {"north": ["leeds", "york", "whitby"], "south": ["bath", "hove"], "east": ["ely"]}
COUNTS = {"leeds": 60, "york": 45, "whitby": 4, "bath": 80, "hove": 13, "ely": 8}
Kind = tuple[str, bool]


@pytest.fixture
async def study(superuser: asyncpg.Connection, world: World) -> Study:
    """A released study with small stores in it."""
    client = await new_client(superuser, world.alices, REGIONS)
    fielded = await study_in_field(superuser, world.alices, client, COUNTS, seed=4)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.close_study(world.alices, fielded.id, NOW)
    await service.build_release(SIGNING, world.alices.affiliate_id, fielded.id, NOW)
    return fielded


@pytest.fixture
async def viewer(site: Site, study: Study) -> Browser:  # noqa: F811 - the fixture of the same name
    """Somebody at head office."""
    return await site.viewer(study.scope.affiliate_id, study.client_id, study.places["hq"].id)


async def test_nobody_is_found_in_what_a_client_can_save(viewer: Browser, study: Study) -> None:
    people, answered = await saved_numbers(viewer, study)
    assert people == {"hq": 210, "north": 109, "leeds": 60, "bath": 80}
    assert len(answered) >= 4 * 15
    for question in {question for question, _ in answered}:
        mine = {place: n for (name, place), n in answered.items() if name == question}
        assert found(study.places, people, mine) == []


async def test_without_the_protection_the_same_attack_finds_small_groups(
    study: Study, superuser: asyncpg.Connection
) -> None:
    people, answered = await unprotected_numbers(superuser, study)
    names = {group.name for group in found(study.places, people, answered)}
    assert "everybody at hq" not in names
    assert {"everybody at whitby", "everybody at ely", "no answer at leeds"} <= names


async def saved_numbers(viewer: Browser, study: Study) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """People by place, and n by question and place, from the CSV files alone."""
    people: dict[str, int] = {}
    answered: dict[tuple[str, str], int] = {}
    for code, place in study.places.items():
        for row in await csv_of(viewer, "overview", place):
            if row[:1] == [place.name] and row[1:2] and row[1].isdigit():
                people[code] = int(row[1])
        answered |= {(question, code): n for question, n in n_of(await csv_of(viewer, "questions", place))}
    for place in study.places.values():
        for row in await csv_of(viewer, "places", place):
            at = next((known for known, named in study.places.items() if row[:1] == [named.name]), None)
            if at and row[-1].isdigit():
                assert people.setdefault(at, int(row[-1])) == int(row[-1])
    return people, answered


async def csv_of(viewer: Browser, page: str, place: Place) -> list[list[str]]:
    """A page's file, row by row."""
    answer = await viewer.get(f"/portal/files/{page}/csv?place={place.id}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def n_of(rows: list[list[str]]) -> Iterator[tuple[str, int]]:
    """Every n of a file of questions, with its question (and the line of a matrix)."""
    title, headings = "", []
    for before, row in zip([[], *rows], rows, strict=False):
        if before == []:
            title = row[0] if row else ""
        if len(row) > 1 and row[0] in ("Answer", "Line"):
            headings = row
        elif headings[:1] == ["Line"] and len(row) == len(headings) and row[-1].isdigit():
            yield f"{title} {row[0]}", int(row[-1])
        elif row[:1] == ["n"] and re.fullmatch(r"\d+", row[2]):
            yield title, int(row[2])


def found(places: Mapping[str, Place], people: Mapping[str, int], answered: Mapping[str, int]) -> list[Found]:
    """What follows from the numbers, for somebody who knows that every respondent belongs to a store."""
    universe = kinds(places, "hq", None)
    known = [Known(kinds(places, code, None), n) for code, n in people.items()]
    known += [Known(kinds(places, code, True), n) for code, n in answered.items()]
    targets: dict[str, frozenset[Any]] = {}
    for code in places:
        targets[f"everybody at {code}"] = kinds(places, code, None)
        targets[f"answered at {code}"] = kinds(places, code, True)
        targets[f"no answer at {code}"] = kinds(places, code, False)
    return small_groups_found(known, targets, universe, K)


def kinds(places: Mapping[str, Place], code: str, has_answered: bool | None) -> frozenset[Kind]:
    """The kinds of people that a number about a place counts."""
    stores = [known for known, place in places.items() if place.level == "store"]
    below = [known for known in stores if places[known].path.startswith(places[code].path)]
    return frozenset((known, did) for known in below for did in (True, False) if has_answered in (None, did))


async def unprotected_numbers(superuser: asyncpg.Connection, study: Study) -> tuple[dict[str, int], dict[str, int]]:
    """What a threshold alone would publish of the question about waiting, from the same answers."""
    rows = await superuser.fetch(
        "SELECT r.id, l.code, r.coded ? 'wait' AS has_answered FROM field.response r"
        " JOIN field.location l ON l.id = r.location_id WHERE r.study_id = $1",
        study.id,
    )
    question = Question("wait", ("any",))
    records = [
        Record(row["id"], row["code"], frozenset({"wait"}), {"wait": ("any",)} if row["has_answered"] else {})
        for row in rows
    ]
    tree = tree_of(tuple(study.places.values()))
    counts = counted(tree, (question,), records)
    publication = published((question,), counts, large_enough((question,), counts, K), K)
    people = {code: n for code, n in publication.people.items() if n is not None}
    tables = publication.tables["wait"].items()
    return people, {code: table.n for code, table in tables if isinstance(table, Exact)}
