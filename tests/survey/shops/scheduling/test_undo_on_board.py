"""What whoever looks at the board has just done stands on it, with its undo, until the half minute is over."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.conftest import NOW
from tests.shop_world import ShopWorld
from tests.web_client import Browser, Site

from .effects import do, text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def assigned(scheduler: Browser, shops: ShopWorld) -> str:
    """A shop that the scheduler has just given to somebody; the path of what came of it."""
    await shops.shopper(display_code="S-7F3K")
    return await do(scheduler, {"kind": "assign", "shopper": "S-7F3K", "ids": str(await shops.shop())})


async def undo_on(browser: Browser, query: str = "") -> list[str]:
    """Where the undo of a board leads to."""
    page = HTMLParser((await browser.get(f"/shops{query}")).text)
    return [str(each.attributes["action"]) for each in page.css("main form[action$='/undo']")]


async def test_a_colleague_is_not_offered_it(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    await assigned(scheduler, shops)
    assert await undo_on(await site.signed_in(shops.affiliate_id, "scheduler")) == []


@pytest.mark.parametrize("shape", ["table", "board", "agenda", "map"])
async def test_it_stands_in_every_shape_and_undoes_the_act(scheduler: Browser, shops: ShopWorld, shape: str) -> None:
    result = await assigned(scheduler, shops)
    page = (await scheduler.get(f"/shops?view={shape}")).text
    assert "1 assigned." in text_of(page)
    assert await undo_on(scheduler, f"?view={shape}") == [f"{result}/undo"]
    await scheduler.post(f"{result}/undo")
    assert await undo_on(scheduler) == []


async def test_it_goes_when_the_half_minute_is_over(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    result = await assigned(scheduler, shops)
    site.clock.now = NOW + timedelta(seconds=29)
    assert await undo_on(scheduler) == [f"{result}/undo"]
    site.clock.now = NOW + timedelta(seconds=31)
    assert await undo_on(scheduler) == []


async def test_a_cancellation_that_waits_says_how_many_shops_it_reaches(scheduler: Browser, shops: ShopWorld) -> None:
    ids = [str(await shops.shop()) for _ in range(2)]
    await do(scheduler, {"kind": "cancel", "reason": "twice", "ids": ids})
    assert "2 to be cancelled in 30 s." in text_of((await scheduler.get("/shops")).text)


async def test_a_message_about_three_shops_of_one_shopper_is_told_alike_on_the_board_and_as_the_result(
    scheduler: Browser, shops: ShopWorld
) -> None:
    robin = await shops.shopper()
    ids = [str(await shops.shop("ASSIGNED", robin)) for _ in range(3)]
    result = await do(scheduler, {"kind": "message", "words": "Hello", "ids": ids})
    for page in (result, "/shops"):
        assert "3 written to" in text_of((await scheduler.get(page)).text), page
    await scheduler.post(f"{result}/undo")
    assert await undo_on(scheduler) == []
    count = "SELECT count(*) FROM identity.message WHERE shopper_id = $1"
    assert await shops.owner.fetchval(count, robin.id) == 0
