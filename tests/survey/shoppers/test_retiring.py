"""Qualifications that are retired: nobody new gets them, who has one keeps it, and they come back."""

from uuid import UUID

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.settings import Settings
from survey.shoppers import service
from survey.shoppers.domain import QualificationKind
from tests.conftest import NOW, World
from tests.shop_world import shop_world
from tests.web_client import Browser, Site

from .conftest import Registered, a_kind

RULES = "/shoppers/rules/qualifications"
RECORD = {"qualification": "own_car", "source": "hand", "qualification_reason": "Seen.", "decision": "record"}


@pytest.fixture
async def kind(world: World) -> QualificationKind:
    """Something that alice's shoppers can have."""
    one = a_kind()
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await service.rules.add_qualification_kind(world.alices, one, NOW)
    return one


async def _act(browser: Browser, kind: QualificationKind, act: str) -> int:
    return (await browser.submit(f"{RULES}/{kind.id}", {}, f"{RULES}/{kind.id}/{act}")).status_code


@pytest.mark.parametrize("act", ["retire", "restore"])
async def test_another_affiliates_qualification_cannot_be_touched(
    site: Site, world: World, kind: QualificationKind, scheduler: Browser, act: str
) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert (await stranger.post(f"{RULES}/{kind.id}/{act}", {})).status_code == 404
    assert (await scheduler.post(f"{RULES}/{kind.id}/{act}", {})).status_code == 403


async def test_nobody_new_gets_a_retired_one_and_who_has_it_keeps_it(
    admin: Browser, scheduler: Browser, ada: Registered, kind: QualificationKind
) -> None:
    at = f"/shoppers/{ada.shopper_id}"
    assert await _act(admin, kind, "retire") == 303
    assert (await scheduler.submit(at, RECORD, f"{at}/qualifications")).status_code == 403
    page = (await ada.browser.get("/shopper/profile/qualifications")).text
    assert "Has a car" not in page
    assert (await ada.browser.post("/shopper/profile/qualifications", {"qualification": "own_car"})).status_code == 404
    assert await _act(admin, kind, "restore") == 303
    assert (await scheduler.submit(at, RECORD, f"{at}/qualifications")).status_code == 303
    await _act(admin, kind, "retire")
    assert "Valid" in (await ada.browser.get("/shopper/profile/qualifications")).text
    assert (await scheduler.submit(at, RECORD, f"{at}/qualifications")).status_code == 303


async def test_the_list_counts_holders_and_the_page_names_the_campaigns_that_want_it(
    admin: Browser, scheduler: Browser, ada: Registered, kind: QualificationKind, world: World, settings: Settings,
    superuser: asyncpg.Connection,
) -> None:  # fmt: skip
    at = f"/shoppers/{ada.shopper_id}"
    await scheduler.submit(at, RECORD, f"{at}/qualifications")
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    name = await superuser.fetchval(
        "UPDATE field.campaign SET requirements = requirements || $2::jsonb WHERE id = $1 RETURNING name",
        there.campaign_id, '{"qualifications": ["own_car"]}',
    )  # fmt: skip
    page = (await admin.get(f"{RULES}/{kind.id}")).text
    assert ("1 shopper holds it" in page, name in page) == (True, True)
    assert f'href="/shoppers?qualification={kind.code}">1<' in (await admin.get("/shoppers/rules")).text


async def test_retiring_and_restoring_are_on_record_and_twice_is_once(
    admin: Browser, kind: QualificationKind, superuser: asyncpg.Connection
) -> None:
    for act in ("retire", "retire", "restore", "restore"):
        assert (await admin.post(f"{RULES}/{kind.id}/{act}", {})).status_code == 303
    rows = await superuser.fetch(
        "SELECT action FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at, id", kind.id
    )
    assert [row["action"] for row in rows][1:] == ["shoppers.qualification_retire", "shoppers.qualification_restore"]


async def test_a_retired_one_is_offered_to_no_campaign_that_does_not_want_it_already(
    admin: Browser, kind: QualificationKind, world: World, settings: Settings, superuser: asyncpg.Connection
) -> None:
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    assert "Has a car" in await _requirements(admin, there.campaign_id)
    await _act(admin, kind, "retire")
    assert "Has a car" not in await _requirements(admin, there.campaign_id)


async def _requirements(browser: Browser, campaign_id: UUID) -> str:
    return (await browser.get(f"/campaigns/{campaign_id}/edit/requirements")).text
