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
from .respondents import (
    addresses,
    answer_in_browser,
    answer_straight_away,
    list_of_customers,
    opt_out_path,
    survey_path,
)
from .town import Town
from .walk import MANNERS, Manner, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: this journey was not made"),
]
# Who is who, for each manner: nobody's address is known from another company's journey.
ADMINISTRATOR, MANAGER, VIEWER = "tomas@{}.example", "priya@{}.example", "maren@{}.example"


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


@pytest.fixture(scope="module", params=MANNERS, ids=lambda manner: manner.name)
def manner(request: pytest.FixtureRequest) -> Manner:
    """The whole way is gone in every manner."""
    found: Manner = request.param
    return found


@pytest.fixture(scope="module")
async def company(town: Town, manner: Manner) -> Town:
    """The town as a research company of this journey's own sees it."""
    return await town.with_company(manner.name)


@pytest.fixture(scope="module")
async def launched(company: Town, browser: Browser, manner: Manner) -> Chapter:
    """An administrator brings a client, its customers, a questionnaire and a study; the mail has gone out."""
    chapter = Chapter()
    email = ADMINISTRATOR.format(manner.name)
    await company.account(AccountRole.AFFILIATE_ADMIN, email)
    async with walking(browser, company.origin, manner) as walk:
        chapter.walks["administrator"] = walk
        await staff.sign_in(walk, email)
        await staff.enter_client(walk)
        await staff.import_customers(walk, list_of_customers(manner.name))
        await staff.make_questionnaire(walk)
        chapter.study_path = await staff.launch_study(walk)
    async with asyncio.timeout(60):
        # Nobody tells: the mail is another task's, and in the product another process's.
        while len(to_customers(company, manner)) < len(addresses(manner.name)):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return chapter


@pytest.fixture(scope="module")
async def answered(company: Town, browser: Browser, manner: Manner, launched: Chapter) -> Chapter:
    """One person opts out, one answers in a browser, everybody else answers too."""
    chapter = Chapter(launched.study_path)
    leaver, guest, *others = addresses(manner.name)
    async with walking(browser, company.origin, manner) as walk:
        chapter.walks["who answers"] = walk
        await answer_in_browser(walk, survey_path(company.text_to(guest)))
        chapter.said["guest"] = await walk.page.inner_text("h1")
    async with walking(browser, company.origin, manner) as walk:
        chapter.walks["who opts out"] = walk
        await walk.open(opt_out_path(company.text_to(leaver)))
        await walk.press("Stop all e-mail sent through Candour, from anyone")
        chapter.said["leaver"] = await walk.page.inner_text("h1")
    for number, address in enumerate(others):
        await answer_straight_away(company, survey_path(company.text_to(address)), number)
    return chapter


@pytest.fixture(scope="module")
async def released(company: Town, browser: Browser, manner: Manner, answered: Chapter) -> Chapter:
    """A manager closes the study, and its numbers are released; somebody finds the old message afterwards."""
    chapter = Chapter(answered.study_path)
    email = MANAGER.format(manner.name)
    await company.account(AccountRole.MANAGER, email)
    async with walking(browser, company.origin, manner) as walk:
        chapter.walks["manager"] = walk
        await staff.sign_in(walk, email)
        await staff.close_and_release(walk, answered.study_path)
    async with walking(browser, company.origin, manner) as walk:
        chapter.walks["who comes late"] = walk
        await walk.open(survey_path(company.text_to(addresses(manner.name)[-1])), status=410)
        chapter.said["late"] = await walk.page.inner_text("h1")
    return chapter


@pytest.fixture(scope="module")
async def read(
    company: Town, browser: Browser, manner: Manner, released: Chapter, tmp_path_factory: pytest.TempPathFactory
) -> Chapter:
    """Somebody of the client reads every page of the report, and downloads one."""
    chapter = Chapter(released.study_path)
    email = VIEWER.format(manner.name)
    await company.account(AccountRole.CLIENT_VIEWER, email, await headquarters(company))
    async with walking(browser, company.origin, manner) as walk:
        chapter.walks["client"] = walk
        await staff.sign_in(walk, email)
        chapter.said["overview"] = await walk.page.inner_text("main")
        await photograph(walk, tmp_path_factory.mktemp("screenshots"))
        for tab in await tabs_of(walk):
            await walk.open(tab)
        chapter.said["file"] = await downloaded(walk)
    return chapter


def to_customers(company: Town, manner: Manner) -> list[str]:
    """Who of the client's customers has got a message, once for each."""
    customers = addresses(manner.name)
    return [caught.to for caught in company.mail() if caught.to in customers]


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


async def test_an_administrator_brings_a_list_into_the_field(company: Town, manner: Manner, launched: Chapter) -> None:
    assert launched.faults == []
    assert sorted(to_customers(company, manner)) == sorted(addresses(manner.name))


async def test_somebody_answers(answered: Chapter) -> None:
    assert answered.faults == []
    assert answered.said["guest"] == "Thank you. Your answers have arrived."


async def test_who_opts_out_is_told_so_at_once(answered: Chapter) -> None:
    assert answered.said["leaver"] == "No more e-mail through Candour"


async def test_a_manager_closes_and_releases(released: Chapter) -> None:
    assert released.faults == []


async def test_who_comes_after_the_close_is_told_so(released: Chapter) -> None:
    assert released.said["late"] == "This survey has closed"


async def test_the_client_reads_its_report_and_no_name(read: Chapter) -> None:
    assert read.faults == []
    assert "38" in read.said["overview"]
    assert "customers.example" not in read.said["overview"] + read.said["file"]


async def test_the_client_downloads_the_numbers_that_it_reads(read: Chapter) -> None:
    assert "How clean was the store?" in read.said["file"]
