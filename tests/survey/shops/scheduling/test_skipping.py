"""What an act says of the shops that it leaves out: a rule once, and of each what is its own."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.shops.eligibility.domain import Code
from survey.shops.scheduling.domain import RULE_WORDS, Skipped, Why, told_together
from tests.conftest import NOW
from tests.shop_world import DAY, ShopWorld
from tests.web_client import Browser, Site

from .effects import do, effects, preview, text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def far_shops(shops: ShopWorld, count: int) -> dict[str, object]:
    """A shop nearby and some that are each another distance away from the shopper whom they are to be assigned to."""
    await shops.configure(requirements={"radius_km": 10})
    await shops.shopper(display_code="S-7F3K", latitude=53.7965, longitude=-1.5478)
    ids = [await shops.shop(public_ref="NEAR")]
    for number in range(1, count + 1):
        place = await shops.location(f"FAR-{number}", latitude=53.7965 + number)
        ids.append(await shops.shop(public_ref=f"FAR-{number:02}", location_id=place))
    return {"kind": "assign", "shopper": "S-7F3K", "ids": [str(each) for each in ids]}


async def test_a_rule_that_says_something_else_of_each_is_one_reason(scheduler: Browser, shops: ShopWorld) -> None:
    fields = await far_shops(shops, 2)
    page = await effects(scheduler, fields)
    assert "1 assigned, 2 skipped: too far away." in text_of(page)
    told = sorted(each.text() for each in HTMLParser(page).css("#main li li") if "km away" in each.text())
    assert [each[:7] for each in told] == ["FAR-01:", "FAR-02:"]


async def test_one_shop_is_told_in_full(scheduler: Browser, shops: ShopWorld) -> None:
    assert "1 skipped: 111 km away, the campaign allows 10 km" in await preview(scheduler, await far_shops(shops, 1))


async def test_every_shop_that_is_left_out_is_named(scheduler: Browser, shops: ShopWorld) -> None:
    ids = [await shops.shop("DRAFT", public_ref=f"DRAFT-{number:02}") for number in range(14)]
    fields = {"kind": "auto_offer", "ids": [str(each) for each in ids]}
    page = HTMLParser(await effects(scheduler, fields))
    assert {each.text() for each in page.css("#main ul.refs li")} >= {f"DRAFT-{number:02}" for number in range(14)}


async def test_an_act_that_was_kept_before_anything_was_told_of_each_still_opens(
    scheduler: Browser, shops: ShopWorld
) -> None:
    shop_id = await shops.shop()
    await shops.shopper(display_code="S-7F3K")
    day = str(NOW.date() + DAY)
    path = await do(scheduler, {"kind": "assign", "shopper": "S-7F3K", "day": day, "ids": str(shop_id)})
    await shops.owner.execute(
        "UPDATE ops.bulk_action SET skipped = $2 WHERE id = $1::uuid",
        path.rpartition("/")[2],
        json.dumps([["old", ["R-1"]]]),
    )
    assert "1 skipped: old (R-1)" in text_of((await scheduler.get(path)).text)


def test_every_rule_has_words_for_many() -> None:
    assert set(RULE_WORDS) == set(Code)


def test_what_leaves_out_most_comes_first() -> None:
    refused = [("A", Why("far", "1 km")), ("B", Why("shut", "shut")), ("C", Why("far", "2 km"))]
    assert told_together(refused) == (Skipped("far", ("A", "C"), ("1 km", "2 km")), Skipped("shut", ("B",)))
