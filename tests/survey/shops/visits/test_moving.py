"""Every line of the machine, moved in the database as whoever it is for."""

from datetime import timedelta

import asyncpg
import pytest

from survey.db import NotFound, Role, Scope, Transaction, transaction
from survey.shops.visits import service
from survey.shops.visits.domain import (
    ASSIGNMENTS,
    CAME_BACK,
    MACHINE,
    TIMERS,
    Actor,
    Event,
    OnHold,
    Transition,
    WrongActor,
    WrongState,
)
from survey.shops.visits.service import Move
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, counted, shop_world, update

# Whoever gives a shop away also writes who has it: those lines are walked in test_assigning.py.
GIVING = {Event.OFFER, Event.APPROVE_APPLICATION, Event.ASSIGN, Event.SELF_ASSIGN}
LINES = [line for line in MACHINE if line.event not in GIVING]


def named(line: Transition) -> str:
    """How a failing test names a line."""
    return f"{line.source}-{line.event}"


def acting(shops: ShopWorld, me: Shopper, actor: Actor) -> tuple[Transaction, Scope]:
    """The transaction and scope of whoever a line is for."""
    match actor:
        case Actor.SHOPPER:
            return me.transaction(), me.scope
        case Actor.TIMER:
            return transaction(Role.WORKER, affiliate=shops.affiliate_id), Scope(
                shops.affiliate_id, actor_kind="system"
            )
        case _:
            return shops.transaction(), shops.scope


@pytest.mark.parametrize("line", LINES, ids=named)
async def test_a_line_moves_the_shop_and_all_that_hangs_on_it(shops: ShopWorld, line: Transition) -> None:
    me = await shops.shopper()
    shop_id = await shops.shop(line.source, me, planned_on=NOW.date() + timedelta(days=1))
    (actor,) = line.actors
    opened, scope = acting(shops, me, actor)
    async with opened:
        moved = await service.fire(scope, shop_id, Move(line.event, actor, NOW, detail={"reason": "test"}))
    row = await shops.row(shop_id)
    assert (moved.state, row["state"], row["revision"]) == (line.target, line.target, 1)
    (event,) = await shops.events(shop_id)
    assert (event["action"], event["actor_kind"]) == (f"shop.{line.event}", scope.actor_kind)
    assert event["actor_id"] == scope.account_id
    kinds = await shops.owner.fetch("SELECT kind FROM field.shop_timer WHERE shop_id = $1", shop_id)
    assert {row["kind"] for row in kinds} == TIMERS.get(line.target, set())
    standing = await shops.owner.fetchval("SELECT state FROM identity.assignment WHERE shop_id = $1", shop_id)
    if standing is not None and line.event in ASSIGNMENTS:
        assert standing == ASSIGNMENTS[line.event]
    if line.event in CAME_BACK:
        assert row["unassign_count"] == 1
        assert (row["planned_on"], row["due_at"]) == (None, None)


async def test_a_stranger_to_the_shop_does_not_find_it(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED")
    other = await shops.shopper()
    async with other.transaction():
        with pytest.raises(NotFound):
            await service.fire(other.scope, shop_id, Move(Event.START, Actor.SHOPPER, NOW))
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def test_another_affiliates_shop_is_not_found(shops: ShopWorld, world: World) -> None:
    shop_id = await shops.shop("DRAFT")
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        with pytest.raises(NotFound):
            await service.fire(world.charlies, shop_id, Move(Event.PUBLISH, Actor.SCHEDULER, NOW))
        with pytest.raises(NotFound):
            await service.fire(shops.scope, shop_id, Move(Event.PUBLISH, Actor.SCHEDULER, NOW))
    assert await shops.state_of(shop_id) == "DRAFT"


async def test_a_shopper_cannot_write_to_another_shoppers_shop_by_any_statement(shops: ShopWorld) -> None:
    taken = await shops.shop("ASSIGNED")
    other = await shops.shopper()
    async with other.transaction() as connection:
        assert await connection.execute("UPDATE field.shop SET state = 'OPEN' WHERE id = $1", taken) == "UPDATE 0"
        locked = "SELECT id FROM field.shop WHERE id = $1 FOR NO KEY UPDATE"
        assert await connection.fetch(locked, taken) == []
        assert await connection.fetch("SELECT id FROM identity.assignment WHERE shop_id = $1", taken) == []


@pytest.mark.parametrize("state", ["APPROVED", "RELEASED", "CLOSED", "EXCLUDED", "CANCELLED"])
async def test_a_shoppers_role_cannot_bring_even_an_own_shop_where_only_staff_may(shops: ShopWorld, state: str) -> None:
    me = await shops.shopper()
    for shop_id in (await shops.shop("SUBMITTED", me), await shops.shop("OPEN")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with me.transaction() as connection:
                await connection.execute("UPDATE field.shop SET state = $2 WHERE id = $1", shop_id, state)


async def test_a_client_role_sees_no_shop_in_any_state(shops: ShopWorld) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.CLIENT, affiliate=shops.affiliate_id, client=shops.client_id) as connection:
            await connection.fetch("SELECT id FROM field.shop")


async def test_the_wrong_person_and_the_wrong_moment_are_told_apart(shops: ShopWorld) -> None:
    shop_id = await shops.shop("DRAFT")
    async with shops.transaction():
        with pytest.raises(WrongActor):
            await service.fire(shops.scope, shop_id, Move(Event.PUBLISH, Actor.EDITOR, NOW))
        with pytest.raises(WrongState):
            await service.fire(shops.scope, shop_id, Move(Event.RELEASE, Actor.EDITOR, NOW))
    assert await shops.events(shop_id) == []


async def test_nothing_happens_to_a_shop_on_hold(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OPEN", is_on_hold=True, hold_since=NOW)
    async with shops.transaction():
        with pytest.raises(OnHold):
            await service.fire(shops.scope, shop_id, Move(Event.CANCEL, Actor.SCHEDULER, NOW))


async def test_a_move_writes_the_columns_that_it_is_given_and_no_others(shops: ShopWorld) -> None:
    shop_id = await shops.shop("IN_REVIEW")
    async with shops.transaction():
        move = Move(Event.APPROVE, Actor.EDITOR, NOW, {"grade": 8, "score_percent": 81.25})
        await service.fire(shops.scope, shop_id, move)
        with pytest.raises(KeyError):
            await service.fire(shops.scope, shop_id, Move(Event.RELEASE, Actor.EDITOR, NOW, {"fee_cents": 1}))
    row = await shops.row(shop_id)
    assert (row["grade"], float(row["score_percent"]), row["fee_cents"]) == (8, 81.25, 1200)


async def test_moving_many_takes_as_many_statements_as_moving_three(shops: ShopWorld) -> None:
    few, many = await shops.shops(3), await shops.shops(200)
    counts = []
    for shop_ids in (few, many):
        async with shops.transaction() as connection, counted(connection) as asked:
            effects = await service.fire_many(shops.scope, shop_ids, Event.CANCEL, Actor.SCHEDULER, NOW)
            assert set(effects.done) == set(shop_ids)
        counts.append(len([query for query in asked if "ledger.event" not in query]))
    assert counts[0] == counts[1]


async def test_moving_many_says_what_became_of_each(shops: ShopWorld, world: World) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    fine, closed, held, foreign = (
        await shops.shop("OPEN"),
        await shops.shop("CLOSED"),
        await shops.shop("OPEN", is_on_hold=True, hold_since=NOW),
        await there.shop("OPEN"),
    )
    async with shops.transaction():
        effects = await service.fire_many(
            shops.scope, [fine, closed, held, foreign], Event.CANCEL, Actor.SCHEDULER, NOW
        )
    assert effects.done == (fine,)
    assert effects.skipped == {"wrong_state": (closed,), "on_hold": (held,), "missing": (foreign,)}
    assert [await shops.state_of(each) for each in (fine, closed, held, foreign)] == [
        "CANCELLED",
        "CLOSED",
        "OPEN",
        "OPEN",
    ]


async def test_moving_many_leaves_an_event_for_each(shops: ShopWorld) -> None:
    shop_ids = await shops.shops(5)
    async with shops.transaction():
        await service.fire_many(shops.scope, shop_ids, Event.CANCEL, Actor.SCHEDULER, NOW, detail={"reason": "client"})
    for shop_id in shop_ids:
        (event,) = await shops.events(shop_id)
        assert event["action"] == "shop.cancel"


async def test_moving_nothing_is_no_error(shops: ShopWorld) -> None:
    async with shops.transaction():
        effects = await service.fire_many(shops.scope, [], Event.CANCEL, Actor.SCHEDULER, NOW)
    assert (effects.done, effects.skipped) == ((), {})


async def test_an_old_page_cannot_move_a_shop_twice(shops: ShopWorld) -> None:
    shop_id = await shops.shop("DRAFT")
    for _ in range(2):
        async with shops.transaction():
            effects = await service.fire_many(shops.scope, [shop_id], Event.PUBLISH, Actor.SCHEDULER, NOW)
    assert effects.skipped == {"wrong_state": (shop_id,)}
    assert len(await shops.events(shop_id)) == 1


async def test_a_shop_that_comes_back_counts_it(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED")
    await update(shops.owner, "field.shop", shop_id, {"unassign_count": 2})
    async with shops.transaction():
        await service.give_back(shops.scope, shop_id, Event.UNASSIGN, Actor.SCHEDULER, NOW, "client_asked")
    assert (await shops.row(shop_id))["unassign_count"] == 3
