"""Ticks in every shape of the board: the same form, the same acts, and nobody else's shops."""

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment, shop_world
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, text_of

SHAPES = ("table", "board", "agenda", "map")
HOLD = {"kind": "hold", "reason": "legal"}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def form_at(browser: Browser, query: str) -> Node:
    """The form of ticks of a shape."""
    (form,) = HTMLParser((await browser.get(f"/shops?{query}")).text).css("form[data-select]")
    assert form.attributes["action"] == "/shops/bulk"
    return form


def ticked(form: Node) -> dict[str, list[str]]:
    """What the form sends with every row ticked."""
    sent: dict[str, list[str]] = {}
    for each in form.css(".tick input[name], input[name=query]"):
        sent.setdefault(str(each.attributes["name"]), []).append(each.attributes["value"] or "")
    return sent


async def test_ticked_places_of_another_affiliate_choose_nothing(
    site: Site, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    foreign = await shops.shop(public_ref="AL-1")
    own = await there.shop()
    stranger = await site.signed_in(there.affiliate_id, "scheduler")
    fields = HOLD | {"places": str(shops.store_id)}
    assert form_of(await effects(stranger, fields)) == {}
    assert "No shop is chosen" in text_of((await stranger.post("/shops/bulk", fields)).text)
    chosen = await stranger.post("/shops/route", {"query": "", "places": str(shops.store_id)})
    assert "AL-1" not in (await stranger.get(chosen.headers["location"])).text
    await do(stranger, HOLD | {"places": [str(shops.store_id), str(there.store_id)]})
    assert ((await shops.row(foreign))["is_on_hold"], (await there.row(own))["is_on_hold"]) == (False, True)


@pytest.mark.parametrize("shape", SHAPES)
async def test_the_rows_of_every_shape_are_ticked_and_acted_on(
    scheduler: Browser, shops: ShopWorld, shape: str
) -> None:
    await shops.shop(public_ref="ONE")
    await shops.shop("ASSIGNED", public_ref="TWO", planned_on=NOW.date() + DAY)
    await shops.shop(public_ref="ELSEWHERE", location_id=await shops.location("FAR-1"), daypart="evening")
    form = await form_at(scheduler, f"view={shape}&daypart=any")
    assert len(form.css("[data-row]")) == len(form.css(".tick input[name]")) > 0
    assert "2 on hold." in await preview(scheduler, {**HOLD, **ticked(form)})


@pytest.mark.parametrize("shape", SHAPES)
async def test_every_shape_has_the_acts_of_the_table(scheduler: Browser, shops: ShopWorld, shape: str) -> None:
    await shops.shop()
    form = await form_at(scheduler, f"view={shape}")
    acts = [each.attributes["value"] for each in form.css(".bulk button[name=kind]")]
    assert acts == ["assign", "offer", "plan", "auto_offer", "message", "window", "pay", "hold", "take_back", "cancel"]
    assert [each.text() for each in form.css(".bulk button[formaction='/shops/route']")] == ["Route"]


@pytest.mark.parametrize("shape", SHAPES)
async def test_all_that_match_is_offered_where_a_shape_does_not_show_all(
    scheduler: Browser, shops: ShopWorld, shape: str
) -> None:
    await shops.shops(60)
    form = await form_at(scheduler, f"view={shape}")
    assert form.css(".bulk input[name=all]")
    query = ticked(form)["query"]
    assert "60 on hold." in await preview(scheduler, HOLD | {"all": "1", "query": query})


async def test_all_of_the_agenda_begins_with_the_day_it_shows(scheduler: Browser, shops: ShopWorld) -> None:
    over = {"window_start": moment(-9), "window_end": moment(-2)}
    await shops.shop("ASSIGNED", None, planned_on=NOW.date() - 3 * DAY, **over)
    await shops.shops(55)
    form = await form_at(scheduler, "view=agenda")
    assert form.css(".bulk input[name=all]")
    assert "55 shops chosen: all that match" in text_of(
        (await scheduler.post("/shops/bulk", HOLD | {"all": "1", "query": ticked(form)["query"]})).text
    )


async def test_a_ticked_place_means_the_shops_there_that_the_filter_leaves(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shop(public_ref="HERE-1")
    await shops.shop("CLOSED", public_ref="OVER-1")
    await shops.shop(public_ref="AWAY-1", location_id=await shops.location("FAR-1"))
    fields = HOLD | {"places": str(shops.store_id), "query": "state=OPEN&view=map"}
    assert "1 on hold." in await preview(scheduler, fields)
    chosen = await scheduler.post("/shops/route", {"places": str(shops.store_id), "query": "state=OPEN"})
    page = (await scheduler.get(chosen.headers["location"])).text
    assert ("HERE-1" in page, "OVER-1" in page, "AWAY-1" in page) == (True, False, False)


async def test_what_comes_to_a_place_after_the_effects_were_shown_is_not_reached(
    scheduler: Browser, shops: ShopWorld
) -> None:
    seen = await shops.shop()
    sent = form_of(await effects(scheduler, HOLD | {"places": str(shops.store_id)}))
    late = await shops.shop()
    answer = await scheduler.post("/shops/bulk/do", {name: value for name, value in sent.items() if name != "csrf"})
    assert answer.status_code == 303
    assert ((await shops.row(seen))["is_on_hold"], (await shops.row(late))["is_on_hold"]) == (True, False)


async def test_a_pin_leads_to_the_tick_of_its_place(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop()
    await shops.shop(location_id=await shops.location("FAR-1", latitude=51.5, longitude=-0.1))
    page = HTMLParser((await scheduler.get("/shops?view=map")).text)
    pins = [str(each.attributes["href"]) for each in page.css(".map a")]
    assert len(pins) == 2
    assert all(page.css_first(f"form[data-select] input{pin}") for pin in pins)


async def test_what_is_no_place_chooses_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop()
    said = await scheduler.post("/shops/bulk", HOLD | {"places": ["nowhere", "17"]})
    assert "No shop is chosen" in text_of(said.text)
