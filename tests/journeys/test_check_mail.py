"""Somebody got a message, types our address and its code, and hears whether it is ours; in every manner."""

import asyncio
import re

import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole
from tests.chromium import CHROMIUM

from .town import Town
from .walk import MANNERS, Manner, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: this journey was not made"),
]
CODE = re.compile(r"there this code:\s+(\S+)")


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
async def test_a_message_is_checked_by_its_code_and_a_forged_one_is_found_out(
    town: Town, browser: Browser, manner: Manner
) -> None:
    company = await town.with_company(f"checks-{manner.name}")
    address = f"reader@{manner.name}.people.example"
    await company.account(AccountRole.MANAGER, address)
    async with walking(browser, company.origin, manner) as walk:
        code = await code_of_message(company, walk, address)
        await walk.open("/")
        await walk.press("Check a message")
        await check(walk, code.lower().replace("-", ""), address)
        assert await shown(
            walk, "This code is ours", "a link to choose a new password", "sent to the address you typed"
        )
        await check(walk, code, "somebody@else.example")
        assert await shown(walk, "This code is ours", "We cannot say that it was sent")
        await check(walk, code, "")
        assert await shown(walk, "A code can be copied")
        await check(walk, "7K4M-2Q9X-HTRW", address)
        assert await shown(walk, "This code is not ours", "Do not trust this message")
        await check(walk, "", "")
        assert await shown(walk, "Type the code that stands below the message")
        assert [fault for fault in walk.faults if "status of 422" not in fault] == []


async def code_of_message(company: Town, walk: Walk, address: str) -> str:
    """Ask for a new password, and read the code below the message that comes."""
    await walk.open("/forgot")
    await walk.page.get_by_label("E-mail address").fill(address)
    await walk.press("Send the link")
    async with asyncio.timeout(30):
        while not any(caught.to == address for caught in company.mail()):  # noqa: ASYNC110 - a folder says nothing
            await asyncio.sleep(0.1)
    found = CODE.search(company.text_to(address))
    assert found
    return found[1]


async def check(walk: Walk, code: str, address: str) -> None:
    """Type a code and an address, and ask."""
    await walk.page.get_by_label("Code below the message").fill(code)
    await walk.page.get_by_label("Address at which you got it").fill(address)
    await walk.press("Check it")


async def shown(walk: Walk, *words: str) -> bool:
    """Whether the page says all of it."""
    page = await walk.page.inner_text("main")
    return all(each in page for each in words)
