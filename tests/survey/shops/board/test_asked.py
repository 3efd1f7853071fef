"""Shops one has asked for: the list with what became of each, taking one back, and how many others wait."""

from uuid import UUID

import pytest

from survey.shops.board.domain import asked_words
from survey.shops.visits import service as visits
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, moment, shop_world
from tests.web_client import Browser

MINE = "/shopper/shops"
ASKED = f"{MINE}/asked"


async def waiting_for(shops: ShopWorld, shop_id: UUID) -> int:
    """The number that stands beside a shop."""
    count: int = await shops.owner.fetchval(
        "SELECT coalesce((SELECT waiting FROM field.shop_interest WHERE shop_id = $1), 0)", shop_id
    )
    return count


async def test_nobody_reads_what_others_have_asked_for(browser: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop(public_ref="T-OTHERS")
    await shops.application(shop_id, await shops.shopper())
    for page in (MINE, ASKED):
        assert "T-OTHERS" not in (await browser.get(page)).text
    assert (await browser.post(f"/shopper/board/{shop_id}/withdraw", {"back": "asked"})).status_code == 404


async def test_an_application_of_another_affiliate_is_not_in_the_list(
    browser: Browser, shops: ShopWorld, world: World, me: Shopper
) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    twin = await there.shopper(account_id=me.account_id)
    await there.application(await there.shop(public_ref="T-ELSEWHERE"), twin)
    assert "T-ELSEWHERE" not in (await browser.get(ASKED)).text


async def test_what_waits_stands_in_my_shops_with_its_day_and_is_taken_back_there(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(is_self_assign=False)
    shop_id = await shops.shop()
    application_id = await shops.application(shop_id, me, proposed_on=NOW.date() + DAY)
    page = (await browser.get(MINE)).text
    for words in ("Asked for", "for Monday 23 November", "asked on 22 November 2026", "Waiting for an answer"):
        assert words in page
    taken_back = await browser.submit(MINE, {"back": "mine"}, to=f"/shopper/board/{shop_id}/withdraw")
    assert taken_back.headers["location"] == MINE
    assert [event["action"] for event in await shops.events(application_id)] == ["application.withdraw"]
    assert "Waiting for an answer" not in (await browser.get(MINE)).text
    assert "You took it back" in (await browser.get(ASKED)).text


@pytest.mark.parametrize(
    ("state", "columns", "words"),
    [
        ("APPROVED", {}, "You were chosen"),
        ("DECLINED", {"reason": "somebody_nearer"}, "Somebody who lives nearer makes this visit."),
        ("WITHDRAWN", {}, "You took it back"),
        ("SUPERSEDED", {}, "The shop went to somebody else"),
        ("EXPIRED", {}, "The days were over"),
    ],
)
async def test_the_list_says_what_became_of_each(
    browser: Browser, shops: ShopWorld, me: Shopper, state: str, columns: dict[str, str], words: str
) -> None:
    await shops.application(await shops.shop(), me, state, decided_at=NOW, **columns)
    page = (await browser.get(ASKED)).text
    assert words in page
    assert "Withdraw" not in page.split("<main")[1]


async def test_a_shop_that_was_called_off_and_one_whose_days_are_over_say_so(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.application(await shops.shop("CANCELLED"), me, "EXPIRED")
    await shops.application(await shops.shop(window_start=moment(-9), window_end=moment(-1)), me)
    page = (await browser.get(ASKED)).text
    assert "The shop was called off" in page
    assert "The days of this shop are over" in page


async def test_a_long_list_goes_by_pages(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    for number in range(51):
        shop_id = await shops.shop(public_ref=f"T-LONG-{number:02}")
        await shops.application(shop_id, me, "WITHDRAWN", created_at=moment(hours=-number))
    first = (await browser.get(ASKED)).text
    assert "T-LONG-00" in first
    assert "T-LONG-50" not in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "T-LONG-50" in (await browser.get(ASKED + following.replace("&amp;", "&"))).text


@pytest.mark.parametrize(
    ("count", "is_mine", "words"),
    [
        (0, False, ""), (1, False, "one shopper has asked"), (3, False, "3 shoppers have asked"),
        (1, True, "you alone have asked"), (2, True, "you and 1 other have asked"),
        (1204, True, "you and 1,203 others have asked"),
    ],
)  # fmt: skip
def test_how_many_have_asked_is_said_in_words(count: int, is_mine: bool, words: str) -> None:
    assert asked_words(count, is_mine=is_mine) == words


async def test_the_board_and_the_shop_say_how_many_wait_and_never_who(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(is_self_assign=False)
    shop_id, others = await shops.shop(), [await shops.shopper() for _ in range(2)]
    for each in (*others, me):
        await shops.application(shop_id, each)
    for page in ("/shopper/board", f"/shopper/board/{shop_id}", MINE):
        text = (await browser.get(page)).text
        assert "you and 2 others have asked" in text
        assert not [each for each in others if str(each.id) in text]


async def test_where_one_takes_a_shop_at_once_no_number_is_said(browser: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop()
    await shops.application(shop_id, await shops.shopper())
    assert "has asked" not in (await browser.get(f"/shopper/board/{shop_id}")).text


async def test_the_number_follows_every_way_in_which_an_application_ends(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(is_self_assign=False)
    shop_id, somebody = await shops.shop(), await shops.shopper()
    await browser.submit(f"/shopper/board/{shop_id}", {"day": (NOW.date() + DAY).isoformat()},
                         to=f"/shopper/board/{shop_id}/apply")  # fmt: skip
    await shops.application(shop_id, somebody)
    assert await waiting_for(shops, shop_id) == 2
    await browser.post(f"/shopper/board/{shop_id}/withdraw")
    assert await waiting_for(shops, shop_id) == 1
    await shops.owner.execute("UPDATE field.shop SET state = 'CANCELLED' WHERE id = $1", shop_id)
    async with shops.transaction():
        await visits.settle(shops.scope, [shop_id], NOW)
    assert await waiting_for(shops, shop_id) == 0


async def test_who_takes_an_application_back_while_the_shop_is_offered_to_another_is_not_counted_any_more(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("OFFERED", await shops.shopper())
    await shops.application(shop_id, me)
    assert (await browser.submit(MINE, {"back": "mine"}, to=f"/shopper/board/{shop_id}/withdraw")).status_code == 303
    assert await waiting_for(shops, shop_id) == 0
