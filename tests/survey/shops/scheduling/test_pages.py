"""Pages of the board's table: how long they are, and the ways on and back."""

from typing import NamedTuple

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.shop_world import ShopWorld, moment
from tests.web_client import Browser, Site


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


class _Leaf(NamedTuple):
    """What a page of the table shows, and where it leads."""

    refs: list[str]
    onward: str | None
    back: str | None


async def _leaf(scheduler: Browser, address: str) -> _Leaf:
    page = HTMLParser((await scheduler.get(f"/shops{address.removeprefix('/shops')}")).text)
    ways = {str(link.attributes["rel"]): link.attributes["href"] for link in page.css("a[rel]")}
    refs = [each.text().strip() for each in page.css("#shops tbody th")]
    return _Leaf(refs, ways.get("next"), ways.get("prev"))


async def test_pages_lead_on_and_back_over_the_same_shops(scheduler: Browser, shops: ShopWorld) -> None:
    for number in range(60):
        await shops.shop(public_ref=f"P-{number:02}", window_end=moment(1 + number))
    first, seen = "/shops?state=OPEN&size=25", []
    page = await _leaf(scheduler, first)
    assert page.back is None
    for _ in range(2):
        seen.append(page.refs)
        assert page.onward
        page = await _leaf(scheduler, page.onward)
    assert (page.onward, len(page.refs)) == (None, 10)
    for before in reversed(seen):
        assert page.back
        page = await _leaf(scheduler, page.back)
        assert page.refs == before
    assert page.back is None


async def test_pages_lead_back_where_the_order_is_turned_round(scheduler: Browser, shops: ShopWorld) -> None:
    for number in range(30):
        await shops.shop(public_ref=f"P-{number:02}")
    first = await _leaf(scheduler, "/shops?sort=-ref&size=25")
    assert first.onward
    second = await _leaf(scheduler, first.onward)
    assert second.refs == [f"P-{number:02}" for number in reversed(range(5))]
    assert second.back
    assert (await _leaf(scheduler, second.back)).refs == first.refs


@pytest.mark.parametrize(("size", "rows"), [("25", 25), ("100", 60), ("", 50), ("7", 50), ("many", 50)])
async def test_a_page_is_as_long_as_the_address_says(
    scheduler: Browser, shops: ShopWorld, size: str, rows: int
) -> None:
    await shops.shops(60)
    page = await _leaf(scheduler, f"/shops?state=OPEN&size={size}")
    assert len(page.refs) == rows


async def test_a_page_before_a_place_that_is_none_is_refused(scheduler: Browser, shops: ShopWorld) -> None:
    assert (await scheduler.get("/shops?before=nonsense")).status_code == 404


@pytest.mark.parametrize(("way", "left"), [("back", range(25, 30)), ("onward", range(25))])
async def test_a_page_of_which_nothing_is_left_is_the_first(
    scheduler: Browser, shops: ShopWorld, way: str, left: range
) -> None:
    for number in range(30):
        await shops.shop(public_ref=f"P-{number:02}")
    first = await _leaf(scheduler, "/shops?state=OPEN&sort=ref&size=25")
    assert first.onward
    ways = {"onward": first.onward, "back": (await _leaf(scheduler, first.onward)).back}
    refs = [f"P-{number:02}" for number in left]
    await shops.owner.execute(
        "UPDATE field.shop SET state = 'CANCELLED' WHERE affiliate_id = $1 AND public_ref <> ALL($2::text[])",
        shops.affiliate_id, refs,
    )  # fmt: skip
    page = await _leaf(scheduler, ways[way] or "")
    assert (page.refs, page.back) == (refs, None)
