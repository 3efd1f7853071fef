"""The pages in a real browser: nothing over the edge, nothing that axe finds, the keys of the board, and no script."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, Route, async_playwright

from survey.settings import Settings
from survey.shops.scheduling import service
from tests.chromium import CHROMIUM, QUIET
from tests.conftest import NOW
from tests.shop_world import DAY, ShopWorld, moment
from tests.web_client import BASE_URL, Browser, Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: the board was not looked at"),
]
BOARD = ("", "view=board", "view=agenda", "view=map", "q=nothing")


@pytest.fixture
async def chromium(site: Site) -> AsyncIterator[Chromium]:
    """It ends before the site does, and not in the middle of an answer."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        for context in browser.contexts:
            for page in context.pages:
                await page.unroute_all(behavior="wait")
        await browser.close()


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld, settings: Settings) -> Browser:
    """alice's scheduler, with something on every page."""
    robin = await shops.shopper(display_code="S-7F3K", grade_tenths=80)
    for number in range(6):
        place = await shops.location(f"CK-1{number}", name="The Old Exchange", longitude=-1.5 + number / 10)
        await shops.shop(location_id=place, public_ref=f"NL-{number}", window_end=moment(2 + number))
        await shops.shop("ASSIGNED", robin, location_id=place, planned_on=NOW.date() + number * DAY)
    async with robin.transaction():
        await service.ask(robin.scope, settings.keyring, None, "May I go on Sunday?", NOW - timedelta(hours=30))
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def opened(chromium: Chromium, visitor: Browser, path: str, width: int = 1280, *, script: bool = True) -> Page:
    """A page of the site as Chromium shows it; the site is asked directly, without a network."""
    context = await chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    page = await context.new_page()

    async def answer(route: Route) -> None:
        found = await visitor.get(route.request.url.removeprefix(BASE_URL))
        headers = {name: value for name, value in found.headers.items() if name != "content-length"}
        await route.fulfill(status=found.status_code, body=found.content, headers=headers)

    await page.route("**/*", answer)
    await page.goto(BASE_URL + path)
    return page


async def paths_of(shops: ShopWorld) -> list[str]:
    """Every page of scheduling that is opened by an address."""
    own = shops.affiliate_id
    shop_id = await shops.owner.fetchval(
        "SELECT id FROM field.shop WHERE public_ref = 'NL-0' AND affiliate_id = $1", own
    )
    asked = await shops.shopper(display_code="S-ASKED")
    await shops.application(shop_id, asked, note="I can go on Thursday.")
    thread_id = await shops.owner.fetchval("SELECT id FROM identity.thread WHERE affiliate_id = $1", own)
    return [
        *(f"/shops?{query}" for query in BOARD), "/shops/risk", "/shops/paste", "/shops/lines", "/shops/calendar",
        "/messages", "/messages/new", f"/messages/{thread_id}", f"/shops/{shop_id}", f"/shops/{shop_id}/shoppers",
        f"/shops/route?shop={shop_id}",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.slow)])
async def test_every_page_fits_and_axe_finds_nothing(
    chromium: Chromium, scheduler: Browser, shops: ShopWorld, width: int
) -> None:
    found = []
    for path in await paths_of(shops):
        page = await opened(chromium, scheduler, path, width)
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is wider than {width}")
        result = await Axe().run(page)
        found += [f"{path}: {each['id']} {each['nodes'][0]['html'][:160]}" for each in result.response["violations"]]
        await page.context.close()
    assert found == []


async def test_the_keys_of_the_board_move_select_and_open(chromium: Chromium, scheduler: Browser) -> None:
    page = await opened(chromium, scheduler, "/shops?state=OPEN&sort=ref")
    for key in "jjkjx":
        await page.keyboard.press(key)
    assert await page.evaluate("document.activeElement.textContent") == "NL-1"
    assert await page.inner_text("[data-selected]") == "1"
    await page.keyboard.press("/")
    await page.keyboard.type("jx")
    assert await page.input_value("#q") == "jx"
    assert await page.inner_text("[data-selected]") == "1"
    for _ in range(2):  # the first empties the field, the second leaves it
        await page.keyboard.press("Escape")
    assert await focused(page) == "NL-1"
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/shops/*-*")
    assert await page.inner_text("h1") == "NL-0 CK-10 The Old Exchange"


async def focused(page: Page) -> str:
    """The words of what has the focus."""
    words: str = await page.evaluate("document.activeElement.textContent.trim()")
    return words


async def test_shift_x_selects_a_range_and_b_goes_to_the_acts_and_back(chromium: Chromium, scheduler: Browser) -> None:
    page = await opened(chromium, scheduler, "/shops?state=OPEN&sort=ref")
    await page.keyboard.press("j")
    await page.keyboard.press("b")
    assert await page.inner_text("#announcements") == "Select a row first"
    for key in ("x", "j", "j", "Shift+X"):
        await page.keyboard.press(key)
    assert await page.inner_text("[data-selected]") == "3"
    await page.keyboard.press("b")
    assert await page.evaluate("document.activeElement.closest('.bulk') !== null")
    await page.keyboard.press("Escape")
    assert await focused(page) == "NL-2"
    for key in ("x", "k", "Shift+X"):
        await page.keyboard.press(key)
    assert await page.inner_text("[data-selected]") == "1"


async def begun(page: Page, letter: str) -> dict[str, list[str]]:
    """What is asked for once a letter was pressed; where it leads is not shown here."""
    async with page.expect_request("**/shops/bulk") as asked:
        await page.keyboard.press(letter)
    await page.wait_for_url("**/shops/bulk")
    return parse_qs((await asked.value).post_data or "")


async def test_a_letter_begins_an_act_for_the_row_one_is_on_or_for_what_is_selected(
    chromium: Chromium, scheduler: Browser
) -> None:
    page = await opened(chromium, scheduler, "/shops?state=OPEN&sort=ref")
    await page.keyboard.press("p")
    assert await page.inner_text("#announcements") == "Select a row first"
    await page.keyboard.press("j")
    asked = await begun(page, "p")
    assert (asked["kind"], len(asked["ids"])) == (["pay"], 1)
    page = await opened(chromium, scheduler, "/shops?state=OPEN&sort=ref")
    for key in ("j", "x", "j", "x", "j"):
        await page.keyboard.press(key)
    # What is folded away under "More" has its letter too; the row one is on is not among what was selected before.
    asked = await begun(page, "h")
    assert (asked["kind"], len(asked["ids"])) == (["hold"], 2)


async def test_whoever_dictates_turns_the_keys_off_and_on_again(chromium: Chromium, scheduler: Browser) -> None:
    page = await opened(chromium, scheduler, "/shops?state=OPEN&sort=ref")
    await page.keyboard.press("?")
    await page.get_by_role("button", name="Turn the keys off").click()
    await page.reload()
    for key in ("j", "x", "p", "/", "?"):
        await page.keyboard.press(key)
    assert await page.evaluate("document.activeElement === document.body")
    assert await page.inner_text("[data-selected]") != "1"
    assert page.url.endswith("sort=ref")
    await page.locator("[data-keys] summary").click()
    await page.get_by_role("button", name="Turn the keys on").click()
    await page.keyboard.press("j")
    assert await focused(page) == "NL-0"


async def test_a_question_mark_lists_the_keys_and_escape_goes_back(chromium: Chromium, scheduler: Browser) -> None:
    page = await opened(chromium, scheduler, "/shops?state=OPEN&sort=ref")
    await page.keyboard.press("j")
    assert not await page.is_visible("[data-keys] li")
    await page.keyboard.press("?")
    assert "select all from the last one on" in await page.inner_text("[data-keys]")
    await page.keyboard.press("Escape")
    assert not await page.is_visible("[data-keys] li")
    assert await focused(page) == "NL-0"


@pytest.mark.parametrize("shape", ["board", "agenda", "map"])
async def test_the_keys_move_and_open_in_every_shape(chromium: Chromium, scheduler: Browser, shape: str) -> None:
    page = await opened(chromium, scheduler, f"/shops?view={shape}")
    first = await page.inner_text("[data-row] a >> nth=0")
    second = await page.inner_text("[data-row] a >> nth=1")
    await page.keyboard.press("j")
    assert await focused(page) == first
    await page.keyboard.press("j")
    assert await focused(page) == second
    await page.keyboard.press("k")
    where = page.url
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: url != where)
    await page.wait_for_load_state("networkidle")
    assert await page.locator("h1").count() == 1


SHAPES = ("table", "board", "agenda", "map")


@pytest.mark.parametrize("shape", SHAPES)
async def test_the_keys_tick_a_row_and_a_range_and_go_to_the_acts_in_every_shape(
    chromium: Chromium, scheduler: Browser, shape: str
) -> None:
    page = await opened(chromium, scheduler, f"/shops?view={shape}")
    for key in ("j", "x", "j", "j", "Shift+X"):
        await page.keyboard.press(key)
    assert await page.inner_text("[data-selected]") == "3"
    assert await page.locator("[data-row] .tick :checked").count() == 3
    await page.keyboard.press("b")
    assert await page.evaluate("document.activeElement.closest('.bulk') !== null")
    await page.keyboard.press("Escape")
    await page.keyboard.press("x")
    assert await page.inner_text("[data-selected]") == "2"


@pytest.mark.parametrize("shape", ["board", "agenda"])
async def test_one_tick_selects_a_lane_or_a_day(chromium: Chromium, scheduler: Browser, shape: str) -> None:
    page = await opened(chromium, scheduler, f"/shops?view={shape}")
    group = page.locator("[data-group]").last
    rows = await group.locator("[data-row]").count()
    await group.locator("[data-select-all]").check()
    assert await page.inner_text("[data-selected]") == str(rows)
    await group.locator("[data-row] .tick input").first.uncheck()
    assert await group.locator("[data-select-all]").evaluate("all => all.indeterminate") == (rows > 1)
    assert await page.inner_text("[data-selected]") == str(rows - 1)


async def test_a_pin_of_the_map_goes_to_the_tick_of_its_place(chromium: Chromium, scheduler: Browser) -> None:
    page = await opened(chromium, scheduler, "/shops?view=map")
    await page.locator(".map a[href^='#place-']").first.click()
    await page.keyboard.press("Space")
    assert await page.inner_text("[data-selected]") == "1"


@pytest.mark.parametrize("shape", SHAPES)
async def test_without_script_a_tick_brings_the_acts(chromium: Chromium, scheduler: Browser, shape: str) -> None:
    page = await opened(chromium, scheduler, f"/shops?view={shape}", script=False)
    assert not await page.is_visible(".bulk")
    await page.check("[data-row] .tick input >> nth=0")
    assert await page.is_visible("button[value=assign]")
    assert not await page.is_visible("[data-select-all] >> nth=0")
