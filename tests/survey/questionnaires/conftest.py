"""The whole site, and questionnaires of two affiliates."""

from uuid import UUID

import pytest

from survey.db import Role, transaction
from survey.questionnaires import service
from survey.questionnaires.domain import store_visit
from tests.conftest import NOW, World
from tests.web_client import clock, front, site

__all__ = ["clock", "front", "site"]


@pytest.fixture
async def visit_id(world: World) -> UUID:
    """alice's questionnaire of twenty questions, still a draft."""
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        return await service.create(world.alices, "Store visit", store_visit(), NOW)
