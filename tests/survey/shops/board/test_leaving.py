"""What would stay if one left: counts of one's own, and nobody else's."""

import pytest

from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld
from tests.web_client import Browser, Site

LEAVING = "/shopper/leaving"


@pytest.mark.parametrize("role", ["scheduler", "editor", "payroll"])
async def test_it_is_for_shoppers(site: Site, shops: ShopWorld, role: str) -> None:
    staff = await site.signed_in(shops.affiliate_id, role)
    assert (await staff.get(LEAVING)).status_code in (403, 404)
    assert (await (await site.visitor()).get(LEAVING)).status_code == 303


async def test_reports_stay_without_their_author_and_what_is_held_comes_first(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    for days in (20, 30):
        await shops.visited(me, NOW.date() - days * DAY)
    await shops.shop("ASSIGNED", me)
    page = (await browser.get(LEAVING)).text
    assert "2 reports stay without you" in page
    assert "1 shop is still yours to make or to give back." in page


async def test_another_shoppers_reports_are_not_counted(browser: Browser, shops: ShopWorld) -> None:
    other = await shops.shopper("Quentin Oddname")
    await shops.visited(other, NOW.date() - 20 * DAY)
    assert "0 reports stay without you" in (await browser.get(LEAVING)).text
