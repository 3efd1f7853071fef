"""A shopper takes a copy of what one company holds about them: nobody else can, and it goes in a week."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from privacy.errors import SealBroken
from privacy.vault import create_subject, data_key
from survey.db import Database, NotFound
from survey.media import Media, media_of
from survey.queue import JobContext
from survey.rights.jobs import forget_copies, make_copy
from survey.rights.service import erasing, sealed_files
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.outbox import mails
from tests.shop_world import DAY, shop_world
from tests.web_client import Browser, Site

from .planting import planted
from .taking import PASSWORD, Taker, taker_of

READ = "SELECT purpose, subject_id, actor_id FROM ledger.event WHERE action = 'copy.read' AND object_id = $1"


@pytest.fixture
async def taker(
    site: Site, superuser: asyncpg.Connection, settings: Settings, world: World, database: Database
) -> Taker:
    """Robin, of whom there is hardly more than a profile."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    return await taker_of(site, there, await there.shopper("Robin Marsh"), database)


@pytest.fixture
async def ready(taker: Taker) -> Taker:
    """Robin, whose copy is ready."""
    await taker.ask()
    await taker.make()
    return taker


async def row_of(taker: Taker) -> Any:
    """The copy as it is stored; None where there is none."""
    return await taker.there.owner.fetchrow(
        "SELECT * FROM identity.data_copy WHERE shopper_id = $1", taker.shopper.id
    )  # fmt: skip


async def is_stored(taker: Taker, media_key: str) -> bool:
    """Whether a file is there."""
    try:
        return await media_of(taker.there.settings).size_bytes(media_key) > 0
    except NotFound:
        return False


async def reads(taker: Taker) -> list[Any]:
    """How often the copy was fetched, as the ledger has it."""
    return list(await taker.there.owner.fetch(READ, taker.shopper.id))


async def turned_away(browser: Browser, url: str) -> bool:
    """Whether somebody can neither look, nor ask, nor fetch."""
    asked = await browser.post(url)
    fetched = await browser.post(f"{url}/copy", {"password": PASSWORD})
    return [(await browser.get(url)).status_code, asked.status_code, fetched.status_code] == [404] * 3


async def test_a_stranger_is_asked_to_sign_in_and_gets_nothing(site: Site, ready: Taker) -> None:
    visitor = await site.visitor()
    page = await visitor.get(ready.url)
    assert (page.status_code, page.headers["location"].startswith("/sign-in")) == (303, True)
    sent = await visitor.client.post(f"{ready.url}/copy", data={"password": PASSWORD})
    assert sent.status_code in {303, 403}
    assert await reads(ready) == []


async def test_another_shopper_finds_no_such_page_with_the_right_password_either(
    site: Site, ready: Taker, database: Database
) -> None:
    other = await taker_of(site, ready.there, await ready.there.shopper("Somebody Else"), database)
    assert await turned_away(other.browser, ready.url)
    assert await other.jobs() == []
    assert await reads(ready) == []


@pytest.mark.parametrize("role", ["affiliate_admin", "manager", "scheduler", "editor", "payroll"])
async def test_nobody_of_the_company_finds_such_a_page(site: Site, ready: Taker, role: str) -> None:
    assert await turned_away(await site.signed_in(ready.there.affiliate_id, role), ready.url)


async def test_a_profile_at_another_company_has_a_page_and_a_copy_of_its_own(
    site: Site, ready: Taker, settings: Settings, world: World, database: Database
) -> None:
    elsewhere = await shop_world(ready.there.owner, settings, world.charlies.affiliate_id)
    profile = await elsewhere.shopper("Robin of Charlie", account_id=ready.shopper.account_id)
    other = await taker_of(site, elsewhere, profile, database)
    assert "Make my copy" in (await other.browser.get(other.url)).text
    copy = await other.taken()
    assert b"Robin of Charlie" in copy.everything
    assert b"Robin Marsh" not in copy.everything
    assert str(ready.there.affiliate_id).encode() not in copy.everything
    assert await reads(ready) == []


@pytest.mark.parametrize("password", ["", "not the password"])
async def test_without_the_password_nothing_is_handed_over(ready: Taker, password: str) -> None:
    answer = await ready.fetch(password)
    assert (answer.status_code, b"PK" in answer.content[:2]) == (422, False)
    assert 'href="#password"' in answer.text
    assert await reads(ready) == []
    assert (await row_of(ready))["taken_at"] is None


async def test_guessing_the_password_ends_soon(ready: Taker) -> None:
    answers = [(await ready.fetch("a guess")).status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


async def test_a_copy_that_is_not_ready_cannot_be_fetched(taker: Taker) -> None:
    assert "no longer there" in (await taker.fetch()).text
    await taker.ask()
    assert "no longer there" in (await taker.fetch()).text


async def test_the_profile_leads_to_the_page_and_from_there_to_a_copy_with_the_name_in_it(taker: Taker) -> None:
    assert 'href="/shopper/data"' in (await taker.browser.get("/shopper/profile")).text
    led = await taker.browser.get("/shopper/data")
    assert (led.status_code, led.headers["location"]) == (303, taker.url)
    assert "Make my copy" in (await taker.browser.get(taker.url)).text
    copy = await taker.taken()
    assert copy.part("profile")["shopper"][0]["name"] == "Robin Marsh"
    assert copy.part("profile")["shopper"][0]["address"]["street"] == "9 Mill Lane"
    assert "Robin Marsh" in copy.zip.read("index.html").decode()


async def test_each_time_it_is_fetched_is_on_record_and_on_the_page_of_looks(ready: Taker) -> None:
    for _ in range(2):
        answer = await ready.fetch()
        assert answer.headers["content-disposition"].startswith('attachment; filename="candour-copy-2026-11-22.zip"')
        assert answer.headers["cache-control"] == "no-store"
    me = ready.shopper.id
    assert [tuple(row) for row in await reads(ready)] == [("your own copy", me, me)] * 2
    assert "in the copy that you fetched" in (await ready.browser.get("/shopper/profile/looks")).text
    assert "Last fetched on 22 November 2026" in (await ready.browser.get(ready.url)).text


async def test_when_it_was_made_is_told_by_the_shoppers_own_clock(ready: Taker) -> None:
    await ready.there.owner.execute(
        "UPDATE identity.shopper SET time_zone = 'Pacific/Auckland' WHERE id = $1", ready.shopper.id
    )
    page = (await ready.browser.get(ready.url)).text
    assert f"Made on {NOW.astimezone(ZoneInfo('Pacific/Auckland')):%-d %B %Y, %H:%M} NZDT" in page


async def test_asking_and_making_are_on_record_without_a_value(ready: Taker) -> None:
    events = {row["action"]: row["detail"] for row in await ready.there.events(ready.shopper.id)}
    assert {name: events[name] for name in ("shopper.copy_ask", "shopper.copy_make")} == {
        "shopper.copy_ask": "{}",
        "shopper.copy_make": "{}",
    }


async def test_its_owner_is_told_by_mail_once_though_it_was_made_twice(ready: Taker) -> None:
    await ready.make()
    (mail,) = await mails(ready.there.settings, ready.there.affiliate_id, "shopper.copy")
    assert "Your copy is ready" in str(mail)
    assert str(ready.shopper.id) not in mail.text
    assert "9 Mill Lane" not in mail.text


async def test_asking_twice_is_one_copy(taker: Taker) -> None:
    for _ in range(2):
        await taker.ask()
    assert len(await taker.jobs()) == 1


async def test_asking_at_the_same_moment_is_one_copy(taker: Taker) -> None:
    answers = await asyncio.gather(*(taker.browser.post(taker.url) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len(await taker.jobs()) == 1


async def test_a_new_copy_takes_the_place_of_the_one_that_the_page_showed(ready: Taker) -> None:
    old = await row_of(ready)
    await ready.browser.post(ready.url, {"instead_of": str(uuid4())})
    assert (await row_of(ready))["id"] == old["id"]
    for _ in range(2):
        await ready.browser.post(ready.url, {"instead_of": str(old["id"])})
    new = await row_of(ready)
    assert (new["id"] == old["id"], new["state"], len(await ready.jobs())) == (False, "making", 2)
    removal = "SELECT count(*) FROM ops.job WHERE entrypoint = 'shoppers.remove_file' AND dedupe_key LIKE $1"
    assert await ready.there.owner.fetchval(removal, f"%{old['media_key']}") == 1


async def test_the_page_shows_how_far_it_has_come_and_asks_again_by_itself(taker: Taker) -> None:
    await taker.ask()
    await taker.there.owner.execute(
        "UPDATE identity.data_copy SET parts_done = 7 WHERE shopper_id = $1", taker.shopper.id
    )
    page = await taker.browser.get(taker.url)
    assert "7 of 24 parts" in page.text
    assert f'hx-get="{taker.url}" hx-trigger="every 2s"' in page.text
    fragment = await taker.browser.get(taker.url, headers={"hx-request": "true", "hx-request-type": "partial"})
    assert fragment.text.lstrip().startswith('<div id="copy"')
    await taker.make()
    done = await taker.browser.get(taker.url, headers={"hx-request": "true", "hx-request-type": "partial"})
    assert "Fetch my copy" in done.text
    assert "hx-get" not in done.text


async def test_a_copy_that_never_came_can_be_asked_for_again(site: Site, taker: Taker) -> None:
    await taker.ask()
    site.clock.now = NOW + timedelta(hours=2)
    browser = await taker.there.signed_in(site, taker.shopper)
    assert "did not get done in time" in (await browser.get(taker.url)).text
    await browser.post(taker.url, {"instead_of": str((await row_of(taker))["id"])})
    assert len(await taker.jobs()) == 2


async def test_what_lies_in_the_store_is_noise_without_the_persons_key(ready: Taker, settings: Settings) -> None:
    row, media = await row_of(ready), media_of(settings)
    stored = await media.read(row["media_key"], limit_bytes=10_000_000)
    assert stored[:2] != b"PK"
    assert b"index.html" not in stored
    stranger = uuid4()
    await create_subject(ready.there.owner, settings.keyring, ready.there.affiliate_id, stranger)
    with pytest.raises(SealBroken):
        await _read(ready, media, row["id"], stranger)
    assert (await _read(ready, media, row["id"], ready.shopper.id))[:2] == b"PK"


async def _read(taker: Taker, media: Media, copy_id: UUID, key_of: UUID) -> bytes:
    key = await data_key(taker.there.owner, taker.there.settings.keyring, key_of)
    stored = media.stream((await row_of(taker))["media_key"])
    return b"".join([some async for some in sealed_files.opened(key, copy_id, stored)])


async def test_made_again_after_its_worker_was_killed_it_is_whole(taker: Taker) -> None:
    await taker.ask()
    first = asyncio.create_task(taker.make())
    await asyncio.sleep(0.02)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await row_of(taker))["state"] == "making"
    await taker.make()
    made_at = (await row_of(taker))["made_at"]
    await taker.make()
    assert ((await row_of(taker))["made_at"], (await taker.fetch()).content[:2]) == (made_at, b"PK")


async def test_two_workers_that_make_the_same_copy_leave_one_and_its_file(taker: Taker) -> None:
    await taker.ask()
    (payload,) = await taker.jobs()
    context = JobContext(taker.there.settings, taker.database, lambda: NOW)
    await asyncio.gather(*(make_copy.handler(context, payload) for _ in range(2)))
    row = await row_of(taker)
    assert (row["state"], await is_stored(taker, row["media_key"])) == ("ready", True)
    assert len(await mails(taker.there.settings, taker.there.affiliate_id, "shopper.copy")) == 1


async def test_a_copy_whose_file_is_lost_says_so_and_can_be_made_again(ready: Taker) -> None:
    await media_of(ready.there.settings).delete((await row_of(ready))["media_key"])
    assert "no longer there" in (await ready.fetch()).text
    assert (await row_of(ready), await reads(ready)) == (None, [])
    assert b"Robin Marsh" in (await ready.taken()).everything


async def test_a_file_that_was_cut_off_is_not_handed_over(ready: Taker, settings: Settings) -> None:
    key, media = (await row_of(ready))["media_key"], media_of(settings)
    stored = await media.read(key, limit_bytes=10_000_000)
    await media.put_at(key, stored[:-9], limit_bytes=10_000_000)
    assert (await ready.fetch()).status_code == 422


async def test_a_week_later_it_cannot_be_fetched_and_the_sweep_removes_it(
    site: Site, ready: Taker, database: Database
) -> None:
    row = await row_of(ready)
    await forget_copies.handler(JobContext(site.settings, database, lambda: NOW + 7 * DAY - timedelta(seconds=1)), {})
    assert await is_stored(ready, row["media_key"])
    site.clock.now = NOW + 7 * DAY
    browser = await ready.there.signed_in(site, ready.shopper)
    assert "removed after seven days" in (await browser.get(ready.url)).text
    assert (await browser.post(f"{ready.url}/copy", {"password": PASSWORD})).status_code == 422
    for _ in range(2):
        await forget_copies.handler(JobContext(site.settings, database, lambda: NOW + 7 * DAY), {})
    assert (await row_of(ready), await is_stored(ready, row["media_key"])) == (None, False)
    events = [event["action"] for event in await ready.there.events(ready.shopper.id)]
    assert events.count("shopper.copy_drop") == 1


async def test_erasing_takes_the_copy_and_its_file(ready: Taker) -> None:
    row = await row_of(ready)
    await erasing.erase_shopper(ready.there.settings, ready.there.affiliate_id, ready.shopper.id, NOW)
    assert (await row_of(ready), await is_stored(ready, row["media_key"])) == (None, False)


async def test_of_whoever_was_erased_in_between_no_copy_is_made(taker: Taker) -> None:
    await taker.ask()
    row, media = await row_of(taker), media_of(taker.there.settings)
    await media.put_at(row["media_key"], b"what a killed worker has left", limit_bytes=100)
    await erasing.erase_shopper(taker.there.settings, taker.there.affiliate_id, taker.shopper.id, NOW)
    await media.put_at(row["media_key"], b"or has written since", limit_bytes=100)
    await taker.make()
    assert (await row_of(taker), await is_stored(taker, row["media_key"])) == (None, False)
    assert await mails(taker.there.settings, taker.there.affiliate_id, "shopper.copy") == []


async def test_another_affiliates_job_makes_no_copy(taker: Taker, settings: Settings, database: Database) -> None:
    await taker.ask()
    (payload,) = await taker.jobs()
    await make_copy.handler(JobContext(settings, database, lambda: NOW), payload | {"affiliate_id": uuid4()})
    assert (await row_of(taker))["state"] == "making"


@pytest.mark.parametrize("status", ["paused", "deactivated"])
async def test_whoever_is_offered_nothing_gets_a_copy_all_the_same(taker: Taker, status: str) -> None:
    await taker.there.owner.execute("UPDATE identity.shopper SET status = $2 WHERE id = $1", taker.shopper.id, status)
    if status == "deactivated":
        assert f'href="{taker.url}"' in (await taker.browser.get("/shopper/affiliates?stay")).text
    copy = await taker.taken()
    assert copy.part("profile")["shopper"][0]["status"] == status


async def test_a_new_agreement_need_not_be_accepted_first(taker: Taker) -> None:
    await taker.there.owner.execute(
        "INSERT INTO field.agreement (affiliate_id, number, body, created_at) VALUES ($1, 2, 'More.', $2)",
        taker.there.affiliate_id, NOW,
    )  # fmt: skip
    await taker.there.owner.execute(
        "UPDATE ops.session SET shopper_id = NULL WHERE account_id = $1", taker.shopper.account_id
    )
    assert b"Robin Marsh" in (await taker.taken()).everything


async def test_of_somebody_without_anything_every_part_is_there_and_says_so(taker: Taker) -> None:
    copy = await taker.taken()
    assert copy.part("messages") == {"thread": [], "message": []}
    assert copy.zip.read("index.html").decode().count("Nothing.") >= 10


async def test_what_the_law_holds_is_in_the_copy(taker: Taker) -> None:
    shop_id = await taker.there.shop("CLOSED", taker.shopper, is_legal_hold=True)
    report_id = await taker.there.report(shop_id, {"clean": 3})
    copy = await taker.taken()
    assert [row["id"] for row in copy.part("reports")["report"]] == [str(report_id)]


async def test_a_file_that_is_gone_is_named_as_gone_and_one_that_cannot_be_opened_as_lost(
    site: Site, taker: Taker, database: Database
) -> None:
    one = await planted(taker.there)
    for key in one.stored:
        await one.media.delete(key)
    await one.there.owner.execute("UPDATE field.report_text SET sealed = 'broken' WHERE report_id = $1", one.report_id)
    copy = await (await taker_of(site, taker.there, one.me, database)).taken()
    (picture,) = copy.part("proofs")["evidence"]
    assert (set(picture["media_key"]), set(picture["client_key"])) == ({"gone"}, {"gone"})
    assert [set(row["sealed"]) for row in copy.part("reports")["report_text"]] == [{"lost"}]
    assert [name for name in copy.zip.namelist() if name.startswith("files/")] == []
    made = [row["detail"] for row in await one.there.events(one.me.id) if row["action"] == "shopper.copy_make"]
    assert made == ['{"unreadable": 1}']
