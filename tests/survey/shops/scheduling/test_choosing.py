"""Ticks that go along: to another page, order, filter and shape of the board, and into the act that was shown."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode as Node

from survey.settings import Settings
from survey.shops.scheduling.domain import MOST_CHOSEN
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, shop_world
from tests.web_client import Browser, Site

from .effects import do, form_of, preview, text_of

SHAPES = ("table", "board", "agenda", "map")
HOLD = {"kind": "hold", "reason": "legal"}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


def one(within: HTMLParser | Node, selector: str) -> Node:
    """The first that fits; there has to be one."""
    found = within.css_first(selector)
    assert found is not None, selector
    return found


async def page_at(browser: Browser, query: str) -> HTMLParser:
    answer = await browser.get(f"/shops?{query}")
    assert answer.status_code == 200
    return HTMLParser(answer.text)


def sent_by(page: HTMLParser, ticked: set[str] | None = None) -> dict[str, list[str]]:
    """What the form of ticks sends; `ticked`: the rows to tick besides those that are, by reference."""
    fields: dict[str, list[str]] = {}
    form = page.css_first("form[data-select]")
    assert form is not None
    for each in form.css(".tick input[name], input[type=hidden]"):
        row = each.parent.parent if each.parent else None
        ref = row.attributes.get("data-ref") if row else None
        if each.attributes["type"] != "checkbox" or "checked" in each.attributes or ref in (ticked or ()):
            fields.setdefault(str(each.attributes["name"]), []).append(each.attributes["value"] or "")
    return {name: values for name, values in fields.items() if name != "csrf"}


async def go(browser: Browser, fields: Mapping[str, object], to: str) -> str:
    """Take the ticks along; the query that it leads to."""
    answer = await browser.post("/shops/choose", dict(fields) | {"go": to})
    assert answer.status_code == 303, answer.text
    path, _, query = str(answer.headers["location"]).partition("?")
    assert path == "/shops"
    return query


def chosen_in(query: str) -> set[str]:
    return set(" ".join(parse_qs(query).get("chosen", [])).split())


def said(page: HTMLParser) -> str:
    """What the bar says of the ticks."""
    return " ".join(one(page, ".bulk p").text().split())


async def three(shops: ShopWorld) -> None:
    """One here that is open, one elsewhere, and one that somebody has."""
    await shops.shop(public_ref="ONE")
    await shops.shop(public_ref="TWO", location_id=await shops.location("FAR-1"))
    await shops.shop("ASSIGNED", public_ref="THREE", planned_on=NOW.date() + DAY)


async def test_shops_of_another_affiliate_are_never_chosen(
    site: Site, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    foreign = await shops.shop(public_ref="ALICES")
    stranger = await site.signed_in(there.affiliate_id, "scheduler")
    await there.shop(public_ref="OWN")
    assert chosen_in(await go(stranger, {"chosen": "ALICES OWN", "ids": str(foreign)}, "")) == {"OWN"}
    page = await page_at(stranger, "chosen=ALICES+OWN")
    assert one(page, "form[data-chosen]").attributes["data-chosen"] == "OWN"
    await do(stranger, HOLD | {"chosen": "ALICES OWN"})
    assert not (await shops.row(foreign))["is_on_hold"]


async def test_who_schedules_nothing_chooses_nothing(site: Site, shops: ShopWorld) -> None:
    editor = await site.signed_in(shops.affiliate_id, "editor")
    assert (await editor.post("/shops/choose", {"go": ""})).status_code == 403


@pytest.mark.parametrize("shape", SHAPES)
async def test_ticks_survive_a_change_of_shape(scheduler: Browser, shops: ShopWorld, shape: str) -> None:
    await three(shops)
    fields = sent_by(await page_at(scheduler, ""), {"ONE", "THREE"})
    query = await go(scheduler, fields, f"view={shape}")
    assert chosen_in(query) == {"ONE", "THREE"}
    again = await page_at(scheduler, query)
    assert chosen_in(await go(scheduler, sent_by(again), "view=table")) == {"ONE", "THREE"}


async def test_ticks_survive_paging_sorting_and_filtering(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(60)
    await shops.shop(public_ref="AAA", window_end=NOW + DAY)
    first = await page_at(scheduler, "")
    following = one(first, "a[rel=next]").attributes["href"] or ""
    second = await go(scheduler, sent_by(first, {"AAA"}), following)
    page = await page_at(scheduler, second)
    assert "after" in parse_qs(second)
    assert said(page) == "1 chosen, 1 not on this page"
    assert chosen_in(await go(scheduler, sent_by(page), "sort=-ref")) == {"AAA"}
    for link in page.css("thead a, .tabs a, .chips a, .pager a"):
        assert chosen_in(urlsplit(link.attributes["href"] or "").query) == {"AAA"}, link.html
    assert one(page, "form.filters input[name=chosen]").attributes["value"] == "AAA"


async def test_a_tick_that_is_taken_away_is_not_taken_along(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    fields = sent_by(await page_at(scheduler, "chosen=ONE+TWO"))
    assert len(fields["ids"]) == 2
    assert chosen_in(await go(scheduler, fields | {"ids": fields["ids"][:1]}, "view=agenda")) in ({"ONE"}, {"TWO"})


async def test_the_bar_says_how_many_are_elsewhere_and_outside_the_filter(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    assert said(await page_at(scheduler, "chosen=ONE+TWO")) == "2 chosen"
    narrowed = await page_at(scheduler, "state=ASSIGNED&chosen=ONE+TWO+THREE")
    assert said(narrowed) == "3 chosen, 2 not on this page, 2 outside your filter"
    empty = text_of((await scheduler.get("/shops?q=nothing-like-it&chosen=ONE")).text)
    assert "1 chosen, 1 not on this page, 1 outside your filter" in empty


async def test_what_is_chosen_is_shown_alone_whatever_the_filter_says(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    fields = sent_by(await page_at(scheduler, "state=ASSIGNED&chosen=ONE"), {"THREE"})
    query = await go(scheduler, fields, "only=chosen&state=all")
    page = await page_at(scheduler, query)
    assert {row.attributes["data-ref"] for row in page.css("[data-row]")} == {"ONE", "THREE"}
    assert said(page) == "2 chosen"
    for shape in SHAPES[1:]:
        narrowed = await page_at(scheduler, f"{query}&view={shape}")
        assert len(narrowed.css(".tick input[name][checked]")) == (1 if shape == "map" else 2), shape


async def test_all_that_match_of_what_is_chosen_is_what_is_chosen(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    form = sent_by(await page_at(scheduler, "only=chosen&chosen=ONE+TWO"))
    assert "2 on hold." in await preview(scheduler, HOLD | {"query": form["query"], "all": "1"})


async def test_clearing_leads_to_the_same_board_without_ticks(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    page = await page_at(scheduler, "view=board&state=OPEN&chosen=ONE")
    query = urlsplit(one(page, "a[data-clears]").attributes["href"] or "").query
    assert chosen_in(query) == set()
    cleared = await page_at(scheduler, query)
    assert cleared.css(".tick input[checked]") == []
    assert parse_qs(query) == {"state": ["OPEN"], "view": ["board"]}


async def test_the_map_ticks_a_place_of_which_all_is_chosen_and_counts_the_others(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await three(shops)
    page = await page_at(scheduler, "view=map&chosen=ONE+TWO")
    assert [one(row, "th").text() for row in page.css("[data-row]:has([checked])")] == ["FAR-1"]
    assert "1 chosen of 2" in text_of(page.html or "")
    assert chosen_in(await go(scheduler, sent_by(page), "view=table")) == {"ONE", "TWO"}


async def test_a_place_that_is_ticked_on_the_map_becomes_its_shops_that_fit(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await three(shops)
    page = await page_at(scheduler, "view=map&state=OPEN")
    fields = sent_by(page) | {"places": [str(shops.store_id)], "chosen": "TWO"}
    assert chosen_in(await go(scheduler, fields, "view=table")) == {"ONE", "TWO"}


async def test_an_act_is_about_every_tick_and_names_what_the_filter_hides(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    page = await page_at(scheduler, "state=OPEN&q=ONE&chosen=TWO+THREE")
    terms = await scheduler.post("/shops/bulk", sent_by(page, {"ONE"}) | {"kind": "hold"})
    words = text_of(terms.text)
    assert "3 shops chosen." in words
    assert "2 of them are outside your filter" in words
    listed = [" ".join(each.text().split()) for each in HTMLParser(terms.text).css("ul.refs li")]
    assert sorted(line.partition(" ")[0] for line in listed) == ["ONE", "THREE", "TWO"]
    assert sorted(line.endswith("outside your filter") for line in listed) == [False, True, True]
    back = one(HTMLParser(terms.text), "nav[aria-label=Breadcrumb] a[href^='/shops?']").attributes["href"] or ""
    assert chosen_in(urlsplit(back).query) == {"ONE", "TWO", "THREE"}


async def test_the_act_reaches_what_was_shown_and_nothing_is_ticked_after_it(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await three(shops)
    page = await page_at(scheduler, "state=OPEN&q=ONE&chosen=TWO")
    effects = await scheduler.post("/shops/bulk/preview", sent_by(page, {"ONE"}) | HOLD)
    assert "2 on hold." in text_of(effects.text)
    sent = {name: value for name, value in form_of(effects.text).items() if name != "csrf"}
    done = await scheduler.post("/shops/bulk/do", sent)
    assert done.status_code == 303
    held = await shops.owner.fetch("SELECT public_ref FROM field.shop WHERE is_on_hold AND affiliate_id = $1"
                                   " AND public_ref IN ('ONE', 'TWO', 'THREE')", shops.affiliate_id)  # fmt: skip
    assert {row["public_ref"] for row in held} == {"ONE", "TWO"}
    assert chosen_in(urlsplit(done.headers["location"]).query) == set()


async def test_more_than_go_in_an_address_are_left_out_and_it_is_said(scheduler: Browser, shops: ShopWorld) -> None:
    ids = await shops.shops(MOST_CHOSEN + 3)
    query = await go(scheduler, {"query": "state=all", "ids": [str(each) for each in ids]}, "view=board")
    assert len(chosen_in(query)) == MOST_CHOSEN
    page = text_of((await scheduler.get(f"/shops?{query}")).text)
    assert f"At most {MOST_CHOSEN} shops can be chosen one by one" in page
    assert "3 are not chosen any more" in page


async def test_a_saved_view_and_a_calendar_keep_no_ticks(scheduler: Browser, shops: ShopWorld) -> None:
    await three(shops)
    ticked = {"query": "only=chosen&chosen=ONE&sort=ref"}
    assert (await scheduler.post("/shops/views", ticked | {"name": "Mine"})).status_code == 303
    page = await page_at(scheduler, "")
    (saved,) = [
        link.attributes["href"] for link in page.css("nav[aria-label='Saved views'] a") if link.text() == "Mine"
    ]
    assert (await scheduler.post("/shops/calendar", ticked)).status_code in (200, 303)
    owner = "SELECT query FROM ops.calendar_feed WHERE affiliate_id = $1"
    feeds = await shops.owner.fetch(owner, shops.affiliate_id)
    assert {saved, *(f"/shops?{feed['query']}" for feed in feeds)} == {"/shops?state=all&sort=ref"}


async def test_nowhere_else_than_to_the_board_does_it_lead(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="ONE")
    for to in ("https://elsewhere.example/shops", "//elsewhere.example", "\r\nlocation: x", "/clients?view=map"):
        assert chosen_in(await go(scheduler, {"chosen": "ONE"}, to)) == {"ONE"}
