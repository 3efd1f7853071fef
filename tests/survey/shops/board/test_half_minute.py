"""What staff can still undo is nowhere to be seen for the shopper: not in lists, pages, calendars or messages."""

from datetime import timedelta
from uuid import UUID

import pytest

from survey.settings import Settings
from survey.shops.scheduling import service as scheduling
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld
from tests.survey.shops.scheduling.effects import do
from tests.web_client import Browser, Site

from .test_calendar import address_of, events_at

LATER = NOW + timedelta(seconds=30)
MINE = "/shopper/shops"


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def given(shops: ShopWorld, scheduler: Browser, me: Shopper, kind: str = "assign") -> tuple[UUID, str]:
    """A shop that I was just given, and the path of the act."""
    shop_id = await shops.shop(public_ref="T-GIVEN1")
    code = await shops.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", me.id)
    return shop_id, await do(scheduler, {"kind": kind, "shopper": code, "ids": str(shop_id)})


@pytest.mark.parametrize("kind", ["assign", "offer"])
async def test_what_was_given_is_among_the_own_shops_once_it_cannot_be_undone(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper, kind: str
) -> None:
    await given(shops, scheduler, me, kind)
    site.clock.now = LATER - timedelta(seconds=1)
    assert "T-GIVEN1" not in (await browser.get(MINE)).text
    site.clock.now = LATER
    assert "T-GIVEN1" in (await browser.get(MINE)).text


async def test_its_pages_are_not_there_before(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, _ = await given(shops, scheduler, me)
    paths = [f"{MINE}/{shop_id}", f"{MINE}/{shop_id}/guideline", f"{MINE}/{shop_id}/give-back"]
    assert [(await browser.get(path)).status_code for path in paths] == [404, 404, 404]
    assert (await browser.post(f"{MINE}/{shop_id}/start")).status_code == 404
    assert (await browser.post(f"{MINE}/{shop_id}/give-back")).status_code == 404
    assert await shops.state_of(shop_id) == "ASSIGNED"
    site.clock.now = LATER
    assert (await browser.get(f"{MINE}/{shop_id}")).status_code == 200


async def test_the_job_board_does_not_call_it_the_shoppers_own(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id, _ = await given(shops, scheduler, me, "offer")
    early = await browser.get(f"/shopper/board/{shop_id}")
    assert f"/shopper/board/{shop_id}/accept" not in early.text
    day = (NOW.date() + 3 * DAY).isoformat()
    assert (await browser.post(f"/shopper/board/{shop_id}/accept", {"day": day})).status_code == 404
    site.clock.now = LATER
    assert f"/shopper/board/{shop_id}/accept" in (await browser.get(f"/shopper/board/{shop_id}")).text


async def test_the_calendar_waits_too_and_never_shows_what_was_undone(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await browser.submit("/shopper/calendar")
    address = await address_of(browser)
    _, act = await given(shops, scheduler, me)
    assert await events_at(site, address) == []
    site.clock.now = LATER
    assert [event["summary"] for event in await events_at(site, address)] == ["T-GIVEN1"]
    site.clock.now = NOW + timedelta(seconds=10)
    await scheduler.post(f"{act}/undo")
    site.clock.now = LATER
    assert await events_at(site, address) == []
    assert "T-GIVEN1" not in (await browser.get(MINE)).text


async def test_words_to_many_are_read_once_they_cannot_be_taken_back(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": str(shop_id)})
    thread_id = await shops.owner.fetchval("SELECT id FROM identity.thread WHERE shopper_id = $1", me.id)
    path = f"/shopper/messages/{thread_id}"
    assert path not in (await browser.get("/shopper/messages")).text
    assert "Doors close" not in (await browser.get(path)).text
    site.clock.now = LATER
    assert path in (await browser.get("/shopper/messages")).text
    assert "Doors close at six." in (await browser.get(path)).text


async def test_a_thread_of_before_stands_and_waits_as_it_did_until_then(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper, settings: Settings
) -> None:
    shop_id, newer = await shops.shop("ASSIGNED", me, public_ref="T-OLDER"), NOW - timedelta(hours=1)
    async with me.transaction():
        await scheduling.ask(me.scope, settings.keyring, None, "Hello.", newer)
        thread_id = await scheduling.ask(me.scope, settings.keyring, shop_id, "May I?", NOW - timedelta(hours=3))
    path = f"/shopper/messages/{thread_id}"
    assert "Your message waits for 3 hours" in (await browser.get(path)).text
    await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": str(shop_id)})
    listed, opened = [(await browser.get(each)).text.split("<main")[1] for each in ("/shopper/messages", path)]
    assert listed.index("In general") < listed.index("T-OLDER")
    assert listed.count("Not answered yet") == 2
    assert "Your message waits for 3 hours" in opened
    site.clock.now = LATER
    listed, opened = [(await browser.get(each)).text.split("<main")[1] for each in ("/shopper/messages", path)]
    assert listed.index("T-OLDER") < listed.index("In general")
    assert (listed.count("Not answered yet"), "waits for" in opened) == (1, False)


async def test_an_application_waits_until_nobody_can_undo_what_ended_it(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper
) -> None:
    other = await shops.shopper(display_code="S-OTHER")
    await shops.configure(is_self_assign=False)
    for who in (me, other):
        shop_id = await shops.shop()
        await shops.application(shop_id, me)
        code = await shops.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", who.id)
        await do(scheduler, {"kind": "assign", "shopper": code, "ids": str(shop_id)})
    site.clock.now = LATER - timedelta(seconds=1)
    assert (await browser.get(f"{MINE}/asked")).text.count("Waiting for an answer") == 2
    assert (await browser.get(MINE)).text.count("Waiting for an answer") == 2
    assert "somebody else" not in (await browser.get(f"/shopper/board/{shop_id}")).text.split("<main")[1]
    site.clock.now = LATER
    after = (await browser.get(f"{MINE}/asked")).text
    assert "The shop went to somebody else" in after
    assert "You were chosen" in after


async def test_a_cancellation_that_waits_is_no_news_to_the_shopper(
    site: Site, browser: Browser, scheduler: Browser, shops: ShopWorld, me: Shopper, settings: Settings
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, public_ref="T-DOOMED")
    before = (await browser.get(f"{MINE}/{shop_id}")).text
    await do(scheduler, {"kind": "cancel", "reason": "place_closed", "ids": str(shop_id)})
    site.clock.now = LATER - timedelta(seconds=1)
    await scheduling.carry_out_waiting(settings.keyring, site.clock.now)
    now = (await browser.get(f"{MINE}/{shop_id}")).text
    assert "T-DOOMED" in (await browser.get(MINE)).text
    for word in ("cancel", "location is closed"):
        assert now.lower().count(word) == before.lower().count(word)
