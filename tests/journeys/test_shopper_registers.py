"""Somebody registers as a shopper on a phone without JavaScript; a scheduler opens the profile and says why."""

import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole
from tests.chromium import CHROMIUM

from . import schedulers, shoppers
from .staff import sign_in
from .town import Town
from .walk import DESK, PHONE, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
ADDRESS, ADMIN = "ada@shoppers.example", "admin@shoppers.example"


async def test_a_shopper_registers_and_reads_who_looked(town: Town, browser: Browser) -> None:
    company = await town.with_company("shoppers")
    await company.account(AccountRole.AFFILIATE_ADMIN, ADMIN)
    async with (
        walking(browser, town.origin, Manner(DESK, has_scripts=True)) as desk,
        walking(browser, town.origin, Manner(PHONE, has_scripts=False)) as phone,
    ):
        await sign_in(desk, ADMIN)
        await schedulers.open_the_door(desk)
        await _ask_something(desk)
        await shoppers.register(phone, "shoppers", ADDRESS)
        await shoppers.confirm(phone, town, ADDRESS)
        assert "Hello Ada" in await phone.page.inner_text("h1")
        await _tell(phone)
        await _look(desk)
        await phone.open("/shopper/profile/looks")
        assert "reach the shopper about a shop" in await phone.page.inner_text("main")
        assert [*desk.faults, *phone.faults] == []


async def _ask_something(desk: Walk) -> None:
    await desk.press("Ask something")
    await desk.page.get_by_label("Question").fill("Your age")
    await desk.page.get_by_label("Code").fill("age_band")
    await desk.page.get_by_label("Answers").fill("under_40 Under 40\nfrom_40 40 or over")
    await desk.page.get_by_label("Why you ask").fill("Some shops are for a certain age.")
    await desk.page.get_by_label("It must be answered").check()
    await desk.press("Ask it")


async def _tell(phone: Walk) -> None:
    """Every page of the profile, and one answer."""
    for page in ("details", "questions", "conflicts", "qualifications", "payout", "agreement", "looks", "address"):
        await phone.open(f"/shopper/profile/{page}")
    await phone.open("/shopper/profile/questions")
    await phone.page.get_by_label("Under 40").check()
    await phone.press("Save my answers")
    assert "Under 40" in await phone.page.inner_text("main")
    await phone.open("/shopper/affiliates?stay")


async def _look(desk: Walk) -> None:
    await desk.open("/shoppers")
    await desk.page.locator("tbody a").first.click()
    await desk.page.get_by_label("Reach the shopper about a shop").check()
    await desk.press("Show name and address")
    assert "Ada Quillfeather" in await desk.page.inner_text("h1")
