"""Giving shops to people: offers, applications, self-assignment, and giving back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from survey.db import NotFound
from survey.shops.visits import service
from survey.shops.visits.domain import Actor, Event, MustApply, OnHold, OutsideWindow, WrongState
from survey.shops.visits.service import Taking
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, counted, shop_world

TOMORROW = NOW.date() + timedelta(days=1)
WAYS = [
    (Event.OFFER, "OFFERED", "offered"),
    (Event.ASSIGN, "ASSIGNED", "held"),
    (Event.APPROVE_APPLICATION, "ASSIGNED", "held"),
]


async def assign(shops: ShopWorld, shop_id, taking: Taking, event: Event = Event.ASSIGN):  # type: ignore[no-untyped-def]
    """As a scheduler."""
    async with shops.transaction():
        return await service.assign(shops.scope, shop_id, taking, Actor.SCHEDULER, event, NOW)


async def self_assign(me: Shopper, shop_id, **terms: object):  # type: ignore[no-untyped-def]
    """As the shopper."""
    async with me.transaction():
        taking = Taking(me.id, mode="self", **terms)  # type: ignore[arg-type]
        return await service.assign(me.scope, shop_id, taking, Actor.SHOPPER, Event.SELF_ASSIGN, NOW)


@pytest.mark.parametrize(("event", "state", "standing"), WAYS)
async def test_a_scheduler_gives_somebody_a_shop(shops: ShopWorld, event: Event, state: str, standing: str) -> None:
    me = await shops.shopper(household_index=b"mill lane 9")
    shop_id = await shops.shop("OPEN")
    taking = Taking(me.id, mode="manual", planned_on=TOMORROW, override_reason="the only one in town")
    moved = await assign(shops, shop_id, taking, event)
    row = await shops.row(shop_id)
    assert (moved.state, row["state"], row["planned_on"]) == (state, state, TOMORROW)
    assert (row["version_id"], row["guideline_id"]) == (shops.version_id, shops.guideline_id)
    made = await shops.owner.fetchrow("SELECT * FROM identity.assignment WHERE shop_id = $1", shop_id)
    assert (made["shopper_id"], made["state"], made["mode"]) == (me.id, standing, "manual")
    assert (made["household_index"], made["override_reason"]) == (b"mill lane 9", "the only one in town")
    (written,) = await shops.events(shop_id)
    assert (written["action"], written["subject_id"]) == (f"shop.{event}", me.id)


async def test_the_report_is_due_so_many_hours_after_the_day_ends_at_the_location(shops: ShopWorld) -> None:
    there = await shops.location(time_zone="America/Los_Angeles")
    shop_id = await shops.shop("OPEN", location_id=there)
    await shops.configure(report_due_hours=12)
    moved = await assign(shops, shop_id, Taking((await shops.shopper()).id, planned_on=TOMORROW))
    assert moved.due_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC) + timedelta(hours=12)


async def test_without_a_day_the_report_is_due_when_the_window_ends(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OPEN")
    moved = await assign(shops, shop_id, Taking((await shops.shopper()).id))
    assert moved.due_at == moved.window_end


@pytest.mark.parametrize("days", [-1, 15])
async def test_a_day_outside_the_window_is_refused(shops: ShopWorld, days: int) -> None:
    shop_id = await shops.shop("OPEN")
    me = await shops.shopper()
    with pytest.raises(OutsideWindow):
        await assign(shops, shop_id, Taking(me.id, planned_on=NOW.date() + timedelta(days=days)))
    assert await shops.state_of(shop_id) == "OPEN"


async def test_a_shop_whose_window_is_over_goes_to_nobody(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OPEN", window_end=NOW)
    with pytest.raises(OutsideWindow):
        await assign(shops, shop_id, Taking((await shops.shopper()).id))


@pytest.mark.parametrize("status", ["pending", "paused", "deactivated", "erased"])
async def test_nobody_who_is_not_at_work_gets_a_shop(shops: ShopWorld, status: str) -> None:
    shop_id = await shops.shop("OPEN")
    with pytest.raises(NotFound):
        await assign(shops, shop_id, Taking((await shops.shopper(status=status)).id))


async def test_another_affiliates_shopper_is_not_found(shops: ShopWorld, world: World) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    shop_id = await shops.shop("OPEN")
    for stranger in ((await there.shopper()).id, uuid4()):
        with pytest.raises(NotFound):
            await assign(shops, shop_id, Taking(stranger))
    assert await shops.state_of(shop_id) == "OPEN"


async def test_a_shop_that_somebody_has_goes_to_nobody_else(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED")
    with pytest.raises(WrongState):
        await assign(shops, shop_id, Taking((await shops.shopper()).id))


async def test_a_shop_on_hold_goes_to_nobody(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OPEN", is_on_hold=True, hold_since=NOW)
    with pytest.raises(OnHold):
        await assign(shops, shop_id, Taking((await shops.shopper()).id))


async def test_a_shopper_takes_a_shop_where_the_campaign_allows_it(shops: ShopWorld) -> None:
    await shops.configure(is_self_assign=True)
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    await self_assign(me, shop_id, planned_on=TOMORROW)
    assert await shops.state_of(shop_id) == "ASSIGNED"
    (written,) = await shops.events(shop_id)
    assert (written["actor_kind"], written["actor_id"]) == ("shopper", me.id)


async def test_where_it_does_not_a_shopper_has_to_ask(shops: ShopWorld) -> None:
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    with pytest.raises(MustApply):
        await self_assign(me, shop_id)
    assert await shops.state_of(shop_id) == "OPEN"


async def test_a_shopper_takes_nothing_in_somebody_elses_name(shops: ShopWorld) -> None:
    await shops.configure(is_self_assign=True)
    me, other, shop_id = await shops.shopper(), await shops.shopper(), await shops.shop("OPEN")
    async with me.transaction():
        with pytest.raises(NotFound):
            await service.assign(me.scope, shop_id, Taking(other.id), Actor.SHOPPER, Event.SELF_ASSIGN, NOW)


async def test_the_late_one_of_two_shoppers_hears_that_it_is_taken(shops: ShopWorld) -> None:
    await shops.configure(is_self_assign=True)
    shop_id = await shops.shop("OPEN")
    await self_assign(await shops.shopper(), shop_id)
    with pytest.raises(WrongState) as refusal:
        await self_assign(await shops.shopper(), shop_id)
    assert refusal.value.state == "ASSIGNED"


async def test_an_offer_is_taken_on_the_day_that_the_shopper_names(shops: ShopWorld) -> None:
    me = await shops.shopper()
    shop_id = await shops.shop("OPEN")
    await assign(shops, shop_id, Taking(me.id, mode="offer"), Event.OFFER)
    async with me.transaction():
        await service.accept(me.scope, shop_id, NOW, TOMORROW)
    row = await shops.row(shop_id)
    assert (row["state"], row["planned_on"]) == ("ASSIGNED", TOMORROW)
    days = "SELECT state, planned_on FROM identity.assignment WHERE shop_id = $1"
    assert tuple(await shops.owner.fetchrow(days, shop_id)) == ("held", TOMORROW)


async def test_an_offer_that_is_declined_leaves_the_shop_open_and_no_mark(shops: ShopWorld) -> None:
    me = await shops.shopper()
    shop_id = await shops.shop("OFFERED", me)
    async with me.transaction():
        await service.decline(me.scope, shop_id, NOW)
    row = await shops.row(shop_id)
    assert (row["state"], row["unassign_count"]) == ("OPEN", 0)
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.mark WHERE shopper_id = $1", me.id) == 0


async def test_somebody_elses_offer_is_not_found(shops: ShopWorld) -> None:
    shop_id, other = await shops.shop("OFFERED"), await shops.shopper()
    async with other.transaction():
        with pytest.raises(NotFound):
            await service.accept(other.scope, shop_id, NOW)
        with pytest.raises(NotFound):
            await service.decline(other.scope, shop_id, NOW)


async def test_a_shop_given_back_can_be_given_to_somebody_else(shops: ShopWorld) -> None:
    me = await shops.shopper()
    shop_id = await shops.shop("ASSIGNED", me, planned_on=TOMORROW)
    async with me.transaction():
        await service.give_back(me.scope, shop_id, Event.SHOPPER_CANCEL, Actor.SHOPPER, NOW, "ill")
    other = await shops.shopper()
    await assign(shops, shop_id, Taking(other.id))
    found = "SELECT shopper_id, state, ended_at FROM identity.assignment WHERE shop_id = $1 ORDER BY ended_at"
    assert [tuple(row) for row in await shops.owner.fetch(found, shop_id)] == [
        (me.id, "given_back", NOW),
        (other.id, "held", None),
    ]


async def test_giving_many_to_people_skips_what_cannot_be(shops: ShopWorld) -> None:
    me, gone = await shops.shopper(), await shops.shopper(status="deactivated")
    fine, taken, late, nobody = (
        await shops.shop("OPEN"),
        await shops.shop("ASSIGNED"),
        await shops.shop("OPEN"),
        await shops.shop("OPEN"),
    )
    takings = {fine: Taking(me.id), taken: Taking(me.id), nobody: Taking(gone.id)}
    takings[late] = Taking(me.id, planned_on=NOW.date() + timedelta(days=60))
    async with shops.transaction():
        effects = await service.assign_many(shops.scope, takings, Actor.SCHEDULER, Event.ASSIGN, NOW)
    assert effects.done == (fine,)
    assert effects.skipped == {"wrong_state": (taken,), "outside_window": (late,), "no_shopper": (nobody,)}


async def test_giving_a_hundred_takes_as_many_statements_as_giving_three(shops: ShopWorld) -> None:
    me, counts = await shops.shopper(), []
    for shop_ids in (await shops.shops(3), await shops.shops(100)):
        async with shops.transaction() as connection, counted(connection) as asked:
            takings = {shop_id: Taking(me.id) for shop_id in shop_ids}
            await service.assign_many(shops.scope, takings, Actor.SCHEDULER, Event.ASSIGN, NOW)
        counts.append(len([query for query in asked if "ledger.event" not in query]))
    assert counts[0] == counts[1]


async def test_a_new_day_moves_the_due_time_and_the_timer(shops: ShopWorld) -> None:
    me = await shops.shopper()
    shop_id, offered, closed = await shops.shop("ASSIGNED", me), await shops.shop("OFFERED"), await shops.shop("CLOSED")
    day = NOW.date() + timedelta(days=5)
    async with shops.transaction():
        effects = await service.plan_many(shops.scope, {shop_id: day, offered: day, closed: day}, NOW)
    assert (set(effects.done), effects.skipped) == ({shop_id, offered}, {"wrong_state": (closed,)})
    row = await shops.row(shop_id)
    assert (row["planned_on"], row["due_at"]) == (day, datetime(2026, 11, 29, 0, 0, tzinfo=UTC))
    overdue = "SELECT due_at FROM field.shop_timer WHERE shop_id = $1 AND kind = 'overdue'"
    assert await shops.owner.fetchval(overdue, shop_id) == row["due_at"] + timedelta(hours=24)
    assert (await shops.events(shop_id))[-1]["action"] == "shop.plan"
