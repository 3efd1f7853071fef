"""Steps of pay: so much more or less on each of many shops, shown before, done once, undone within half a minute."""

import json
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.shops.scheduling.domain import NewPay, Pay, spans_of
from tests.shop_world import ShopWorld
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, send, shown, text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def refused(browser: Browser, fields: dict[str, object]) -> HTMLParser:
    """The page that a form comes back with."""
    answer = await browser.post("/shops/bulk/preview", {"kind": "pay"} | fields)
    assert answer.status_code == 422
    return HTMLParser(answer.text)


def told(page: HTMLParser, name: str) -> str:
    """The message beside a field."""
    return " ".join(each.text() for each in page.css(f"#{name}-error"))


def typed(page: HTMLParser, name: str) -> str | None:
    """What stands in a field."""
    return page.css(f'[name="{name}"]')[0].attributes["value"]


async def bonus_of(shops: ShopWorld, shop_id: UUID) -> int:
    """The bonus of a shop, in cents."""
    return int((await shops.row(shop_id))["bonus_cents"])


@pytest.mark.parametrize("name", ["bonus_by", "fee_by"])
@pytest.mark.parametrize("step", ["more", "+1.234", "--1", "+10001", "-10001", "0", "+0.00", "+NaN"])
async def test_a_step_is_an_amount_with_its_sign_and_what_was_typed_is_kept(
    scheduler: Browser, shops: ShopWorld, name: str, step: str
) -> None:
    page = await refused(scheduler, {name: step, "ids": str(await shops.shop())})
    assert "Enter a change such as +2.00 or -1.00" in told(page, name)
    assert typed(page, name) == step


async def test_an_amount_and_a_step_of_the_same_part_are_not_both_asked_for(
    scheduler: Browser, shops: ShopWorld
) -> None:
    page = await refused(scheduler, {"bonus": "5", "bonus_by": "+2", "ids": str(await shops.shop())})
    assert "but not both" in told(page, "bonus_by")
    assert (typed(page, "bonus"), typed(page, "bonus_by")) == ("5", "+2")


async def test_nothing_asked_for_is_no_step(scheduler: Browser, shops: ShopWorld) -> None:
    page = await refused(scheduler, {"ids": str(await shops.shop())})
    assert "or by how much they change" in told(page, "fee")


@pytest.mark.parametrize("step", ["+2.00", "+2,00", "2", "$ +2"])
async def test_the_effects_say_between_which_amounts_a_step_moves_and_what_it_costs(
    scheduler: Browser, shops: ShopWorld, step: str
) -> None:
    ids = [str(await shops.shop(bonus_cents=cents)) for cents in (0, 150, 500)]
    said = await preview(scheduler, {"kind": "pay", "bonus_by": step, "ids": ids})
    assert "3 shops: bonus from USD 0.00–5.00 to USD 2.00–7.00; cost USD +6.00" in said
    assert "3 with new pay. The pay changes by USD +6.00 in all." in said
    assert await bonus_of(shops, UUID(ids[0])) == 0


async def test_a_step_is_done_on_each_audited_and_undone(scheduler: Browser, shops: ShopWorld) -> None:
    first, second = await shops.shop(bonus_cents=100), await shops.shop("ASSIGNED", bonus_cents=500)
    fields = {"kind": "pay", "bonus_by": "+2,00", "ids": [str(first), str(second)]}
    result = await do(scheduler, fields)
    assert [await bonus_of(shops, each) for each in (first, second)] == [300, 700]
    (event,) = await shops.events(first)
    assert json.loads(event["detail"]) == {"from_fee": 1200, "from_bonus": 100, "fee": 1200, "bonus": 300}
    assert (await scheduler.post(f"{result}/undo")).status_code == 303
    assert [await bonus_of(shops, each) for each in (first, second)] == [100, 500]


async def test_fee_and_bonus_move_together_each_in_its_own_line(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop()
    said = await preview(scheduler, {"kind": "pay", "fee_by": "-1", "bonus": "3", "ids": str(shop_id)})
    assert "1 shop: fee from USD 12.00 to USD 11.00; cost USD -1.00" in said
    assert "1 shop: bonus from USD 0.00 to USD 3.00; cost USD +3.00" in said


async def test_no_step_goes_below_nothing_or_above_what_pay_may_be_and_says_which(
    scheduler: Browser, shops: ShopWorld
) -> None:
    low = await shops.shop(bonus_cents=50, public_ref="LOW-1")
    some = await shops.shop(bonus_cents=200)
    said = await preview(scheduler, {"kind": "pay", "bonus_by": "-1.00", "ids": [str(low), str(some)]})
    assert "1 with new pay, 1 skipped: the bonus would be less than nothing" in said
    assert "LOW-1" in said
    said = await preview(scheduler, {"kind": "pay", "fee_by": "+9,990.00", "ids": [str(low), str(some)]})
    assert "0 with new pay, 2 skipped: the fee would be more than 10,000.00" in said


async def test_a_step_down_takes_nothing_from_whoever_has_the_shop(scheduler: Browser, shops: ShopWorld) -> None:
    held = await shops.shop("ASSIGNED", bonus_cents=500)
    fields = {"kind": "pay", "bonus_by": "-1.00", "ids": str(held)}
    assert "0 with new pay, 1 skipped: somebody has it for more than that" in await preview(scheduler, fields)


async def test_a_bonus_above_the_campaigns_ladder_is_pointed_out(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(bonus_ladder=[[7, 200], [3, 500]])
    ids = [str(await shops.shop(bonus_cents=cents, public_ref=f"B-{cents}")) for cents in (200, 400)]
    said = await preview(scheduler, {"kind": "pay", "bonus_by": "+2", "ids": ids})
    assert "2 with new pay." in said
    assert "1 gets a higher bonus than the ladder of its campaign ever saysB-400" in said


async def test_a_step_that_two_people_looked_at_counts_once(scheduler: Browser, shops: ShopWorld) -> None:
    paid, other = await shops.shop(public_ref="TWICE-1"), await shops.shop()
    fields = {"kind": "pay", "bonus_by": "+2", "ids": [str(paid), str(other)]}
    mine = await shown(scheduler, fields)
    await do(scheduler, fields | {"ids": str(paid)})
    said = text_of((await scheduler.get(await send(scheduler, mine))).text)
    assert "1 with new pay, 1 skipped: its pay has changed since the effects were shown" in said
    assert "TWICE-1" in said
    assert [await bonus_of(shops, each) for each in (paid, other)] == [200, 200]


@pytest.mark.parametrize("pay", [None, "", "1200", "1200 0 1200 0", "x 0", "-1 0", "9" * 5000 + " 0"])
async def test_a_step_of_which_nobody_has_seen_the_beginning_is_not_done(
    scheduler: Browser, shops: ShopWorld, pay: str | None
) -> None:
    shop_id = await shops.shop()
    sent: dict[str, object] = dict(await shown(scheduler, {"kind": "pay", "bonus_by": "+2", "ids": str(shop_id)}))
    assert sent.pop("pay") == ["1200 0"]
    await send(scheduler, sent if pay is None else sent | {"pay": pay})
    assert await bonus_of(shops, shop_id) == 0


async def test_an_amount_asks_for_no_beginning(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop()
    sent = form_of(await effects(scheduler, {"kind": "pay", "bonus": "2", "ids": str(shop_id)}))
    await shops.owner.execute("UPDATE field.shop SET bonus_cents = 100 WHERE id = $1", shop_id)
    await send(scheduler, sent)
    assert await bonus_of(shops, shop_id) == 200


def test_steps_move_from_where_a_shop_is_and_amounts_do_not() -> None:
    assert NewPay(bonus_by_cents=200).after(Pay(1200, 100)) == Pay(1200, 300)
    assert NewPay(fee_cents=900, bonus_by_cents=-200).after(Pay(1200, 100)) == Pay(900, -100)
    assert NewPay().after(Pay(1200, 100)) == Pay(1200, 100)


def test_amounts_of_different_currencies_are_never_told_together() -> None:
    changes = [("GBP", Pay(1000, 0), Pay(1000, 200)), ("EUR", Pay(1000, 100_000), Pay(900, 100_200))]
    assert [each.words for each in spans_of(changes)] == [
        "1 shop: fee from EUR 10.00 to EUR 9.00; cost EUR -1.00",
        "1 shop: bonus from EUR 1,000.00 to EUR 1,002.00; cost EUR +2.00",
        "1 shop: bonus from GBP 0.00 to GBP 2.00; cost GBP +2.00",
    ]
