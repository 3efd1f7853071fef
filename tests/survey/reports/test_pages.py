"""The client's pages: each viewer within its own part of the tree, hidden numbers nowhere in what is sent."""

import re
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.conftest import World
from tests.survey.releases.field import Study, new_client, study_in_field
from tests.survey.reports.conftest import release
from tests.web_client import Browser, Site

PAGES = ("overview", "questions", "places", "participants")


async def body(browser: Browser, url: str) -> str:
    answer = await browser.get(url)
    assert answer.status_code == 200, url
    return answer.text


def at(study: Study, code: str, page: str = "overview") -> str:
    return f"/portal/{page}?place={study.places[code].id}"


async def test_a_stranger_is_sent_to_sign_in(site: Site) -> None:
    answer = await (await site.visitor()).get("/portal")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/portal")


async def test_staff_have_no_portal(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.get("/portal")).status_code == 303


@pytest.mark.parametrize("page", PAGES)
async def test_a_release_that_is_nobodys_is_not_found(viewer: Browser, page: str) -> None:
    assert (await viewer.get(f"/portal/{page}?release={uuid4()}")).status_code == 404


NOBODYS = UUID(int=7)


@pytest.mark.parametrize("query", ["release=x", "place=x", "versus=1", f"place={NOBODYS}", f"versus={NOBODYS}"])
async def test_an_id_that_leads_nowhere_is_not_found(viewer: Browser, query: str) -> None:
    assert (await viewer.get(f"/portal/questions?{query}")).status_code == 404


async def test_another_clients_viewer_sees_nothing_of_it(
    site: Site, superuser: asyncpg.Connection, study: Study, world: World
) -> None:
    release_id = await superuser.fetchval("SELECT id FROM release.release WHERE study_id = $1", study.id)
    client_id, places = await new_client(superuser, world.alices, name="Southwind")
    neighbour = await site.viewer(world.alices.affiliate_id, client_id, places["hq"].id)
    assert "There is no report yet" in await body(neighbour, "/portal")
    for page in PAGES:
        assert (await neighbour.get(f"/portal/{page}?release={release_id}")).status_code == 404
        assert (await neighbour.get(f"/portal/files/{page}/csv?release={release_id}")).status_code == 404


@pytest.mark.parametrize("page", ["overview", "questions", "places"])
@pytest.mark.parametrize("code", ["hq", "north", "york", "bath"])
async def test_a_stores_viewer_cannot_reach_beyond_it(leeds: Browser, study: Study, page: str, code: str) -> None:
    assert (await leeds.get(at(study, code, page))).status_code == 404
    assert (await leeds.get(f"/portal/questions?versus={study.places[code].id}")).status_code == 404


@pytest.mark.parametrize("page", ["overview", "questions", "places"])
async def test_a_stores_viewer_reads_its_own_store(leeds: Browser, page: str) -> None:
    text = await body(leeds, f"/portal/{page}")
    assert "Leeds" in text
    assert not re.search(r"York|Whitby|North\b|Bath|Hove|South|Hq", text)


async def test_who_took_part_is_for_the_head_office_alone(leeds: Browser, viewer: Browser) -> None:
    assert (await leeds.get("/portal/participants")).status_code == 404
    assert "Who took part" not in await body(leeds, "/portal")
    assert "About 145 people" in await body(viewer, "/portal/participants")


async def test_a_page_that_there_is_not_is_not_found(viewer: Browser) -> None:
    assert (await viewer.get("/portal/people")).status_code == 404
    assert (await viewer.get("/portal/files/people/csv")).status_code == 404
    assert (await viewer.get("/portal/files/overview/exe")).status_code == 404


@pytest.mark.parametrize("page", PAGES)
async def test_a_small_stores_numbers_are_nowhere_in_what_is_sent(
    viewer: Browser, study: Study, superuser: asyncpg.Connection, page: str
) -> None:
    row = await superuser.fetchrow(
        "SELECT count(*) AS people, avg((coded->>'clean')::numeric) AS clean FROM field.response"
        " WHERE study_id = $1 AND location_id = $2",
        *(study.id, study.places["whitby"].id),
    )
    assert row["people"] == 4
    text = await body(viewer, f"/portal/{page}?place={study.places['north'].id if page != 'participants' else ''}")
    lines = [line for line in text.splitlines() if "Whitby" in line or "York" in line]
    mean = re.escape(f"{row['clean']:.2f}")  # with its point: four signs of an id may stand between hyphens
    assert not re.search(rf"\b(4 people|n = 4|{mean})\b", text)
    assert all("n =" not in line for line in lines)


@pytest.mark.parametrize("code", ["whitby", "york"])
async def test_a_hidden_store_says_so_and_leads_to_its_region(viewer: Browser, study: Study, code: str) -> None:
    text = await body(viewer, at(study, code))
    assert f"Fewer than 10 people answered at {code.title()}" in text
    assert f"place={study.places['north'].id}" in text
    assert 'class="chart"' not in text


async def test_small_and_protecting_stores_look_alike(viewer: Browser, study: Study) -> None:
    pages = [
        re.sub(r"Whitby|York|[0-9a-f]{8}-[0-9a-f-]{27}", "·", await body(viewer, at(study, code, "questions")))
        for code in ("whitby", "york")
    ]
    own = [re.sub(r"<option.*?</option>|\s+", "", page, flags=re.DOTALL) for page in pages]
    assert own[0] == own[1]


async def test_hidden_stores_are_counted_and_not_ranked(viewer: Browser) -> None:
    text = await body(viewer, "/portal")
    assert "2 of 5 stores have fewer than 10 answers" in text


async def test_scores_are_compared_with_the_report_before(viewer: Browser, later: Study) -> None:
    text = await body(viewer, "/portal")
    assert "Recommendation (NPS) over time" in text
    assert "The report before (Dec 2026)" in text or "The report before (Nov 2026)" in text


async def test_a_question_is_compared_with_another_place_by_address(viewer: Browser, study: Study) -> None:
    text = await body(viewer, at(study, "north", "questions") + f"&versus={study.places['south'].id}")
    assert "South (share)" in text


async def test_places_lead_down_within_the_tree(viewer: Browser, study: Study) -> None:
    top = await body(viewer, "/portal/places")
    assert f"/portal/places?release={release_in(top)}&amp;place={study.places['north'].id}" in top
    below = await body(viewer, at(study, "north", "places"))
    assert f"/portal/questions?release={release_in(top)}&amp;place={study.places['leeds'].id}" in below


async def test_every_report_is_listed_with_the_viewers_own_people(
    leeds: Browser, viewer: Browser, later: Study
) -> None:
    assert {"144", "218"} <= set(re.findall(r">(\d+)</td>", await body(viewer, "/portal/reports")))
    assert set(re.findall(r">(\d+)</td>", await body(leeds, "/portal/reports"))) == {"40", "60"}


async def test_a_place_opened_after_the_release_has_no_report(
    site: Site, superuser: asyncpg.Connection, study: Study
) -> None:
    north, new = study.places["north"], uuid4()
    await superuser.execute(
        "INSERT INTO field.location (id, affiliate_id, client_id, parent_id, level, code, name, path, created_at)"
        " VALUES ($1, $2, $3, $4, 'store', 'new', 'New', $5, now())",
        *(new, study.scope.affiliate_id, study.client_id, north.id, f"{north.path}{new.hex}/"),
    )
    newcomer = await site.viewer(study.scope.affiliate_id, study.client_id, new)
    assert "There is no report yet" in await body(newcomer, "/portal")
    assert (await newcomer.get("/portal/files/overview/csv")).status_code == 404


async def test_a_study_with_nine_answers_has_a_report_without_numbers(
    site: Site, superuser: asyncpg.Connection, world: World
) -> None:
    client = await new_client(superuser, world.alices, name="Eastwind")
    tiny = await study_in_field(superuser, world.alices, client, {"leeds": 5, "bath": 4})
    await release(tiny)
    viewer = await site.viewer(world.alices.affiliate_id, client[0], client[1]["hq"].id)
    for page in PAGES:
        text = await body(viewer, f"/portal/{page}")
        assert "Fewer than 10 people answered at Hq" in text
        assert "n =" not in text
    assert "fewer than 10" in await body(viewer, "/portal/reports")


def release_in(text: str) -> str:
    """The release a page is about."""
    found = re.search(r"release=([0-9a-f-]{36})", text)
    assert found
    return found[1]
