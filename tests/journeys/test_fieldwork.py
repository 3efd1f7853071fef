"""A shopper at a desk and on a telephone, with and without scripts, and where there is no connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from PIL import Image
from playwright.async_api import Browser, Geolocation, Locator, Route

from privacy.crypto import sha256
from survey.db.embedded import Cluster
from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.web.cookies import PLAIN_NAME
from tests.chromium import CHROMIUM
from tests.shop_world import PLATFORM, Shopper, ShopWorld, insert, shop_world

from .town import NAME, Town
from .walk import MANNERS, PHONE, Manner, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: nobody has made the visit"),
]

TELEPHONE = Manner(PHONE, has_scripts=True)
YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
GREETED = Item("greeted", Kind.SINGLE, "Were you greeted?", choices=YES_NO, is_required=True)
WHAT_HAPPENED = Item("story", Kind.LONG_TEXT, "What happened?", is_required=True)
WELCOME = Definition(
    title="Barista Welcome",
    language="en",
    sections=(
        Section(id="arrival", title="Arrival", items=(GREETED,)),
        Section(id="story", title="The story", items=(WHAT_HAPPENED,)),
    ),
)
TRAY = "**/report/evidence"
BREAK_THE_FILE = """async () => {
  const opened = await new Promise((done) => {
    const asked = indexedDB.open("candour-visits", 1);
    asked.onsuccess = () => done(asked.result);
  });
  const store = opened.transaction("pictures", "readwrite").objectStore("pictures");
  const asked = store.getAll();
  await new Promise((done) => (asked.onsuccess = done));
  asked.result.forEach((kept) => store.put({ ...kept, content: new File(["no picture"], kept.name) }));
  await new Promise((done) => (store.transaction.oncomplete = done));
  opened.close();
}"""
STORY = "I waited four minutes; nobody looked up. CANARY-2290"


@dataclass(frozen=True, slots=True)
class Visit:
    """A shop that is assigned, its shopper's session, and where the picture for it lies."""

    there: ShopWorld
    shopper: Shopper
    shop_id: UUID
    token: str
    photo: Path

    @property
    def base(self) -> str:
        """The shop's page."""
        return f"/shopper/shops/{self.shop_id}"

    async def report(self) -> asyncpg.Record:
        """The report as it is stored."""
        return await self.there.owner.fetchrow(
            "SELECT r.*, (SELECT count(*) FROM field.evidence e WHERE e.report_id = r.id) AS pictures,"
            " (SELECT count(*) FROM field.report_text t WHERE t.report_id = r.id) AS texts"
            " FROM field.report r LEFT JOIN identity.draft d ON d.report_id = r.id"
            " WHERE r.shop_id = $1 OR d.shop_id = $1",
            self.shop_id,
        )

    async def until(self, wanted: str, count: int) -> None:
        """Wait until so many are stored: what was kept on the device takes a moment to arrive."""
        async with asyncio.timeout(60):
            while (await self.report())[wanted] != count:  # noqa: ASYNC110 - the other side is a browser
                await asyncio.sleep(0.1)


@pytest.fixture
async def visit(town: Town, cluster: Cluster, tmp_path: Path) -> AsyncIterator[Visit]:
    """A shop of the town's company, given out to somebody for today."""
    async with given_out(town, cluster, tmp_path, WELCOME) as visit:
        yield visit


@asynccontextmanager
async def given_out(town: Town, cluster: Cluster, folder: Path, definition: Definition) -> AsyncIterator[Visit]:
    """The same with a questionnaire of one's own."""
    owner = await asyncpg.connect(cluster.url(NAME, as_superuser=True))
    there = await shop_world(owner, town.settings, town.scope.affiliate_id, definition)
    await there.configure(attempt_fee_cents=400)
    shopper = await there.shopper()
    now = datetime.now(UTC)
    shop_id = await there.shop(
        "ASSIGNED",
        shopper,
        window_start=now - timedelta(days=2),
        window_end=now + timedelta(days=5),
        due_at=now + timedelta(days=1),
    )
    photo = folder / "receipt.jpg"
    photo.write_bytes(_photo())
    yield Visit(there, shopper, shop_id, await _session(owner, shopper, now), photo)
    await owner.close()


def _photo() -> bytes:
    written = BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(written, "JPEG")
    return written.getvalue()


async def _session(owner: asyncpg.Connection, shopper: Shopper, now: datetime) -> str:
    token = f"{shopper.id.hex}{shopper.account_id.hex}"[:43]
    values = {
        "id_hash": sha256(token.encode()), "affiliate_id": PLATFORM, "account_id": shopper.account_id, "stage": "full",
        "created_at": now, "seen_at": now, "expires_at": now + timedelta(hours=8), "shopper_id": shopper.id,
    }  # fmt: skip
    await insert(owner, "ops.session", values)
    return token


@asynccontextmanager
async def at_the_shop(browser: Browser, town: Town, visit: Visit, manner: Manner = TELEPHONE) -> AsyncIterator[Walk]:
    """The shopper's telephone, or what else is in front of the shopper."""
    async with walking(browser, town.origin, manner) as walk:
        await walk.page.context.add_cookies([{"name": PLAIN_NAME, "value": visit.token, "url": town.origin}])
        yield walk


async def _moved_on(walk: Walk, button: str, heading: str) -> None:
    """Press, and wait for the page that follows; a page that sends itself does not navigate."""
    await walk.page.get_by_role("button", name=button, exact=True).click()
    await walk.page.get_by_role("heading", name=heading, exact=True).first.wait_for()
    await walk.look()


async def _times(walk: Walk) -> None:
    """Half an hour ago, by the clock of the place; at midnight the day before."""
    london = datetime.now(UTC)
    first, last = london - timedelta(minutes=40), london - timedelta(minutes=25)
    await walk.page.get_by_label("Day of the visit").fill(first.date().isoformat())
    await walk.page.get_by_label("You went in at").fill(f"{first:%H:%M}")
    await walk.page.get_by_label("You came out at").fill(f"{last:%H:%M}")


def _answer(walk: Walk, words: str) -> Locator:
    return walk.page.get_by_label(words, exact=True)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: manner.name)
async def test_a_visit_is_reported_from_start_to_end(
    browser: Browser, town: Town, visit: Visit, manner: Manner
) -> None:
    async with at_the_shop(browser, town, visit, manner) as walk:
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await _answer(walk, "Yes").check()
        await _moved_on(walk, "Continue", "The story")
        await walk.page.get_by_label("What happened?").fill(STORY)
        await _moved_on(walk, "Continue", "Times and receipt")
        await _times(walk)
        await _moved_on(walk, "Continue", "Pictures and receipt")
        await walk.page.get_by_label("Picture", exact=True).set_input_files(visit.photo)
        await walk.page.get_by_role("button", name="Add this picture").click()
        await walk.page.get_by_role("img", name="Receipt").wait_for()
        await walk.look()
        await walk.press("Last check")
        await walk.page.get_by_label("I made this visit myself").check()
        await _moved_on(walk, "Hand in the report", "Your report")
        assert await walk.page.get_by_text("Your report has been handed in.").count() == 1
        assert walk.faults == []
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert (await visit.report())["pictures"] == 1


async def test_nothing_typed_or_photographed_without_a_connection_is_lost(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page, telephone = walk.page, walk.page.context
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await _answer(walk, "No").check()
        await _moved_on(walk, "Continue", "The story")
        await telephone.set_offline(True)
        await page.get_by_label("What happened?").fill(STORY)
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_text("What you typed is kept on this device").wait_for()
        assert (await visit.report())["texts"] == 0
        await telephone.set_offline(False)
        await page.get_by_role("heading", name="Times and receipt").wait_for()
        await visit.until("texts", 1)
        await page.goto(f"{town.origin}{visit.base}/report/evidence")
        await telephone.set_offline(True)
        await page.get_by_label("Picture", exact=True).set_input_files([visit.photo])
        await page.get_by_role("button", name="Add this picture").click()
        await page.get_by_text("receipt.jpg: waits for a connection").wait_for()
        await telephone.set_offline(False)
        await page.get_by_role("img", name="Receipt").wait_for()
        await visit.until("pictures", 1)
        assert await page.get_by_text("waits for a connection").count() == 0


async def test_what_was_typed_is_in_its_fields_again_after_the_browser_was_closed(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page, telephone = walk.page, walk.page.context
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await page.goto(f"{town.origin}{visit.base}/report/2")
        await telephone.set_offline(True)
        await page.get_by_label("What happened?").fill(STORY)
        await page.get_by_role("button", name="Continue", exact=True).click()
        await page.get_by_text("What you typed is kept on this device").wait_for()
        await page.close()
        await telephone.set_offline(False)
        again = await telephone.new_page()
        await again.goto(f"{town.origin}{visit.base}/report/2")
        await again.get_by_text("Back as you left it").wait_for()
        assert await again.get_by_label("What happened?").input_value() == STORY


async def test_a_picture_that_waited_goes_with_the_next_page_that_is_opened(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page, telephone = walk.page, walk.page.context
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await page.goto(f"{town.origin}{visit.base}/report/evidence")
        await telephone.set_offline(True)
        await page.get_by_label("Picture", exact=True).set_input_files([visit.photo])
        await page.get_by_role("button", name="Add this picture").click()
        await page.get_by_text("waits for a connection").wait_for()
        await page.close()
        await telephone.set_offline(False)
        again = await telephone.new_page()
        await again.goto(f"{town.origin}{visit.base}/report/1")
        await visit.until("pictures", 1)


async def _with_one_picture(walk: Walk, visit: Visit) -> None:
    """A report that lacks nothing, with its tray open."""
    await walk.open(visit.base)
    await walk.press("Start the visit")
    await _answer(walk, "Yes").check()
    await _moved_on(walk, "Continue", "The story")
    await walk.page.get_by_label("What happened?").fill(STORY)
    await _moved_on(walk, "Continue", "Times and receipt")
    await _times(walk)
    await _moved_on(walk, "Continue", "Pictures and receipt")
    await walk.page.get_by_label("Picture", exact=True).set_input_files(visit.photo)
    await walk.page.get_by_role("button", name="Add this picture").click()
    await walk.page.get_by_role("img", name="Receipt").wait_for()


async def _no_pictures(route: Route) -> None:
    """A connection that carries pages and breaks off under pictures."""
    if route.request.method == "POST":
        await route.abort("connectionreset")
    else:
        await route.continue_()


async def _with_one_more_that_waits(walk: Walk, visit: Visit, name: str = "shelf.jpg") -> Path:
    """The last look, while a second picture cannot get through; the picture."""
    page, shelf = walk.page, visit.photo.with_name(name)
    shelf.write_bytes(_photo())
    await page.context.route(TRAY, _no_pictures)
    await page.get_by_label("Picture", exact=True).set_input_files([shelf])
    await page.get_by_role("button", name="Add this picture").click()
    await page.get_by_text("shelf.jpg: waits for a connection").wait_for()
    await page.goto(f"{page.url.removesuffix('evidence')}check")
    await page.get_by_text("1 picture still has to go").wait_for()
    await page.get_by_label("I made this visit myself").check()
    return shelf


async def _back_again(walk: Walk) -> None:
    """The connection carries pictures again, and the telephone notices."""
    await walk.page.context.unroute(TRAY)
    await walk.page.context.set_offline(True)
    await walk.page.context.set_offline(False)


async def test_a_report_is_held_until_its_last_picture_has_gone(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        await _with_one_picture(walk, visit)
        await _with_one_more_that_waits(walk, visit)
        await walk.page.get_by_role("button", name="Hand in the report").click()
        await walk.page.get_by_text("The report is handed in as soon as it has arrived").wait_for()
        assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"
        await _back_again(walk)
        await walk.page.get_by_role("heading", name="Your report", exact=True).wait_for()
        assert await walk.page.get_by_text("kept on this device").count() == 0
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert (await visit.report())["pictures"] == 2


async def test_a_picture_that_arrives_at_the_last_look_stands_on_it(browser: Browser, town: Town, visit: Visit) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        await _with_one_picture(walk, visit)
        await _with_one_more_that_waits(walk, visit)
        assert await walk.page.get_by_role("img", name="Receipt").count() == 1
        await _back_again(walk)
        await walk.page.get_by_role("img", name="Receipt").nth(1).wait_for()
        assert await walk.page.get_by_label("I made this visit myself").is_checked()
        assert not await walk.page.get_by_text("still has to go").is_visible()
        assert await walk.page.get_by_text("Not sent yet").count() == 0
    assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"


async def test_a_picture_that_came_too_late_is_named_and_can_be_saved(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = walk.page
        await _with_one_picture(walk, visit)
        shelf = await _with_one_more_that_waits(walk, visit)
        await page.get_by_role("button", name="Hand in without it").click()
        await page.get_by_role("heading", name="Your report", exact=True).wait_for()
        await _back_again(walk)
        await page.get_by_text("shelf.jpg: the report had been handed in before it could be sent").wait_for()
        assert await page.get_by_text("as soon as there is a connection").count() == 0
        async with page.expect_download() as saving:
            await page.get_by_role("link", name="Save the file").click()
        assert Path(await (await saving.value).path()).read_bytes() == shelf.read_bytes()
        await page.get_by_role("button", name="Remove it from this device").click()
        await page.get_by_text("did not arrive").wait_for(state="hidden")
        await page.reload()
        assert not await page.locator("#failed").is_visible()
    assert (await visit.report())["pictures"] == 1


async def test_a_picture_that_is_refused_elsewhere_is_named_with_the_reason(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        await _with_one_picture(walk, visit)
        await _with_one_more_that_waits(walk, visit)
        await walk.page.evaluate(BREAK_THE_FILE)
        await walk.page.context.unroute(TRAY)
        await walk.page.get_by_role("button", name="Hand in the report").click()
        await walk.page.get_by_text("shelf.jpg: This file is no photo.").wait_for()
    assert await visit.there.state_of(visit.shop_id) == "IN_PROGRESS"


async def test_without_a_connection_the_page_says_what_does_not_open(
    browser: Browser, town: Town, visit: Visit
) -> None:
    async with at_the_shop(browser, town, visit) as walk:
        page = walk.page
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await page.locator("html[data-opens-offline]").wait_for(state="attached")
        elsewhere = page.get_by_role("link", name="Your sign-in")
        await page.context.set_offline(True)
        await page.get_by_text("You can go on with this report; other pages open when").wait_for()
        assert await page.get_by_role("link", name="Guideline").get_attribute("aria-disabled") is None
        assert await elsewhere.get_attribute("aria-disabled") == "true"
        await elsewhere.click(force=True)
        assert page.url.endswith("/report/1")
        await page.context.set_offline(False)
        await page.get_by_text("You can go on with this report").wait_for(state="hidden")
        await walk.press("Your sign-in")
        assert page.url.endswith("/account")


async def test_a_place_is_asked_for_by_a_click_and_shown_before_it_is_sent(
    browser: Browser, town: Town, visit: Visit
) -> None:
    place = Geolocation(latitude=53.796512, longitude=-1.547838, accuracy=20)
    async with at_the_shop(browser, town, visit) as walk:
        page = walk.page
        await page.context.grant_permissions(["geolocation"])
        await page.context.set_geolocation(place)
        await walk.open(visit.base)
        await walk.press("Start the visit")
        await walk.open(f"{visit.base}/report/visit")
        assert await page.locator("input[name=latitude]").count() == 0
        await page.get_by_role("button", name="Show where I am").click()
        await page.get_by_label("Latitude").wait_for()
        assert await page.get_by_label("Latitude").input_value() == "53.797"
        await walk.look()
        count = "SELECT count(*) FROM field.check_in c JOIN identity.draft d USING (report_id) WHERE d.shop_id = $1"
        assert await visit.there.owner.fetchval(count, visit.shop_id) == 0
        await _times(walk)
        await _moved_on(walk, "Continue", "Pictures and receipt")
        assert await visit.there.owner.fetchval(count, visit.shop_id) == 1
        assert walk.faults == []
