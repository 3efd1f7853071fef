"""The whole site, and a client of alice's."""

from uuid import UUID

import pytest

from survey.clients import service
from survey.db import Role, transaction
from tests.conftest import NOW, World
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]


@pytest.fixture
async def client_id(world: World) -> UUID:
    """alice's client, with nothing but its headquarters."""
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        return await service.create_client(world.alices, "Brightwater Coffee", NOW)
