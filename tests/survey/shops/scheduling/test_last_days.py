"""A window that ends at midnight ends the day before, by the place's calendar: on every page of the board."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.db import Role, Scope, transaction
from survey.shops.scheduling import queries
from survey.shops.scheduling.domain import Filter
from tests.conftest import NOW
from tests.shop_world import DAY, ShopWorld
from tests.web_client import Browser, Site

LAST = date(2026, 11, 29)  # a Sunday
ZONES = ("Pacific/Auckland", "Europe/Amsterdam", "America/Los_Angeles")


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def ending(shops: ShopWorld, zone: str, **columns: Any) -> UUID:
    """A shop whose last day is LAST, at a place of this zone."""
    place = await shops.location(f"Z-{zone[:4]}", time_zone=zone)
    after = datetime(2026, 11, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    chosen: dict[str, Any] = {"location_id": place, "public_ref": "ENDS-1", "window_end": after} | columns
    return await shops.shop(**chosen)


async def shown(browser: Browser, query: str) -> str:
    page = HTMLParser((await browser.get(f"/shops?{query}")).text).css_first("main")
    assert page is not None
    return " ".join(page.text().split())


@pytest.mark.parametrize("zone", ZONES)
async def test_table_lanes_and_the_shops_page_name_the_last_day(
    scheduler: Browser, shops: ShopWorld, zone: str
) -> None:
    shop_id = await ending(shops, zone)
    assert "Sun 29 Nov" in await shown(scheduler, "view=table")
    assert "until Sun 29 Nov" in await shown(scheduler, "view=board")
    page = (await scheduler.get(f"/shops/{shop_id}")).text
    assert f"to Sun 29 Nov ({zone})" in page
    assert "30 Nov" not in page + await shown(scheduler, "view=table")


@pytest.mark.parametrize("zone", ZONES)
async def test_the_agenda_and_the_round_put_a_shop_on_its_last_day(
    scheduler: Browser, shops: ShopWorld, zone: str
) -> None:
    shop_id = await ending(shops, zone)
    scope = Scope(shops.affiliate_id, scheduler.account_id)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        assert await queries.days_of(scope, Filter(), date(2026, 11, 1), NOW) == {LAST: (1, 1)}
        (dated,) = await queries.dated_shops(scope, Filter(), NOW)
        (stop,) = await queries.stops_of(scope, [shop_id])
    assert (dated.day, stop.day, stop.until) == (LAST, LAST, "Sun 29 Nov")
    assert "Sunday 29 November 2026" in await shown(scheduler, "view=agenda&from_day=2026-11-29")
    assert "ENDS-1" not in await shown(scheduler, "view=agenda&from_day=2026-11-30")


@pytest.mark.parametrize("zone", ZONES)
async def test_due_by_a_day_holds_what_is_due_on_that_very_day(scheduler: Browser, shops: ShopWorld, zone: str) -> None:
    await ending(shops, zone)
    assert "ENDS-1" in await shown(scheduler, "due_before=2026-11-29")
    assert "ENDS-1" not in await shown(scheduler, "due_before=2026-11-28")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hours", [0, 1, 12, 23])
async def test_a_report_is_due_on_the_day_of_the_place(
    scheduler: Browser, shops: ShopWorld, zone: str, hours: int
) -> None:
    due_at = datetime(2026, 11, 29, tzinfo=ZoneInfo(zone)).astimezone(UTC) + timedelta(hours=hours)
    day = LAST if hours else LAST - DAY
    await ending(shops, zone, state="OPEN", due_at=due_at)
    assert "ENDS-1" in await shown(scheduler, f"due_before={day}")
    assert "ENDS-1" not in await shown(scheduler, f"due_before={day - DAY}")


async def test_a_window_that_ends_inside_a_day_keeps_its_hour(scheduler: Browser, shops: ShopWorld) -> None:
    await ending(shops, "Europe/Amsterdam", window_end=datetime(2026, 11, 29, 10, tzinfo=UTC))
    assert "Sun 29 Nov 11:00" in await shown(scheduler, "view=table")


async def test_a_shop_at_risk_ends_today_on_its_last_day_alone(scheduler: Browser, shops: ShopWorld) -> None:
    today = datetime(NOW.year, NOW.month, NOW.day, tzinfo=ZoneInfo("Europe/London"))
    await shops.shop(public_ref="TODAY", window_end=today + DAY)
    await shops.shop(public_ref="NEXT", window_end=today + DAY + timedelta(hours=10))
    said = " ".join(HTMLParser((await scheduler.get("/shops/risk")).text).text().split())
    assert said.count("ends today") == 1
    assert said.count("ends in 1 day") == 1
