"""alice's fieldwork, and the whole site."""

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import World
from tests.web_client import clock, front, site

from .fieldwork import Fieldwork

__all__ = ["clock", "front", "site"]


@pytest.fixture
async def fieldwork(world: World, superuser: asyncpg.Connection, settings: Settings) -> Fieldwork:
    """alice's client Brightwater Coffee with one store, and nobody on its list yet."""
    return await Fieldwork.begun(world.alices, superuser, settings)
