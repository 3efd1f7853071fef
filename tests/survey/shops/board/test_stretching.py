"""A window that was stretched for one shopper ends as before for everybody else."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from survey.db import Role, Scope, transaction
from survey.shops.board import queries
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, OutsideWindow, Taking
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld, moment
from tests.web_client import Site

ENDS = moment(hours=14.5) + DAY  # midnight after tomorrow
GRANTED = NOW.date() + 6 * DAY


async def stretched(shops: ShopWorld, me: Shopper, state: str = "ASSIGNED") -> UUID:
    """A shop that `me` may make until GRANTED, though its campaign's window ends with tomorrow."""
    shop_id = await shops.shop(state, me, window_end=ENDS, planned_on=NOW.date() + DAY)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        for day in (GRANTED - 2 * DAY, GRANTED):
            assert await queries.extensions.stretch_window(shops.scope, shop_id, day) is not None
    return shop_id


async def window(shops: ShopWorld, shop_id: UUID) -> tuple[object, ...]:
    row = await shops.row(shop_id)
    return row["window_end"], row["last_day"], row["stretched_from"]


async def test_who_was_granted_a_day_has_the_window_and_the_campaigns_end_is_kept(shops: ShopWorld) -> None:
    me = await shops.shopper()
    assert await window(shops, await stretched(shops, me)) == (ENDS + 5 * DAY, GRANTED, ENDS)
    handed_in = await stretched(shops, me, "IN_PROGRESS")
    async with me.transaction():
        await visits.fire(me.scope, handed_in, Move(Event.SUBMIT, Actor.SHOPPER, NOW))
    assert await window(shops, handed_in) == (ENDS + 5 * DAY, GRANTED, ENDS)


@pytest.mark.parametrize("event", [Event.SHOPPER_CANCEL, Event.UNASSIGN, Event.OVERDUE, Event.CANCEL])
async def test_a_shop_that_comes_back_ends_with_the_campaigns_window(shops: ShopWorld, event: Event) -> None:
    me = await shops.shopper()
    shop_id = await stretched(shops, me)
    inside, scope, actor = {
        Event.SHOPPER_CANCEL: (me.transaction(), me.scope, Actor.SHOPPER),
        Event.OVERDUE: (transaction(Role.WORKER), Scope(shops.affiliate_id, actor_kind="system"), Actor.TIMER),
    }.get(event, (transaction(Role.STAFF, affiliate=shops.affiliate_id), shops.scope, Actor.SCHEDULER))
    async with inside:
        moved = await visits.fire(scope, shop_id, Move(event, actor, NOW))
    assert await window(shops, shop_id) == (ENDS, NOW.date() + DAY, None)
    assert (moved.window_end, moved.stretched_from) == (ENDS, None)
    timer = "SELECT due_at FROM field.shop_timer WHERE shop_id = $1 AND kind = 'window_ended'"
    assert await shops.owner.fetchval(timer, shop_id) == (None if event is Event.CANCEL else ENDS)


async def test_whoever_is_given_it_next_has_no_day_beyond_the_campaigns_window(shops: ShopWorld) -> None:
    shop_id, other = await stretched(shops, await shops.shopper()), await shops.shopper()
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        await visits.give_back(shops.scope, shop_id, Event.UNASSIGN, Actor.SCHEDULER, NOW)
        with pytest.raises(OutsideWindow):
            await visits.assign(
                shops.scope, shop_id, Taking(other.id, planned_on=GRANTED), Actor.SCHEDULER, Event.ASSIGN, NOW
            )


async def test_where_the_campaigns_window_is_over_a_shop_that_nobody_made_expires(shops: ShopWorld) -> None:
    shop_id = await stretched(shops, await shops.shopper())
    late = ENDS + 7 * DAY
    await shops.owner.execute(
        "INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at) VALUES ($1, $2, 'overdue', $3)",
        shop_id, shops.affiliate_id, late - timedelta(hours=1),
    )  # fmt: skip
    await visits.fire_timers(late)
    assert [json.loads(event["detail"])["to"] for event in await shops.events(shop_id)] == ["OPEN", "EXPIRED"]


async def test_the_shops_page_says_for_whom_the_window_is_longer(site: Site, shops: ShopWorld) -> None:
    shop_id = await stretched(shops, await shops.shopper())
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    page = " ".join((await scheduler.get(f"/shops/{shop_id}")).text.split())
    assert "to Sat 28 Nov (Europe/London); longer for this shopper alone, for everybody else until Mon 23 Nov" in page
