"""Staff see what closing would hide, close once, and see what has left."""

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.releases import service
from tests.conftest import NOW, World
from tests.survey.releases.field import SIGNING, Study
from tests.web_client import Browser, Site


@pytest.fixture
async def manager(site: Site, world: World) -> Browser:
    """A manager of alice's."""
    return await site.signed_in(world.alices.affiliate_id)


def page_of(study: Study) -> str:
    return f"/studies/{study.id}/release"


async def test_a_stranger_is_sent_to_sign_in(site: Site, study: Study) -> None:
    assert (await (await site.visitor()).get(page_of(study))).status_code == 303


async def test_another_tenants_study_is_not_found(site: Site, study: Study, world: World) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id)
    assert (await charlie.get(page_of(study))).status_code == 404
    assert (await charlie.post(page_of(study))).status_code == 404


async def test_a_clients_viewer_closes_nothing(site: Site, study: Study) -> None:
    viewer = await site.viewer(study.scope.affiliate_id, study.client_id, study.places["hq"].id)
    assert (await viewer.post(page_of(study))).status_code == 403


async def test_a_form_without_its_token_closes_nothing(
    manager: Browser, study: Study, superuser: asyncpg.Connection
) -> None:
    assert (await manager.client.post(page_of(study), data={})).status_code == 403
    assert await superuser.fetchval("SELECT status FROM field.study WHERE id = $1", study.id) == "live"


async def test_what_closing_shows_and_hides_is_said_before(manager: Browser, study: Study) -> None:
    text = (await manager.get(page_of(study))).text
    assert "165 people have sent answers." in text
    assert "All 5 stores will be shown." in text
    assert "Close and release to Northwind" in text


async def test_looking_changes_nothing(manager: Browser, study: Study, superuser: asyncpg.Connection) -> None:
    await manager.get(page_of(study))
    assert await superuser.fetchval("SELECT count(*) FROM field.entry WHERE study_id = $1", study.id) == 165


async def test_closing_leads_back_to_a_page_that_waits_for_the_release(manager: Browser, study: Study) -> None:
    answer = await manager.submit(page_of(study))
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(study))
    text = (await manager.get(page_of(study))).text
    assert "The release is being built" in text
    assert 'hx-trigger="every 2s"' in text


async def test_closing_asks_the_worker_for_the_release_once(
    manager: Browser, study: Study, superuser: asyncpg.Connection
) -> None:
    await manager.submit(page_of(study))
    await manager.post(page_of(study))
    asked = "SELECT entrypoint FROM ops.job WHERE convert_from(payload, 'UTF8') LIKE $1 ORDER BY entrypoint"
    rows = await superuser.fetch(asked, f"%{study.id}%")
    assert [row["entrypoint"] for row in rows] == ["releases.build", "releases.discard_drafts"]


async def test_what_has_left_is_listed_with_its_digests(
    manager: Browser, study: Study, superuser: asyncpg.Connection
) -> None:
    async with transaction(Role.STAFF, affiliate=study.scope.affiliate_id):
        await service.close_study(study.scope, study.id, NOW)
    await service.build_release(SIGNING, study.scope.affiliate_id, study.id, NOW)
    digest = await superuser.fetchval("SELECT digest FROM release.release WHERE study_id = $1", study.id)
    text = (await manager.get(page_of(study))).text
    assert digest.hex(" ", 8) in text
    assert "Who took part" in text
    assert "Close and release" not in text


async def test_a_fragment_is_sent_to_a_page_that_asks_for_one(manager: Browser, study: Study) -> None:
    text = (await manager.get(page_of(study), headers={"HX-Request": "true", "HX-Request-Type": "partial"})).text
    assert "<html" not in text
    assert 'id="step"' in text
