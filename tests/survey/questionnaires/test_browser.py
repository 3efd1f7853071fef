"""The builder in a real browser, whose requests are answered by the site without a network."""

import shutil
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, async_playwright

from tests.conftest import World
from tests.web_client import BASE_URL, Site
from tests.web_client import Browser as Visitor

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: the builder was not looked at"),
]


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for the module."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


@pytest.fixture
async def page(chromium: Browser, site: Site, world: World) -> AsyncIterator[Page]:
    """A page of a manager of alice's; whatever the page complains about fails the test."""
    manager = await site.signed_in(world.alices.affiliate_id, "manager")
    manager.client.follow_redirects = True
    context = await chromium.new_context(viewport={"width": 1280, "height": 2200})
    page = await context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    await context.route("**/*", lambda route: _answer(route, manager))
    yield page
    await context.close()
    assert said == []


async def _answer(route: Route, visitor: Visitor) -> None:
    request = route.request
    passed = {name: value for name, value in request.headers.items() if name.startswith(("hx-", "content-", "accept"))}
    answer = await visitor.client.request(
        request.method, request.url, content=request.post_data_buffer, headers=passed | {"origin": BASE_URL}
    )
    headers = {name: value for name, value in answer.headers.items() if name not in {"content-encoding", "set-cookie"}}
    await route.fulfill(status=answer.status_code, headers=headers, body=answer.content)


async def first_questions(page: Page, count: int) -> list[str]:
    lines = await page.locator(".line").evaluate_all("lines => lines.map(line => line.id)")
    return [str(line) for line in lines[:count]]


async def test_moving_a_question_swaps_the_outline_keeps_the_focus_and_says_so(page: Page, visit_id: UUID) -> None:
    await page.goto(f"{BASE_URL}/questionnaires/{visit_id}")
    await page.locator("#wait").get_by_role("button", name="up").click()
    await page.locator("#announcements", has_text="Moved up").wait_for(state="attached")
    assert await first_questions(page, 5) == ["visit_date", "reason", "found_all", "wait", "missing"]
    focused = "document.activeElement.value + ' ' + document.activeElement.closest('.line')?.id"
    assert await page.evaluate(focused) == "item-up wait"


async def test_a_question_is_dragged_by_its_number_into_another_section(page: Page, visit_id: UUID) -> None:
    await page.goto(f"{BASE_URL}/questionnaires/{visit_id}")
    number, target = page.locator("#clean .line-number"), page.locator("#reason")
    start, end = await number.bounding_box(), await target.bounding_box()
    assert start
    assert end
    await page.mouse.move(start["x"] + 10, start["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(start["x"] + 30, start["y"] - 20, steps=4)
    await page.mouse.move(end["x"] + 40, end["y"] + 5, steps=4)
    await page.mouse.up()
    await page.locator("#visit #clean").wait_for()
    assert await first_questions(page, 3) == ["visit_date", "clean", "reason"]


async def test_choosing_a_question_for_a_rule_brings_its_answers(page: Page, visit_id: UUID) -> None:
    await page.goto(f"{BASE_URL}/questionnaires/{visit_id}/items/improve")
    await page.select_option("#condition-0", "recommend")
    await page.locator("#operator-0").wait_for()
    await page.evaluate("document.getElementById('editor').classList.add('before')")
    await page.select_option("#operator-0", "at_most")
    await page.locator("#editor:not(.before)").wait_for()
    await page.fill('[name="condition_value-0"]', "6")
    await page.get_by_role("button", name="Save the question").click()
    await page.locator("#improve .rule", has_text="is at most 6").wait_for()


async def test_what_was_removed_is_put_back(page: Page, visit_id: UUID) -> None:
    await page.goto(f"{BASE_URL}/questionnaires/{visit_id}")
    await page.locator("#clean .more > summary").click()
    await page.locator("#clean").get_by_role("button", name="Remove").click()
    await page.locator(".bin").get_by_role("button", name="Put back").click()
    await page.locator("#store #clean").wait_for()


@pytest.mark.parametrize("place", ["", "/items/departments", "/items/team", "/sections/store", "/bench", "/preview"])
async def test_axe_finds_nothing_and_nothing_runs_over_the_edge(page: Page, visit_id: UUID, place: str) -> None:
    found: list[str] = []
    for width in (320, 1280):
        await page.set_viewport_size({"width": width, "height": 900})
        await page.goto(f"{BASE_URL}/questionnaires/{visit_id}{place}")
        found += [str(each["id"]) for each in (await Axe().run(page)).response["violations"]]
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
