"""What an affiliate decides for all of its shops: who changes it, what follows from it, and what is kept of it."""

from datetime import timedelta

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.settings import Settings
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import Draft
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world
from tests.survey.affiliates.test_settings import office
from tests.web_client import Browser, Site

__all__ = ["office"]

TERMS = {"review_hours": "12", "return_hours": "36", "appeal_days": "10", "pay_days": "21"}
STORED = "SELECT review_hours, return_hours, appeal_days, pay_days FROM field.affiliate WHERE id = $1"


@pytest.fixture
async def there(superuser: asyncpg.Connection, settings: Settings, world: World) -> ShopWorld:
    """Alice's shops."""
    return await shop_world(superuser, settings, world.alices.affiliate_id)


async def test_a_manager_does_not_change_the_terms(site: Site, world: World) -> None:
    manager = await site.signed_in(world.alices.affiliate_id)
    assert (await manager.get("/settings/shops")).status_code == 403
    assert (await manager.post("/settings/shops", TERMS)).status_code == 403


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("review_hours", "0"), ("return_hours", "337"), ("appeal_days", "91"), ("pay_days", "0"), ("pay_days", "soon")],
)
async def test_terms_that_cannot_be_are_refused(
    office: Browser, world: World, superuser: asyncpg.Connection, name: str, wrong: str
) -> None:
    before = await superuser.fetchrow(STORED, world.alices.affiliate_id)
    answer = await office.submit("/settings/shops", TERMS | {name: wrong})
    assert (answer.status_code, "Enter a whole number from" in answer.text) == (422, True)
    assert await superuser.fetchrow(STORED, world.alices.affiliate_id) == before


async def test_terms_are_saved_for_the_own_affiliate_alone(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    assert (await office.submit("/settings/shops", TERMS)).status_code == 303
    assert tuple(await superuser.fetchrow(STORED, world.alices.affiliate_id)) == (12, 36, 10, 21)
    assert tuple(await superuser.fetchrow(STORED, world.charlies.affiliate_id)) == (48, 24, 14, 30)


async def test_the_record_names_what_was_and_what_is(
    office: Browser, world: World, superuser: asyncpg.Connection
) -> None:
    for _ in range(2):
        await office.submit("/settings/shops", TERMS | {"review_hours": "60"})
    rows = await superuser.fetch(
        "SELECT detail::text FROM ledger.event WHERE object_id = $1 AND action = 'affiliate.shop_terms'"
        " AND detail::text LIKE '%\"review_hours.new\": 60%'",
        world.alices.affiliate_id,
    )
    assert len(rows) == 1


async def test_a_new_campaign_begins_with_the_terms_and_an_old_one_keeps_its_own(
    office: Browser, there: ShopWorld
) -> None:
    await office.submit("/settings/shops", TERMS)
    async with transaction(Role.STAFF, affiliate=there.affiliate_id):
        draft = Draft(there.client_id, "Terms", "in_person")
        made = await campaigns.create(there.scope, draft, NOW)
    stored = "SELECT return_hours, appeal_days, pay_days FROM field.campaign WHERE id = $1"
    assert tuple(await there.owner.fetchrow(stored, made)) == (36, 10, 21)
    assert tuple(await there.owner.fetchrow(stored, there.campaign_id)) == (24, 14, 30)


async def test_editors_and_shoppers_go_by_the_hours_that_were_set(
    site: Site, office: Browser, there: ShopWorld
) -> None:
    shopper = await there.shopper()
    shop_id = await there.shop("SUBMITTED", shopper)
    await there.report(shop_id, submitted_at=NOW - timedelta(hours=13))
    editor = await site.signed_in(there.affiliate_id, "editor")
    await office.submit("/settings/shops", TERMS | {"review_hours": "14"})
    queue = f"/reviews?client={there.client_id}"
    assert "Late" not in (await editor.get(queue)).text
    await office.submit("/settings/shops", TERMS)
    assert "Late" in (await editor.get(queue)).text
    for browser, page in ((editor, "/reviews/rubric"), (await there.signed_in(site, shopper), "/shopper/rubric")):
        assert "within 12 hours" in (await browser.get(page)).text


async def test_the_page_says_from_which_age_people_can_register(office: Browser) -> None:
    page = (await office.get("/settings/shops")).text
    assert ("from the age of 18" in page, 'href="/shoppers/rules"' in page) == (True, True)
