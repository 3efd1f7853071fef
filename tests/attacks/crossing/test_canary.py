"""The canary crawl: one person with a token in every field, and everybody else looking for it."""

import re
from io import BytesIO
from pathlib import Path

import asyncpg
import pytest

from survey.accounts.domain import AccountRole
from survey.web.guards import Plane

from .addresses import Route, routes_of
from .affiliates import letters
from .canary import CANARY, LINK, MEMBER, SPOILT, WORDS, hidden_in, marks_in, written_to
from .crawling import crawl, everything_in
from .world import Crossing, rows_of

STRANGERS = (
    *("nobody", "provider", "client-hq", "client-store", "other-client", "other-affiliate-client"),
    *("other-affiliate-admin", "other-manager", "other-scheduler", "other-editor", "other-payroll", "other-shopper"),
    *(COLLEAGUES := ("scheduler", "editor", "payroll", "shopper")),
)
STAFF = ("affiliate-admin", "manager")
CONTACT = marks_in(" ".join(CANARY.row()).encode())
PANELIST = marks_in(f"{MEMBER.email} {MEMBER.first_name}".encode())
REFUSED_ROW = marks_in(" ".join(SPOILT.row()).encode())
SAID = marks_in(" ".join(WORDS.values()).encode())
EVERYTHING = CONTACT | PANELIST | REFUSED_ROW | SAID
# Where staff of the affiliate itself read somebody by opening a page: what they may find there, and what records it.
READ_BY_STAFF = {
    r"/imports/[^/]+(/problems)?": (REFUSED_ROW, "contact_import.report"),
    r"/studies/[^/]+/log/[^/]+": (CONTACT, "contact.read"),
}
ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.]+")


@pytest.fixture(scope="module")
def routes(crossing: Crossing) -> list[Route]:
    """Every route of the site."""
    return routes_of(crossing.site.front)


def test_nobody_is_left_out(crossing: Crossing) -> None:
    assert {*STRANGERS, *STAFF} == {"nobody", *crossing.accounts}
    assert {role.value.replace("_", "-") for role in AccountRole} - {*STRANGERS, *STAFF} == {"client-viewer"}


@pytest.mark.parametrize("who", STRANGERS)
async def test_nobody_else_finds_the_person_on_any_page_or_in_any_file(
    crossing: Crossing, routes: list[Route], who: str
) -> None:
    found = await crawl(await crossing.browser(who), routes, crossing.ours.ids)
    assert len(found) > 100, "the crawl did not get far: it proves nothing"
    assert {url: marks for url, marks in found.items() if marks} == {}


async def test_who_was_asked_and_who_joined_like_the_person_find_nothing_behind_their_own_links(
    crossing: Crossing,
) -> None:
    letters_of_others = (f"{crossing.ours.name}1@{crossing.ours.name}.example", "member@harbour.example")
    paths = [
        path for to in letters_of_others for text in written_to(crossing.ours.stage, to) for path in LINK.findall(text)
    ]
    found = await crawl(await crossing.browser("nobody"), (), {}, also=paths)
    assert {url.split("/")[1] for url in found} >= {"s", "o", "membership"}
    assert {url: marks for url, marks in found.items() if marks} == {}


@pytest.mark.parametrize("who", STAFF)
async def test_staff_find_the_person_only_where_reading_is_meant_and_each_look_is_recorded(
    crossing: Crossing, routes: list[Route], superuser: asyncpg.Connection, who: str
) -> None:
    found = await crawl(await crossing.browser(who), routes, crossing.ours.ids)
    remaining = {url.partition("?")[0]: marks for url, marks in found.items() if marks}
    account_id = crossing.accounts[who]
    rows = await superuser.fetch("SELECT DISTINCT action FROM ledger.event WHERE actor_id = $1", account_id)
    recorded = {row["action"] for row in rows}
    for pattern, (meant, action) in READ_BY_STAFF.items():
        here = {url: marks for url, marks in remaining.items() if re.fullmatch(pattern, url)}
        assert here, f"nothing to be read at {pattern}: the crawl proves nothing"
        assert set().union(*here.values()) <= meant
        assert action in recorded
        remaining = {url: marks for url, marks in remaining.items() if url not in here}
    assert remaining == {}


async def test_a_contact_is_opened_for_a_purpose_that_is_recorded(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    manager, contact_id = await crossing.browser("manager"), crossing.ours.ids["contact_id"]
    closed = await manager.get(f"/contacts/{contact_id}")
    opened = await manager.submit(f"/contacts/{contact_id}", {"purpose": "request"})
    assert marks_in(everything_in(closed)) == set()
    assert marks_in(everything_in(opened)) == CONTACT, opened.text
    purpose = await superuser.fetchval(
        "SELECT purpose FROM ledger.event WHERE action = 'contact.read' AND actor_id = $1 AND subject_id = $2"
        " AND purpose IS NOT NULL",
        manager.account_id,
        contact_id,
    )
    assert purpose


async def test_a_member_is_opened_for_a_purpose_that_is_recorded(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    manager, ids = await crossing.browser("manager"), crossing.ours.ids
    page = f"/panels/{ids['panel_id']}/members/{ids['member_id']}"
    closed, opened = await manager.get(page), await manager.submit(page, {"purpose": "request"})
    assert marks_in(everything_in(closed)) == set()
    assert marks_in(everything_in(opened)) == PANELIST
    query = "SELECT purpose FROM ledger.event WHERE action = 'panelist.read' AND actor_id = $1 AND subject_id = $2"
    assert await superuser.fetchval(query, manager.account_id, ids["member_id"]) == "request"


async def test_a_list_with_the_person_leaves_for_a_purpose_that_is_recorded(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    manager, ids = await crossing.browser("manager"), crossing.ours.ids
    url = f"/clients/{ids['client_id']}/contacts/export"
    refused, sent = await manager.get(url), await manager.get(f"{url}?purpose=authority")
    assert marks_in(everything_in(refused)) == set()
    assert marks_in(everything_in(sent)) == CONTACT
    query = "SELECT purpose FROM ledger.event WHERE actor_id = $1 AND subject_id = $2 AND purpose = 'authority'"
    assert await superuser.fetchval(query, manager.account_id, ids["contact_id"])


@pytest.mark.parametrize("who", STRANGERS)
async def test_nobody_else_gets_the_person_by_sending_a_form(crossing: Crossing, routes: list[Route], who: str) -> None:
    browser = await crossing.browser(who)
    sent = [route for route in routes if route.method == "POST" and route.access.plane is Plane.STAFF]
    for route in sent:
        for url in route.urls(crossing.ours.ids) if route.has_ids else ():
            answer = await browser.post(url, {"purpose": "request", "address": CANARY.email})
            # Colleagues have work of their own there, of which the empty form is no good piece.
            assert answer.status_code in {303, 403, 404, *((409, 422) if who in COLLEAGUES else ())}, url
            assert marks_in(everything_in(answer)) == set(), url


async def test_mail_about_the_person_goes_to_the_person_alone(crossing: Crossing) -> None:
    meant = {CANARY.email: CONTACT, MEMBER.email: PANELIST}
    for to, text in letters(crossing.ours.stage):
        assert marks_in(text.encode()) <= meant.get(to, set()), to
    assert all(marks_in(written_to(crossing.ours.stage, to)[0].encode()) for to in meant)


async def test_a_dump_of_the_database_holds_no_token(crossing: Crossing, superuser: asyncpg.Connection) -> None:
    dump = await rows_of(superuser)
    assert b"October visits" in dump["field.study"], "the dump holds no plain text at all: it proves nothing"
    for table, rows in dump.items():
        assert marks_in(rows) | hidden_in(rows) == set(), table


@pytest.mark.parametrize("written", ["{}::text", "convert_to({}, 'UTF8')", "encode(convert_to({}, 'UTF8'), 'base64')"])
async def test_a_token_that_somebody_did_store_would_be_found_in_the_dump(
    superuser: asyncpg.Connection, written: str
) -> None:
    # Asked for and not stored: even what is dropped again stays in the database's files, where the next test looks.
    text, copied = f"'a note: {CANARY.note.upper()}'", BytesIO()
    await superuser.copy_from_query(f"SELECT {written.format(text)}", output=copied)
    rows = copied.getvalue()
    assert marks_in(rows) | hidden_in(rows) == marks_in(CANARY.note.encode())


async def test_files_that_the_product_keeps_hold_no_token(crossing: Crossing, reachable_folder: Path) -> None:
    kept = [path for path in reachable_folder.rglob("*") if path.is_file() and "mailbox" not in path.parts]
    assert any(path.is_relative_to(crossing.site.settings.data_path) for path in kept), "no file was kept at all"
    for path in kept:
        assert not marks_in(path.read_bytes()) & EVERYTHING, path


async def test_the_log_of_the_whole_way_holds_no_token_no_address_and_no_link(crossing: Crossing) -> None:
    log = crossing.logged.getvalue()
    assert log.count(b"\n") > 100, "hardly anything was logged: it proves nothing"
    assert marks_in(log) == set()
    assert ADDRESS.findall(log) == []
    for text in [*written_to(crossing.ours.stage, CANARY.email), *written_to(crossing.ours.stage, MEMBER.email)]:
        for path in LINK.findall(text):
            token = path.rsplit("/", 1)[-1]
            assert len(token) < 20 or token.encode() not in log
