"""The canary crawl: one person with a token in every field, and everybody else looking for it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import asyncpg
import pytest

from survey.accounts.domain import AccountRole
from survey.shoppers.domain import PURPOSES
from survey.web.guards import Plane
from tests.recordings import sound
from tests.web_client import BASE_URL

from .addresses import Route, chosen_for, routes_of
from .affiliates import letters
from .canary import CANARY, LINK, MEMBER, SHOPPER, SPOILT, WORDS, found_in, hidden_in, marks_in, written_to
from .copying import PASSWORD
from .crawling import crawl, everything_in
from .papers import beside_pixels
from .reporting import photograph
from .showing import face_of
from .world import Crossing, rows_of

STRANGERS = (
    *("nobody", "provider", "client-hq", "client-store", "other-client", "other-affiliate-client"),
    *("other-affiliate-admin", "other-manager", "other-scheduler", "other-editor", "other-payroll", "other-shopper"),
    *(COLLEAGUES := ("scheduler", "editor", "payroll", "shopper")),
)
STAFF = ("affiliate-admin", "manager")
VIEWERS = ("client-hq", "client-store")
CONTACT = marks_in(" ".join(CANARY.row()).encode())
PANELIST = marks_in(f"{MEMBER.email} {MEMBER.first_name}".encode())
REFUSED_ROW = marks_in(" ".join(SPOILT.row()).encode())
SAID = marks_in(" ".join(WORDS.values()).encode())
HOME = SHOPPER.typed.address
PERSON = marks_in(
    f"{SHOPPER.typed.email} {SHOPPER.typed.name} {SHOPPER.typed.phone}"
    f" {HOME.street} {HOME.city} {HOME.postal_code}".encode()
)
MONEY = marks_in(f"{SHOPPER.payout.handle} {SHOPPER.tax_number}".encode())
REPORTED = marks_in(" ".join([*SHOPPER.told.values(), SHOPPER.remark, SHOPPER.advice]).encode())
SHARED = marks_in(SHOPPER.shared.encode())
GRADED = marks_in(f"{SHOPPER.coaching} {SHOPPER.asked}".encode())
OBJECTED = marks_in(SHOPPER.objection.encode())
WRITTEN = marks_in(f"{SHOPPER.plea} {SHOPPER.wish} {SHOPPER.question}".encode())
PAPER = marks_in(SHOPPER.paper.encode())
CONFIDED = marks_in(SHOPPER.confided.encode())
FACE = {"zqxface"}
CAMERA = {"zqxexif", "zqxgps"}
SHOPPERS = PERSON | MONEY | REPORTED | SHARED | GRADED | OBJECTED | WRITTEN | CAMERA | PAPER | CONFIDED | FACE
EVERYTHING = CONTACT | PANELIST | REFUSED_ROW | SAID | SHOPPERS
EDITORS = ("affiliate-admin", "manager", "editor")
SCHEDULERS = ("affiliate-admin", "manager", "scheduler")


@dataclass(frozen=True, slots=True)
class Reading:
    """Where somebody reads the person by opening a page: who, what they may find there, and what records it."""

    pattern: str
    who: tuple[str, ...]
    meant: set[str]
    action: str = ""


READINGS = (
    Reading(r"/imports/[^/]+(/problems)?", STAFF, REFUSED_ROW, "contact_import.report"),
    Reading(r"/studies/[^/]+/log/[^/]+", STAFF, CONTACT, "contact.read"),
    Reading(
        r"/reviews/[^/]+(/(answers|texts|approve|reject|exclude|reopen).*)?",
        EDITORS,
        REPORTED | SHARED | GRADED,
        "report.read",
    ),
    Reading(r"/reviews/[^/]+/contest", EDITORS, OBJECTED, "contest.read"),
    Reading(r"/shoppers/[^/]+/grades", SCHEDULERS, GRADED, "grades.read"),
    Reading(r"/shoppers/[^/]+/conflicts/[^/]+", SCHEDULERS, CONFIDED, "shopper.conflict.read"),
    Reading(r"/messages/[^/]+", SCHEDULERS, WRITTEN, "thread.read"),
    Reading(r"/appeals/[^/]+(/change)?", EDITORS, SHARED | GRADED, "report.read"),
    Reading(r"/releases/[^/]+", EDITORS, REPORTED | SHARED, "report.read"),
    Reading(r"/promises/proof/twin/[^/]+", EDITORS, SHARED, "report.read"),
    Reading(r"/shops/extensions/[^/]+", SCHEDULERS, WRITTEN, "extension.read"),
    Reading(r"/shoppers/documents/[^/]+/file", SCHEDULERS, PAPER, "document.read"),
    # Of the released report a client reads its words, and of the person nothing.
    Reading(r"/portal/shops/[^/]+(/files/[^/]+)?", VIEWERS, SHARED),
    # The person's own pages: all of it but what is sealed for good.
    Reading(r"/(shopper|account)(/.*)?", ("shopper",), SHOPPERS - CAMERA),
)
# A time of its own for each page that is opened to see what is recorded of it: within a minute a look is the same.
MINUTES = (timedelta(minutes=number) for number in count(2, step=2))
CALENDAR = re.compile(rf"(?:{BASE_URL})?(/(?:calendar|my-shops)/[\w.-]+)")
ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.]+")

# What a button opens, and what records that it was pressed.
OPENED = Reading(r"/shops/applications/[^/]+/note", SCHEDULERS, WRITTEN, "application.read")


@pytest.fixture(scope="module")
def routes(crossing: Crossing) -> list[Route]:
    """Every route of the site."""
    return routes_of(crossing.site.front)


def test_nobody_is_left_out(crossing: Crossing) -> None:
    assert {*STRANGERS, *STAFF} == {"nobody", *crossing.accounts}
    assert {role.value.replace("_", "-") for role in AccountRole} - {*STRANGERS, *STAFF} == {"client-viewer"}


@pytest.mark.parametrize("who", STRANGERS)
async def test_nobody_else_finds_the_person_on_any_page_or_in_any_file(
    crossing: Crossing, routes: list[Route], superuser: asyncpg.Connection, who: str
) -> None:
    found = await crawl(await crossing.browser(who), routes, crossing.ours.ids)
    assert len(found) > 100, "the crawl did not get far: it proves nothing"
    await only_where_it_is_meant(crossing, who, found, superuser)


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
    await only_where_it_is_meant(crossing, who, found, superuser)


async def only_where_it_is_meant(
    crossing: Crossing, who: str, found: Mapping[str, set[str]], superuser: asyncpg.Connection
) -> None:
    """Fails where a page shows somebody more of the person than it may, nothing at all, or keeps no record of it."""
    remaining = {url: marks for url, marks in found.items() if marks}
    for reading in (one for one in READINGS if who in one.who):
        here = {url: marks for url, marks in remaining.items() if re.fullmatch(reading.pattern, url.partition("?")[0])}
        assert here, f"nothing to be read at {reading.pattern}: the crawl proves nothing"
        assert {url: marks - reading.meant for url, marks in here.items() if marks - reading.meant} == {}
        assert reading.action or who in (*VIEWERS, "shopper"), f"nobody could say who has read {reading.pattern}"
        for url in here if reading.action else ():
            assert reading.action in await recorded_of(crossing, superuser, who, url), url
        remaining = {url: marks for url, marks in remaining.items() if url not in here}
    assert remaining == {}


async def recorded_of(crossing: Crossing, superuser: asyncpg.Connection, who: str, url: str) -> set[str]:
    """What is recorded where somebody opens one page, some minutes after whatever was opened before."""
    clock, before = crossing.site.clock, crossing.site.clock.now
    query = "SELECT action FROM ledger.event WHERE actor_id = $1 AND at = $2"
    clock.now = before + next(MINUTES)
    try:
        browser = await crossing.browser(who)
        await browser.get(url)
        return {row["action"] for row in await superuser.fetch(query, browser.account_id, clock.now)}
    finally:
        clock.now = before


async def test_every_page_that_is_a_picture_or_a_recording_records_who_looked(
    crossing: Crossing, routes: list[Route], superuser: asyncpg.Connection
) -> None:
    browser, shown = await crossing.browser("affiliate-admin"), {"image": list[str](), "audio": list[str]()}
    for route in routes:
        for url in route.urls(crossing.ours.ids) if _is_for_staff(route) else ():
            answer = await browser.get(url)
            kind = answer.headers.get("content-type", "").partition("/")[0]
            if kind in shown:
                shown[kind].append(url)
    assert all(shown.values()), "no picture or no recording was shown: it proves nothing"
    for kind, action in (("image", "picture.read"), ("audio", "recording.read")):
        for url in shown[kind]:
            assert action in await recorded_of(crossing, superuser, "affiliate-admin", url), url


def _is_for_staff(route: Route) -> bool:
    return route.method == "GET" and route.access.plane is Plane.STAFF and route.has_ids


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


async def test_a_shopper_is_opened_for_a_purpose_that_is_recorded(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    manager, page = await crossing.browser("manager"), f"/shoppers/{crossing.ours.ids['shopper_id']}"
    closed, opened = await manager.get(page), await manager.submit(page, {"purpose": next(iter(PURPOSES))})
    assert marks_in(everything_in(closed)) == set()
    assert marks_in(everything_in(opened)) == PERSON | CONFIDED | FACE, opened.text
    query = "SELECT DISTINCT action FROM ledger.event WHERE actor_id = $1 AND subject_id = $2 AND purpose IS NOT NULL"
    rows = await superuser.fetch(query, manager.account_id, crossing.ours.ids["shopper_id"])
    assert {row["action"] for row in rows} >= {"shopper.read", "shopper.photo_read", "shopper.fields_read"}


async def test_a_photo_has_an_address_for_its_owner_alone_and_loses_who_took_it(crossing: Crossing) -> None:
    own = await (await crossing.browser("shopper")).get("/shopper/profile/photo/file")
    assert own.headers["content-type"] == "image/jpeg"
    assert marks_in(everything_in(own)) == FACE
    assert marks_in(beside_pixels(face_of(SHOPPER))) == FACE | CAMERA, "nothing would be found: it proves nothing"
    for who in (*STRANGERS, *STAFF):
        if who != "shopper":
            other = await (await crossing.browser(who)).get("/shopper/profile/photo/file")
            assert marks_in(everything_in(other)) == set(), who


async def test_the_persons_copy_holds_all_that_is_theirs_and_opens_for_nobody_else(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    url, asked = f"/shopper/data/{crossing.ours.ids['shopper_id']}/copy", {"password": PASSWORD}
    for who in (*STRANGERS, *STAFF):
        if who != "shopper":
            other = await (await crossing.browser(who)).post(url, asked)
            assert (other.status_code in {303, 403, 404}, marks_in(everything_in(other))) == (True, set()), who
    sent = await (await crossing.browser("shopper")).post(url, asked)
    assert sent.status_code == 200, sent.text
    with ZipFile(BytesIO(sent.content)) as files:
        pictures = [files.read(name) for name in files.namelist() if name.endswith(".jpg")]
    found = marks_in(everything_in(sent)).union(*(marks_in(beside_pixels(picture)) for picture in pictures))
    # Of accounts and numbers only the last characters; what a camera writes was cut away when the picture came, and a
    # note that an editor has not sent is not finished.
    assert found == SHOPPERS - MONEY - CAMERA - marks_in(SHOPPER.advice.encode())
    query = "SELECT purpose FROM ledger.event WHERE action = 'copy.read' AND subject_id = $1"
    assert await superuser.fetchval(query, crossing.ours.ids["shopper_id"]) == "your own copy"


async def test_a_neighbours_copy_and_one_at_another_company_hold_nothing_of_the_person(crossing: Crossing) -> None:
    url = f"/shopper/data/{crossing.theirs.ids['shopper_id']}/copy"
    sent = await (await crossing.browser("other-shopper")).post(url, {"password": PASSWORD})
    assert sent.content[:2] == b"PK"
    assert b"Ada Quillfeather" in everything_in(sent), "the copy is empty: it proves nothing"
    assert marks_in(everything_in(sent)) == set()


async def test_a_document_leaves_as_a_file_that_may_run_nothing(crossing: Crossing) -> None:
    there = f"/shoppers/documents/{crossing.ours.ids['document_id']}"
    scheduler = await crossing.browser("scheduler")
    page, sent = await scheduler.get(there), await scheduler.get(f"{there}/file")
    assert marks_in(everything_in(page)) == set()
    assert marks_in(everything_in(sent)) == PAPER
    assert sent.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in sent.headers["content-security-policy"]


async def test_what_an_applicant_writes_is_opened_by_a_button_that_is_recorded(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    manager = await crossing.browser("manager")
    opened = await manager.post(f"/shops/applications/{crossing.ours.ids['application_id']}/note")
    assert marks_in(everything_in(opened)) == marks_in(SHOPPER.plea.encode())
    query = "SELECT count(*) FROM ledger.event WHERE action = $2 AND actor_id = $1"
    assert await superuser.fetchval(query, manager.account_id, OPENED.action) == 1


async def test_where_money_goes_leaves_for_the_bank_and_is_recorded(
    crossing: Crossing, superuser: asyncpg.Connection
) -> None:
    payroll = await crossing.browser("payroll")
    sent = await payroll.post(f"/pay/batches/{crossing.ours.ids['batch_id']}/export/csv")
    assert sent.status_code == 200
    assert marks_in(everything_in(sent)) - marks_in(SHOPPER.typed.name.encode()) == marks_in(
        SHOPPER.payout.handle.encode()
    )
    query = "SELECT count(*) FROM ledger.event WHERE action = 'shopper.payout_read' AND actor_id = $1"
    assert await superuser.fetchval(query, payroll.account_id) == 1


async def test_the_statement_names_the_shopper_to_the_shopper_alone(crossing: Crossing) -> None:
    """That the words of a PDF can be read at all, without which no crawl of PDFs proves anything."""
    payroll, paid = await crossing.browser("payroll"), {"paid_on": crossing.site.clock.now.date().isoformat()}
    settled = await payroll.post(f"/pay/batches/{crossing.ours.ids['batch_id']}/settle", paid)
    assert settled.status_code == 303, settled.text
    year = crossing.site.clock.now.year
    own = await (await crossing.browser("shopper")).get(f"/shopper/pay/{year}/statement")
    assert own.content.startswith(b"%PDF-")
    assert marks_in(own.content) == set()
    assert marks_in(everything_in(own)) == marks_in(SHOPPER.typed.name.encode())
    other = await (await crossing.browser("other-shopper")).get(f"/shopper/pay/{year}/statement")
    assert marks_in(everything_in(other)) == set()


@pytest.mark.parametrize(("who", "page"), [("scheduler", "/shops/calendar"), ("shopper", "/shopper/calendar")])
async def test_a_calendar_behind_its_secret_address_names_nobody(crossing: Crossing, who: str, page: str) -> None:
    owner = await crossing.browser(who)
    await owner.post(page)
    address = found_in(CALENDAR, (await owner.get(page)).text)
    feed = await (await crossing.browser("nobody")).get(address)
    assert (feed.status_code, feed.content.count(b"BEGIN:VEVENT") > 0) == (200, True), feed.text
    assert marks_in(everything_in(feed)) == set()


async def test_a_picture_loses_who_took_it_and_where(crossing: Crossing) -> None:
    ids, seen = crossing.ours.ids, []
    for who, url in (
        ("shopper", f"/shopper/shops/{ids['reviewed_id']}/report/evidence/{ids['proof_id']}"),
        ("editor", f"/reviews/{ids['reviewed_id']}/pictures/{ids['proof_id']}/file"),
        ("client-hq", f"/portal/shops/{ids['report_ref']}/pictures/{ids['shown_id']}"),
    ):
        answer = await (await crossing.browser(who)).get(url)
        assert answer.headers["content-type"] == "image/jpeg", url
        assert marks_in(everything_in(answer)) == set(), url
        seen.append(len(answer.content))
    assert min(seen) > 1000
    assert marks_in(beside_pixels(photograph(SHOPPER.exif))) == CAMERA, "nothing would be found: it proves nothing"


async def test_a_recording_loses_who_made_it_and_where_and_no_client_hears_one(crossing: Crossing) -> None:
    ids = crossing.ours.ids
    for who, url in (
        ("shopper", f"/shopper/shops/{ids['reviewed_id']}/report/recordings/{ids['heard_id']}/file"),
        ("editor", f"/reviews/{ids['reviewed_id']}/recordings/{ids['heard_id']}/file"),
    ):
        answer = await (await crossing.browser(who)).get(url)
        assert (answer.headers["content-type"], answer.content[:4]) == ("audio/ogg", b"OggS"), url
        assert marks_in(everything_in(answer)) == set(), url
        assert (await (await crossing.browser("client-hq")).get(url)).status_code in {403, 404}
    assert marks_in(sound(title=SHOPPER.exif)) & CAMERA, "nothing would be found: it proves nothing"


@pytest.mark.parametrize("who", STRANGERS)
async def test_nobody_else_gets_the_person_by_sending_a_form(crossing: Crossing, routes: list[Route], who: str) -> None:
    browser = await crossing.browser(who)
    sent = [route for route in routes if route.method == "POST" and route.access.plane is Plane.STAFF]
    for route in sent:
        # A colleague may take things away, which the next test still needs; whoever takes away is shown nothing.
        if who in COLLEAGUES and route.template.endswith("/remove"):
            continue
        for url in route.urls(crossing.ours.ids) if route.has_ids else ():
            answer = await browser.post(url, {"purpose": "request", "address": CANARY.email} | chosen_for(route))
            # Colleagues have work of their own there, of which the empty form is no good piece.
            assert answer.status_code in {303, 403, 404, *((200, 409, 422) if who in COLLEAGUES else ())}, url
            meant = (one.meant for one in (*READINGS, OPENED) if who in one.who and re.fullmatch(one.pattern, url))
            assert marks_in(everything_in(answer)) <= set().union(*meant), url


async def test_mail_about_the_person_goes_to_the_person_alone(crossing: Crossing) -> None:
    meant = {CANARY.email: CONTACT, MEMBER.email: PANELIST, SHOPPER.typed.email: PERSON}
    for to, text in letters(crossing.ours.stage):
        assert marks_in(text.encode()) <= meant.get(to, set()), to
    assert all(marks_in(written_to(crossing.ours.stage, to)[0].encode()) for to in meant)


async def test_a_dump_of_the_database_holds_no_token(crossing: Crossing, superuser: asyncpg.Connection) -> None:
    dump = await rows_of(superuser)
    assert b"October visits" in dump["field.study"], "the dump holds no plain text at all: it proves nothing"
    for table, rows in dump.items():
        # The words that have left for the client lie in the plane that only clients read.
        left = SHARED if table == "release.shop_report" else set()
        assert (marks_in(rows) | hidden_in(rows)) - left == set(), table
    assert marks_in(dump["release.shop_report"]) == SHARED


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
        with suppress(FileNotFoundError):  # PostgreSQL makes some of its files anew at any time
            assert not marks_in(path.read_bytes()) & EVERYTHING, path
    # Of a photo there are no words: under seal it is no picture, to whoever gets at the store.
    sealed = [path for path in kept if {"portraits", "documents", "copies"} & set(path.parts)]
    assert len(sealed) >= 6, "nothing was kept of what shoppers show: it proves nothing"
    assert [path for path in sealed if path.read_bytes()[:4] in {b"\xff\xd8\xff\xe0", b"%PDF", b"PK\x03\x04"}] == []


async def test_the_log_of_the_whole_way_holds_no_token_no_address_and_no_link(crossing: Crossing) -> None:
    log = crossing.logged.getvalue()
    assert log.count(b"\n") > 100, "hardly anything was logged: it proves nothing"
    assert marks_in(log) == set()
    assert ADDRESS.findall(log) == []
    for text in [*written_to(crossing.ours.stage, CANARY.email), *written_to(crossing.ours.stage, MEMBER.email)]:
        for path in LINK.findall(text):
            token = path.rsplit("/", 1)[-1]
            assert len(token) < 20 or token.encode() not in log
