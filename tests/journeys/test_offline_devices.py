"""A device that is slow to tell what it keeps of a report, and one that cannot tell: neither loses what is typed."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, Dialog, Page

from tests.chromium import CHROMIUM

from .test_fieldwork import STORY, Visit, _answer, _moved_on, _times, at_the_shop, visit
from .test_offline import begun
from .town import Town

__all__ = ["visit"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: nobody has been without a connection"),
]

TOLD = {"What happened?": STORY}
SLOW = "Object.defineProperty(window, 'deviceCleared', {value: new Promise((act) => (window.letGo = act))})"
UNREADABLE = """
const read = IDBObjectStore.prototype.get;
IDBObjectStore.prototype.get = function (key) {
  if (this.transaction.mode === "readonly") throw new DOMException("worn out", "UnknownError");
  return read.call(this, key);
};
"""

CLOSED = """
IDBFactory.prototype.open = () => {
  throw new DOMException("closed", "UnknownError");
};
"""


async def reopened(page: Page, url: str, typed: dict[str, str], script: str) -> Page:
    """A page again, in a tab that runs a script first, after something was typed there (by label) and not sent."""
    await page.goto(url)
    await page.context.set_offline(True)
    for label, words in typed.items():
        await page.get_by_label(label).fill(words)
    await page.close()
    again = await page.context.new_page()
    await again.context.set_offline(False)
    await again.add_init_script(script)
    await again.goto(url)
    return again


async def test_a_press_before_the_fields_are_filled_again_waits_for_them(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        url = f"{town.origin}{visit.base}/report/2"
        again = await reopened(await begun(walk, visit), url, TOLD, SLOW)
        story = again.get_by_label("What happened?")
        assert await story.input_value() == ""
        await again.get_by_role("button", name="Continue", exact=True).click()
        await again.evaluate("letGo()")
        await again.get_by_role("heading", name="Times and receipt").wait_for()
        await again.goto(url)
        assert await story.input_value() == STORY
    assert (await visit.report())["texts"] == 1


async def test_what_is_typed_before_the_fields_are_filled_again_stays_and_the_others_are_filled(
    browser: Browser, town: Town, visit: Visit
) -> None:
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    kept = {"Day of the visit": day, "You went in at": "09:00", "You came out at": "09:20"}
    async with at_the_shop(browser, town, visit) as walk:
        url = f"{town.origin}{visit.base}/report/visit"
        again = await reopened(await begun(walk, visit), url, kept, SLOW)
        await again.get_by_label("You went in at").fill("09:05")
        await again.get_by_role("button", name="Continue", exact=True).click()
        await again.evaluate("letGo()")
        await again.get_by_role("heading", name="Pictures and receipt").first.wait_for()
        await again.goto(url)
        stands = {label: await again.get_by_label(label).input_value() for label in kept}
        assert stands == kept | {"You went in at": "09:05"}


async def test_a_page_that_saves_itself_before_its_fields_are_filled_again_takes_nothing_of_them_away(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        url = f"{town.origin}{visit.base}/report/visit"
        again = await reopened(await begun(walk, visit), url, {"You came out at": "09:20"}, SLOW)
        await again.get_by_label("You went in at").fill("09:05")
        await again.get_by_text("Saved").wait_for()
        await again.evaluate("letGo()")
        await again.get_by_text("Back as you left it").wait_for()
        assert await again.get_by_label("You came out at").input_value() == "09:20"
        assert await again.get_by_label("You went in at").input_value() == "09:05"


async def test_an_answer_chosen_before_the_fields_are_filled_again_stays(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await _answer(walk, "Yes").check()
        again = await reopened(page, f"{town.origin}{visit.base}/report/1", {}, SLOW)
        await again.get_by_label("No", exact=True).check()
        await again.get_by_role("button", name="Continue", exact=True).click()
        await again.evaluate("letGo()")
        await again.get_by_role("heading", name="The story", exact=True).first.wait_for()
    assert (await visit.report())["coded"] == '{"greeted": "no"}'


async def test_what_a_device_keeps_and_cannot_read_is_not_written_over(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        url = f"{town.origin}{visit.base}/report/2"
        worn = await reopened(await begun(walk, visit), url, TOLD, UNREADABLE)
        await worn.get_by_text("This device could not be read").wait_for()
        await worn.get_by_label("What happened?").fill("Something else.")
        await worn.get_by_role("button", name="Continue", exact=True).click()
        await worn.get_by_role("heading", name="Times and receipt").wait_for()
        await visit.until("texts", 1)
        again = await worn.context.new_page()
        await again.goto(url)
        await again.get_by_text("Back as you left it").wait_for()
        assert await again.get_by_label("What happened?").input_value() == STORY


async def worn_out(page: Page, url: str) -> tuple[Page, list[str]]:
    """A page whose device cannot be read, and what kinds of question its browser asks; the answer is yes."""
    asked: list[str] = []

    async def answered(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.accept()

    worn = await reopened(page, url, TOLD, UNREADABLE)
    worn.on("dialog", answered)
    await worn.get_by_text("This device could not be read").wait_for()
    return worn, asked


async def test_nobody_leaves_what_was_typed_on_a_device_that_cannot_be_read_without_being_asked(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        worn, asked = await worn_out(await begun(walk, visit), f"{town.origin}{visit.base}/report/2")
        await worn.context.set_offline(True)
        story = worn.get_by_label("What happened?")
        await story.press_sequentially("So")
        await worn.get_by_text("What you type now is not kept on it").wait_for()
        await worn.get_by_role("button", name="Continue", exact=True).click()
        await worn.get_by_role("link", name="Guideline").click()
        await worn.get_by_text("You can go on typing here").wait_for()
        assert await story.input_value() == "So"
        async with worn.expect_event("close"):
            await worn.close(run_before_unload=True)
    assert asked == ["beforeunload"]


async def test_nobody_is_asked_about_what_a_device_that_cannot_be_read_has_sent(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        worn, asked = await worn_out(await begun(walk, visit), f"{town.origin}{visit.base}/report/2")
        await worn.get_by_label("What happened?").press_sequentially("So")
        await worn.get_by_role("button", name="Continue", exact=True).click()
        await worn.get_by_role("heading", name="Times and receipt").wait_for()
        assert asked == []
    assert (await visit.report())["texts"] == 1


async def test_nobody_is_asked_about_what_a_page_on_such_a_device_has_saved_by_itself(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        worn, asked = await worn_out(await begun(walk, visit), f"{town.origin}{visit.base}/report/2")
        await worn.get_by_label("What happened?").press_sequentially("So")
        await worn.keyboard.press("Tab")
        await worn.get_by_text("Saved").wait_for()
        await worn.get_by_role("link", name="Guideline").click()
        await worn.get_by_role("heading", name="Guideline", exact=True).wait_for()
        assert asked == []


async def test_a_whole_visit_is_reported_from_a_device_that_keeps_nothing_at_all(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = walk.page
        await page.context.add_init_script(CLOSED)
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await _answer(walk, "Yes").check()
        await _moved_on(walk, "Continue", "The story")
        await page.get_by_label("What happened?").fill(STORY)
        await _moved_on(walk, "Continue", "Times and receipt")
        await _times(walk)
        await _moved_on(walk, "Continue", "Pictures and receipt")
        await page.get_by_label("Picture", exact=True).set_input_files(visit.photo)
        await page.get_by_role("button", name="Add this picture").click()
        await page.get_by_role("img", name="Receipt").wait_for()
        await walk.press("Last check")
        await page.get_by_label("I made this visit myself").check()
        await _moved_on(walk, "Hand in the report", "Your report")
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert (await visit.report())["pictures"] == 1
