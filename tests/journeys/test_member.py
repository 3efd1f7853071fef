"""A panel's member, from the panel's public page to being forgotten, in every manner."""

import asyncio
import re

import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole
from tests.chromium import CHROMIUM

from . import staff
from .town import Town
from .walk import MANNERS, Manner, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: this journey was not made"),
]
LINK = re.compile(r"https?://[^/\s]+(/(?:join/confirm|membership)/[\w.-]+)")
SAVED = "We hold what you see below."


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
async def test_somebody_joins_corrects_takes_a_copy_leaves_and_is_forgotten(
    town: Town, browser: Browser, manner: Manner
) -> None:
    company = await town.with_company(f"members-{manner.name}")
    slug, address = f"voices-{manner.name}", f"member@{manner.name}.people.example"
    async with walking(browser, company.origin, manner) as walk:
        await open_panel(company, walk, slug)
        assert walk.faults == []
    async with walking(browser, company.origin, manner) as walk:
        await ask_to_join(walk, slug, address)
        await walk.open(await link_in_message(company, address, "/join/confirm/"))
        await walk.press("Yes, make me a member")
        page = await link_in_message(company, address, "/membership/")
        await correct(walk, page, "Robin")
        assert "Robin" in await downloaded(walk)
        await walk.press("Leave the panel")
        assert "You have left this panel" in await walk.page.inner_text("main")
        await walk.press("Leave and delete everything")
        assert address not in await walk.page.content()
        assert walk.faults == []


async def open_panel(company: Town, walk: Walk, slug: str) -> None:
    """An administrator makes a panel that people can join."""
    email = f"panels@{slug}.example"
    await company.account(AccountRole.AFFILIATE_ADMIN, email)
    await staff.sign_in(walk, email)
    await walk.open("/panels")
    await walk.press("New panel", walk.page.get_by_role("main"))
    for name, typed in {
        "name": "Voices",
        "slug": slug,
        "about": "For shops.",
        "wording": "I want to be asked.",
    }.items():
        await walk.page.fill(f"[name={name}]", typed)
    await walk.page.locator("[name=is_open]").check()
    await walk.press("Make the panel")


async def ask_to_join(walk: Walk, slug: str, address: str) -> None:
    """From the panel's public page to what is said to everybody who asks."""
    await walk.open(f"/join/{slug}")
    await walk.page.fill("[name=email]", address)
    await walk.page.fill("[name=first_name]", "Robyn")
    await walk.page.locator("[name=consent]").check()
    await walk.press("Ask to join")


async def correct(walk: Walk, page: str, first_name: str) -> None:
    """Put one's name right on one's own page."""
    await walk.open(page)
    await walk.page.fill("[name=first_name]", first_name)
    await walk.press("Save")
    assert SAVED in await walk.page.inner_text("main")


async def downloaded(walk: Walk) -> str:
    """Everything that is held, as the file that the page offers."""
    async with walk.page.expect_download() as coming:
        await walk.page.get_by_role("link", name="Download everything").click()
    return (await (await coming.value).path()).read_text()


async def link_in_message(company: Town, address: str, place: str) -> str:
    """Where the message leads that the worker sends next."""
    async with asyncio.timeout(60):
        while True:
            if any(caught.to == address for caught in company.mail()):
                found = LINK.search(company.text_to(address))
                if found and found[1].startswith(place):
                    return found[1]
            await asyncio.sleep(0.2)
