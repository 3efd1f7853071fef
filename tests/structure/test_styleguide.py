"""The style guide in a real browser: every component, in every room, light and dark, on a phone and at a desk."""

import shutil
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from tests.structure.gallery import ROOMS, opened

CHROMIUM = shutil.which("chromium") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: the style guide was not looked at"),
]
THUMB_PIXELS = 44


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with opened() as address:
        yield address


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


async def visit(browser: Browser, address: str, width: int = 1280, **context: Any) -> tuple[Page, list[str]]:
    """A page in a fresh context, and all that it asked for or complained about."""
    room = await browser.new_context(viewport={"width": width, "height": 900}, **context)
    page = await room.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("request", lambda request: said.append(f"GET {request.url}"))
    await page.goto(address, wait_until="networkidle")
    return page, said


async def overflow_of(page: Page) -> int:
    """How far the page is wider than its window."""
    width: int = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("room", ROOMS)
async def test_axe_finds_nothing(browser: Browser, gallery: str, room: str, scheme: str) -> None:
    found = []
    for width in (390, 1280):
        page, _ = await visit(browser, f"{gallery}?room={room}", width, color_scheme=scheme)
        result = await Axe().run(page)
        found += [f"{width}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in result.response["violations"]]
        await page.context.close()
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
async def test_nothing_runs_over_the_edge_of_a_small_phone(browser: Browser, gallery: str, room: str) -> None:
    for direction in ("ltr", "rtl"):
        page, _ = await visit(browser, f"{gallery}?room={room}&direction={direction}", 320)
        assert await overflow_of(page) <= 0
        await page.context.close()


@pytest.mark.parametrize("room", ROOMS)
async def test_a_page_obeys_its_policy_and_asks_nobody_else(browser: Browser, gallery: str, room: str) -> None:
    page, said = await visit(browser, f"{gallery}?room={room}")
    await page.context.close()
    assert [line for line in said if not line.startswith(f"GET {gallery}")] == []


@pytest.mark.parametrize(("room", "fonts"), [("working", 1), ("reading", 1), ("answering", 0), ("public", 0)])
async def test_respondents_download_no_font(browser: Browser, gallery: str, room: str, fonts: int) -> None:
    page, said = await visit(browser, f"{gallery}?room={room}")
    await page.context.close()
    assert sum("woff2" in line for line in said) == fonts


async def test_everything_to_press_in_a_survey_fits_a_thumb(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=answering", 390)
    boxes = await page.locator("main :is(.answer, .point, .button)").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    await page.context.close()
    assert len(boxes) > 30
    assert min(boxes) >= THUMB_PIXELS


async def test_focus_begins_at_the_error_summary(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=answering")
    focused = await page.evaluate("document.activeElement.className")
    await page.context.close()
    assert focused == "error-summary"


async def test_a_swap_brings_focus_and_words_with_it(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=public")
    await page.evaluate(
        """() => {
          const button = document.querySelector("main button");
          button.setAttribute("hx-get", "/fragment");
          button.setAttribute("hx-target", "main");
          window.htmx.process(button);
        }"""
    )
    await page.locator("main button").first.click()
    await page.wait_for_selector("main > .error-summary:focus", timeout=5000)
    said = await page.locator("#announcements").text_content()
    await page.context.close()
    assert said == "Saved 14:03"


async def test_the_bulk_bar_counts_what_is_ticked(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=working")
    await page.locator("[data-select-all]").check()
    counted = await page.locator(".bulk").inner_text()
    await page.locator("[data-select-all]").uncheck()
    is_seen = await page.locator(".bulk").is_visible()
    await page.context.close()
    assert counted.startswith("5 contacts selected")
    assert not is_seen


async def test_without_javascript_the_bulk_bar_still_comes_with_a_selection(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=working", java_script_enabled=False)
    bar = page.locator(".bulk")
    before = await bar.is_visible()
    await page.get_by_label("Select Colm Fernley").uncheck()
    after = await bar.is_visible()
    await page.context.close()
    assert (before, after) == (True, False)


async def test_a_slash_goes_to_the_search_unless_somebody_types(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=working")
    await page.locator("main").focus()
    await page.keyboard.press("/")
    focused = await page.evaluate("document.activeElement.id")
    await page.locator("#title").fill("")
    await page.locator("#title").press("/")
    typed = await page.locator("#title").input_value()
    await page.context.close()
    assert (focused, typed) == ("q", "/")


async def test_the_areas_open_on_a_phone_without_javascript(browser: Browser, gallery: str) -> None:
    page, _ = await visit(browser, f"{gallery}?room=working", 390, java_script_enabled=False)
    rail = page.locator("#rail")
    before = await rail.is_visible()
    await page.get_by_role("button", name="Menu").click()
    after = await rail.is_visible()
    await page.context.close()
    assert (before, after) == (False, True)
