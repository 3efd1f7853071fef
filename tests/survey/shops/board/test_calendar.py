"""The calendar behind a secret address: what is in it, what is not, and how it is switched off."""

import pytest
from icalendar import Calendar, Event

from privacy.tokens import Purpose, sign
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld, update
from tests.web_client import Browser, Site

PAGE = "/shopper/calendar"


async def address_of(browser: Browser) -> str:
    """The path of the secret address on the page."""
    text = (await browser.get(PAGE)).text
    return "/my-shops/" + text.split("/my-shops/")[1].split('"')[0]


async def events_at(site: Site, address: str) -> list[Event]:
    """What somebody without a sign-in reads there."""
    found = await (await site.visitor()).get(address)
    assert (found.status_code, found.headers["content-type"].split(";")[0]) == (200, "text/calendar")
    calendar = Calendar.from_ical(found.content)
    assert calendar["method"] == "PUBLISH"
    return [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]


@pytest.mark.parametrize("token", ["", "x", "A" * 45])
async def test_an_address_that_was_never_made_opens_nothing(site: Site, token: str) -> None:
    assert (await (await site.visitor()).get(f"/my-shops/{token}")).status_code in (403, 404, 410)


async def test_a_token_of_another_purpose_opens_nothing(site: Site, browser: Browser, shops: ShopWorld) -> None:
    await browser.submit(PAGE)
    feed = "SELECT id FROM ops.calendar_feed WHERE affiliate_id = $1 AND shopper_id IS NOT NULL"
    feed_id = await shops.owner.fetchval(feed, shops.affiliate_id)
    visitor = await site.visitor()
    for purpose in (Purpose.CALENDAR, Purpose.OPT_OUT, Purpose.DOWNLOAD):
        token = sign(shops.settings.token_keys, purpose, feed_id)
        assert (await visitor.get(f"/my-shops/{token}")).status_code != 200
    assert (
        await visitor.get(f"/calendar/{sign(shops.settings.token_keys, Purpose.CALENDAR, feed_id)}")
    ).status_code == 404


async def test_it_has_the_own_shops_with_reference_and_place_and_nothing_else(
    site: Site, browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY, public_ref="T-MINE01")
    await shops.shop("ASSIGNED", await shops.shopper(), planned_on=NOW.date() + DAY, public_ref="T-OTHER1")
    await browser.submit(PAGE)
    (event,) = await events_at(site, await address_of(browser))
    assert (event["summary"], event["location"]) == ("T-MINE01", "Riverside, 1 High Street, Leeds")
    assert (event.decoded("dtstart"), event["status"]) == (NOW.date() + DAY, "CONFIRMED")
    raw = event.to_ical().decode()
    assert not [word for word in ("Copperkettle", "Barista", "Robin", "1200", "12.00", str(me.id)) if word in raw]


async def test_the_uid_stays_the_sequence_rises_and_what_is_given_back_is_cancelled(
    site: Site, browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + 2 * DAY)
    await browser.submit(PAGE)
    address = await address_of(browser)
    (before,) = await events_at(site, address)
    await browser.post(f"/shopper/shops/{shop_id}/give-back")
    (after,) = await events_at(site, address)
    assert before["uid"] == after["uid"]
    assert int(str(after["sequence"])) > int(str(before["sequence"]))
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    await browser.post(f"/shopper/board/{shop_id}/take", {"day": (NOW.date() + DAY).isoformat()})
    uids = {event["uid"] for event in await events_at(site, address)}
    assert len(uids) == 2


async def test_a_new_address_ends_the_old_one_and_switching_off_ends_the_last(
    site: Site, browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    visitor = await site.visitor()
    await browser.submit(PAGE)
    old = await address_of(browser)
    await browser.submit(PAGE)
    new = await address_of(browser)
    assert old != new
    assert (await visitor.get(old)).status_code == 404
    assert (await visitor.get(new)).status_code == 200
    for _ in range(2):
        assert (await browser.post(f"{PAGE}/revoke")).status_code == 303
    assert (await visitor.get(new)).status_code == 404
    rows = await shops.owner.fetch(
        "SELECT action FROM ledger.event WHERE subject_id = $1 ORDER BY recorded_at, id", me.id
    )
    assert sorted(row["action"] for row in rows) == ["calendar.close", "calendar.open", "calendar.open"]


async def test_an_erased_profile_has_no_calendar(site: Site, browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    await browser.submit(PAGE)
    address = await address_of(browser)
    await update(shops.owner, "identity.shopper", me.id, {"status": "erased"})
    assert (await (await site.visitor()).get(address)).status_code == 404
