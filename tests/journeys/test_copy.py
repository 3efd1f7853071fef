"""A shopper reads all that is held, has a copy made, fetches it with the password, and opens it without the site."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole
from tests.chromium import CHROMIUM

from .schedulers import open_the_door
from .shoppers import NAME, PASSWORD, confirm, register
from .staff import sign_in
from .town import Town
from .walk import DESK, MANNERS, Manner, Walk, walking

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")]


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
async def test_a_shopper_takes_a_copy(town: Town, browser: Browser, manner: Manner, tmp_path: Path) -> None:
    slug = f"copies-{manner.name}"
    company, address = await town.with_company(slug), f"ada@{slug}.example"
    await company.account(AccountRole.AFFILIATE_ADMIN, f"admin@{slug}.example")
    async with walking(browser, town.origin, Manner(DESK, has_scripts=True)) as desk:
        await sign_in(desk, f"admin@{slug}.example")
        await open_the_door(desk)
    async with walking(browser, town.origin, manner) as walk:
        await register(walk, slug, address)
        await confirm(walk, town, address)
        await _have_it_made(walk)
        await _be_refused(walk)
        await _fetch(walk, tmp_path)
        await _read(walk, tmp_path)
        await walk.open("/shopper/profile/looks")
        assert "in the copy that you fetched" in await walk.page.inner_text("main")
        assert walk.faults == [], "\n".join(walk.faults)


async def _have_it_made(walk: Walk) -> None:
    await walk.open("/shopper/profile")
    await walk.press("Your data")
    assert await walk.page.inner_text("h1") == "Everything we hold about you"
    await walk.page.get_by_text("What for, how long, and who sees it").first.click()
    assert "offer a shopper the shops that suit them" in await walk.page.inner_text("main")
    await walk.press("Make my copy")
    await walk.arrive("Fetch my copy")


async def _be_refused(walk: Walk) -> None:
    """A page that is answered with 422 is meant to be: Chromium's grumbling about it is no fault."""
    await walk.page.get_by_label("Your password").fill("a guess that is wrong")
    await walk.press("Fetch my copy")
    assert await walk.page.locator("#password-error").is_visible()
    walk.faults = [fault for fault in walk.faults if "status of 422" not in fault]


async def _fetch(walk: Walk, folder: Path) -> None:
    await walk.page.get_by_label("Your password").fill(PASSWORD)
    async with walk.page.expect_download() as arriving:
        await walk.page.get_by_role("button", name="Fetch my copy").click()
    arrived = await arriving.value
    assert arrived.suggested_filename.startswith("candour-copy-")
    await arrived.save_as(folder / "copy.zip")


async def _read(walk: Walk, folder: Path) -> None:
    """Off the site: what was fetched asks for nothing."""
    with ZipFile(folder / "copy.zip") as files:
        files.extractall(folder)
    site = walk.page.url
    await walk.open(f"file://{folder / 'index.html'}")
    # A file is no site: it was asked for by its name and answered with no status.
    walk.faults = [fault for fault in walk.faults if fault != "asked " and not fault.endswith("answered 0")]
    assert NAME in await walk.page.inner_text("main")
    await walk.page.goto(site)
