"""One town and one Chromium for all journeys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from survey.db.embedded import Cluster
from tests.chromium import CHROMIUM, QUIET

from .town import Town, opened_town

# Half of the ways through each journey run with `make test`: the desk with scripts, the phone without. The other half
# run with `make test-slow`, and in CI.
OTHER_HALF = {"desk-plain", "phone-scripts"}
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the other half of the ways as slow, before pytest picks what runs."""
    for item in items:
        ways = item.name.partition("[")[2].rstrip("]")
        if item.path.is_relative_to(HERE) and ways in OTHER_HALF:
            item.add_marker(pytest.mark.slow)


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
