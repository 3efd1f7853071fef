"""Holds: what they stop, and that both ways may be said twice."""

import pytest

from survey.db import NotFound, Role, transaction
from survey.shops.visits import service
from survey.shops.visits.domain import TERMINAL, Ended, HoldReason, State
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, moment


async def test_another_affiliates_shop_is_not_held(shops: ShopWorld, world: World) -> None:
    shop_id = await shops.shop("OPEN")
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        with pytest.raises(NotFound):
            await service.hold(world.charlies, shop_id, HoldReason.SAFETY, NOW)
        with pytest.raises(NotFound):
            await service.lift_hold(world.charlies, shop_id, NOW)


@pytest.mark.parametrize("state", sorted(set(State) - TERMINAL))
async def test_a_shop_that_lives_is_held_and_goes_on_from_where_it_was(shops: ShopWorld, state: str) -> None:
    shop_id = await shops.shop(state)
    async with shops.transaction():
        await service.hold(shops.scope, shop_id, HoldReason.CLIENT_ASKED, NOW)
    row = await shops.row(shop_id)
    assert (row["state"], row["is_on_hold"], row["hold_reason"], row["hold_since"]) == (
        state,
        True,
        "client_asked",
        NOW,
    )
    async with shops.transaction():
        await service.lift_hold(shops.scope, shop_id, moment(days=1))
    row = await shops.row(shop_id)
    assert (row["state"], row["is_on_hold"], row["hold_reason"], row["hold_since"]) == (state, False, "", None)
    assert [event["action"] for event in await shops.events(shop_id)] == ["shop.hold", "shop.lift_hold"]


@pytest.mark.parametrize("state", sorted(TERMINAL))
async def test_what_has_ended_cannot_be_held(shops: ShopWorld, state: str) -> None:
    shop_id = await shops.shop(state)
    async with shops.transaction():
        with pytest.raises(Ended):
            await service.hold(shops.scope, shop_id, HoldReason.LEGAL, NOW)


async def test_holding_twice_and_lifting_twice_is_as_good_as_once(shops: ShopWorld) -> None:
    shop_id = await shops.shop("OPEN")
    async with shops.transaction():
        await service.hold(shops.scope, shop_id, HoldReason.LEGAL, NOW)
        await service.hold(shops.scope, shop_id, HoldReason.SAFETY, moment(days=1))
        await service.lift_hold(shops.scope, shop_id, moment(days=2))
        await service.lift_hold(shops.scope, shop_id, moment(days=3))
    assert len(await shops.events(shop_id)) == 2
