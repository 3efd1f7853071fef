"""Questions that an answer given without a connection brings up: all are there, and the server decides afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from survey.db.embedded import Cluster
from tests.chromium import CHROMIUM
from tests.kiosk import KIOSK, ONLY_IF

from .test_fieldwork import STORY, Visit, _times, at_the_shop, given_out
from .test_offline import BOXES, KEPT, begun, go_on
from .town import Town
from .walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: nobody has been without a connection"),
]

TASTE = "Of burnt rubber. CANARY-8812"
LID = "It did not. CANARY-8813"
BOUGHT = {"bought": "yes", "bag": "no", "size": "large"}


@pytest.fixture
async def visit(town: Town, cluster: Cluster, tmp_path: Path) -> AsyncIterator[Visit]:
    """A shop whose questions hang on one another."""
    async with given_out(town, cluster, tmp_path, KIOSK) as visit:
        yield visit


def faults_of(walk: Walk) -> list[str]:
    """What was wrong on the pages, but for the browser's own complaints of a missing connection."""
    return [fault for fault in walk.faults if "ERR_" not in fault]


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
        assert found == wanted


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
        assert faults_of(walk) == []
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
        await walk.open(f"{visit.base}/report/check")
        why = "It is asked only if “Did you buy anything?” is “Yes”."
        await page.get_by_text(f"“How did it taste?”: you answered “{TASTE}”. {why}").wait_for()
        await walk.look()
        assert faults_of(walk) == []
        await page.get_by_label("I made this visit myself").check()
        await page.get_by_role("button", name="Hand in the report").click()
        await page.get_by_role("heading", name="Your report", exact=True).wait_for()
        await walk.open(visit.base)
        assert await page.get_by_text("not part of the report").count() == 0
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert json.loads((await visit.report())["coded"]) == {"bought": "no"}
    assert await texts(visit) == {"story"}


async def bought_with_a_line(walk: Walk) -> None:
    """The first three sections, answered and stored while there is a connection."""
    page = walk.page
    await page.get_by_label("Yes", exact=True).check()
    await page.get_by_role("group", name="Were you offered a bag?").or_(page.get_by_text("Saved")).first.wait_for()
    await page.get_by_role("button", name="Continue", exact=True).click()
    await page.get_by_role("group", name="Were you offered a bag?").get_by_label("No", exact=True).check()
    await go_on(page, "Your purchase")
    await page.get_by_label("Large", exact=True).check()
    await page.get_by_label("How did it taste?").fill(TASTE)
    await go_on(page, "The lid")
    await page.get_by_label("Did the lid close?").fill(LID)
    await go_on(page, "The story")


async def test_what_an_answer_without_a_connection_hides_is_told_and_comes_back_with_the_other_answer(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await bought_with_a_line(walk)
        await walk.open(f"{visit.base}/report/1")
        await page.context.set_offline(True)
        await at_the_counter(page, "No")
        await expect(page.get_by_label("How did it taste?")).to_have_value(TASTE)
        await page.context.set_offline(False)
        await stored(visit, {"bought": "no"}, set(), 0)
        await page.get_by_text("4 answers are not part of the report").wait_for()
        await walk.open(f"{visit.base}/report/1")
        await page.get_by_label("Yes", exact=True).check()
        await page.get_by_text("Saved").wait_for()
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_role("group", name="Were you offered a bag?").wait_for()
        await go_on(page, "Your purchase")
        await expect(page.get_by_label("How did it taste?")).to_have_value(TASTE)
        await go_on(page, "The lid")
        await expect(page.get_by_label("Did the lid close?")).to_have_value(LID)
        await go_on(page, "The story")
        await stored(visit, BOUGHT, {"taste", "lid"}, 0)
        await page.get_by_text("not part of the report").wait_for(state="hidden")


async def test_a_section_left_by_a_link_is_sent_like_the_others(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await at_the_counter(page, "Yes")
        await page.get_by_label("Small", exact=True).check()
        await page.locator(".visit-links a").first.click()
        await page.get_by_text("Only if “Which size did you take?” is “Large”").wait_for()
        await walk.look()
        assert faults_of(walk) == []
        await page.get_by_role("link", name="Your purchase").click()
        await expect(page.get_by_label("Small", exact=True)).to_be_checked()
        await page.context.set_offline(False)
        await stored(visit, {"bought": "yes", "bag": "no", "size": "small"}, set(), 0)


async def test_a_line_that_carries_nothing_brings_the_questions_up_before_it_leads_on(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.route("**/shopper/**", lambda route: route.abort())
        assert await page.evaluate("navigator.onLine")
        await page.get_by_label("Yes", exact=True).check()
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_text(ONLY_IF, exact=True).wait_for()
        await at_the_counter(page, "Yes")
        await page.context.unroute("**/shopper/**")
        await stored(visit, {"bought": "yes", "bag": "no"}, set(), 0)


async def test_what_hangs_on_a_page_that_has_to_be_looked_at_waits_for_it(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk, at_the_shop(browser, town, visit) as desk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await at_the_counter(page, "Yes")
        await page.get_by_label("Large", exact=True).check()
        await go_on(page, "The lid")
        await page.get_by_label("Did the lid close?").fill(LID)
        await go_on(page, "The story")
        await page.get_by_label("What happened?").fill(STORY)
        await go_on(page, "Times and receipt")
        await desk.open(f"{visit.base}/report/1")
        await desk.page.get_by_label("No", exact=True).check()
        await go_on(desk.page, "The story")
        await page.context.set_offline(False)
        await page.get_by_text("something else was saved on this page meanwhile").wait_for()
        await stored(visit, {"bought": "no"}, {"story"}, 0)
        await page.get_by_role("button", name="Send what I typed").click()
        await stored(visit, BOUGHT, {"lid", "story"}, 0)
        assert await page.get_by_text("not part of the report").count() == 0


async def test_two_tabs_send_everything_once_and_in_order(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        other = await page.context.new_page()
        await other.goto(f"{town.origin}{visit.base}/report/4")
        await page.context.set_offline(True)
        await page.goto(f"{town.origin}{visit.base}/report/3")
        await page.get_by_label("Did the lid close?").fill(LID)
        await go_on(page, "The story")
        await other.goto(f"{town.origin}{visit.base}/report/2")
        await other.get_by_label("Large", exact=True).check()
        await go_on(other, "The lid")
        await other.goto(f"{town.origin}{visit.base}/report/1")
        await at_the_counter(other, "Yes")
        await page.context.set_offline(False)
        await stored(visit, BOUGHT, {"lid"}, 0)
        for tab in (page, other):
            await tab.get_by_text("What you typed is kept on this device").wait_for(state="hidden")
            assert await tab.get_by_text("saved on this page meanwhile").count() == 0
            assert await tab.get_by_text("not part of the report").count() == 0


async def test_a_worker_that_was_killed_opens_a_section_that_is_not_asked_as_yet(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        device = await page.context.new_cdp_session(page)
        await page.context.set_offline(True)
        await at_the_counter(page, "Yes")
        await page.get_by_label("How did it taste?").fill(TASTE)
        await device.send("ServiceWorker.enable")
        await device.send("ServiceWorker.stopAllWorkers")
        await page.reload()
        await page.get_by_text("Back as you left it").wait_for()
        await expect(page.get_by_label("How did it taste?")).to_have_value(TASTE)
        await page.get_by_label("Large", exact=True).check()
        await go_on(page, "The lid")
        await device.send("ServiceWorker.stopAllWorkers")
        await page.context.set_offline(False)
        await stored(visit, BOUGHT, {"taste"}, 0)


async def test_a_device_that_is_full_says_so_and_loses_nothing_typed(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        device = await page.context.new_cdp_session(page)
        await page.context.set_offline(True)
        # A browser looks how much room there is now and then: it has not looked yet.
        await device.send("Storage.overrideQuotaForOrigin", {"origin": town.origin, "quotaSize": 1})
        await page.goto(f"{town.origin}{visit.base}/report/4")
        await page.get_by_label("What happened?").fill(STORY)
        await page.get_by_text("This device is full").wait_for()
        await walk.look()
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_role("link", name="Guideline").click()
        await expect(page.get_by_label("What happened?")).to_have_value(STORY)
        await page.context.set_offline(False)
        await page.get_by_role("heading", name="Times and receipt").wait_for()
        await stored(visit, {}, {"story"}, 0)


async def test_a_full_device_tells_what_is_not_asked_all_the_same(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        device = await page.context.new_cdp_session(page)
        await page.context.set_offline(True)
        await device.send("Storage.overrideQuotaForOrigin", {"origin": town.origin, "quotaSize": 1})
        await page.goto(f"{town.origin}{visit.base}/report/2")
        await page.get_by_label("How did it taste?").fill(TASTE)
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_text("This device is full").wait_for()
        await page.context.set_offline(False)
        await page.get_by_text("1 answer is not part of the report").wait_for()
        await page.get_by_text("Which one, and why").click()
        await page.get_by_text(f"you answered “{TASTE}”").wait_for()
        await stored(visit, {}, set(), 0)


async def test_a_picture_for_which_there_is_no_room_stays_chosen_and_goes_with_the_line(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        device = await page.context.new_cdp_session(page)
        await walk.open(f"{visit.base}/report/evidence")
        await page.context.set_offline(True)
        await device.send("Storage.overrideQuotaForOrigin", {"origin": town.origin, "quotaSize": 1})
        await page.get_by_label("Picture", exact=True).set_input_files(visit.photo)
        await page.get_by_role("button", name="Add this picture").click()
        await page.get_by_text("receipt.jpg could not be kept here and is still chosen below").wait_for()
        assert await page.evaluate("document.querySelector('[name=picture]').files.length") == 1
        await walk.look()
        await page.context.set_offline(False)
        await page.get_by_role("button", name="Add this picture").click()
        await page.get_by_role("img", name="Receipt").wait_for()
    assert (await visit.report())["pictures"] == 1


async def test_a_report_handed_in_without_a_connection_waits_until_its_shopper_knows_what_is_not_part_of_it(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await at_the_counter(page, "No")
        await the_rest(walk, visit)
        await page.get_by_role("link", name="Last check").click()
        await page.get_by_label("I made this visit myself").check()
        await page.get_by_role("button", name="Hand in the report").click()
        await page.get_by_text("The report is handed in as soon as it has arrived").wait_for()
        await page.context.set_offline(False)
        await page.get_by_text("Not handed in yet").wait_for()
        await page.get_by_text(f"you answered “{LID}”").wait_for()
        assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"
        await walk.look()
        assert faults_of(walk) == []
        await page.get_by_label("I made this visit myself").check()
        await page.get_by_role("button", name="Hand in the report").click()
        await page.get_by_role("heading", name="Your report", exact=True).wait_for()
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"


async def test_what_was_typed_for_another_questionnaire_is_not_sent_into_this_one(
    browser: Browser, town: Town, visit: Visit
) -> None:
    there = visit.there
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await page.context.set_offline(True)
        await at_the_counter(page, "Yes")
        await there.owner.execute(
            "INSERT INTO field.questionnaire_version SELECT (jsonb_populate_record(v, jsonb_build_object("
            "'id', gen_random_uuid(), 'number', v.number + 1))).* FROM field.questionnaire_version v WHERE id = $1",
            there.version_id,
        )
        await there.owner.execute(
            "UPDATE field.report r SET version_id = n.id"
            "  FROM field.questionnaire_version n, field.questionnaire_version v"
            " WHERE r.version_id = v.id AND v.id = $1 AND n.questionnaire_id = v.questionnaire_id AND n.id <> v.id",
            there.version_id,
        )
        await page.context.set_offline(False)
        await page.get_by_text("its questions are not those of this report any more").wait_for()
        await walk.look()
    assert (await visit.report())["coded"] == "{}"


async def test_another_shop_gets_nothing_of_it_and_its_pages_are_its_own(
    browser: Browser, town: Town, visit: Visit
) -> None:
    when = await visit.there.owner.fetchrow(
        "SELECT window_start, window_end, due_at FROM field.shop WHERE id = $1", visit.shop_id
    )
    other = replace(visit, shop_id=await visit.there.shop("ASSIGNED", visit.shopper, **dict(when)))
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        await begun(walk, other)
        await page.goto(f"{town.origin}{visit.base}/report/1")
        await page.context.set_offline(True)
        await at_the_counter(page, "Yes")
        await page.get_by_label("Large", exact=True).check()
        await go_on(page, "The lid")
        await page.goto(f"{town.origin}{other.base}/report/2")
        await page.get_by_role("heading", name="Your purchase").wait_for()
        assert not await page.get_by_label("Large", exact=True).is_checked()
        kept = await page.evaluate(KEPT)
        assert all(path.startswith((other.base, "/static/")) for path in kept)
        await page.context.set_offline(False)
        await page.goto(f"{town.origin}{visit.base}")
        await stored(visit, BOUGHT, set(), 0)
    assert (await other.report())["coded"] == "{}"


async def test_signing_out_takes_the_sections_that_are_not_asked_away_too(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = await begun(walk, visit)
        kept = await page.evaluate(KEPT)
        assert {f"{visit.base}/report/{number}" for number in range(1, 5)} <= set(kept)
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_role("heading", name="Sign in").wait_for()
        await page.wait_for_function(f"async () => !(await ({BOXES})()).length")
