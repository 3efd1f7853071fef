"""The whole site, and a panel of alice's."""

from uuid import UUID

import pytest

from survey.db import Role, transaction
from survey.panels import service
from survey.panels.domain import PanelDraft
from tests.conftest import NOW, World
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]

WORDING = "I agree to be asked up to twice a month. I can leave at any time."


@pytest.fixture
async def panel_id(world: World) -> UUID:
    """alice's open panel; its public address is unique to the test."""
    draft = PanelDraft(
        "Coffee panel", f"coffee-{world.alices.affiliate_id.hex}", "For people who drink coffee.", WORDING
    )
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        return await service.create_panel(world.alices, draft, NOW)


def slug(world: World) -> str:
    """The panel's public address."""
    return f"/join/coffee-{world.alices.affiliate_id.hex}"
