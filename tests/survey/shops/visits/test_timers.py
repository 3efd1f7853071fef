"""What happens by itself: on time, late, twice, in any order, and while somebody else is at it."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from survey.db import Scope
from survey.queue import JobContext
from survey.settings import Settings
from survey.shops.visits import jobs, service
from survey.shops.visits.domain import Actor, Event, HoldReason
from survey.shops.visits.service import Move
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, insert, moment, shop_world

FIRED = [
    ("OPEN", Event.WINDOW_ENDED, "EXPIRED"),
    ("OFFERED", Event.OFFER_TIMEOUT, "OPEN"),
    ("ASSIGNED", Event.OVERDUE, "OPEN"),
    ("IN_PROGRESS", Event.OVERDUE, "OPEN"),
    ("RETURNED", Event.RETURN_TIMEOUT, "SUBMITTED"),
    ("RELEASED", Event.APPEAL_WINDOW_OVER, "CLOSED"),
]
LATE = moment(days=60)


async def timer(shops: ShopWorld, shop_id: UUID, kind: str, at=NOW) -> None:  # type: ignore[no-untyped-def]
    """Let something be due."""
    row = {"shop_id": shop_id, "affiliate_id": shops.affiliate_id, "kind": kind, "due_at": at}
    await insert(shops.owner, "field.shop_timer", row)


async def timers(shops: ShopWorld, shop_id: UUID) -> dict[str, object]:
    """What is due when."""
    rows = await shops.owner.fetch("SELECT kind, due_at FROM field.shop_timer WHERE shop_id = $1", shop_id)
    return {row["kind"]: row["due_at"] for row in rows}


@pytest.mark.parametrize(("state", "event", "target"), FIRED)
async def test_what_is_due_happens_even_if_weeks_late(shops: ShopWorld, state: str, event: Event, target: str) -> None:
    shop_id = await shops.shop(state)
    await timer(shops, shop_id, event)
    await service.fire_timers(LATE)
    assert target in await path(shops, shop_id)
    first = (await shops.events(shop_id))[0]
    assert (first["action"], first["actor_kind"], first["actor_id"]) == (f"shop.{event}", "system", None)
    assert first["affiliate_id"] == shops.affiliate_id


async def path(shops: ShopWorld, shop_id: UUID) -> list[str]:
    """The states that the audit events tell of. A shop that comes back late may end its window in the same run."""
    return [json.loads(event["detail"])["to"] for event in await shops.events(shop_id)]


@pytest.mark.parametrize(("state", "event", "target"), FIRED)
async def test_firing_twice_is_as_good_as_once(shops: ShopWorld, state: str, event: Event, target: str) -> None:
    shop_id = await shops.shop(state, window_end=moment(days=90), due_at=NOW)
    await timer(shops, shop_id, event)
    if event is Event.WINDOW_ENDED:
        await shops.owner.execute("UPDATE field.shop SET window_end = $2 WHERE id = $1", shop_id, moment(days=2))
    for _ in range(2):
        await service.fire_timers(moment(days=2))
    assert await path(shops, shop_id) == [target]
    assert await shops.state_of(shop_id) == target


@pytest.mark.parametrize(("state", "event", "target"), FIRED)
async def test_nothing_happens_before_its_moment(shops: ShopWorld, state: str, event: Event, target: str) -> None:
    shop_id = await shops.shop(state)
    await timer(shops, shop_id, event, moment(hours=1))
    await service.fire_timers(NOW)
    assert await shops.state_of(shop_id) == state
    assert set(await timers(shops, shop_id)) == {event}


@pytest.mark.parametrize("event", sorted({event for _, event, _ in FIRED}))
@pytest.mark.parametrize("state", ["DRAFT", "SUBMITTED", "APPROVED", "CANCELLED", "CLOSED"])
async def test_a_timer_that_the_shop_has_outlived_goes_without_a_trace(
    shops: ShopWorld, state: str, event: Event
) -> None:
    shop_id = await shops.shop(state)
    await timer(shops, shop_id, event)
    await service.fire_timers(LATE)
    assert await shops.state_of(shop_id) == state
    assert (await timers(shops, shop_id), await shops.events(shop_id)) == ({}, [])


async def test_timers_in_the_wrong_order_do_what_the_state_allows_and_no_more(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", due_at=NOW)
    for kind in ("window_ended", "return_timeout", "overdue", "offer_timeout"):
        await timer(shops, shop_id, kind)
    await service.fire_timers(moment(days=2))
    assert await path(shops, shop_id) == ["OPEN"]
    assert set(await timers(shops, shop_id)) == {"window_ended"}


@pytest.mark.parametrize(("state", "event"), [("ASSIGNED", "overdue"), ("OFFERED", "offer_timeout")])
async def test_a_shop_that_comes_back_after_its_window_expires_in_the_same_run(
    shops: ShopWorld, state: str, event: str
) -> None:
    shop_id = await shops.shop(state)
    await timer(shops, shop_id, event)
    await service.fire_timers(LATE)
    assert await path(shops, shop_id) == ["OPEN", "EXPIRED"]


async def test_a_second_run_straight_after_the_first_moves_nothing(shops: ShopWorld) -> None:
    for state, event, _ in FIRED:
        await timer(shops, await shops.shop(state), event)
    await service.fire_timers(LATE)
    assert await service.fire_timers(LATE) == 0


async def test_a_window_that_was_prolonged_is_waited_for(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OPEN", window_end=moment(days=20))
    await timer(shops, shop_id, "window_ended", moment(days=1))
    await service.fire_timers(moment(days=2))
    assert await shops.state_of(shop_id) == "OPEN"
    assert await timers(shops, shop_id) == {"window_ended": moment(days=20)}


async def test_a_report_that_was_given_more_time_is_waited_for(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", due_at=moment(days=6))
    await timer(shops, shop_id, "overdue")
    await service.fire_timers(moment(days=5))
    assert await shops.state_of(shop_id) == "ASSIGNED"
    assert await timers(shops, shop_id) == {"overdue": moment(days=7)}


async def test_nothing_happens_by_itself_to_a_shop_on_hold(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", due_at=moment(days=1))
    async with shops.transaction():
        await service.refresh_timers(shops.scope, [shop_id], NOW)
        await service.hold(shops.scope, shop_id, HoldReason.SAFETY, NOW)
    await service.fire_timers(moment(days=9))
    assert await shops.state_of(shop_id) == "ASSIGNED"
    async with shops.transaction():
        await service.lift_hold(shops.scope, shop_id, moment(days=10))
    assert await timers(shops, shop_id) == {"overdue": moment(days=12)}
    assert (await shops.row(shop_id))["due_at"] == moment(days=11)


async def test_a_hold_that_is_over_is_remembered_once(shops: ShopWorld) -> None:
    shop_id = await shops.shop("REJECTED")
    async with shops.transaction():
        for since, until in ((1, 3), (5, 5), (6, 10)):
            await service.hold(shops.scope, shop_id, HoldReason.SAFETY, moment(days=since))
            for _ in range(2):
                await service.lift_hold(shops.scope, shop_id, moment(days=until))
    held = [await shops.owner.fetchval("SELECT field.time_held($1, $2)", shop_id, moment(days=at)) for at in (0, 2, 7)]
    assert held == [timedelta(days=6), timedelta(days=5), timedelta(days=3)]


@pytest.mark.parametrize(("offer_hours", "until"), [(24, moment(days=2)), (9 * 24, moment(days=7))])
async def test_an_offer_gets_the_time_of_a_hold_back_but_ends_with_the_window(
    shops: ShopWorld, offer_hours: int, until: datetime
) -> None:
    await shops.configure(offer_hours=offer_hours)
    shop_id = await shops.shop("OFFERED", window_end=moment(days=7))
    async with shops.transaction():
        await service.refresh_timers(shops.scope, [shop_id], NOW)
        await service.hold(shops.scope, shop_id, HoldReason.SAFETY, moment(hours=1))
        await service.lift_hold(shops.scope, shop_id, moment(days=1, hours=1))
    assert await timers(shops, shop_id) == {"offer_timeout": until}


async def test_an_offer_that_a_hold_prolonged_stays_so_where_its_days_change(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OFFERED", window_end=moment(days=7))
    await timer(shops, shop_id, "offer_timeout", moment(days=4))
    async with shops.transaction():
        await service.plan_many(shops.scope, {shop_id: NOW.date() + timedelta(days=2)}, NOW)
    assert await timers(shops, shop_id) == {"offer_timeout": moment(days=4)}


@pytest.mark.parametrize(("state", "kind"), [("RETURNED", "return_timeout"), ("APPROVED", "release")])
async def test_a_return_and_a_release_by_the_clock_get_the_time_of_a_hold_back(
    shops: ShopWorld, state: str, kind: str
) -> None:
    shop_id = await shops.shop(state)
    await timer(shops, shop_id, kind, moment(days=1))
    async with shops.transaction():
        await service.hold(shops.scope, shop_id, HoldReason.SAFETY, NOW)
        await service.lift_hold(shops.scope, shop_id, moment(days=40))
    assert await timers(shops, shop_id) == {kind: moment(days=41)}


async def test_a_report_that_the_client_contests_stays_open(shops: ShopWorld) -> None:
    shop_id = await shops.shop("RELEASED", is_appeal_open=True)
    await timer(shops, shop_id, "appeal_window_over")
    await service.fire_timers(LATE)
    assert await shops.state_of(shop_id) == "RELEASED"
    await shops.owner.execute("UPDATE field.shop SET is_appeal_open = false WHERE id = $1", shop_id)
    await service.fire_timers(LATE)
    assert await shops.state_of(shop_id) == "CLOSED"


async def test_a_shop_that_somebody_is_moving_is_left_for_the_next_minute(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", due_at=NOW)
    await timer(shops, shop_id, "overdue")
    busy = shops.owner.transaction()
    await busy.start()
    await shops.owner.execute("SELECT FROM field.shop WHERE id = $1 FOR UPDATE", shop_id)
    await service.fire_timers(LATE)
    await busy.rollback()
    assert await shops.state_of(shop_id) == "ASSIGNED"
    await service.fire_timers(moment(days=2))
    assert await shops.state_of(shop_id) == "OPEN"


async def test_a_report_sent_in_the_last_second_is_not_overdue(shops: ShopWorld) -> None:
    me = await shops.shopper()
    shop_id = await shops.shop("IN_PROGRESS", me, due_at=NOW)
    await timer(shops, shop_id, "overdue")
    async with me.transaction():
        await service.fire(me.scope, shop_id, Move(Event.SUBMIT, Actor.SHOPPER, moment(days=2)))
    await service.fire_timers(moment(days=2))
    assert await shops.state_of(shop_id) == "SUBMITTED"
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.mark WHERE shop_id = $1", shop_id) == 0


async def test_shops_of_several_affiliates_move_in_one_run(shops: ShopWorld, world: World) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    for where in (shops, there):
        shop_id = await where.shop("OPEN", window_end=moment(hours=1))
        await timer(where, shop_id, "window_ended")
    await service.fire_timers(moment(days=1))
    for where in (shops, there):
        count = "SELECT count(*) FROM field.shop WHERE affiliate_id = $1 AND state = 'EXPIRED'"
        assert await where.owner.fetchval(count, where.affiliate_id) == 1


async def test_more_than_a_batch_is_done_in_one_run(shops: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.shops.visits.service.timers.BATCH", 3)
    shop_ids = await shops.shops(8, window_end=moment(hours=1))
    async with shops.transaction():
        await service.refresh_timers(shops.scope, shop_ids, NOW)
    assert await service.fire_timers(moment(days=1)) >= len(shop_ids)
    assert {await shops.state_of(shop_id) for shop_id in shop_ids} == {"EXPIRED"}


async def test_the_job_of_the_minute_fires_what_is_due(shops: ShopWorld, settings: Settings, database) -> None:  # type: ignore[no-untyped-def]
    shop_id = await shops.shop("OPEN", window_end=moment(hours=1))
    await timer(shops, shop_id, "window_ended")
    await jobs.fire_timers(JobContext(settings, database, lambda: moment(hours=2)), {})
    assert await shops.state_of(shop_id) == "EXPIRED"


async def test_the_timers_of_a_state_are_gone_when_it_is_left(shops: ShopWorld) -> None:
    me = await shops.shopper()
    shop_id = await shops.shop("OFFERED", me)
    await timer(shops, shop_id, "offer_timeout", NOW + timedelta(hours=5))
    async with me.transaction():
        await service.accept(me.scope, shop_id, NOW)
    assert set(await timers(shops, shop_id)) == {"overdue"}
    assert Scope(shops.affiliate_id).actor_kind == "staff"
