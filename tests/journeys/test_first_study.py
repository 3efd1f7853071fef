"""The first study of a company, from the client's list to the client's report. Each chapter goes on where one ended."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole, Place
from survey.clients import service as clients
from survey.db import Role, transaction
from tests.chromium import CHROMIUM

from . import staff
from .respondents import addresses, answer_in_browser, answer_straight_away, opt_out_path, survey_path
from .town import Town
from .walk import PHONE, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: this journey was not made"),
]
ADMINISTRATOR, MANAGER, VIEWER = "tomas@kestrel.example", "priya@kestrel.example", "maren@brightwater.example"


@dataclass
class Chapter:
    """What a journey has left behind. walks: by whom."""

    study_path: str = ""
    walks: dict[str, Walk] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    @property
    def faults(self) -> list[str]:
        """Everything that was wrong on the pages of this chapter."""
        return [f"{who}: {fault}" for who, walk in self.walks.items() for fault in walk.faults]


@pytest.fixture(scope="module")
async def launched(town: Town, browser: Browser) -> Chapter:
    """An administrator brings a client, its customers, a questionnaire and a study; the mail has gone out."""
    chapter = Chapter()
    await town.account(AccountRole.AFFILIATE_ADMIN, ADMINISTRATOR)
    async with walking(browser, town.origin) as walk:
        chapter.walks["administrator"] = walk
        await staff.sign_in(walk, ADMINISTRATOR)
        await staff.enter_client(walk)
        await staff.import_customers(walk)
        await staff.make_questionnaire(walk)
        chapter.study_path = await staff.launch_study(walk)
    async with asyncio.timeout(60):
        # Nobody tells: the mail is another task's, and in the product another process's.
        while len(to_customers(town)) < len(addresses()):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return chapter


@pytest.fixture(scope="module")
async def answered(town: Town, browser: Browser, launched: Chapter) -> Chapter:
    """One person opts out, two answer in a browser, everybody else answers too."""
    chapter = Chapter(launched.study_path)
    leaver, on_phone, at_desk, *others = addresses()
    async with walking(browser, town.origin, PHONE, has_touch=True, java_script_enabled=False) as walk:
        chapter.walks["phone without scripts"] = walk
        await answer_in_browser(walk, survey_path(town.text_to(on_phone)))
        chapter.said["phone"] = await walk.page.inner_text("h1")
    async with walking(browser, town.origin) as walk:
        chapter.walks["desk"] = walk
        await answer_in_browser(walk, survey_path(town.text_to(at_desk)))
        chapter.said["desk"] = await walk.page.inner_text("h1")
    async with walking(browser, town.origin, PHONE, has_touch=True) as walk:
        chapter.walks["who opts out"] = walk
        await walk.open(opt_out_path(town.text_to(leaver)))
        await walk.press("Stop all surveys sent through Candour, from anyone")
        chapter.said["leaver"] = await walk.page.inner_text("h1")
    for number, address in enumerate(others):
        await answer_straight_away(town, survey_path(town.text_to(address)), number)
    return chapter


@pytest.fixture(scope="module")
async def released(town: Town, browser: Browser, answered: Chapter) -> Chapter:
    """A manager closes the study, and its numbers are released."""
    chapter = Chapter(answered.study_path)
    await town.account(AccountRole.MANAGER, MANAGER)
    async with walking(browser, town.origin) as walk:
        chapter.walks["manager"] = walk
        await staff.sign_in(walk, MANAGER)
        await staff.close_and_release(walk, answered.study_path)
    return chapter


@pytest.fixture(scope="module")
async def read(town: Town, browser: Browser, released: Chapter, tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    """Somebody of the client reads every page of the report, and downloads one."""
    chapter = Chapter(released.study_path)
    await town.account(AccountRole.CLIENT_VIEWER, VIEWER, await headquarters(town))
    async with walking(browser, town.origin) as walk:
        chapter.walks["client"] = walk
        await staff.sign_in(walk, VIEWER)
        chapter.said["overview"] = await walk.page.inner_text("main")
        await photograph(walk, tmp_path_factory.mktemp("screenshots"))
        for tab in await tabs_of(walk):
            await walk.open(tab)
        chapter.said["file"] = await downloaded(walk)
    return chapter


def to_customers(town: Town) -> list[str]:
    """Who of the client's customers has got a message, once for each."""
    return [caught.to for caught in town.mail() if caught.to in addresses()]


async def headquarters(town: Town) -> Place:
    """The head of the client's tree."""
    async with transaction(Role.STAFF, affiliate=town.scope.affiliate_id):
        (client_id, _), *_ = await clients.client_names(town.scope)
        return Place(client_id, (await clients.root_of(town.scope, client_id)).id)


async def tabs_of(walk: Walk) -> list[str]:
    """Where the report's tabs lead."""
    links = walk.page.locator("nav.tabs a")
    return [str(await link.get_attribute("href")) for link in await links.all()]


async def downloaded(walk: Walk) -> str:
    """The questions as a CSV file."""
    await walk.open("/portal/questions")
    async with walk.page.expect_download() as coming:
        await walk.page.get_by_role("link", name="Download this page (CSV)").click()
    return (await (await coming.value).path()).read_text()


async def photograph(walk: Walk, folder: Path) -> None:
    """A picture of the page, kept with pytest's temporary files; the README's comes from the demo world's test."""
    await walk.page.screenshot(path=folder / "portal.png", full_page=True)


async def test_an_administrator_brings_a_list_into_the_field(town: Town, launched: Chapter) -> None:
    assert launched.faults == []
    assert sorted(to_customers(town)) == sorted(addresses())


async def test_people_answer_on_a_phone_without_scripts_and_at_a_desk(answered: Chapter) -> None:
    assert answered.faults == []
    assert answered.said["phone"] == answered.said["desk"] == "Thank you. Your answers have arrived."


async def test_who_opts_out_is_told_so_at_once(answered: Chapter) -> None:
    assert answered.said["leaver"] == "No more surveys"


async def test_a_manager_closes_and_releases(released: Chapter) -> None:
    assert released.faults == []


async def test_the_client_reads_its_report_and_no_name(read: Chapter) -> None:
    assert read.faults == []
    assert "38" in read.said["overview"]
    assert "customers.example" not in read.said["overview"] + read.said["file"]


async def test_the_client_downloads_the_numbers_that_it_reads(read: Chapter) -> None:
    assert "How clean was the store?" in read.said["file"]
