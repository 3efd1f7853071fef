"""Tenant swap: every route with the ids of another affiliate, every form, every list; the portal with another's ids."""

import re
from collections.abc import Mapping
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from survey.reports.domain import FileKind
from survey.reports.routes.surveys import TABS
from survey.web.guards import Plane
from tests.shop_world import PLATFORM
from tests.web_client import Browser

from .addresses import IDS, Route, chosen_for, routes_of
from .affiliates import place_of, root_of
from .crawling import MANNERS, crawl, everything_in
from .world import PROFILE, Crossing, fingerprints

# So much of every form that it gets past the checks that come before anything is looked up.
FILLED = {
    "purpose": "request", "address": "a@b.example", "name": "Taken over", "version": "1", "wish": "everything",
    "act": "section-up", "part": "visit", "revision": "1", "role": "manager", "email": "taken@over.example",
    "level": "store", "code": "X1", "title": "Taken over", "text": "code,name,level\nX1,Taken over,store\n",
    "about": "Taken over", "wording": "Taken over", "source": "Taken over", "legal_basis": "consent", "attested": "yes",
    "event": "dismiss", "reason": "illness",
}  # fmt: skip
# These need more than ids: two versions to compare, the kind of the new question, which answer is wrong.
NOT_BY_IDS_ALONE = {
    "/portal/shops/{report_ref:uuid}/appeal",
    "/clients/{client_id:uuid}/contacts/export",
    "/questionnaires/{questionnaire_id:uuid}/compare",
    "/questionnaires/{questionnaire_id:uuid}/sections/{slug:str}/items/new",
}
# What is on offer, what is to be read before it and what documents are taken: every shopper of the company sees that.
FOR_ALL_SHOPPERS = ("/shopper/guidelines/", "/shopper/board/", "/shopper/profile/qualifications/")
REFUSED = {303, 403, 404}
VIEWERS = ("other-client", "other-affiliate-client")


@pytest.fixture(scope="module")
def named(crossing: Crossing) -> list[Route]:
    """Every route of staff that names a row. The provider's name affiliates; others have routes of their own."""
    found = [route for route in routes_of(crossing.site.front) if route.has_ids]
    others = {Plane.PROVIDER, Plane.SHOPPER, Plane.VIEWER}
    staffs = [route for route in found if route.access.plane not in others]
    assert {route.access.plane for route in staffs} <= {Plane.STAFF, Plane.ACCOUNT}
    return staffs


async def test_another_affiliates_id_is_answered_as_one_that_nobody_has(
    crossing: Crossing, named: list[Route], superuser: asyncpg.Connection
) -> None:
    staff, shopper = await crossing.browser("other-affiliate-admin"), await crossing.browser("other-shopper")
    nobodys = {name: uuid4() for name in crossing.ours.ids}
    before = await fingerprints(superuser)
    for route in named:
        stranger = shopper if route.template.startswith("/shopper/") else staff
        for url, made_up in zip(route.urls(crossing.ours.ids), route.urls(nobodys), strict=True):
            for manner in MANNERS:
                theirs = await ask(stranger, route, url, manner)
                assert theirs.status_code == 404, (route.method, url, manner)
                nothing = await ask(stranger, route, made_up, manner)
                assert without_ids(theirs, crossing.ours.ids) == without_ids(nothing, nobodys), url
    assert await fingerprints(superuser) == before


async def test_the_same_addresses_open_for_those_whose_they_are(crossing: Crossing, named: list[Route]) -> None:
    staff, shopper = await crossing.browser("affiliate-admin"), await crossing.browser("shopper")
    for route in named:
        owner = shopper if route.template.startswith("/shopper/") else staff
        if route.method == "GET" and route.template not in NOT_BY_IDS_ALONE:
            answers = [(await owner.get(url)).status_code for url in route.urls(crossing.ours.ids)]
            assert {200, 303} & set(answers), route.template


@pytest.fixture(scope="module")
def shoppers(crossing: Crossing) -> list[Route]:
    """Every route of shoppers that names a row."""
    found = [route for route in routes_of(crossing.site.front) if route.has_ids and route.access.plane is Plane.SHOPPER]
    assert {route.template.split("/")[2] for route in found} >= {"guidelines", "marks", "shops"}
    return found


@pytest.mark.parametrize("whose", ["theirs", "ours"])
async def test_another_shopper_is_answered_as_if_nobody_had_the_id(
    crossing: Crossing, shoppers: list[Route], whose: str, superuser: asyncpg.Connection
) -> None:
    stranger = await a_neighbour(crossing, whose)
    nobodys = {name: uuid4() for name in crossing.ours.ids}
    before = await fingerprints(superuser)
    for route in shoppers:
        if whose == "ours" and route.template.startswith(FOR_ALL_SHOPPERS):
            continue
        for url, made_up in zip(route.urls(crossing.ours.ids), route.urls(nobodys), strict=True):
            for manner in MANNERS:
                anothers = await ask(stranger, route, url, manner)
                assert anothers.status_code == 404, (route.method, url, manner)
                nothing = await ask(stranger, route, made_up, manner)
                assert without_ids(anothers, crossing.ours.ids) == without_ids(nothing, nobodys), url
    assert await fingerprints(superuser) == before


async def opens(browser: Browser, url: str) -> bool:
    """Whether a page stands at an address, or where it leads on to within the same pages."""
    answer = await browser.get(url)
    if answer.status_code == 303 and answer.headers["location"].split("/")[1] == url.split("/")[1]:
        answer = await browser.get(answer.headers["location"])
    return answer.status_code == 200


async def test_the_same_addresses_open_for_the_shopper_whose_they_are(
    crossing: Crossing, shoppers: list[Route]
) -> None:
    owner = await crossing.browser("shopper")
    for route in shoppers:
        if route.method == "GET":
            assert any([await opens(owner, url) for url in route.urls(crossing.ours.ids)]), route.template


async def a_neighbour(crossing: Crossing, whose: str) -> Browser:
    """The browser of a shopper of an affiliate who has nothing to do with anything in the world but works there."""
    one = crossing.ours if whose == "ours" else crossing.theirs
    account_id = await crossing.site.superuser.fetchval(
        "SELECT account_id FROM identity.shopper WHERE id = $1", one.ids["neighbour_id"]
    )
    browser = await crossing.site.with_session(PLATFORM, account_id)
    await crossing.site.superuser.execute(PROFILE, browser.session_hash, one.ids["neighbour_id"])
    return browser


@pytest.mark.parametrize("who", ["nobody", "provider", "client-hq", *VIEWERS])
async def test_who_is_no_staff_gets_past_none_of_them(
    crossing: Crossing, named: list[Route], who: str, superuser: asyncpg.Connection
) -> None:
    stranger = await crossing.browser(who)
    before = await fingerprints(superuser)
    for route in named:
        for url in route.urls(crossing.ours.ids):
            must_be_refused(await ask(stranger, route, url, {}), url)
    assert await fingerprints(superuser) == before


@pytest.mark.parametrize("who", ["affiliate-admin", "manager", "client-hq", "nobody"])
async def test_only_the_provider_suspends_an_affiliate(
    crossing: Crossing, who: str, superuser: asyncpg.Connection
) -> None:
    stranger = await crossing.browser(who)
    sent = [route for route in routes_of(crossing.site.front) if route.access.plane is Plane.PROVIDER]
    assert {route.template.rsplit("/", 1)[-1] for route in sent} >= {"suspend", "resume", "new"}
    before = await fingerprints(superuser)
    for route in sent:
        for url in route.urls(crossing.theirs.ids):
            must_be_refused(await ask(stranger, route, url, {}), url)
    assert await fingerprints(superuser) == before


async def test_ones_own_id_beside_another_affiliates_opens_nothing(
    crossing: Crossing, named: list[Route], superuser: asyncpg.Connection
) -> None:
    stranger = await crossing.browser("other-affiliate-admin")
    nested = [
        route for route in named if len(route.parameters) > 1 and all(kind == "uuid" for _, kind in route.parameters)
    ]
    assert {route.template.split("/")[1] for route in nested} >= {"panels", "studies"}
    before = without_sessions(await fingerprints(superuser))
    for route in nested:
        for name, _ in route.parameters:
            foreign = {known: crossing.ours.ids[known] for known in IDS[name]}
            for url in route.urls(crossing.theirs.ids | foreign):
                theirs = await ask(stranger, route, url, {})
                # A form that may be sent twice has nothing against an id that is gone, nor does this one.
                if theirs.status_code != 404:
                    made_up = {known: uuid4() for known in IDS[name]}
                    nothing = await ask(stranger, route, swapped(url, foreign, made_up), {})
                    assert without_ids(theirs, foreign) == without_ids(nothing, made_up), url
    assert without_sessions(await fingerprints(superuser)) == before
    for route in nested:
        answers = [(await ask(stranger, route, url, {})).status_code for url in route.urls(crossing.theirs.ids)]
        assert {200, 303} & set(answers), route.template


async def test_no_list_count_or_file_of_another_affiliate_tells_of_ours(crossing: Crossing) -> None:
    def ours_in(content: bytes) -> set[str]:
        return {name for name, mark in marks.items() if mark in content}

    marks = {name: str(id_).encode() for name, id_ in crossing.ours.ids.items()} | {"name": b"estrel"}
    routes = routes_of(crossing.site.front)
    found = await crawl(await crossing.browser("other-affiliate-admin"), routes, crossing.theirs.ids, ours_in)
    assert {url: marks for url, marks in found.items() if marks} == {}
    control = await crawl(await crossing.browser("manager"), routes, crossing.ours.ids, ours_in)
    assert set().union(*control.values()) >= {"name", "client_id", "closed", "contact_id", "panel_id"}


@pytest.mark.parametrize("who", VIEWERS)
async def test_a_viewer_of_another_client_reads_nothing_of_ours_in_the_portal(crossing: Crossing, who: str) -> None:
    stranger, ours = await crossing.browser(who), crossing.ours
    for page in portal_pages():
        for query in (f"?release={ours.ids['release_id']}", f"?place={await root_of(ours.ground)}",
                      f"?versus={ours.ids['release_id']}"):  # fmt: skip
            answer = await stranger.get(page + query)
            assert answer.status_code == 404, page + query
            assert b"estrel Coffee" not in everything_in(answer)
            assert b"Tyne Market" not in everything_in(answer)
        assert (await stranger.get(page)).status_code == 200, "there is no report at all: it proves nothing"


@pytest.fixture(scope="module")
def visits(crossing: Crossing) -> list[Route]:
    """Every route of the portal that names a row."""
    found = [route for route in routes_of(crossing.site.front) if route.has_ids and route.access.plane is Plane.VIEWER]
    assert {route.template.split("/")[2] for route in found} == {"appeals", "reshoots", "shops"}
    return found


@pytest.mark.parametrize("who", VIEWERS)
async def test_another_clients_visit_is_answered_as_one_that_nobody_has(
    crossing: Crossing, visits: list[Route], who: str, superuser: asyncpg.Connection
) -> None:
    stranger = await crossing.browser(who)
    nobodys = {name: uuid4() for name in crossing.ours.ids}
    before = await fingerprints(superuser)
    for route in visits:
        for url, made_up in zip(route.urls(crossing.ours.ids), route.urls(nobodys), strict=True):
            for manner in MANNERS:
                theirs = await ask(stranger, route, url, manner)
                assert theirs.status_code == 404, (route.method, url, manner)
                nothing = await ask(stranger, route, made_up, manner)
                assert without_ids(theirs, crossing.ours.ids) == without_ids(nothing, nobodys), url
    assert await fingerprints(superuser) == before


async def test_the_same_visit_opens_for_the_client_whose_it_is(crossing: Crossing, visits: list[Route]) -> None:
    viewer = await crossing.browser("client-hq")
    for route in visits:
        if route.method == "GET" and route.template not in NOT_BY_IDS_ALONE:
            assert any([await opens(viewer, url) for url in route.urls(crossing.ours.ids)]), route.template


async def test_our_own_viewer_reads_it_there(crossing: Crossing) -> None:
    viewer = await crossing.browser("client-hq")
    for page in portal_pages():
        answer = await viewer.get(f"{page}?release={crossing.ours.ids['release_id']}")
        assert answer.status_code == 200, page
        assert b"estrel Coffee" in everything_in(answer), page


async def test_a_viewer_at_a_store_reads_neither_the_head_nor_the_store_beside_it(crossing: Crossing) -> None:
    viewer, ground = await crossing.browser("client-store"), crossing.ours.ground
    for page in portal_pages():
        for place in (await root_of(ground), place_of(ground, "S2"), place_of(ground, "D1")):
            assert (await viewer.get(f"{page}?place={place}")).status_code == 404, page
    assert (await viewer.get(f"/portal/overview?place={place_of(ground, 'S1')}")).status_code == 200


def without_sessions(tables: Mapping[str, str]) -> dict[str, str]:
    """What was written but for the stranger's own session, which keeps the words for the next page."""
    return {table: written for table, written in tables.items() if table != "ops.session"}


def swapped(url: str, ids: Mapping[str, UUID], others: Mapping[str, UUID]) -> str:
    """The same address with other ids."""
    for name, id_ in ids.items():
        url = url.replace(str(id_), str(others[name]))
    return url


def must_be_refused(answer: httpx.Response, url: str) -> None:
    """Fails where an answer is more than a refusal or a way to where somebody belongs."""
    assert answer.status_code in REFUSED, (url, answer.status_code)
    assert answer.status_code != 303 or answer.headers["location"].startswith(("/sign-in", "/portal")), url


def portal_pages() -> list[str]:
    """Every page of a report and each of them as every kind of file."""
    files = [f"/portal/files/{name}/{kind}" for name in TABS for kind in FileKind]
    return [*(f"/portal/{name}" for name in TABS), *files]


async def ask(browser: Browser, route: Route, url: str, manner: Mapping[str, str]) -> httpx.Response:
    """Open an address, or send a form there with the token of the browser's own session."""
    if route.method == "GET":
        return await browser.get(url, headers=manner)
    return await browser.post(url, FILLED | chosen_for(route), headers=manner)


WORD = re.compile('name="once" value="[0-9a-f]{32}"')


def without_ids(answer: httpx.Response, ids: Mapping[str, UUID]) -> tuple[dict[str, str], str]:
    """Headers and text with the ids of the question taken out: what is left must not tell one id from another."""
    # The word of a form for something new is drawn at random for each page: it differs by itself, and tells nothing.
    text = WORD.sub('name="once"', answer.text)
    for id_ in ids.values():
        text = text.replace(str(id_), "")
    return dict(answer.headers), text
