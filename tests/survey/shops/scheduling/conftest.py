"""alice's mystery shops, and the whole site."""

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import World
from tests.shop_world import ShopWorld, shop_world
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]


@pytest.fixture
async def shops(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client with one store, and a campaign with a wave that has no shops yet."""
    return await shop_world(superuser, settings, world.alices.affiliate_id)
