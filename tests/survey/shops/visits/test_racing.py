"""Two people, one shop, two connections at the same moment."""

import asyncio
from contextvars import Context
from uuid import UUID

import pytest

from survey.shops.visits import service
from survey.shops.visits.domain import Actor, Event, WrongState
from survey.shops.visits.service import Taking
from tests.conftest import NOW
from tests.shop_world import Shopper, ShopWorld


class Gate:
    """Opens when everybody stands before it: nobody's transaction begins before all have begun."""

    def __init__(self, count: int) -> None:
        self.barrier = asyncio.Barrier(count)


async def take(me: Shopper, shop_id: UUID, gate: Gate) -> bool:
    """Whether the shopper got the shop."""
    try:
        async with me.transaction() as connection:
            await connection.fetchval("SELECT state FROM field.shop WHERE id = $1", shop_id)
            await gate.barrier.wait()
            await service.assign(me.scope, shop_id, Taking(me.id, mode="self"), Actor.SHOPPER, Event.SELF_ASSIGN, NOW)
    except WrongState:
        return False
    return True


@pytest.mark.parametrize("attempt", range(10))
async def test_of_two_shoppers_who_take_a_shop_at_once_exactly_one_gets_it(shops: ShopWorld, attempt: int) -> None:
    await shops.configure(is_self_assign=True)
    shop_id = await shops.shop("OPEN")
    rivals = [await shops.shopper() for _ in range(2)]
    gate = Gate(len(rivals))
    won = await asyncio.gather(*(take(me, shop_id, gate) for me in rivals))
    assert sorted(won) == [False, True]
    standing = "SELECT shopper_id FROM identity.assignment WHERE shop_id = $1 AND state = 'held'"
    assert [row[0] for row in await shops.owner.fetch(standing, shop_id)] == [rivals[won.index(True)].id]
    assert [event["action"] for event in await shops.events(shop_id)] == ["shop.self_assign"]


async def test_the_slower_one_waits_for_the_faster_and_then_hears_that_it_is_taken(shops: ShopWorld) -> None:
    await shops.configure(is_self_assign=True)
    shop_id, first, second = await shops.shop("OPEN"), await shops.shopper(), await shops.shopper()
    alone = Gate(1)
    async with first.transaction():
        await service.assign(first.scope, shop_id, Taking(first.id), Actor.SHOPPER, Event.SELF_ASSIGN, NOW)
        # Tasks copy the context: this one must not find the transaction that is open here.
        waiting = asyncio.get_running_loop().create_task(take(second, shop_id, alone), context=Context())
        await asyncio.sleep(0.2)
        assert not waiting.done()
    assert await waiting is False


async def test_a_scheduler_and_a_shopper_who_want_the_same_shop_do_not_both_get_their_way(shops: ShopWorld) -> None:
    await shops.configure(is_self_assign=True)
    shop_id, me, other = await shops.shop("OPEN"), await shops.shopper(), await shops.shopper()
    gate = Gate(2)

    async def scheduler() -> bool:
        try:
            async with shops.transaction():
                await gate.barrier.wait()
                await service.assign(shops.scope, shop_id, Taking(other.id), Actor.SCHEDULER, Event.ASSIGN, NOW)
        except WrongState:
            return False
        return True

    assert sorted(await asyncio.gather(take(me, shop_id, gate), scheduler())) == [False, True]
