"""The calendar behind a secret address, and rounds of several shops."""

from uuid import UUID

import pytest
from icalendar import Calendar
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from privacy.tokens import Purpose, sign
from survey.shops.scheduling.domain import MOST_EVENTS
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment
from tests.web_client import Browser, Site


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def address(browser: Browser, query: str = "") -> str:
    """A new address of the browser's account, as a path."""
    await browser.post("/shops/calendar", {"query": query})
    page = HTMLParser((await browser.get("/shops/calendar")).text)
    field = page.css_first("#address")
    assert field is not None
    return str(field.attributes["value"]).removeprefix("https://testserver.local")


async def test_only_a_living_address_opens_a_calendar(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    program = await site.visitor()
    old = await address(scheduler)
    assert (await program.get(old)).status_code == 200
    new = await address(scheduler)
    assert (await program.get(old)).status_code == 404
    await scheduler.post("/shops/calendar/revoke")
    assert (await program.get(new)).status_code == 404
    feed_id = await shops.owner.fetchval(
        "SELECT id FROM ops.calendar_feed WHERE affiliate_id = $1 LIMIT 1", shops.affiliate_id
    )
    for purpose in (Purpose.SURVEY, Purpose.DOWNLOAD):
        assert (await program.get(f"/calendar/{sign(site.settings.token_keys, purpose, feed_id)}")).status_code == 404


async def test_the_calendar_goes_with_the_account(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    path = await address(scheduler)
    await shops.owner.execute("UPDATE identity.account SET status = 'disabled' WHERE id = $1", scheduler.account_id)
    assert (await (await site.visitor()).get(path)).status_code == 404


async def test_a_shop_keeps_its_uid_and_counts_its_changes(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    day = NOW.date() + 2 * DAY
    shop_id = await shops.shop("ASSIGNED", planned_on=day, revision=7, public_ref="NL-7F3K")
    answer = await (await site.visitor()).get(await address(scheduler))
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert (str(event["UID"]), event["SEQUENCE"]) == (f"{shop_id}@candour.test", 7)
    assert (event.decoded("dtstart"), event["STATUS"]) == (day, "CONFIRMED")


async def test_no_person_and_no_client_is_in_it(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper("Robin Marsh", display_code="S-7F3K")
    await shops.shop("ASSIGNED", robin, planned_on=NOW.date() + DAY)
    body = (await (await site.visitor()).get(await address(scheduler))).text
    assert "Riverside" in body
    for secret in ("Robin", "Marsh", "S-7F3K", "Copperkettle", "Barista", str(robin.id)):
        assert secret not in body


async def test_a_calendar_holds_the_shops_of_its_filter_and_of_its_affiliate(
    site: Site, scheduler: Browser, shops: ShopWorld, world: World
) -> None:
    await shops.shop("ASSIGNED", public_ref="HELD-1")
    await shops.shop(public_ref="OPEN-1")
    program = await site.visitor()
    body = (await program.get(await address(scheduler, "state=ASSIGNED"))).text
    assert "HELD-1" in body
    assert "OPEN-1" not in body
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert "VEVENT" not in (await program.get(await address(stranger, f"client={shops.client_id}"))).text


async def test_of_too_many_shops_the_calendar_holds_those_nearest_to_today_and_says_so(
    site: Site, scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shops(MOST_EVENTS, window_start=moment(-20), window_end=moment(-9))
    await shops.shop(public_ref="NEXT-1", window_end=moment(3))
    await shops.shop(public_ref="PAST-1", window_start=moment(-20), window_end=moment(-10))
    body = (await (await site.visitor()).get(await address(scheduler, ""))).text
    assert body.count("BEGIN:VEVENT") == MOST_EVENTS
    assert "NEXT-1" in body
    assert "PAST-1" not in body
    assert "X-WR-CALDESC:The 1,000 shops whose days are nearest to today" in body
    days = [line for line in body.splitlines() if line.startswith("DTSTART")]
    assert days == sorted(days)


async def stops(browser: Browser, shop_ids: list[UUID]) -> list[str]:
    """References in the order of the round."""
    answer = await browser.post("/shops/route", {"ids": [str(each) for each in shop_ids], "query": ""})
    page = HTMLParser((await browser.get(answer.headers["location"])).text)
    return [node.text() for node in page.css("tbody th a")]


async def test_a_round_goes_from_the_first_always_to_the_nearest(scheduler: Browser, shops: ShopWorld) -> None:
    ids = []
    for ref, longitude in (("ZERO", 0.0), ("NINE", 9.0), ("ONE", 1.0), ("FOUR", 4.0)):
        place = await shops.location(ref, latitude=50.0, longitude=longitude)
        ids.append(await shops.shop(public_ref=ref, location_id=place))
    lost = await shops.location("LOST", latitude=None, longitude=None)
    ids.insert(1, await shops.shop(public_ref="LOST", location_id=lost))
    assert await stops(scheduler, ids) == ["ZERO", "ONE", "FOUR", "NINE", "LOST"]


async def test_a_round_holds_no_shop_of_another_affiliate(site: Site, shops: ShopWorld, world: World) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert await stops(stranger, [await shops.shop()]) == []
