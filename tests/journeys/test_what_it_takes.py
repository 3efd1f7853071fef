"""What a campaign asks of a shopper: a qualification that is missing, and a quiz that may be tried only so often."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole
from survey.db import Role, transaction
from survey.db.embedded import Cluster
from survey.shoppers import service as shoppers
from survey.shoppers.domain import QualificationKind
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import TryRule, quiz_of
from survey.web.cookies import PLAIN_NAME
from tests.chromium import CHROMIUM
from tests.shop_world import ShopWorld, shop_world

from .staff import sign_in
from .test_job_board import session
from .town import NAME, Town
from .walk import DESK, PHONE, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
QUIZ = quiz_of("Where do you stand?\n- Outside\n* At the counter")


@dataclass(frozen=True, slots=True)
class Asking:
    """A campaign that asks for a licence and a quiz, a shop of it, and a shopper's session."""

    there: ShopWorld
    admin: str
    token: str
    shop_id: UUID


@pytest.fixture
async def asking(town: Town, cluster: Cluster) -> AsyncIterator[Asking]:
    """All of it at a company of its own."""
    slug = f"asking-{uuid4().hex}"
    company, now = await town.with_company(slug), datetime.now(UTC)
    await company.account(AccountRole.AFFILIATE_ADMIN, f"admin@{slug}.example")
    owner = await asyncpg.connect(cluster.url(NAME, as_superuser=True))
    there = await shop_world(owner, town.settings, company.scope.affiliate_id)
    licence = QualificationKind(uuid4(), "forklift", "Forklift licence", now, True, "Both sides.", 12)
    rule = TryRule(1, 0)
    async with transaction(Role.STAFF, affiliate=there.affiliate_id):
        await shoppers.rules.add_qualification_kind(company.scope, licence, now)
        await campaigns.write(company.scope, there.campaign_id, "Stand still.", QUIZ, (100, now), rule)
    shopper = await there.shopper()
    shop_id = await there.shop(window_start=now - timedelta(days=1), window_end=now + timedelta(days=9), created_at=now)
    yield Asking(there, f"admin@{slug}.example", await session(owner, shopper, now), shop_id)
    await owner.execute("UPDATE field.shop SET state = 'CANCELLED' WHERE id = $1", shop_id)
    await owner.close()


@pytest.mark.parametrize("has_scripts", [False, True], ids=["phone-plain", "phone-scripts"])
async def test_what_is_missing_is_said_and_can_be_got(
    town: Town, browser: Browser, asking: Asking, has_scripts: bool
) -> None:
    async with (
        walking(browser, town.origin, Manner(DESK, has_scripts=not has_scripts)) as desk,
        walking(browser, town.origin, Manner(PHONE, has_scripts=has_scripts)) as phone,
    ):
        await phone.page.context.add_cookies([{"name": PLAIN_NAME, "value": asking.token, "url": phone.origin}])
        await sign_in(desk, asking.admin)
        await _ask_for_it(desk, asking)
        await _read_what_is_missing(phone, asking)
        await _fail(phone, asking)
        await _give_another_try(desk, asking)
        await _pass(phone, asking)
        await _record_by_hand(desk)
        await phone.open(f"/shopper/board/{asking.shop_id}")
        assert "Forklift licence" not in await phone.page.inner_text("main")
        assert [*desk.faults, *phone.faults] == []


async def _ask_for_it(desk: Walk, asking: Asking) -> None:
    await desk.open(f"/campaigns/{asking.there.campaign_id}/edit/requirements")
    await desk.page.get_by_label("Forklift licence").check()
    await desk.press("Save")
    await desk.open(f"/campaigns/{asking.there.campaign_id}/guidelines/new")


async def _read_what_is_missing(phone: Walk, asking: Asking) -> None:
    await phone.open(f"/shopper/board/{asking.shop_id}")
    assert "This shop asks for “Forklift licence”" in await phone.page.inner_text("main")
    await phone.press("Your qualifications")
    assert "By a document" in await phone.page.inner_text("main")


async def _fail(phone: Walk, asking: Asking) -> None:
    await phone.open(f"/shopper/board/{asking.shop_id}")
    await phone.press("Read the guideline")
    assert "You may try once." in await phone.page.inner_text("main")
    assert await phone.page.get_by_label("Outside").count() == 0
    await phone.press("I have read it")
    await phone.page.get_by_label("Outside").check()
    await phone.press("Send the answers")
    assert "You have used your tries." in await phone.page.inner_text("main")


async def _give_another_try(desk: Walk, asking: Asking) -> None:
    await desk.open(f"/campaigns/{asking.there.campaign_id}/guidelines")
    await desk.press("Version", within=desk.page.locator("tbody"))
    await desk.press("Who has tried and not passed")
    await desk.press("Give")
    assert "May try" in await desk.page.inner_text("main")


async def _pass(phone: Walk, asking: Asking) -> None:
    await phone.open(f"/shopper/board/{asking.shop_id}")
    await phone.press("Read the guideline")
    await phone.page.get_by_label("At the counter").check()
    await phone.press("Send the answers")
    assert "Passed" in await phone.page.inner_text("main")


async def _record_by_hand(desk: Walk) -> None:
    await desk.open("/shoppers")
    await desk.page.locator("tbody a").first.click()
    card = desk.page.locator("form[action$=qualifications]")
    await card.get_by_label("Qualification").select_option("forklift")
    await card.get_by_label("How do you know?").select_option("hand")
    await card.get_by_label("How you know, or why not").fill("Shown at the office.")
    await desk.press("Record it")
    assert "Shown at the office." in await desk.page.inner_text("main")
