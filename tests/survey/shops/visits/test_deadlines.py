"""The hours and days of a campaign decide when something happens by itself: not a minute before, and then it does."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from survey.shops.visits import service
from survey.shops.visits.domain import Actor, Event
from survey.shops.visits.service import Move, Taking
from tests.conftest import NOW
from tests.shop_world import ShopWorld

MINUTE = timedelta(minutes=1)
TOMORROW = NOW.date() + timedelta(days=1)
# The day after tomorrow begins at midnight in Leeds, which is UTC's in winter.
DAY_IS_OVER = datetime(2026, 11, 24, tzinfo=NOW.tzinfo)


async def given(shops: ShopWorld, event: Event) -> UUID:
    """A shop that somebody has, or is offered, for tomorrow."""
    shop_id = await shops.shop("OPEN")
    taking = Taking((await shops.shopper()).id, mode="manual", planned_on=TOMORROW)
    async with shops.transaction():
        await service.assign(shops.scope, shop_id, taking, Actor.SCHEDULER, event, NOW)
    return shop_id


async def moved(shops: ShopWorld, state: str, event: Event) -> UUID:
    """A shop that an editor has just moved on."""
    shop_id = await shops.shop(state)
    async with shops.transaction():
        await service.fire(shops.scope, shop_id, Move(event, Actor.EDITOR, NOW))
    return shop_id


async def states_around(shops: ShopWorld, shop_id: UUID, due: datetime) -> tuple[str, str]:
    """The state a minute before a moment and a minute after it."""
    await service.fire_timers(due - MINUTE)
    before = await shops.state_of(shop_id)
    await service.fire_timers(due + MINUTE)
    return before, await shops.state_of(shop_id)


@pytest.mark.parametrize(("due_hours", "grace_hours"), [(12, 0), (12, 5), (48, 24)])
async def test_a_shop_goes_back_when_report_hours_and_grace_are_over(
    shops: ShopWorld, due_hours: int, grace_hours: int
) -> None:
    await shops.configure(report_due_hours=due_hours, grace_hours=grace_hours)
    shop_id = await given(shops, Event.ASSIGN)
    due = DAY_IS_OVER + timedelta(hours=due_hours + grace_hours)
    assert await states_around(shops, shop_id, due) == ("ASSIGNED", "OPEN")


@pytest.mark.parametrize("hours", [1, 30])
async def test_an_offer_ends_after_the_campaigns_hours(shops: ShopWorld, hours: int) -> None:
    await shops.configure(offer_hours=hours)
    shop_id = await given(shops, Event.OFFER)
    assert await states_around(shops, shop_id, NOW + timedelta(hours=hours)) == ("OFFERED", "OPEN")


@pytest.mark.parametrize("hours", [2, 72])
async def test_a_report_that_was_sent_back_waits_for_the_campaigns_hours(shops: ShopWorld, hours: int) -> None:
    await shops.configure(return_hours=hours)
    shop_id = await moved(shops, "IN_REVIEW", Event.RETURN)
    assert await states_around(shops, shop_id, NOW + timedelta(hours=hours)) == ("RETURNED", "SUBMITTED")


@pytest.mark.parametrize("days", [3, 60])
async def test_a_released_report_can_be_contested_for_the_campaigns_days(shops: ShopWorld, days: int) -> None:
    await shops.configure(appeal_days=days)
    shop_id = await moved(shops, "APPROVED", Event.RELEASE)
    assert await states_around(shops, shop_id, NOW + timedelta(days=days)) == ("RELEASED", "CLOSED")


async def test_a_change_of_the_grace_moves_the_end_of_shops_that_are_out(shops: ShopWorld) -> None:
    await shops.configure(report_due_hours=12, grace_hours=1)
    shop_id = await given(shops, Event.ASSIGN)
    await shops.configure(grace_hours=10)
    assert await states_around(shops, shop_id, DAY_IS_OVER + timedelta(hours=22)) == ("ASSIGNED", "OPEN")
