"""A whole report without a connection: its pages open from the telephone, and everything arrives afterwards."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route

from tests.chromium import CHROMIUM
from tests.recordings import sound

from .test_fieldwork import STORY, Visit, _answer, _times, at_the_shop, visit
from .town import Town
from .walk import Walk

__all__ = ["visit"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: nobody has been without a connection"),
]

READY = "html[data-opens-offline]"
BOXES = "async () => (await caches.keys()).filter((name) => name.startsWith('candour-visit-'))"
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"
KEPT = "async () => [...(await window.visitPages.paths())]"


async def begun(walk: Walk, visit: Visit) -> Page:
    """The first page of a report, once the others have been put aside."""
    await walk.open(visit.base)
    await walk.press("Start the visit")
    await walk.page.locator(READY).wait_for(state="attached")
    return walk.page


async def go_on(page: Page, heading: str) -> None:
    """Continue, and wait for the page that follows."""
    await page.get_by_role("button", name="Continue", exact=True).click()
    await page.get_by_role("heading", name=heading, exact=True).first.wait_for()


async def written_without_a_line(walk: Walk, visit: Visit) -> None:
    """Every page filled in, and a picture taken, while nothing can be sent."""
    page = walk.page
    await _answer(walk, "Yes").check()
    await go_on(page, "The story")
    await page.get_by_label("What happened?").fill(STORY)
    await go_on(page, "Times and receipt")
    await _times(walk)
    await go_on(page, "Pictures and receipt")
    await page.get_by_label("Picture", exact=True).set_input_files(visit.photo)
    await page.get_by_role("button", name="Add this picture").click()
    await page.get_by_text("receipt.jpg: waits for a connection").wait_for()


async def answers(visit: Visit) -> object:
    """What the server has of the report."""
    report = await visit.report()
    return report["coded"], report["texts"], report["time_in"] is not None, report["pictures"]


async def arrived(visit: Visit) -> None:
    """Wait until all of it is on the server."""
    async with asyncio.timeout(30):
        while await answers(visit) != ('{"greeted": "yes"}', 1, True, 1):  # noqa: ASYNC110 - a browser is at work
            await asyncio.sleep(0.1)


async def test_a_whole_report_is_written_without_a_connection_and_arrives(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await written_without_a_line(walk, visit)
        await page.get_by_role("link", name="Guideline").click()
        await page.get_by_role("heading", name="Guideline", exact=True).wait_for()
        assert await answers(visit) == ("{}", 0, False, 0)
        await page.context.set_offline(False)
        await arrived(visit)
        await page.get_by_text("What you typed is kept on this device").wait_for(state="hidden")
        await walk.open(f"{visit.base}/report/check")
        await page.get_by_label("I made this visit myself").check()
        await page.get_by_role("button", name="Hand in the report").click()
        await page.get_by_role("heading", name="Your report", exact=True).wait_for()
        await page.wait_for_function(f"async () => !(await ({BOXES})()).length && !(await ({WORKERS})())")
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"


async def test_a_report_handed_in_without_a_connection_is_handed_in_when_it_is_back(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await written_without_a_line(walk, visit)
        await page.get_by_role("link", name="Last check").click()
        await page.get_by_text("Your answers are not shown without a connection").wait_for()
        assert "not answered yet" not in await page.inner_text("main")
        await page.get_by_label("I made this visit myself").check()
        await page.get_by_role("button", name="Hand in the report").click()
        await page.get_by_text("The report is handed in as soon as it has arrived").wait_for()
        assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"
        await page.context.set_offline(False)
        await page.get_by_role("heading", name="Your report", exact=True).wait_for()
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert (await visit.report())["pictures"] == 1


async def test_names_typed_without_a_connection_are_told_at_the_last_check_once_they_have_arrived(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await _answer(walk, "Yes").check()
        await go_on(page, "The story")
        await page.get_by_label("What happened?").fill(f"{STORY} My server Anna wrote to anna@store.example.")
        await go_on(page, "Times and receipt")
        await _times(walk)
        await go_on(page, "Pictures and receipt")
        await page.get_by_role("link", name="Last check").click()
        await page.get_by_role("heading", name="Last check", exact=True).wait_for()
        assert await page.locator(".finds").count() == 0
        await page.context.set_offline(False)
        await page.locator(".finds").get_by_text("anna@store.example").wait_for()
        await page.locator(".finds").get_by_role("link", name="What happened?").click()
        await page.get_by_role("heading", name="The story", exact=True).wait_for()


async def _hangs(route: Route) -> None:
    """A network that is there and carries nothing."""
    await asyncio.sleep(60)
    await route.abort()


@pytest.mark.slow
async def test_a_network_that_carries_nothing_is_none(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await _answer(walk, "No").check()
        await page.get_by_text("Saved").wait_for()
        await page.context.route("**/shopper/**", _hangs)
        assert await page.evaluate("navigator.onLine")
        await go_on(page, "The story")
        await page.get_by_label("What happened?").fill(STORY)
        await go_on(page, "Times and receipt")
        assert (await visit.report())["texts"] == 0
        await page.context.unroute("**/shopper/**")
        await visit.until("texts", 1)


async def test_what_was_saved_elsewhere_meanwhile_is_not_written_over(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk, at_the_shop(browser, town, visit) as desk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await _answer(walk, "Yes").check()
        await go_on(page, "The story")
        await desk.open(f"{visit.base}/report/1")
        await _answer(desk, "No").check()
        await go_on(desk.page, "The story")
        await page.context.set_offline(False)
        await page.get_by_text("something else was saved on this page meanwhile").wait_for()
        assert (await visit.report())["coded"] == '{"greeted": "no"}'
        await walk.look()
        await page.get_by_role("button", name="Send what I typed").click()
        await page.get_by_text("something else was saved").wait_for(state="hidden")
        assert (await visit.report())["coded"] == '{"greeted": "yes"}'


async def test_signing_out_takes_the_pages_away(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        kept = await page.evaluate(KEPT)
        assert {f"{visit.base}/report/{place}" for place in ("1", "2", "visit", "evidence", "check")} <= set(kept)
        assert all(path.startswith((visit.base, "/static/")) for path in kept)
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("heading", name="Sign in").wait_for()
        await page.wait_for_function(f"async () => !(await ({BOXES})()).length && !(await ({WORKERS})())")


async def test_when_somebody_else_signs_in_nothing_of_the_one_before_is_left(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.evaluate("localStorage.setItem('candour-owner', 'somebody-else')")
        await page.goto(f"{town.origin}/shopper")
        await page.wait_for_function(f"async () => !(await ({BOXES})()).length && !(await ({WORKERS})())")


async def test_a_page_that_is_loaded_again_without_a_connection_opens_from_the_telephone(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.goto(f"{town.origin}{visit.base}/report/2")
        await page.context.set_offline(True)
        await page.get_by_label("What happened?").fill(STORY)
        await page.reload()
        await page.get_by_text("Back as you left it").wait_for()
        assert await page.get_by_label("What happened?").input_value() == STORY
        await page.goto(f"{town.origin}{visit.base}/report/visit")
        await page.get_by_role("heading", name="Times and receipt").wait_for()
        assert await page.locator("meta[name=kept-at]").count() == 1  # no answer of the server has that


async def test_a_recording_made_without_a_connection_arrives_and_a_refused_one_says_why(
    browser: Browser, town: Town, visit: Visit, tmp_path: Path
) -> None:
    await visit.there.configure(recording_mode="audio")
    good, bad = tmp_path / "visit.m4a", tmp_path / "note.m4a"
    good.write_bytes(sound())
    bad.write_bytes(b"no recording at all " * 20)
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await walk.open(f"{visit.base}/report/evidence")
        await page.get_by_label("Recording", exact=True).set_input_files(bad)
        await page.get_by_role("button", name="Add this recording").click()
        await page.get_by_text("Tick that the recording was lawful").wait_for()
        await page.get_by_label("Recording was lawful where I made it").check()
        await page.get_by_role("button", name="Add this recording").click()
        await page.get_by_role("link", name="This file is no recording").wait_for()
        await page.context.set_offline(True)
        await page.get_by_label("Recording", exact=True).set_input_files(good)
        await page.get_by_label("Recording was lawful where I made it").check()
        await page.get_by_role("button", name="Add this recording").click()
        await page.get_by_text("visit.m4a: waits for a connection").wait_for()
        await page.context.set_offline(False)
        await page.get_by_text("Being prepared").or_(page.get_by_text("Ready", exact=True)).first.wait_for()
        await walk.look()
        assert [fault for fault in walk.faults if "422" not in fault and "ERR_INTERNET" not in fault] == []
    count = "SELECT count(*) FROM field.recording c JOIN identity.draft d USING (report_id) WHERE d.shop_id = $1"
    assert await visit.there.owner.fetchval(count, visit.shop_id) == 1
