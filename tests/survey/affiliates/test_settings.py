"""An affiliate's settings: who changes them, and what is kept of the change."""

import asyncpg
import pytest

from tests.conftest import World
from tests.web_client import Browser, Site

SETTINGS = {
    "name": "Alice and daughters",
    "postal_address": "3 Hill Road\n\nTestford",
    "contact_email": "hello@alice.test",
    "require_totp": "yes",
    "session_minutes": "60",
}


@pytest.fixture
async def office(site: Site, world: World) -> Browser:
    """Alice's administrator."""
    return await site.signed_in(world.alices.affiliate_id, "affiliate_admin")


async def test_a_manager_does_not_see_the_settings(site: Site, world: World) -> None:
    assert (await (await site.signed_in(world.alices.affiliate_id)).get("/settings")).status_code == 403


async def test_settings_that_cannot_be_are_refused_each_with_its_reason(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    wrong = {"name": "", "postal_address": " ", "contact_email": "nowhere", "session_minutes": "4"}
    page = await office.submit("/settings", wrong)
    assert page.status_code == 422
    for message in ("company’s name", "the law wants it", "people can reply to", "between 5 and 1440"):
        assert message in page.text
    name = await superuser.fetchval("SELECT name FROM field.affiliate WHERE id = $1", world.alices.affiliate_id)
    assert name == "alice's"


async def test_settings_are_saved_for_the_own_affiliate_alone(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    assert (await office.submit("/settings", SETTINGS)).headers["location"] == "/settings"
    query = "SELECT name, postal_address, require_totp, session_minutes FROM field.affiliate WHERE id = $1"
    own = await superuser.fetchrow(query, world.alices.affiliate_id)
    assert tuple(own) == ("Alice and daughters", "3 Hill Road\nTestford", True, 60)
    assert (await superuser.fetchrow(query, world.charlies.affiliate_id))["name"] == "charlie's"


async def test_the_record_names_old_and_new_but_never_an_address(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    await office.submit("/settings", SETTINGS)
    detail = await superuser.fetchval(
        "SELECT detail::text FROM ledger.event WHERE object_id = $1 AND action = 'affiliate.settings'",
        world.alices.affiliate_id,
    )
    assert '"name.old": "alice\'s"' in detail
    assert '"session_minutes.new": 60' in detail
    assert '"contact_email.changed": true' in detail
    assert "@" not in detail


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
    assert "hello@alice.test" in page
