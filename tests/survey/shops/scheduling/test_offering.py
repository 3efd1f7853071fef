"""Offers in turn: for many shops at once, and by themselves when a campaign's shops come back."""

import asyncio
import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from survey.shops.scheduling import service
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, insert, moment, shop_world, update
from tests.web_client import Browser, Site

from .effects import do, preview

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


@pytest.fixture
async def again(shops: ShopWorld) -> ShopWorld:
    """alice's shops, whose campaign wants them offered again."""
    await shops.configure(offers_again=True)
    return shops


async def asked(shops: ShopWorld, shop_id: UUID) -> list[UUID]:
    """Who has been offered a shop, in order."""
    rows = await shops.owner.fetch(
        "SELECT shopper_id FROM identity.assignment WHERE shop_id = $1 ORDER BY assigned_at, mode DESC", shop_id
    )
    return [row["shopper_id"] for row in rows]


async def let_go(shops: ShopWorld, me: Shopper, shop_id: UUID, event: Event, now: datetime = NOW) -> None:
    """Whoever has a shop, or its offer, lets it go."""
    if event in {Event.OVERDUE, Event.OFFER_TIMEOUT}:
        timer = {"shop_id": shop_id, "kind": event.value, "affiliate_id": shops.affiliate_id, "due_at": moment(-9)}
        await insert(shops.owner, "field.shop_timer", timer)
        await update(shops.owner, "field.shop", shop_id, {"due_at": moment(-9)})
        await visits.fire_timers(now)
        return
    async with me.transaction():
        if event is Event.DECLINE:
            await visits.decline(me.scope, shop_id, now)
        else:
            await visits.give_back(me.scope, shop_id, event, Actor.SHOPPER, now)


async def outcome_of(shops: ShopWorld, shop_id: UUID) -> str | None:
    """How the offers in turn of a shop ended; empty while they run, None where there are none."""
    found: str | None = await shops.owner.fetchval("SELECT outcome FROM field.auto_offer WHERE shop_id=$1", shop_id)
    return found


async def test_another_affiliates_shops_are_not_offered_in_turn(site: Site, shops: ShopWorld, world: World) -> None:
    shop_id = await shops.shop()
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert "0 to be offered" in await preview(stranger, {"kind": "auto_offer", "ids": str(shop_id)})
    assert await outcome_of(shops, shop_id) is None


async def test_many_shops_are_offered_in_turn_and_what_cannot_be_is_said(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    free, held = await shops.shop(), await shops.shop("ASSIGNED", await shops.shopper(status="paused"))
    resting, over = await shops.shop(is_on_hold=True), await shops.shop(window_end=moment(hours=-1))
    fields = {"kind": "auto_offer", "ids": [str(each) for each in (free, held, resting, over)]}
    said = await preview(scheduler, fields)
    for words in ("1 to be offered in turn, 3 skipped", "on hold", "the window is over", "not in a state"):
        assert words in said
    assert await outcome_of(shops, free) is None
    await do(scheduler, fields)
    assert [row["action"] for row in await shops.events(free)] == ["shop.auto_offer"]
    for _ in range(2):
        await service.go_on_offering(NOW + MINUTE)
    assert (await asked(shops, free), await shops.state_of(free)) == ([robin.id], "OFFERED")
    assert "1 skipped: offered so already" in await preview(scheduler, fields | {"ids": str(free)})


async def test_offers_in_turn_are_undone_before_the_first_goes_out(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper()
    shop_id = await shops.shop()
    result = await do(scheduler, {"kind": "auto_offer", "ids": str(shop_id)})
    await service.go_on_offering(NOW + timedelta(seconds=20))
    await scheduler.post(f"{result}/undo")
    await service.go_on_offering(NOW + MINUTE)
    assert (await outcome_of(shops, shop_id), await asked(shops, shop_id)) == ("undone", [])
    actions = [row["action"] for row in await shops.events(shop_id)]
    assert actions == ["shop.auto_offer", "shop.auto_offer_stop"]


async def test_at_risk_offers_in_turn_too(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(window_end=moment(2))
    assert 'value="auto_offer"' in (await scheduler.get("/shops/risk")).text
    assert 'value="auto_offer"' in (await scheduler.get("/shops")).text


async def test_who_applied_is_asked_before_who_did_not_and_the_best_of_them_first(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shopper(grade_tenths=99)
    applied, better, refused = [await shops.shopper(grade_tenths=grade) for grade in (60, 70, 95)]
    shop_id = await shops.shop()
    await shops.application(shop_id, applied)
    await shops.application(shop_id, better, "SUPERSEDED")
    await shops.application(shop_id, refused, "DECLINED")
    await scheduler.post(f"/shops/{shop_id}/offers")
    assert await asked(shops, shop_id) == [better.id]


async def test_an_applicant_against_whom_a_rule_stands_is_passed_over(scheduler: Browser, shops: ShopWorld) -> None:
    other, applied = await shops.shopper(), await shops.shopper(held_limit=0)
    shop_id = await shops.shop()
    await shops.application(shop_id, applied)
    await scheduler.post(f"/shops/{shop_id}/offers")
    assert await asked(shops, shop_id) == [other.id]


LETTING_GO = [
    (Event.SHOPPER_CANCEL, "ASSIGNED"),
    (Event.OVERDUE, "ASSIGNED"),
    (Event.DECLINE, "OFFERED"),
    (Event.OFFER_TIMEOUT, "OFFERED"),
]


@pytest.mark.parametrize(("event", "state"), LETTING_GO)
async def test_nothing_is_offered_again_unless_the_campaign_says_so(shops: ShopWorld, event: Event, state: str) -> None:
    me, _ = await shops.shopper(), await shops.shopper()
    shop_id = await shops.shop(state, me)
    await let_go(shops, me, shop_id, event)
    assert await service.offer_again(NOW + MINUTE) == 0
    assert (await shops.state_of(shop_id), await outcome_of(shops, shop_id)) == ("OPEN", None)


@pytest.mark.parametrize(("event", "state"), LETTING_GO)
async def test_what_comes_back_is_offered_to_the_next_once_however_often_the_job_runs(
    again: ShopWorld, event: Event, state: str
) -> None:
    me, other = await again.shopper(), await again.shopper()
    shop_id = await again.shop(state, me)
    await let_go(again, me, shop_id, event)
    await asyncio.gather(*(service.offer_again(NOW + timedelta(hours=3)) for _ in range(2)))
    assert await service.offer_again(NOW + timedelta(hours=4)) == 0
    assert sorted(await asked(again, shop_id)) == sorted([me.id, other.id])
    assert await again.state_of(shop_id) == "OFFERED"
    begun = [row for row in await again.events(shop_id) if row["action"] == "shop.auto_offer"]
    assert [(row["actor_kind"], row["actor_id"]) for row in begun] == [("system", None)]
    assert json.loads(begun[0]["detail"]) == {"by": "campaign"}


async def test_offers_that_began_again_go_on_from_one_to_the_next(again: ShopWorld) -> None:
    me, second, third = await again.shopper(), await again.shopper(grade_tenths=90), await again.shopper()
    shop_id = await again.shop("ASSIGNED", me)
    await let_go(again, me, shop_id, Event.SHOPPER_CANCEL)
    await service.offer_again(NOW + MINUTE)
    await let_go(again, second, shop_id, Event.DECLINE, NOW + 2 * MINUTE)
    await service.offer_again(NOW + 3 * MINUTE)
    await service.go_on_offering(NOW + 3 * MINUTE)
    assert sorted(await asked(again, shop_id)) == sorted([me.id, second.id, third.id])


async def test_what_a_scheduler_takes_back_or_has_stopped_is_not_offered_again(
    scheduler: Browser, again: ShopWorld
) -> None:
    me, second, _ = await again.shopper(), await again.shopper(grade_tenths=90), await again.shopper()
    taken = await again.shop("ASSIGNED", me)
    await scheduler.post(f"/shops/{taken}/take-back", {"reason": "client_asked"})
    stopped = await again.shop("ASSIGNED", me)
    await let_go(again, me, stopped, Event.SHOPPER_CANCEL)
    await service.offer_again(NOW + MINUTE)
    await scheduler.post(f"/shops/{stopped}/offers/stop")
    await let_go(again, second, stopped, Event.DECLINE, NOW + 2 * MINUTE)
    assert await service.offer_again(NOW + 3 * MINUTE) == 0
    assert (await again.state_of(taken), await again.state_of(stopped)) == ("OPEN", "OPEN")


@pytest.mark.parametrize("columns", [{"is_on_hold": True}, {"window_end": moment(hours=-1)}])
async def test_what_rests_or_is_over_waits(again: ShopWorld, columns: dict[str, object]) -> None:
    me, _ = await again.shopper(), await again.shopper()
    shop_id = await again.shop("ASSIGNED", me)
    await let_go(again, me, shop_id, Event.SHOPPER_CANCEL)
    await update(again.owner, "field.shop", shop_id, columns)
    assert await service.offer_again(NOW + MINUTE) == 0
    assert await outcome_of(again, shop_id) is None


async def test_where_nobody_is_left_to_ask_the_job_does_not_ask_again_each_minute(again: ShopWorld) -> None:
    me = await again.shopper()
    shop_id = await again.shop("ASSIGNED", me)
    await let_go(again, me, shop_id, Event.SHOPPER_CANCEL)
    for minutes in (1, 2):
        assert await service.offer_again(NOW + minutes * MINUTE) == 0
    assert await outcome_of(again, shop_id) == "nobody_left"
    actions = [row["action"] for row in await again.events(shop_id)]
    assert actions == ["shop.shopper_cancel", "shop.auto_offer", "shop.auto_offer_end"]


async def test_a_campaign_of_another_affiliate_says_nothing_about_these_shops(shops: ShopWorld, world: World) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    await there.configure(offers_again=True)
    me, _ = await shops.shopper(), await there.shopper()
    shop_id = await shops.shop("ASSIGNED", me)
    await let_go(shops, me, shop_id, Event.SHOPPER_CANCEL)
    assert await service.offer_again(NOW + MINUTE) == 0
