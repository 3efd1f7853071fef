"""alice's client and a draft, and the whole site."""

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import World
from tests.survey.invitations.fieldwork import Fieldwork
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]


@pytest.fixture
async def fieldwork(world: World, superuser: asyncpg.Connection, settings: Settings) -> Fieldwork:
    """alice's client Brightwater Coffee with one store, and nobody on its list yet."""
    return await Fieldwork.begun(world.alices, superuser, settings)
