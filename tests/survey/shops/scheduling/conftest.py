"""alice's mystery shops, and the whole site."""

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import World
from tests.shop_world import ShopWorld, shop_world
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests left in the database would fill a batch: whose news it holds would hang on random ids."""
    monkeypatch.setattr("survey.shops.scheduling.service.telling.BATCH", 100_000)


@pytest.fixture
async def shops(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client with one store, and a campaign with a wave that has no shops yet."""
    return await shop_world(superuser, settings, world.alices.affiliate_id)
