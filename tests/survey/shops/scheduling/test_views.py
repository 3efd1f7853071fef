"""Views are saved by name, and one of the same name is replaced only where that is said; and links to the machine."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.shop_world import ShopWorld
from tests.web_client import Browser, Site

from .effects import text_of

OPEN, PAID = "state=OPEN", "state=OPEN&sort=-pay"


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def saved(shops: ShopWorld) -> dict[str, str]:
    """The affiliate's views: their queries by name."""
    rows = await shops.owner.fetch("SELECT name, query FROM ops.saved_view WHERE affiliate_id = $1", shops.affiliate_id)
    return {row["name"]: row["query"] for row in rows}


async def test_a_view_of_the_same_name_is_asked_about_and_nothing_is_saved(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await scheduler.post("/shops/views", {"query": OPEN, "name": "Mine"})
    asked = await scheduler.post("/shops/views", {"query": PAID, "name": "Mine"})
    assert asked.status_code == 409
    assert "There is already a view of that name" in text_of(asked.text)
    assert await saved(shops) == {"Mine": OPEN}


async def test_it_is_replaced_where_that_is_said_and_of_no_other_name(scheduler: Browser, shops: ShopWorld) -> None:
    for name in ("Mine", "Other"):
        await scheduler.post("/shops/views", {"query": OPEN, "name": name})
    again = {"query": PAID, "name": "Mine", "replaced": "Mine"}
    assert (await scheduler.post("/shops/views", again | {"name": "Other"})).status_code == 409
    assert (await scheduler.post("/shops/views", again)).status_code == 303
    assert await saved(shops) == {"Mine": PAID, "Other": OPEN}


async def test_the_same_view_twice_is_once_and_asks_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    for _ in range(2):
        assert (await scheduler.post("/shops/views", {"query": OPEN, "name": "Mine"})).status_code == 303
    assert await saved(shops) == {"Mine": OPEN}


async def test_a_colleagues_name_is_free(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    await scheduler.post("/shops/views", {"query": OPEN, "name": "Mine"})
    colleague = await site.signed_in(shops.affiliate_id, "scheduler")
    assert (await colleague.post("/shops/views", {"query": PAID, "name": "Mine"})).status_code == 303


async def test_saved_views_stand_above_the_table_and_the_one_that_is_open_is_marked(
    scheduler: Browser, shops: ShopWorld
) -> None:
    assert not HTMLParser((await scheduler.get("/shops")).text).css("nav[aria-label='Saved views']")
    for name, query in (("Mine", OPEN), ("Well paid", PAID)):
        await scheduler.post("/shops/views", {"query": query, "name": name})
    page = (await scheduler.get(f"/shops?{PAID}")).text
    links = HTMLParser(page).css("nav[aria-label='Saved views'] a")
    assert [(each.text(), each.attributes["href"]) for each in links] == [
        ("Mine", f"/shops?{OPEN}"),
        ("Well paid", f"/shops?{PAID}"),
    ]
    assert [each.text() for each in links if each.attributes.get("aria-current")] == ["Well paid"]
    assert page.index("Saved views") < page.index('id="q"')


async def test_the_drawn_machine_is_linked_from_the_boards_help_and_from_a_shops_history(
    scheduler: Browser, shops: ShopWorld
) -> None:
    shop_id = await shops.shop()
    for path in ("/shops", "/shops?view=board", f"/shops/{shop_id}"):
        assert 'href="/shops/machine"' in (await scheduler.get(path)).text
