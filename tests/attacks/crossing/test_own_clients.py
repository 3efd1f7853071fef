"""Staff limited to certain clients: the other clients of their own company are to them as those of another one."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import pytest

from survey.accounts.domain import AccountRole
from survey.db import Role, transaction
from survey.promises.queries import sought
from survey.web.guards import Plane
from tests.web_client import Browser

from .addresses import IDS, Route, routes_of
from .affiliates import staff_account
from .crawling import MANNERS, crawl, everything_in
from .test_swap import NOT_BY_IDS_ALONE, ask, opens, without_ids, without_sessions
from .world import Crossing, fingerprints

ROLES = ("manager", "scheduler", "editor")
# What belongs to the company and to no client of it. `question_id`: what every shopper is asked.
OF_THE_COMPANY = {
    "affiliate_id", "account_id", "questionnaire_id", "panel_id", "member_id", "shopper_id", "phrase_id", "kind_id",
    "document_id", "field_id", "question_id", "view_id", "run_id", "batch_id", "conflict_id",
}  # fmt: skip
LIMIT = """
WITH chosen AS (UPDATE identity.account SET is_limited = true WHERE id = $1)
INSERT INTO identity.account_client (account_id, client_id, affiliate_id)
SELECT $1, c.id, c.affiliate_id
  FROM field.client c
 WHERE c.affiliate_id = $2
   AND c.name = 'Lantern Books'
"""
FREE = "UPDATE identity.account SET is_limited = false WHERE id = $1"
# Whatever of the other clients a page could name: ids of things, references of shops, the clients' own names.
OTHERS = """
WITH other AS (SELECT id, name FROM field.client WHERE affiliate_id = $1 AND name <> 'Lantern Books'),
     shop AS (SELECT s.id, s.public_ref FROM field.shop s WHERE s.client_id IN (SELECT id FROM other)),
     report AS (SELECT r.id FROM field.report r WHERE r.shop_id IN (SELECT id FROM shop))
SELECT 'client' AS what, id::text AS mark FROM other
UNION ALL SELECT 'client name', name FROM other
UNION ALL SELECT 'shop', id::text FROM shop
UNION ALL SELECT 'reference', public_ref FROM shop
UNION ALL SELECT 'report', id::text FROM report
UNION ALL SELECT 'campaign', id::text FROM field.campaign WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'location', id::text FROM field.location WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'study', id::text FROM field.study WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'import', id::text FROM identity.contact_import WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'contact', id::text FROM identity.contact WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'appeal', id::text FROM release.appeal WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'wish', id::text FROM release.reshoot_wish WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'released', report_ref::text FROM release.shop_report WHERE client_id IN (SELECT id FROM other)
UNION ALL SELECT 'picture', id::text FROM field.evidence WHERE report_id IN (SELECT id FROM report)
UNION ALL SELECT 'thread', id::text FROM identity.thread WHERE shop_id IN (SELECT id FROM shop)
UNION ALL SELECT 'application', id::text FROM identity.application WHERE shop_id IN (SELECT id FROM shop)
UNION ALL SELECT 'mark', id::text FROM identity.mark WHERE shop_id IN (SELECT id FROM shop)
UNION ALL SELECT 'extension', id::text FROM identity.extension WHERE shop_id IN (SELECT id FROM shop)
"""


@dataclass(frozen=True, slots=True)
class Limited:
    """Somebody of ours who works for Lantern Books alone, and for nobody of whom anything else here is about."""

    role: str
    browser: Browser
    routes: list[Route]


@pytest.fixture(params=ROLES)
async def limited(crossing: Crossing, request: pytest.FixtureRequest) -> AsyncIterator[Limited]:
    """One of each role that can be limited, with every route that is open to it."""
    site, affiliate_id = crossing.site, crossing.ours.ids["affiliate_id"]
    address = f"{uuid4().hex}@limited.example"
    account_id = await staff_account(crossing.ours.stage, affiliate_id, address, AccountRole(request.param))
    await site.superuser.execute(LIMIT, account_id, affiliate_id)
    browser = await site.with_session(affiliate_id, account_id)
    routes = [
        route
        for route in routes_of(site.front)
        if route.access.plane is Plane.STAFF and request.param in route.access.roles
    ]
    yield Limited(request.param, browser, routes)
    await site.superuser.execute("DELETE FROM ops.session WHERE id_hash = $1", browser.session_hash)


async def test_another_clients_id_is_answered_as_one_that_nobody_has(
    crossing: Crossing, limited: Limited, superuser: asyncpg.Connection
) -> None:
    nobodys = {name: uuid4() for name in crossing.ours.ids}
    before = without_sessions(await fingerprints(superuser))
    named = of_a_client(limited.routes)
    assert len(named) > 20, "hardly a route is asked: it proves nothing"
    for route in named:
        company = {known: crossing.ours.ids[known] for name in OF_THE_COMPANY for known in IDS[name]
                   if known in crossing.ours.ids}  # fmt: skip
        for url, made_up in zip(route.urls(crossing.ours.ids), route.urls(nobodys | company), strict=True):
            for manner in MANNERS:
                anothers = await ask(limited.browser, route, url, manner)
                assert anothers.status_code == 404, (route.method, url, manner)
                nothing = await ask(limited.browser, route, made_up, manner)
                assert without_ids(anothers, crossing.ours.ids) == without_ids(nothing, nobodys | company), url
    assert without_sessions(await fingerprints(superuser)) == before


async def test_the_same_addresses_open_once_the_limit_is_lifted(crossing: Crossing, limited: Limited) -> None:
    await crossing.site.superuser.execute(FREE, limited.browser.account_id)
    for route in of_a_client(limited.routes):
        if route.method == "GET" and route.template not in NOT_BY_IDS_ALONE:
            answers = [await opens(limited.browser, url) for url in route.urls(crossing.ours.ids)]
            assert any(answers), route.template


Look = Callable[[bytes], set[str]]


@pytest.fixture
async def others_in(crossing: Crossing, superuser: asyncpg.Connection) -> Look:
    """What of the other clients stands in an answer."""
    rows = await superuser.fetch(OTHERS, crossing.ours.ids["affiliate_id"])
    marks = {row["mark"].encode(): row["what"] for row in rows}
    assert len(set(marks.values())) > 14, "there is little to be found: it proves nothing"
    return lambda content: {f"{what} {mark.decode()}" for mark, what in marks.items() if mark in content}


async def test_no_list_count_search_or_file_tells_of_the_other_clients(
    crossing: Crossing, limited: Limited, others_in: Look
) -> None:
    found = await crawl(limited.browser, limited.routes, crossing.ours.ids, others_in)
    assert len(found) > 40, "the crawl did not get far: it proves nothing"
    assert beside_the_address(found) == {}


async def test_the_same_lists_tell_of_them_once_the_limit_is_lifted(
    crossing: Crossing, limited: Limited, others_in: Look
) -> None:
    await crossing.site.superuser.execute(FREE, limited.browser.account_id)
    lists = [route.template for route in limited.routes if route.method == "GET" and not route.parameters]
    seen = set().union(*[others_in(everything_in(await limited.browser.get(url))) for url in lists])
    assert {mark.partition(" ")[0] for mark in seen} >= {"client", "reference", "shop"}


async def test_a_search_for_leaks_looks_with_nobodys_eyes_who_sees_but_a_part(
    crossing: Crossing, limited: Limited
) -> None:
    async def is_taken() -> bool:
        async with transaction(Role.WORKER) as here:
            return account_id in [row["id"] for row in await sought.people(here, crossing.ours.ids["affiliate_id"])]

    account_id = limited.browser.account_id
    assert not await is_taken()
    await crossing.site.superuser.execute(FREE, account_id)
    assert await is_taken() == (limited.role != "scheduler"), "schedulers read no report"


def of_a_client(routes: list[Route]) -> list[Route]:
    """The routes that name something of a client's."""
    return [
        route
        for route in routes
        if any(kind == "uuid" and name not in OF_THE_COMPANY for name, kind in route.parameters)
    ]


def beside_the_address(found: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What was found that the address itself had not named."""
    told = {url: {each for each in marks if each.partition(" ")[2] not in url} for url, marks in found.items()}
    return {url: marks for url, marks in told.items() if marks}
