"""Somebody registers as a shopper on a phone without JavaScript; a scheduler opens the profile and says why."""

import asyncio
import re

import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole
from tests.chromium import CHROMIUM

from .staff import sign_in
from .town import Town
from .walk import DESK, PHONE, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]
ADDRESS, ADMIN = "ada@shoppers.example", "admin@shoppers.example"
SHOPPERS_PASSWORD = "brisk lantern oboe meadow"
LINK = re.compile(r"https?://\S+(/registration/\S+)")
TYPED = {
    "Your name": "Ada Quillfeather",
    "E-mail address": ADDRESS,
    "Telephone": "+1 614 555 0134",
    "Street and house number": "12 Wrenfield Street",
    "Town or city": "Larkhollow",
    "State, province or county": "Ohio",
    "Postal code": "43004",
}


async def test_a_shopper_registers_and_reads_who_looked(town: Town, browser: Browser) -> None:
    company = await town.with_company("shoppers")
    await company.account(AccountRole.AFFILIATE_ADMIN, ADMIN)
    async with (
        walking(browser, town.origin, Manner(DESK, has_scripts=True)) as desk,
        walking(browser, town.origin, Manner(PHONE, has_scripts=False)) as phone,
    ):
        await sign_in(desk, ADMIN)
        await open_the_door(desk)
        await _register(phone)
        await phone.open(await _link(town))
        await phone.page.get_by_label("Password").fill(SHOPPERS_PASSWORD)
        await phone.press("Confirm and begin")
        assert "Hello Ada" in await phone.page.inner_text("h1")
        await _tell(phone)
        await _look(desk)
        await phone.open("/shopper/profile/looks")
        assert "reach the shopper about a shop" in await phone.page.inner_text("main")
        assert [*desk.faults, *phone.faults] == []


async def open_the_door(desk: Walk) -> None:
    await desk.open("/shoppers")
    await desk.press("Rules and registration")
    await desk.page.get_by_label("The next version").fill("I work as an independent contractor.")
    await desk.press("Publish version 1")
    await desk.page.get_by_label("People can register").check()
    await desk.press("Save", within=desk.page.locator("form[action$=entrance]"))
    await desk.press("Ask something")
    await desk.page.get_by_label("Question").fill("Your age")
    await desk.page.get_by_label("Code").fill("age_band")
    await desk.page.get_by_label("Answers").fill("under_40 Under 40\nfrom_40 40 or over")
    await desk.page.get_by_label("Why you ask").fill("Some shops are for a certain age.")
    await desk.page.get_by_label("It must be answered").check()
    await desk.press("Ask it")


async def _register(phone: Walk) -> None:
    await phone.open("/register/shoppers")
    await phone.page.get_by_label("Month").select_option("5")
    await phone.page.get_by_label("Year").fill("1990")
    await phone.press("Go on")
    for label, value in TYPED.items():
        await phone.page.get_by_label(label, exact=True).fill(value)
    await phone.page.get_by_label("Country").select_option("US")
    await phone.page.get_by_label("I agree to version 1").check()
    await phone.press("Register")


async def _link(town: Town) -> str:
    for _ in range(200):
        if any(caught.to == ADDRESS for caught in town.mail()):
            break
        await asyncio.sleep(0.1)
    found = LINK.search(town.text_to(ADDRESS))
    assert found, "no link in the message"
    return found[1]


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
