"""Questions that an answer given without a connection brings up: all are there, and the server decides afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from survey.db.embedded import Cluster
from survey.questionnaires.domain import Choice, Condition, Definition, Item, Kind, Operator, Section, ShowIf
from tests.chromium import CHROMIUM

from .test_fieldwork import STORY, WHAT_HAPPENED, YES_NO, Visit, _times, at_the_shop, given_out
from .test_offline import begun, go_on
from .town import Town
from .walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: nobody has been without a connection"),
]

SIZES = (Choice("small", "Small"), Choice("large", "Large"))
IF_BOUGHT = ShowIf(conditions=(Condition("bought", Operator.IS, "yes"),))
IF_LARGE = ShowIf(conditions=(Condition("size", Operator.IS, "large"),))
KIOSK = Definition(
    title="Station Kiosk",
    language="en",
    sections=(
        Section(
            id="counter",
            title="At the counter",
            items=(
                Item("bought", Kind.SINGLE, "Did you buy anything?", choices=YES_NO, is_required=True),
                Item(
                    "bag", Kind.SINGLE, "Were you offered a bag?", choices=YES_NO, is_required=True, show_if=IF_BOUGHT
                ),
            ),
        ),
        Section(
            id="purchase",
            title="Your purchase",
            show_if=IF_BOUGHT,
            items=(
                Item("size", Kind.SINGLE, "Which size did you take?", choices=SIZES, is_required=True),
                Item("taste", Kind.LONG_TEXT, "How did it taste?"),
            ),
        ),
        Section(
            id="lid",
            title="The lid",
            show_if=IF_LARGE,
            items=(Item("lid", Kind.LONG_TEXT, "Did the lid close?", is_required=True),),
        ),
        Section(id="story", title="The story", items=(WHAT_HAPPENED,)),
    ),
)
TASTE = "Of burnt rubber. CANARY-8812"
LID = "It did not. CANARY-8813"
BOUGHT = {"bought": "yes", "bag": "no", "size": "large"}
ONLY_IF = "Only if “Did you buy anything?” is “Yes”"


@pytest.fixture
async def visit(town: Town, cluster: Cluster, tmp_path: Path) -> AsyncIterator[Visit]:
    """A shop whose questions hang on one another."""
    async with given_out(town, cluster, tmp_path, KIOSK) as visit:
        yield visit


async def at_the_counter(page: Page, bought: str) -> None:
    """The first page; whatever it asks is on it, and so it stands there until the next one."""
    await page.get_by_role("group", name="Did you buy anything?").get_by_label(bought, exact=True).check()
    await page.get_by_role("group", name="Were you offered a bag?").get_by_label("No", exact=True).check()
    await go_on(page, "Your purchase")


async def the_rest(walk: Walk, visit: Visit, size: str = "Large") -> None:
    """From the purchase to the tray, without a connection."""
    page = walk.page
    await page.get_by_label(size, exact=True).check()
    await page.get_by_label("How did it taste?").fill(TASTE)
    await go_on(page, "The lid")
    await page.get_by_label("Did the lid close?").fill(LID)
    await go_on(page, "The story")
    await page.get_by_label("What happened?").fill(STORY)
    await go_on(page, "Times and receipt")
    await _times(walk)
    await go_on(page, "Pictures and receipt")
    await photographed(page, visit)


async def photographed(page: Page, visit: Visit) -> None:
    """A picture into the tray, where it waits."""
    await page.get_by_label("Picture", exact=True).set_input_files(visit.photo)
    await page.get_by_role("button", name="Add this picture").click()
    await page.get_by_text("receipt.jpg: waits for a connection").wait_for()


async def texts(visit: Visit) -> set[str]:
    """The fields of which the server has words."""
    rows = await visit.there.owner.fetch(
        "SELECT question_id FROM field.report_text WHERE report_id = $1", (await visit.report())["id"]
    )
    return {row["question_id"] for row in rows}


async def stored(visit: Visit, coded: dict[str, str], words: set[str], pictures: int = 1) -> None:
    """Wait until the server has this of the report, and nothing else."""
    wanted = coded, words, pictures
    found: object = None
    try:
        async with asyncio.timeout(30):
            while found != wanted:
                report = await visit.report()
                found = json.loads(report["coded"]), await texts(visit), report["pictures"]
                await asyncio.sleep(0.1)
    except TimeoutError:
        assert found == wanted  # noqa: PT017 - to be told what it was


async def test_a_section_that_an_answer_without_a_connection_brings_up_is_answered_there_and_arrives(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        assert await page.get_by_text("Were you offered a bag?").count() == 0
        await page.context.set_offline(True)
        await page.get_by_text(ONLY_IF, exact=True).wait_for()
        await at_the_counter(page, "Yes")
        await page.get_by_text(f"{ONLY_IF}. If that is not so, go on to the next section.").wait_for()
        await walk.look()
        await the_rest(walk, visit)
        assert await texts(visit) == set()
        await page.context.set_offline(False)
        await stored(visit, BOUGHT, {"taste", "lid", "story"})
        await walk.open(f"{visit.base}/report/check")
        assert await page.get_by_text("not part of the report").count() == 0
        assert await page.get_by_text("Before you can hand it in").count() == 0


async def test_a_section_that_does_not_apply_is_told_and_nothing_of_it_reaches_review(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await at_the_counter(page, "No")
        await the_rest(walk, visit)
        await page.context.set_offline(False)
        await stored(visit, {"bought": "no"}, {"story"})
        await page.get_by_text("4 answers are not part of the report").wait_for()
        await page.get_by_text(f"“How did it taste?”: you answered “{TASTE}”. {ONLY_IF}.").wait_for()
        await walk.open(f"{visit.base}/report/check")
        await page.get_by_text("4 answers are not part of the report").wait_for()
        await page.get_by_label("I made this visit myself").check()
        await page.get_by_role("button", name="Hand in the report").click()
        await page.get_by_role("heading", name="Your report", exact=True).wait_for()
        await walk.open(visit.base)
        assert await page.get_by_text("not part of the report").count() == 0
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert json.loads((await visit.report())["coded"]) == {"bought": "no"}
    assert await texts(visit) == {"story"}
