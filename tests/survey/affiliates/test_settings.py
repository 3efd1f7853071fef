"""An affiliate's settings: who changes them, and what is kept of the change."""

import asyncpg
import pytest

from tests.conftest import World
from tests.web_client import Browser, Site

SETTINGS = {"require_totp": "yes", "session_minutes": "60"}


@pytest.fixture
async def office(site: Site, world: World) -> Browser:
    """Alice's administrator."""
    return await site.signed_in(world.alices.affiliate_id, "affiliate_admin")


async def test_a_manager_does_not_see_the_settings(site: Site, world: World) -> None:
    assert (await (await site.signed_in(world.alices.affiliate_id)).get("/settings")).status_code == 403


async def test_settings_that_cannot_be_are_refused_each_with_its_reason(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    page = await office.submit("/settings", {"session_minutes": "4"})
    assert page.status_code == 422
    assert "between 5 and 1440" in page.text
    kept = await superuser.fetchval(
        "SELECT session_minutes FROM field.affiliate WHERE id = $1", world.alices.affiliate_id
    )
    assert kept == 480


async def test_settings_are_saved_for_the_own_affiliate_alone(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    assert (await office.submit("/settings", SETTINGS)).headers["location"] == "/settings"
    query = "SELECT require_totp, session_minutes FROM field.affiliate WHERE id = $1"
    assert tuple(await superuser.fetchrow(query, world.alices.affiliate_id)) == (True, 60)
    assert tuple(await superuser.fetchrow(query, world.charlies.affiliate_id)) == (False, 480)


async def test_the_record_names_old_and_new(office: Browser, world: World, superuser: asyncpg.Connection) -> None:
    await office.submit("/settings", SETTINGS)
    detail = await superuser.fetchval(
        "SELECT detail::text FROM ledger.event WHERE object_id = $1 AND action = 'affiliate.settings'",
        world.alices.affiliate_id,
    )
    assert '"session_minutes.old": 480' in detail
    assert '"session_minutes.new": 60' in detail
    assert '"require_totp.new": true' in detail


async def test_saving_without_a_change_leaves_no_record(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    for _ in range(2):
        await office.submit("/settings", SETTINGS)
    count = await superuser.fetchval(
        "SELECT count(*) FROM ledger.event WHERE object_id = $1 AND action = 'affiliate.settings'",
        world.alices.affiliate_id,
    )
    assert count == 1


async def test_saved_settings_are_shown_again(office: Browser) -> None:
    await office.submit("/settings", SETTINGS)
    page = (await office.get("/settings")).text
    assert "The settings have been saved." in page
    assert 'value="60"' in page
    assert 'href="/settings/brand"' in page
