"""A live study with doors, and a browser without JavaScript."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from survey.app import build
from survey.questionnaires.domain import store_visit
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.field_study import Field, make_study


@pytest.fixture
async def live_study(world: World, superuser: asyncpg.Connection, settings: Settings) -> Field:
    """A live study of alice's with the sample questionnaire."""
    return await make_study(superuser, settings, (world.alices.affiliate_id, NOW), store_visit())


@pytest.fixture
async def browser(database: object, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript that keeps cookies; it does not follow redirects by itself."""
    transport = httpx.ASGITransport(app=build(settings, clock=lambda: NOW))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver.local") as client:
        yield client
