"""One town and one Chromium for all journeys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from survey.db.embedded import Cluster
from tests.chromium import CHROMIUM, QUIET

from .town import Town, opened_town


@pytest.fixture(scope="package")
async def town(cluster: Cluster, template: str, reachable_folder: Path) -> AsyncIterator[Town]:
    """The running site with its research company."""
    async with opened_town(cluster, reachable_folder / "journeys") as town:
        yield town


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()
