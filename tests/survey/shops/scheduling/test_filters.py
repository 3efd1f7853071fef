"""What the board's filters mean together: what hangs on a client or a campaign goes when another one is chosen."""

from urllib.parse import parse_qs

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling.domain import IN_WORK
from survey.shops.scheduling.forms import onward_in, opening_view_of_query, view_of_query
from survey.web import form_with
from tests.conftest import World
from tests.shop_world import ShopWorld, shop_world
from tests.web_client import Browser, Site


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


@pytest.fixture
async def others(shops: ShopWorld, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """Another client of alice's, with a shop of its own."""
    other = await shop_world(superuser, settings, shops.affiliate_id)
    await other.shop(public_ref="OTHER-1")
    return other


async def board(browser: Browser, query: str) -> tuple[list[str], dict[str, str]]:
    """The references that an address shows, and what its filters' lists say."""
    page = HTMLParser((await browser.get(f"/shops?{query}")).text)
    chosen = {
        each.attributes["name"] or "": option.attributes["value"] or ""
        for each in page.css("form[role=search] select")
        for option in each.css("option[selected]")
    }
    return [node.text() for node in page.css("#shops tbody th a")], chosen


async def test_what_is_another_affiliates_is_never_left_out_of_a_filter(
    scheduler: Browser, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    await shops.shop(public_ref="OWN-1")
    for query in (f"campaign={there.campaign_id}", f"wave={there.wave_id}", f"node={there.region_id}"):
        assert (await board(scheduler, f"client={shops.client_id}&{query}"))[0] == []


@pytest.mark.parametrize("of", ["campaign", "wave", "region"])
async def test_another_client_leaves_nothing_of_the_old_ones_filters(
    scheduler: Browser, shops: ShopWorld, others: ShopWorld, of: str
) -> None:
    old = {"campaign": f"campaign={shops.campaign_id}", "wave": f"campaign={shops.campaign_id}&wave={shops.wave_id}",
           "region": f"node={shops.region_id}"}[of]  # fmt: skip
    refs, chosen = await board(scheduler, f"client={others.client_id}&{old}")
    assert refs == ["OTHER-1"]
    assert chosen == {"client": str(others.client_id)}


async def test_another_campaign_leaves_nothing_of_the_old_ones_wave(scheduler: Browser, shops: ShopWorld) -> None:
    campaign_id, wave_id = await shops.campaign("Second look")
    await shops.shop(public_ref="SECOND", campaign_id=campaign_id, wave_id=wave_id)
    refs, chosen = await board(scheduler, f"campaign={campaign_id}&wave={shops.wave_id}")
    assert (refs, chosen) == (["SECOND"], {"campaign": str(campaign_id)})


async def test_a_wave_brings_its_campaign_and_a_region_its_client(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="OWN-1")
    chosen = (await board(scheduler, f"wave={shops.wave_id}"))[1]
    assert chosen == {"campaign": str(shops.campaign_id), "wave": str(shops.wave_id)}
    chosen = (await board(scheduler, f"node={shops.region_id}"))[1]
    assert chosen == {"client": str(shops.client_id), "node": str(shops.region_id)}


def test_any_client_is_no_region_and_any_campaign_no_wave() -> None:
    one = "0192f3b4-0000-7000-8000-000000000001"
    assert view_of_query(f"client=&node={one}&campaign=&wave={one}&state=OPEN") == view_of_query("state=OPEN")


def test_the_board_opens_with_what_is_in_work_where_its_address_says_nothing_that_is_read() -> None:
    for query in ("", "state=", "state=+", "q=&" * 60 + "state=OPEN"):
        assert opening_view_of_query(query).filter.state == IN_WORK, query
    assert opening_view_of_query("state=all").filter.is_empty


def test_a_link_of_the_board_goes_on_with_what_its_address_says_first() -> None:
    go = form_with({"go": "/shops?after=one&after=two&only=&only=1&chosen=A"})
    query = onward_in(go, ["B"])
    assert (parse_qs(query)["after"], view_of_query(query).filter.among) == (["one"], ())


async def test_a_city_is_found_as_the_table_shows_it(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="IN-YORK", location_id=await shops.location("Y-1", city="York"))
    await shops.shop(public_ref="IN-LEEDS")
    assert (await board(scheduler, "q=yor"))[0] == ["IN-YORK"]


async def test_a_shoppers_page_leads_to_all_that_they_hold_and_have_made(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    await shops.shop("ASSIGNED", robin, public_ref="HELD")
    await shops.shop("CLOSED", robin, public_ref="MADE")
    await shops.shop("ASSIGNED", public_ref="ANOTHERS")
    page = HTMLParser((await scheduler.get(f"/shoppers/{robin.id}")).text)
    (link,) = page.css("main a[href^='/shops?']")
    query = str(link.attributes["href"]).partition("?")[2]
    assert sorted((await board(scheduler, query))[0]) == ["HELD", "MADE"]
