"""A world of shops at alice's, a campaign of which shoppers take shops at once, and one shopper's browser."""

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import World
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.web_client import Browser, Site, clock, front, site  # noqa: F401


@pytest.fixture
async def shops(superuser: asyncpg.Connection, settings: Settings, world: World) -> ShopWorld:
    """Alice's client, its store and its campaign, of which shoppers take shops at once."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    await there.configure(is_self_assign=True)
    return there


@pytest.fixture
async def me(shops: ShopWorld) -> Shopper:
    """A shopper near the store."""
    return await shops.shopper()


@pytest.fixture
async def browser(site: Site, shops: ShopWorld, me: Shopper) -> Browser:  # noqa: F811
    """That shopper's browser."""
    return await shops.signed_in(site, me)
