"""Documents for qualifications: sent, looked at on record, decided once, and gone soon after."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from survey.db import Database, NotFound, Role, transaction
from survey.media import media_of
from survey.queue import JobContext
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import KEPT_DAYS, LONGEST_WAIT_DAYS, MOST_A_DAY, PDF_BYTES, QualificationKind, months_later
from survey.shoppers.jobs import purge_documents
from tests.conftest import NOW, World
from tests.survey.shops.fieldwork.conftest import photo
from tests.web_client import Browser, Site

from .conftest import Post, Registered, a_kind, actions, files_to_remove, registered, restrict

PAGES = "/shopper/profile/qualifications"
QUEUE = "/shoppers/documents"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nforklift licence of Ada\ntrailer << >>\n%%EOF\n"
REFUSED = {
    "a page": (b"<html><script>alert(1)</script></html>", "is no photo"),
    "a program": (b"MZ\x90\x00" + b"\0" * 200, "is no photo"),
    "a PDF that is cut off": (PDF[:40], "damaged or cut off"),
    "a page behind a PDF": (PDF + b"<script>alert(1)</script>", "damaged or cut off"),
    "a locked PDF": (PDF.replace(b"/Catalog", b"/Catalog /Encrypt 5 0 R"), "locked with a password"),
    "a PDF with a script": (PDF.replace(b"/Catalog", b"/Catalog /JavaScript (x)"), "scripts or other files"),
    "a PDF that brings a file": (PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFile"), "scripts or other files"),
    "a large PDF": (PDF[:20] + b"\0" * PDF_BYTES + PDF[20:], "larger than 10 MB"),
    "a GIF": (photo(form="GIF"), "is no photo"),
    "nothing": (b"", "is empty"),
}


@pytest.fixture
async def licence(world: World) -> QualificationKind:
    """What alice's shoppers show a document for."""
    fields: dict[str, Any] = {"takes_documents": True, "instructions": "Both sides.", "valid_months": 12}
    kind = a_kind("forklift", "Forklift licence", **fields)
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.rules.add_qualification_kind(world.alices, kind, NOW)
    return kind


async def send(who: Registered, kind: QualificationKind, content: bytes = PDF, **fields: str) -> httpx.Response:
    """Choose a file and press the button."""
    files = {"document": ("licence.pdf", content, "application/pdf")}
    data = {"csrf": who.browser.csrf()} | fields
    return await who.browser.client.post(f"{PAGES}/{kind.id}", data=data, files=files)


async def sent(superuser: asyncpg.Connection, who: Registered) -> list[asyncpg.Record]:
    """The documents of somebody, in the order in which they were sent."""
    rows: list[asyncpg.Record] = await superuser.fetch(
        "SELECT id, state, format, media_key, purge_on, valid_until FROM identity.document WHERE shopper_id = $1"
        " ORDER BY sent_at, (state = 'waiting')",
        who.shopper_id,
    )
    return rows


async def the_document(superuser: asyncpg.Connection, who: Registered) -> UUID:
    """The id of the latest."""
    found: UUID = (await sent(superuser, who))[-1]["id"]
    return found


async def purge(settings: Settings, database: Database, days: int) -> None:
    """Let the night's work run so many days later."""
    await purge_documents.handler(JobContext(settings, database, lambda: NOW + timedelta(days=days)), {})


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_good_document_is_refused_with_what_to_do(
    ada: Registered, licence: QualificationKind, superuser: asyncpg.Connection, what: str
) -> None:
    content, words = REFUSED[what]
    answer = await send(ada, licence, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert await sent(superuser, ada) == []


async def test_a_day_that_is_over_and_a_missing_file_are_refused(ada: Registered, licence: QualificationKind) -> None:
    assert (await send(ada, licence, expires_on="2020-01-01")).status_code == 422
    assert (await ada.browser.post(f"{PAGES}/{licence.id}", {})).status_code == 422


async def test_nothing_is_sent_for_what_asks_for_no_document_or_is_anothers(
    ada: Registered, world: World, licence: QualificationKind
) -> None:
    by_hand, theirs = a_kind(), a_kind("diver", "Diver", takes_documents=True, instructions="The card.")
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.rules.add_qualification_kind(world.alices, by_hand, NOW)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        await service.rules.add_qualification_kind(world.charlies, theirs, NOW)
    for kind in (by_hand, theirs, a_kind("nobody")):
        assert (await send(ada, kind)).status_code == 404
        assert (await ada.browser.get(f"{PAGES}/{kind.id}")).status_code == 404


async def test_a_document_is_sealed_and_waits(
    ada: Registered, licence: QualificationKind, settings: Settings, superuser: asyncpg.Connection
) -> None:
    assert "Both sides." in (await ada.browser.get(f"{PAGES}/{licence.id}")).text
    assert (await send(ada, licence, expires_on="2027-05-01")).status_code == 303
    (row,) = await sent(superuser, ada)
    kept = await media_of(settings).read(row["media_key"], limit_bytes=PDF_BYTES)
    own = await ada.browser.get(f"/shopper/profile/documents/{row['id']}")
    assert (row["state"], row["format"], row["valid_until"]) == ("waiting", "pdf", date(2027, 5, 1))
    assert row["purge_on"] == NOW.date() + timedelta(days=LONGEST_WAIT_DAYS)
    assert b"forklift" not in kept
    assert own.content == PDF
    assert "Waits to be looked at" in (await ada.browser.get(PAGES)).text
    assert (await actions(superuser, ada.shopper_id))[-1] == "document.send"


async def test_a_photo_of_the_paper_is_made_anew(
    ada: Registered, licence: QualificationKind, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence, photo(form="PNG", size=(300, 200)) + b"<script>behind the end</script>")
    own = await ada.browser.get(f"/shopper/profile/documents/{await the_document(superuser, ada)}")
    assert own.headers["content-type"] == "image/jpeg"
    assert own.content.startswith(b"\xff\xd8")
    assert b"script" not in own.content


async def test_another_one_takes_the_place_of_one_that_waits(
    ada: Registered, licence: QualificationKind, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    (first,) = await sent(superuser, ada)
    await send(ada, licence)
    states = [(row["state"], row["media_key"] is None) for row in await sent(superuser, ada)]
    assert sorted(states) == [("waiting", False), ("withdrawn", True)]
    assert first["media_key"] in await files_to_remove(superuser)


async def test_nobody_sends_more_than_people_can_look_at(
    ada: Registered, licence: QualificationKind, superuser: asyncpg.Connection
) -> None:
    for _ in range(MOST_A_DAY):
        await send(ada, licence)
    answer = await send(ada, licence)
    assert (answer.status_code, "within a day" in answer.text) == (422, True)
    assert [row["state"] for row in await sent(superuser, ada)].count("waiting") == 1


async def test_what_is_taken_back_goes_at_once_and_leaves_the_queue(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    (row,) = await sent(superuser, ada)
    for _ in range(2):
        await ada.browser.post(f"/shopper/profile/documents/{row['id']}/withdraw")
    assert row["media_key"] in await files_to_remove(superuser)
    assert (await ada.browser.get(f"/shopper/profile/documents/{row['id']}")).status_code == 404
    assert str(row["id"]) not in (await scheduler.get(QUEUE)).text
    assert (await scheduler.get(f"{QUEUE}/{row['id']}")).status_code == 404
    assert list(await actions(superuser, ada.shopper_id)).count("document.withdraw") == 1


@pytest.mark.parametrize("role", ["editor", "payroll", "provider"])
async def test_who_schedules_nothing_sees_no_documents(
    ada: Registered, licence: QualificationKind, site: Site, world: World, superuser: asyncpg.Connection, role: str
) -> None:
    await send(ada, licence)
    there = f"{QUEUE}/{await the_document(superuser, ada)}"
    browser = await site.signed_in(world.alices.affiliate_id, role)
    for page in (QUEUE, there, f"{there}/file"):
        assert (await browser.get(page)).status_code == 403


async def test_another_affiliates_document_and_a_colleagues_are_ones_that_nobody_has(
    ada: Registered, licence: QualificationKind, site: Site, post: Post, world: World, door: str,
    superuser: asyncpg.Connection,
) -> None:  # fmt: skip
    await send(ada, licence)
    document_id = await the_document(superuser, ada)
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    colleague = await registered(site, post, world.alices, door)
    for page in (f"{QUEUE}/{document_id}", f"{QUEUE}/{document_id}/file"):
        assert (await stranger.get(page)).status_code == 404
    for act, fields in (("accept", {"is_lasting": "yes"}), ("decline", {"reason": "No."})):
        assert (await stranger.post(f"{QUEUE}/{document_id}/{act}", fields)).status_code == 404
    own = f"/shopper/profile/documents/{document_id}"
    assert (await colleague.browser.get(own)).status_code == 404
    assert (await colleague.browser.post(f"{own}/withdraw")).status_code == 404
    assert [row["state"] for row in await sent(superuser, ada)] == ["waiting"]


async def test_the_queue_and_the_page_name_nobody_and_open_nothing(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    for page in (QUEUE, f"{QUEUE}/{await the_document(superuser, ada)}"):
        text = (await scheduler.get(page)).text
        assert "Forklift licence" in text
        assert "Quillfeather" not in text
    assert "A document waits" in (await scheduler.get("/shoppers")).text
    assert "document.read" not in await actions(superuser, ada.shopper_id)


async def test_the_file_of_whoever_has_processing_restricted_stays_shut(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    page = f"{QUEUE}/{await the_document(superuser, ada)}"
    assert f"{page}/file" in (await scheduler.get(page)).text
    await restrict(ada)
    refused = await scheduler.get(f"{page}/file")
    assert (refused.status_code, "to answer them and to pay them" in refused.text) == (403, True)
    assert f"{page}/file" not in (await scheduler.get(page)).text
    assert "document.read" not in await actions(superuser, ada.shopper_id)


async def test_about_what_stays_shut_nobody_decides_and_it_waits_in_no_queue(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    page = f"{QUEUE}/{await the_document(superuser, ada)}"
    await restrict(ada)
    for act, fields in (("accept", {"is_lasting": "yes"}), ("decline", {"reason": "Blurred."})):
        refused = await scheduler.post(f"{page}/{act}", fields)
        assert (refused.status_code, "to answer them and to pay them" in refused.text) == (403, True)
    assert [row["state"] for row in await sent(superuser, ada)] == ["waiting"]
    text = (await scheduler.get(page)).text
    assert ("nothing is decided about it" in text, f"{page}/accept" in text, f"{page}/decline" in text) == (
        True, False, False
    )  # fmt: skip
    assert page not in (await scheduler.get(QUEUE)).text
    assert "A document waits" not in (await scheduler.get("/shoppers")).text


async def test_what_stayed_shut_waits_again_once_the_restriction_has_ended(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    page = f"{QUEUE}/{await the_document(superuser, ada)}"
    await restrict(ada)
    await superuser.execute("UPDATE identity.restriction SET ended_at = $2 WHERE shopper_id = $1", ada.shopper_id, NOW)
    assert page in (await scheduler.get(QUEUE)).text
    assert "A document waits" in (await scheduler.get("/shoppers")).text
    assert (await scheduler.post(f"{page}/accept", {"is_lasting": "yes"})).status_code == 303


async def test_a_file_leaves_as_a_download_that_may_run_nothing_and_the_look_is_on_record(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    answer = await scheduler.get(f"{QUEUE}/{await the_document(superuser, ada)}/file")
    row = await superuser.fetchrow(
        "SELECT actor_id, purpose FROM ledger.event WHERE subject_id = $1 AND action = 'document.read'", ada.shopper_id
    )
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get_list("content-security-policy") == ["default-src 'none'; sandbox"]
    assert "no-store" in answer.headers["cache-control"]
    assert (row["actor_id"], row["purpose"]) == (
        scheduler.account_id, "check a document that was sent for a qualification"
    )  # fmt: skip
    assert "check a document" in (await ada.browser.get("/shopper/profile/looks")).text


async def test_an_accepted_document_is_a_qualification_until_its_day(
    ada: Registered, licence: QualificationKind, scheduler: Browser, post: Post, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    there = f"{QUEUE}/{await the_document(superuser, ada)}"
    assert 'value="2027-11-22"' in (await scheduler.get(there)).text
    for wrong in ({}, {"expires_on": "2020-01-01"}, {"expires_on": "soon"}):
        assert (await scheduler.submit(there, wrong, f"{there}/accept")).status_code == 422
    assert (await scheduler.submit(there, {"expires_on": "2027-06-30"}, f"{there}/accept")).status_code == 303
    row = await superuser.fetchrow(
        "SELECT source, status, expires_on FROM identity.qualification WHERE shopper_id = $1", ada.shopper_id
    )
    assert tuple(row) == ("document", "held", date(2027, 6, 30))
    assert "good until 30 June 2027" in (await ada.browser.get(PAGES)).text
    assert (await post.letters(ada.scope.affiliate_id))[-1].row.kind == "shopper.document"
    assert list(await actions(superuser, ada.shopper_id))[-2:] == ["document.accept", "shopper.qualification"]


async def test_a_declined_document_says_why_on_the_shoppers_page_and_not_in_the_mail(
    ada: Registered, licence: QualificationKind, scheduler: Browser, post: Post, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    there = f"{QUEUE}/{await the_document(superuser, ada)}"
    assert (await scheduler.submit(there, {}, f"{there}/decline")).status_code == 422
    assert (await scheduler.submit(there, {"reason": "No date on it."}, f"{there}/decline")).status_code == 303
    letter = (await post.letters(ada.scope.affiliate_id))[-1]
    for page in (PAGES, f"{PAGES}/{licence.id}"):
        assert "No date on it." in (await ada.browser.get(page)).text
    assert "date" not in str(letter.letter)
    assert (await send(ada, licence)).status_code == 303


async def test_a_document_is_decided_once(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    there = f"{QUEUE}/{await the_document(superuser, ada)}"
    for expected in (303, 403):
        assert (await scheduler.post(f"{there}/accept", {"is_lasting": "yes"})).status_code == expected
    assert (await scheduler.post(f"{there}/decline", {"reason": "No."})).status_code == 403
    status = await superuser.fetchval("SELECT status FROM identity.qualification WHERE shopper_id = $1", ada.shopper_id)
    assert status == "held"


async def test_a_bad_paper_for_the_next_year_takes_nothing_away_that_is_still_good(
    ada: Registered, licence: QualificationKind, scheduler: Browser, superuser: asyncpg.Connection
) -> None:
    for act, fields in (("accept", {"expires_on": "2026-12-31"}), ("decline", {"reason": "Blurred."})):
        await send(ada, licence)
        (row,) = [row for row in await sent(superuser, ada) if row["state"] == "waiting"]
        await scheduler.post(f"{QUEUE}/{row['id']}/{act}", fields)
    row = await superuser.fetchrow(
        "SELECT status, expires_on FROM identity.qualification WHERE shopper_id = $1", ada.shopper_id
    )
    assert tuple(row) == ("held", date(2026, 12, 31))


async def test_the_paper_goes_after_the_decision_and_the_qualification_stays(
    ada: Registered, licence: QualificationKind, scheduler: Browser, settings: Settings, database: Database,
    superuser: asyncpg.Connection,
) -> None:  # fmt: skip
    await send(ada, licence)
    (row,) = await sent(superuser, ada)
    await scheduler.post(f"{QUEUE}/{row['id']}/accept", {"is_lasting": "yes"})
    await purge(settings, database, KEPT_DAYS - 1)
    assert await media_of(settings).size_bytes(row["media_key"]) > 0
    for _ in range(2):
        await purge(settings, database, KEPT_DAYS)
    with pytest.raises(NotFound):
        await media_of(settings).size_bytes(row["media_key"])
    assert [(one["state"], one["media_key"]) for one in await sent(superuser, ada)] == [("accepted", None)]
    assert (await scheduler.get(f"{QUEUE}/{row['id']}/file")).status_code == 404
    assert "Valid" in (await ada.browser.get(PAGES)).text
    assert list(await actions(superuser, ada.shopper_id)).count("document.purge") == 1


async def test_a_paper_that_nobody_looks_at_goes_too_and_its_sender_is_told(
    ada: Registered, licence: QualificationKind, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    await purge(settings, database, LONGEST_WAIT_DAYS)
    assert [(one["state"], one["media_key"]) for one in await sent(superuser, ada)] == [("lapsed", None)]
    assert "nobody looked at it in time" in (await ada.browser.get(f"{PAGES}/{licence.id}")).text


async def test_a_shopper_decides_nothing_about_a_document(
    ada: Registered, licence: QualificationKind, superuser: asyncpg.Connection
) -> None:
    await send(ada, licence)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.SHOPPER, affiliate=ada.scope.affiliate_id, shopper=ada.shopper_id) as here:
            await here.execute("UPDATE identity.document SET state = 'accepted', media_key = NULL")


async def test_administrators_say_what_to_send(admin: Browser, world: World, superuser: asyncpg.Connection) -> None:
    there = "/shoppers/rules/qualifications"
    sent_form = {"label": "First aid", "code": "first_aid", "takes_documents": "yes", "valid_months": "24"}
    for wrong in ({}, {"instructions": "The card", "valid_months": "0"}, {"instructions": "x", "valid_months": "many"}):
        assert (await admin.submit(f"{there}/new", sent_form | wrong, there)).status_code == 422
    assert (await admin.submit(f"{there}/new", sent_form | {"instructions": "The card."}, there)).status_code == 303
    kind_id = await superuser.fetchval(
        "SELECT id FROM field.qualification_kind WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    changed = {"label": "First aid card", "takes_documents": "yes", "instructions": "Both sides."}
    assert (await admin.submit(f"{there}/{kind_id}", changed)).status_code == 303
    row = await superuser.fetchrow(
        "SELECT code, label, instructions, valid_months FROM field.qualification_kind WHERE id = $1", kind_id
    )
    assert tuple(row) == ("first_aid", "First aid card", "Both sides.", None)


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 22), 14) == date(2028, 1, 22)
