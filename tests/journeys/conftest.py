"""One town and one Chromium for all journeys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from survey.db.embedded import Cluster
from tests.chromium import CHROMIUM, QUIET

from .town import Town, opened_town

# Half of the ways through each journey run with `make test`: the desk with scripts, the phone without. The other half
# run with `make test-slow`, and in CI; so do the longest journeys, which say so in their files.
OTHER_HALF = {"desk-plain", "phone-scripts"}
# Long journeys: this way through them is slow too.
OTHER_WAY = {
    "test_choosing.py": "phone-plain",
    "test_copy.py": "phone-plain",
    "test_first_study.py": "desk-scripts",
    "test_member.py": "desk-scripts",
    "test_shopper_shows.py": "phone-plain",
}
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the other half of the ways as slow, before pytest picks what runs."""
    for item in items:
        way = item.name.partition("[")[2].rstrip("]")
        if item.path.is_relative_to(HERE) and (way in OTHER_HALF or way == OTHER_WAY.get(item.path.name)):
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
