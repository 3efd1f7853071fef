"""A study of alice's in the field."""

import asyncpg
import pytest

from tests.conftest import World
from tests.survey.releases.field import ENOUGH, Study, new_client, study_in_field
from tests.web_client import clock, front, site  # noqa: F401 - fixtures


@pytest.fixture
async def study(superuser: asyncpg.Connection, world: World) -> Study:
    """Northwind's autumn wave: 165 people have answered at five stores in two regions."""
    client = await new_client(superuser, world.alices)
    return await study_in_field(superuser, world.alices, client, ENOUGH)
