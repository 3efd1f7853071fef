"""A released study of alice's client, and viewers at the head of the tree and at one store."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.releases import service
from tests.conftest import NOW, World
from tests.survey.releases.field import ENOUGH, SIGNING, Study, new_client, study_in_field
from tests.web_client import Browser, Site, clock, front, site  # noqa: F401 - fixtures

FEW_IN_WHITBY: Mapping[str, int] = ENOUGH | {"whitby": 4}


async def release(study: Study, now: datetime = NOW) -> None:
    """Close the study and let its numbers leave, as staff and worker do."""
    async with transaction(Role.STAFF, affiliate=study.scope.affiliate_id):
        await service.close_study(study.scope, study.id, now)
    assert await service.build_release(SIGNING, study.scope.affiliate_id, study.id, now)


@pytest.fixture
async def study(superuser: asyncpg.Connection, world: World) -> Study:
    """A released study: Whitby has four respondents, so that York is hidden with it."""
    client = await new_client(superuser, world.alices)
    released = await study_in_field(superuser, world.alices, client, FEW_IN_WHITBY)
    await release(released)
    return released


@pytest.fixture
async def later(superuser: asyncpg.Connection, study: Study) -> Study:
    """The client's next wave, a month later."""
    client = (study.client_id, study.places)
    counts = {"leeds": 60, "york": 45, "whitby": 30, "bath": 50, "hove": 33}
    wave = await study_in_field(superuser, study.scope, client, counts, seed=2, opened_at=NOW + timedelta(days=10))
    await release(wave, NOW + timedelta(days=35))
    return wave


@pytest.fixture
async def viewer(site: Site, study: Study) -> Browser:  # noqa: F811 - the fixture of the same name
    """Somebody at head office."""
    return await site.viewer(study.scope.affiliate_id, study.client_id, study.places["hq"].id)


@pytest.fixture
async def leeds(site: Site, study: Study) -> Browser:  # noqa: F811 - the fixture of the same name
    """Somebody at the store in Leeds."""
    return await site.viewer(study.scope.affiliate_id, study.client_id, study.places["leeds"].id)
