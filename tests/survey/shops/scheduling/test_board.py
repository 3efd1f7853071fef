"""The board: who sees it, what its URL can ask for, and that nothing of another affiliate is in it."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling.forms import view_of_query
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment, shop_world
from tests.web_client import Browser, Site

SHAPES = ("table", "board", "agenda", "map")


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def refs_at(browser: Browser, query: str) -> list[str]:
    """The references of the table at an address, in their order."""
    answer = await browser.get(f"/shops?{query}")
    assert answer.status_code == 200, answer.text
    return [node.text() for node in HTMLParser(answer.text).css("#shops tbody th a")]


@pytest.mark.parametrize("role", ["editor", "payroll"])
async def test_the_board_is_for_schedulers(site: Site, shops: ShopWorld, role: str) -> None:
    browser = await site.signed_in(shops.affiliate_id, role)
    assert (await browser.get("/shops")).status_code in (403, 404)


async def test_a_stranger_is_asked_to_sign_in(site: Site) -> None:
    visitor = await site.visitor()
    assert (await visitor.get("/shops")).status_code == 303


@pytest.mark.parametrize("shape", SHAPES)
async def test_no_shape_shows_another_affiliates_shops(site: Site, shops: ShopWorld, world: World, shape: str) -> None:
    await shops.shop(public_ref="SECRET-1")
    await shops.shop("ASSIGNED", public_ref="SECRET-2", planned_on=NOW.date() + DAY)
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    for query in ("", f"client={shops.client_id}", f"campaign={shops.campaign_id}", f"wave={shops.wave_id}",
                  f"client={shops.client_id}&node={shops.region_id}", "q=CK-031"):  # fmt: skip
        page = (await stranger.get(f"/shops?view={shape}&{query}")).text
        shown = page.replace(query, "").replace("CK-031", "", 1)
        assert "SECRET" not in shown
        assert "Riverside" not in shown
        assert "Barista Welcome" not in shown
        assert ">0<" in shown


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_shows_the_shops(scheduler: Browser, shops: ShopWorld, shape: str) -> None:
    await shops.shop()
    page = await scheduler.get(f"/shops?view={shape}")
    assert page.status_code == 200
    assert "Riverside" in page.text


@pytest.mark.parametrize(
    "query",
    ["state=OPEN", "daypart=morning", "risk=1", "flaked=1", "hold=1", "q=find", "q=far-1", "q=Farther",
     "due_before=2026-11-24", "shopper=S-MARSH"],
)  # fmt: skip
async def test_each_filter_leaves_what_it_says(scheduler: Browser, shops: ShopWorld, query: str) -> None:
    far = await shops.location("FAR-1", name="Farther Off")
    someone = await shops.shopper(display_code="S-MARSH")
    common: dict[str, Any] = {"location_id": far, "daypart": "morning", "window_end": moment(1), "is_flaked": True}
    await shops.shop(public_ref="FIND-1", is_on_hold="hold" in query, **common)
    if "shopper" in query:
        await shops.shop("ASSIGNED", someone, public_ref="FIND-1B")
    await shops.shop("ASSIGNED", public_ref="OTHER-1", due_at=moment(9))
    wanted = "FIND-1B" if "shopper" in query else "FIND-1"
    assert await refs_at(scheduler, query) == [wanted]


async def test_a_region_holds_the_shops_below_it(scheduler: Browser, shops: ShopWorld) -> None:
    elsewhere = await shops.location("EAST-1", under=shops.root_id)
    await shops.shop(public_ref="BELOW")
    await shops.shop(public_ref="BESIDE", location_id=elsewhere)
    assert await refs_at(scheduler, f"client={shops.client_id}&node={shops.region_id}") == ["BELOW"]


@pytest.mark.parametrize("sort", ["until", "due", "planned", "place", "pay", "ref", "since", "asked"])
async def test_every_sort_pages_through_all_shops_once(
    scheduler: Browser, shops: ShopWorld, superuser: asyncpg.Connection, sort: str
) -> None:
    chosen = await shops.shops(120)
    for number, shop_id in enumerate(chosen[:60] if sort == "asked" else []):
        await shops.application(shop_id, await shops.shopper(), created_at=moment(-number))
    for direction in ("", "-"):
        seen: list[str] = []
        query = f"sort={direction}{sort}"
        while query:
            page = HTMLParser((await scheduler.get(f"/shops?{query}")).text)
            seen += [node.text() for node in page.css("#shops tbody th a")]
            following = page.css_first(".pager [rel=next]")
            query = (following.attributes["href"] or "").removeprefix("?") if following else ""
        assert len(seen) == len(set(seen)) == 120


async def test_the_board_begins_with_what_is_in_work_and_everything_is_one_click_away(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shop("CLOSED", public_ref="LONG-AGO", window_start=moment(-99), window_end=moment(-90))
    await shops.shop(public_ref="OPEN-1")
    await shops.shop("ASSIGNED", public_ref="GIVEN-1", due_at=moment(9))
    for query in ("", "sort=ref", "columns=place"):
        assert set(await refs_at(scheduler, query)) == {"OPEN-1", "GIVEN-1"}
    page = HTMLParser((await scheduler.get("/shops")).text)
    every, *_ = page.css("[aria-label=States] a")
    assert (every.attributes["href"], "All 3" in " ".join(every.text().split())) == ("?state=all", True)
    assert [chip.text().split()[:2] for chip in page.css("[aria-label=States] [aria-current]")] == [["In", "work"]]
    assert "LONG-AGO" in await refs_at(scheduler, "state=all")


@pytest.mark.parametrize("query", ["q=LONG-AGO", "state=CLOSED", "state=all&sort=ref", "state=NOWHERE"])
async def test_whatever_the_address_says_of_which_shops_it_is_taken_at_its_word(
    scheduler: Browser, shops: ShopWorld, query: str
) -> None:
    await shops.shop("CLOSED", public_ref="LONG-AGO", window_start=moment(-99), window_end=moment(-90))
    assert await refs_at(scheduler, query) == ["LONG-AGO"]


async def test_narrowing_everything_stays_with_everything(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop("CLOSED", public_ref="LONG-AGO", window_start=moment(-99), window_end=moment(-90))
    for query, is_kept in (("state=all", True), ("", False)):
        form = HTMLParser((await scheduler.get(f"/shops?{query}")).text).css("form:has(input[name=q])")
        assert [bool(each.css("input[name=state][value=all]")) for each in form] == [is_kept]


async def test_applications_that_wait_are_found_counted_and_sorted_by_the_longest_wait(
    scheduler: Browser, shops: ShopWorld
) -> None:
    robin, kim = await shops.shopper(), await shops.shopper()
    for ref, waits in (("NEW", 1), ("OLD", 9), ("MIDDLE", 4)):
        await shops.application(await shops.shop(public_ref=ref), robin, created_at=moment(-waits))
    late = await shops.shop(public_ref="TWICE")
    await shops.application(late, robin, created_at=moment(-2))
    await shops.application(late, kim, created_at=moment(-6))
    await shops.application(await shops.shop(public_ref="ANSWERED"), robin, "DECLINED")
    await shops.application(await shops.shop("OFFERED", public_ref="GIVEN"), robin)
    assert await refs_at(scheduler, "asked=1&sort=asked") == ["OLD", "TWICE", "MIDDLE", "NEW"]
    assert (await refs_at(scheduler, "sort=asked"))[:4] == ["OLD", "TWICE", "MIDDLE", "NEW"]
    assert (await refs_at(scheduler, "sort=-asked"))[:4] == ["NEW", "MIDDLE", "TWICE", "OLD"]
    chips = HTMLParser((await scheduler.get("/shops?state=OFFERED")).text).css("[aria-label=States] a")
    (chip,) = [node for node in chips if "Applications waiting" in node.text()]
    assert " ".join(chip.text().split()) == "Applications waiting 4"
    assert chip.attributes["href"] == "?state=OFFERED&asked=1"


async def test_no_chip_speaks_of_applications_where_none_waits_or_another_affiliates_does(
    scheduler: Browser, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    await there.application(await there.shop(), await there.shopper())
    await shops.shop()
    assert "Applications waiting" not in (await scheduler.get("/shops")).text
    assert await refs_at(scheduler, "asked=1") == []


async def test_counts_are_of_the_filter_whatever_state_is_chosen(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(3)
    await shops.shop("ASSIGNED")
    page = HTMLParser((await scheduler.get("/shops?state=ASSIGNED")).text)
    chips = " ".join(" ".join(node.text().split()) for node in page.css("[aria-label=States] a"))
    assert "All 4" in chips
    assert "Open 3" in chips
    assert "Assigned 1" in chips


async def test_a_shopper_is_shown_by_code_never_by_name(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop("ASSIGNED", await shops.shopper("Robin Marsh", display_code="S-7F3K"))
    page = (await scheduler.get("/shops")).text
    assert "S-7F3K" in page
    assert "Robin" not in page
    assert "Marsh" not in page


async def test_the_first_page_has_no_way_to_itself(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(60)
    page = (await scheduler.get("/shops")).text
    assert ">First</a>" not in page
    cursor = page.split("&amp;after=")[1].split('"')[0]
    assert ">First</a>" in (await scheduler.get(f"/shops?after={cursor}")).text


async def test_what_makes_no_sense_in_the_address_narrows_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="HERE")
    assert await refs_at(scheduler, "state=NOWHERE&client=17&due_before=soon&sort=name&columns=salary&daypart=x") == [
        "HERE"
    ]
    assert (await scheduler.get("/shops?after=nonsense")).status_code == 404


def test_a_view_is_the_same_after_a_trip_through_the_address() -> None:
    query = "client=8f14e45f-ceea-467a-9575-25a7e2f1a001&state=OPEN&state=OFFERED&risk=1&q=a%26b&sort=-pay"
    assert view_of_query(view_of_query(query).query()) == view_of_query(query)


async def test_a_view_is_saved_shared_and_forgotten(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    colleague = await site.signed_in(shops.affiliate_id, "scheduler")
    fields = {"query": "state=OPEN&sort=-pay", "name": "Well paid", "shared": "yes"}
    assert (
        (await scheduler.submit("/shops", fields, "/shops/views")).headers["location"].endswith("state=OPEN&sort=-pay")
    )
    page = HTMLParser((await colleague.get("/shops")).text)
    (link,) = [node for node in page.css("a") if node.text() == "Well paid"]
    assert link.attributes["href"] == "/shops?state=OPEN&sort=-pay"
    own = HTMLParser((await scheduler.get("/shops")).text).css_first("form[action$='/forget']")
    action = own.attributes["action"] if own else ""
    assert (await colleague.post(str(action))).status_code == 404
    assert (await scheduler.post(str(action))).status_code == 303
    assert "Well paid" not in (await colleague.get("/shops")).text


async def test_another_affiliates_views_are_not_there(
    site: Site, scheduler: Browser, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    theirs = await site.signed_in(there.affiliate_id, "scheduler")
    await theirs.submit("/shops", {"query": "", "name": "Only theirs", "shared": "yes"}, "/shops/views")
    assert "Only theirs" not in (await scheduler.get("/shops")).text


async def test_the_agenda_begins_on_the_day_that_is_asked_for(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop("ASSIGNED", public_ref="EARLY", planned_on=NOW.date() + DAY)
    await shops.shop("ASSIGNED", public_ref="LATER", planned_on=NOW.date() + timedelta(days=5))
    page = (await scheduler.get(f"/shops?view=agenda&from_day={NOW.date() + timedelta(days=3)}")).text
    assert "LATER" in page
    assert "EARLY" not in page


async def test_the_map_marks_places_and_a_piece_of_it_narrows(scheduler: Browser, shops: ShopWorld) -> None:
    far = await shops.location("FAR-1", latitude=51.5, longitude=-0.1, city="Farville")
    await shops.shop(public_ref="HERE-1")
    await shops.shop(public_ref="AWAY-1", location_id=far)
    page = (await scheduler.get("/shops?view=map")).text
    assert 'aria-label="FAR-1 Store FAR-1: 1 shop, 1 without a shopper"' in page
    assert [town.text() for town in HTMLParser(page).css("text.town")] == ["Farville", "Leeds"]
    assert await refs_at(scheduler, "box=51,-1,52,1") == ["AWAY-1"]
    assert await refs_at(scheduler, "box=51,170,54,-1") == ["HERE-1"]


async def test_the_fill_rate_counts_what_was_posted_and_is_still_wanted(scheduler: Browser, shops: ShopWorld) -> None:
    for state in ("DRAFT", "CANCELLED", "OPEN", "EXPIRED", "RELEASED", "CLOSED", "SUBMITTED", "ASSIGNED"):
        await shops.shop(state)
    page = HTMLParser((await scheduler.get("/shops")).text).text()
    assert "67 % filled of 6 that were posted" in page


async def test_nothing_is_said_of_a_fill_rate_where_nothing_was_posted(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop("DRAFT")
    assert "filled" not in HTMLParser((await scheduler.get("/shops")).text).text()
