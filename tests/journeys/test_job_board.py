"""A shopper on a telephone, with and without scripts: from the board to a shop of one's own, and what goes with it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import Browser, Geolocation, Position

from privacy.crypto import sha256
from survey.db.embedded import Cluster
from survey.shoppers.domain import coarse, view_of
from survey.web.cookies import PLAIN_NAME
from tests.chromium import CHROMIUM
from tests.shop_world import PLATFORM, Shopper, ShopWorld, insert, shop_world

from .town import NAME, Town
from .walk import PHONE, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
TAPPED = Position(x=170, y=120)
MANNERS = (Manner(PHONE, has_scripts=True), Manner(PHONE, has_scripts=False))


@dataclass(frozen=True, slots=True)
class Offer:
    """A shopper with a session, one shop to take and one to ask for, and one that the rules forbid."""

    there: ShopWorld
    shopper: Shopper
    token: str
    shop_id: UUID
    asked_id: UUID


@pytest.fixture
async def offer(town: Town, cluster: Cluster) -> AsyncIterator[Offer]:
    """A board with shops around the shopper, in the days that are really to come."""
    owner = await asyncpg.connect(cluster.url(NAME, as_superuser=True))
    there = await shop_world(owner, town.settings, town.scope.affiliate_id)
    await there.configure(is_self_assign=True, rotation={"location_days": 60})
    now, day = datetime.now(UTC), timedelta(days=1)
    window: dict[str, Any] = {"window_start": now - day, "window_end": now + 9 * day, "created_at": now}
    shopper = await there.shopper()
    visited = await there.location("CK-044", name="Station Road", latitude=53.801, longitude=-1.54)
    await there.visited(shopper, now.date() - 20 * day, location_id=visited)
    await there.shop(location_id=visited, **window)
    long_name = "Copperkettle at the Old Corn Exchange, Upper Gallery"
    far = await there.location("CK-090", name=long_name, latitude=53.9, longitude=-1.3)
    campaign_id, wave_id = await there.campaign("Ask first", version_id=there.version_id)
    asked_id = await there.shop(location_id=far, campaign_id=campaign_id, wave_id=wave_id, bonus_cents=650, **window)
    shop_id = await there.shop(daypart="evening", **window)
    yield Offer(there, shopper, await session(owner, shopper, now), shop_id, asked_id)
    await owner.execute("UPDATE field.shop SET state = 'CANCELLED' WHERE state = 'OPEN' AND affiliate_id = $1",
                        there.affiliate_id)  # fmt: skip
    await owner.close()


async def session(owner: asyncpg.Connection, shopper: Shopper, now: datetime) -> str:
    """The cookie of a shopper who is signed in."""
    token = f"{uuid4().hex}{uuid4().hex}"[:43]
    values: dict[str, object] = {
        "id_hash": sha256(token.encode()), "affiliate_id": PLATFORM, "account_id": shopper.account_id, "stage": "full",
        "created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=8), "shopper_id": shopper.id,
    }  # fmt: skip
    await insert(owner, "ops.session", values)
    return token


async def _signed_in(walk: Walk, offer: Offer) -> None:
    await walk.page.context.add_cookies([{"name": PLAIN_NAME, "value": offer.token, "url": walk.origin}])


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
async def test_from_the_board_to_my_shops_and_back(town: Town, browser: Browser, offer: Offer, manner: Manner) -> None:
    async with walking(browser, town.origin, manner) as phone:
        await _signed_in(phone, offer)
        await _look_around(phone)
        await _say_where(phone, offer)
        await _take(phone, offer)
        await _ask(phone, offer)
        await _give_back(phone, offer)
        assert phone.faults == []


async def _look_around(phone: Walk) -> None:
    await phone.open("/shopper/board")
    assert "You were here 20 days ago" in await phone.page.inner_text("main")
    await phone.open("/shopper/board?look=map&all=1")
    assert await phone.page.locator("figure.map a").count() >= 2
    await phone.open("/shopper/board/news")


async def _say_where(phone: Walk, offer: Offer) -> None:
    await phone.open("/shopper/profile/start")
    await phone.press("Work it out")
    assert "about the middle of Leeds" in await phone.page.inner_text("main")
    await phone.press("Wider")
    await phone.press("North")
    await _tap(phone)
    assert "Tap where you start from" in await phone.page.inner_text("main")
    await phone.page.focus("#spot")
    async with phone.page.expect_navigation():
        await phone.page.keyboard.press("Enter")
    assert "With a keyboard" in await phone.page.inner_text("main")
    phone.faults = [fault for fault in phone.faults if "status of 422 " not in fault]
    view = view_of(*[await phone.page.input_value(f"input[name={name}]") for name in ("at", "zoom")])
    await _tap(phone)
    assert "Kept, to about a kilometre" in await phone.page.inner_text("main")

    point = view.tapped(TAPPED["x"], TAPPED["y"]) if view else None
    kept = "SELECT latitude, longitude FROM identity.shopper WHERE id = $1"
    assert point
    assert tuple(await offer.there.owner.fetchrow(kept, offer.shopper.id)) == coarse(point)
    await _asked_of_the_device(phone)
    assert tuple(await offer.there.owner.fetchrow(kept, offer.shopper.id)) == (53.8, -1.55)


async def _asked_of_the_device(phone: Walk) -> None:
    """The device tells once its owner asks it, roughly, and they keep what they see. Without scripts they type it."""
    await phone.open("/shopper/profile/start")
    device = phone.page.get_by_role("button", name="Show where I am")
    if await device.is_visible():
        await phone.page.context.grant_permissions(["geolocation"])
        await phone.page.context.set_geolocation(Geolocation(latitude=53.796512, longitude=-1.547838))
        await device.click()
        await phone.page.get_by_text("Nothing is kept until").wait_for()
        await phone.look()
    else:
        await phone.page.get_by_text("Type latitude and longitude").click()
        await phone.page.get_by_label("Latitude").fill("53.7965")
        await phone.page.get_by_label("Longitude").fill("-1.5478")
    await phone.press("Keep these")


async def _tap(phone: Walk) -> None:
    """Touch the map off its middle until the page is another one."""
    async with phone.page.expect_navigation():
        await phone.page.locator("#spot").tap(position=TAPPED)
    await phone.look()


async def _take(phone: Walk, offer: Offer) -> None:
    await phone.open("/shopper/board")
    await phone.press("Riverside")
    await phone.press("Take this shop")
    assert "This shop is yours" in await phone.page.inner_text("main")
    assert "Riverside" in await phone.page.inner_text("main")
    assert await offer.there.state_of(offer.shop_id) == "ASSIGNED"
    await phone.press("Another day")
    await phone.page.get_by_label("I cannot get there that day").check()
    day = (datetime.now(UTC) + timedelta(days=4)).date().isoformat()
    await phone.page.get_by_label("The day that you ask for").fill(day)
    await phone.press("Ask for this day")
    assert "nobody has decided yet" in await phone.page.inner_text("main")
    await phone.open(f"/shopper/shops/{offer.shop_id}")


async def _ask(phone: Walk, offer: Offer) -> None:
    await phone.open(f"/shopper/board/{offer.asked_id}")
    await phone.page.get_by_label("For the scheduler").fill("After four would suit me.")
    await phone.press("Ask for this shop")
    assert "You have asked for this shop" in await phone.page.inner_text("main")


async def _give_back(phone: Walk, offer: Offer) -> None:
    await phone.open(f"/shopper/messages/new?shop={offer.shop_id}")
    await phone.page.get_by_label("Your message").fill("Is there parking?")
    await phone.press("Send the message")
    assert "Is there parking?" in await phone.page.inner_text("main")
    await phone.open("/shopper/messages")
    await phone.open("/shopper/calendar")
    await phone.press("Make my address")
    await phone.open("/shopper/marks")
    await phone.open("/shopper/shops")
    await phone.press("Give back")
    await phone.press("Give it back")
    assert "Given back." in await phone.page.inner_text("main")
    assert await offer.there.state_of(offer.shop_id) == "OPEN"
