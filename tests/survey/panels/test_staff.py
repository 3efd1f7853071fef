"""What staff do with panels, and what they do not see without leaving a trace."""

from uuid import UUID

import asyncpg
import pytest

from tests.conftest import World
from tests.survey.panels.conftest import WORDING
from tests.survey.panels.test_joining import asked
from tests.web_client import Site


async def test_another_affiliate_finds_no_such_panel(site: Site, world: World, panel_id: UUID) -> None:
    charlie = await site.signed_in(world.charlies.affiliate_id, "manager")
    assert (await charlie.get(f"/panels/{panel_id}")).status_code == 404
    assert (await charlie.get(f"/panels/{panel_id}/edit")).status_code == 404


async def test_a_new_wording_is_a_new_version(site: Site, world: World, panel_id: UUID) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    page = f"/panels/{panel_id}/edit"
    same = {"name": "Coffee panel", "about": "For people who drink coffee.", "wording": WORDING, "is_open": "yes"}
    assert (await alice.submit(page, same)).status_code == 303
    assert "Version 1" in (await alice.get("/panels")).text
    await alice.submit(page, same | {"wording": "I agree to something else."})
    assert "Version 2" in (await alice.get("/panels")).text


async def test_a_panel_without_words_is_refused_and_keeps_what_was_typed(site: Site, world: World) -> None:
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    answer = await alice.submit("/panels/new", {"name": "Tea panel", "slug": "Tea Panel!", "about": "", "wording": ""})
    assert answer.status_code == 422
    assert "Use small letters" in answer.text
    assert 'value="Tea panel"' in answer.text


@pytest.mark.usefixtures("panel_id")
async def test_a_member_is_opened_for_a_purpose_that_is_recorded(
    site: Site, world: World, superuser: asyncpg.Connection, panel_id: UUID
) -> None:
    member_id = await asked(site, world, superuser)
    alice = await site.signed_in(world.alices.affiliate_id, "manager")
    listed = (await alice.get(f"/panels/{panel_id}")).text
    assert "35 to 44" in listed
    assert "@example.net" not in listed
    page = f"/panels/{panel_id}/members/{member_id}"
    looked, refused = await alice.get(page), await alice.submit(page, {"purpose": "curiosity"})
    assert (refused.status_code, "Choose why you need" in refused.text) == (422, True)
    assert "@example.net" not in looked.text + refused.text
    assert "@example.net" in (await alice.submit(page, {"purpose": "complaint"})).text
    query = "SELECT purpose FROM ledger.event WHERE subject_id = $1 AND action = 'panelist.read'"
    assert [row["purpose"] for row in await superuser.fetch(query, member_id)] == ["complaint"]
