"""Marks: a machine proposes, a person decides, the shopper may contest."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from survey.db import Keyset, NotFound, Role, transaction
from survey.shops.visits import service
from survey.shops.visits.domain import (
    Actor,
    ContestReason,
    DecisionReason,
    Event,
    MarkEvent,
    MarkSettled,
)
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, moment


async def no_show(shops: ShopWorld, me: Shopper) -> UUID:
    """A shop that somebody took and did not make; the id of the mark that was proposed."""
    shop_id = await shops.shop("ASSIGNED", me, due_at=NOW)
    async with shops.transaction():
        await service.refresh_timers(shops.scope, [shop_id], NOW)
    await service.fire_timers(moment(days=2))
    mark_id: UUID = await shops.owner.fetchval("SELECT id FROM identity.mark WHERE shop_id = $1", shop_id)
    return mark_id


async def row_of(shops: ShopWorld, mark_id: UUID) -> asyncpg.Record:
    """The mark, and what its assignment counts as."""
    return await shops.owner.fetchrow(
        "SELECT m.*, a.state AS standing FROM identity.mark m JOIN identity.assignment a ON a.id = m.assignment_id"
        " WHERE m.id = $1",
        mark_id,
    )


async def decide(shops: ShopWorld, mark_id: UUID, event: MarkEvent, reason: str = "no_word") -> None:
    """As a scheduler."""
    async with shops.transaction():
        await service.decide_mark(shops.scope, mark_id, event, DecisionReason(reason), NOW)


async def contest(me: Shopper, mark_id: UUID) -> None:
    """As the shopper."""
    async with me.transaction():
        await service.contest_mark(me.scope, mark_id, ContestReason.PLACE_CLOSED, NOW)


async def test_a_machine_only_proposes_that_somebody_did_not_come(shops: ShopWorld) -> None:
    me = await shops.shopper()
    row = await row_of(shops, await no_show(shops, me))
    assert (row["shopper_id"], row["kind"], row["state"]) == (me.id, "no_show", "PROPOSED")
    assert (row["decided_by"], row["standing"]) == (None, "taken_back")
    assert (await shops.row(row["shop_id"]))["is_flaked"]


async def test_the_worker_cannot_decide_a_mark_even_if_it_wanted_to(shops: ShopWorld) -> None:
    mark_id = await no_show(shops, await shops.shopper())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.WORKER) as connection:
            await connection.execute("UPDATE identity.mark SET state = 'CONFIRMED' WHERE id = $1", mark_id)


async def test_a_decision_without_a_person_is_refused_by_the_database(shops: ShopWorld) -> None:
    mark_id = await no_show(shops, await shops.shopper())
    with pytest.raises(asyncpg.CheckViolationError):
        await shops.owner.execute("UPDATE identity.mark SET state = 'CONFIRMED' WHERE id = $1", mark_id)


async def test_another_affiliate_and_another_shopper_do_not_find_it(shops: ShopWorld, world: World) -> None:
    mark_id = await no_show(shops, await shops.shopper())
    with pytest.raises(NotFound):
        await contest(await shops.shopper(), mark_id)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        with pytest.raises(NotFound):
            await service.decide_mark(world.charlies, mark_id, MarkEvent.CONFIRM, DecisionReason.NO_WORD, NOW)
        assert (await service.undecided_marks(world.charlies, Keyset())).rows == []


async def test_once_a_person_confirms_it_the_visit_counts_as_let_down(shops: ShopWorld) -> None:
    mark_id = await no_show(shops, await shops.shopper())
    await decide(shops, mark_id, MarkEvent.CONFIRM)
    row = await row_of(shops, mark_id)
    assert (row["state"], row["decided_by"], row["standing"]) == ("CONFIRMED", shops.scope.account_id, "flaked")
    (event,) = await shops.events(mark_id)
    assert (event["action"], event["subject_id"]) == ("mark.confirm", row["shopper_id"])


async def test_dismissed_it_counts_for_nothing(shops: ShopWorld) -> None:
    mark_id = await no_show(shops, await shops.shopper())
    await decide(shops, mark_id, MarkEvent.DISMISS, "place_closed")
    row = await row_of(shops, mark_id)
    assert (row["state"], row["reason"], row["standing"]) == ("DISMISSED", "place_closed", "taken_back")


async def test_a_shopper_contests_and_a_person_decides_again(shops: ShopWorld) -> None:
    me = await shops.shopper()
    mark_id = await no_show(shops, me)
    await decide(shops, mark_id, MarkEvent.CONFIRM)
    await contest(me, mark_id)
    row = await row_of(shops, mark_id)
    assert (row["state"], row["contest"], row["contested_at"]) == ("CONTESTED", "place_closed", NOW)
    await decide(shops, mark_id, MarkEvent.DISMISS, "our_mistake")
    row = await row_of(shops, mark_id)
    assert (row["state"], row["standing"]) == ("DISMISSED", "taken_back")
    with pytest.raises(MarkSettled):
        await contest(me, mark_id)


async def test_what_is_upheld_stays(shops: ShopWorld) -> None:
    me = await shops.shopper()
    mark_id = await no_show(shops, me)
    await contest(me, mark_id)
    await decide(shops, mark_id, MarkEvent.CONFIRM)
    assert (await row_of(shops, mark_id))["state"] == "UPHELD"
    with pytest.raises(MarkSettled):
        await decide(shops, mark_id, MarkEvent.DISMISS)


async def test_giving_back_before_the_day_leaves_no_mark_and_on_the_day_proposes_one(shops: ShopWorld) -> None:
    me = await shops.shopper()
    for day, marks in ((NOW.date() + timedelta(days=1), []), (NOW.date(), ["late_cancel"])):
        shop_id = await shops.shop("ASSIGNED", me, planned_on=day)
        async with me.transaction():
            await service.give_back(me.scope, shop_id, Event.SHOPPER_CANCEL, Actor.SHOPPER, NOW)
        found = await shops.owner.fetch("SELECT kind FROM identity.mark WHERE shop_id = $1", shop_id)
        assert [row["kind"] for row in found] == marks


async def test_a_scheduler_who_takes_a_shop_back_marks_nobody(shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", planned_on=NOW.date())
    async with shops.transaction():
        await service.give_back(shops.scope, shop_id, Event.UNASSIGN, Actor.SCHEDULER, NOW)
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.mark WHERE shop_id = $1", shop_id) == 0


async def test_marks_are_listed_for_staff_and_for_the_shopper(shops: ShopWorld) -> None:
    me = await shops.shopper()
    made = [await no_show(shops, me) for _ in range(3)]
    await decide(shops, made[0], MarkEvent.DISMISS, "illness")
    async with shops.transaction():
        first = await service.undecided_marks(shops.scope, Keyset(limit=1))
        rest = await service.undecided_marks(shops.scope, Keyset.read(first.next_cursor))
    assert {mark.id for mark in (*first.rows, *rest.rows)} == set(made[1:])
    async with me.transaction():
        assert {mark.id for mark in (await service.marks_of(me.scope, me.id, Keyset())).rows} == set(made)
