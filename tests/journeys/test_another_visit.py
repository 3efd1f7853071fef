"""A client asks for another visit: a store's manager is told no, headquarters yes; both read it beside the report."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole, Place
from survey.db.embedded import Cluster
from tests.chromium import CHROMIUM
from tests.shop_world import ShopWorld, shop_world
from tests.survey.releases.shops import VISIT, approved, release, tell

from . import readers, staff
from .town import NAME, Town
from .walk import DESK, PHONE, Manner, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
]
STORE = "Riverside"
CLOSED, SHORT = "The counter was closed for works that day.", "We have trained everybody since."
NO, YES = "The place was open: the receipt says so.", "We will look at it again."
SCORE = "78.6"


@dataclass(frozen=True, slots=True)
class Read:
    """A released report, and those who read it and answer for it, each in a browser of their own."""

    there: ShopWorld
    slug: str
    desk: Walk
    store: Walk
    head: Walk

    async def sign_in(self) -> None:
        """Everybody comes in."""
        for who, walk in (("manager", self.desk), ("store", self.store), ("head", self.head)):
            await staff.sign_in(walk, f"{who}@{self.slug}.example")

    async def new_shop(self) -> asyncpg.Record | None:
        """The shop in the place of the one that was read of."""
        return await self.there.owner.fetchrow(
            "SELECT s.state, s.fee_cents FROM field.reshoot r JOIN field.shop s ON s.id = r.shop_id"
            " WHERE s.affiliate_id = $1",
            self.there.affiliate_id,
        )

    @property
    def faults(self) -> list[str]:
        """Whatever was wrong on anybody's pages."""
        return [each for walk in (self.desk, self.store, self.head) for each in walk.faults]


@pytest.fixture(params=[False, True], ids=["phone-plain", "phone-scripts"])
async def read(town: Town, browser: Browser, cluster: Cluster, request: pytest.FixtureRequest) -> AsyncIterator[Read]:
    """A report of a company of its own; the client's people have phones, its manager a desk, scripts as they do not."""
    slug = f"wishing-{uuid4().hex}"
    company = await town.with_company(slug)
    owner = await asyncpg.connect(cluster.url(NAME, as_superuser=True))
    there = await shop_world(owner, town.settings, company.scope.affiliate_id, VISIT)
    await tell(there)
    await release(await approved(there, grade=8))
    await company.account(AccountRole.MANAGER, f"manager@{slug}.example")
    await _viewer(company, there, f"store@{slug}.example", there.store_id)
    await _viewer(company, there, f"head@{slug}.example", there.root_id)
    async with AsyncExitStack() as stack:
        manners = (Manner(DESK, not request.param), *(Manner(PHONE, request.param) for _ in range(2)))
        walks = [await stack.enter_async_context(walking(browser, town.origin, manner)) for manner in manners]
        yield Read(there, slug, *walks)
    await owner.close()


async def _viewer(company: Town, there: ShopWorld, email: str, location_id: UUID) -> None:
    await company.account(AccountRole.CLIENT_VIEWER, email, Place(there.client_id, location_id))


async def test_a_client_asks_for_another_visit_and_reads_the_answer_beside_the_report(read: Read) -> None:
    await read.sign_in()
    await _ask_in_vain(read)
    await _ask_again(read)
    await _grant(read)
    await _read_it(read)
    assert read.faults == []


async def _ask_in_vain(read: Read) -> None:
    """The store's manager asks, the company says why not."""
    await readers.find_the_report(read.store, STORE)
    await readers.ask_for_another_visit(read.store, "The place was not as it usually is", CLOSED)
    await _says(read.store, "Being looked at", "Withdraw the question")
    await _open_the_wish(read.desk)
    await _says(read.desk, "The place was not as it usually is", CLOSED)
    await read.desk.page.get_by_label("Why not, to the client").fill(NO)
    await read.desk.press("Decline")
    await _says(read.desk, "Declined. The client reads why.", NO)
    await readers.find_the_report(read.store, STORE)
    await _says(read.store, "Declined", NO)
    assert await read.new_shop() is None


async def _ask_again(read: Read) -> None:
    """Headquarters reads that answer, too, and asks for another reason."""
    await readers.find_the_report(read.head, STORE)
    await _says(read.head, NO)
    await readers.ask_for_another_visit(read.head, "We have changed something", SHORT)
    await _says(read.head, "Being looked at")


async def _grant(read: Read) -> None:
    """The company opens another shop, in days of its own choice, and says who pays."""
    desk, today = read.desk, datetime.now(UTC).date()
    await _open_the_wish(desk)
    await desk.page.get_by_label("First day").fill((today + timedelta(days=2)).isoformat())
    await desk.page.get_by_label("Last day").fill((today + timedelta(days=9)).isoformat())
    await desk.page.get_by_label("Fee for the shopper").fill("15.50")
    await desk.page.get_by_label("We pay for it").check()
    await desk.page.get_by_label("What the client reads").fill(YES)
    await desk.press("Open another shop")
    await _says(desk, "The shop is open, in the place of the other.", "USD 15.50")
    made = await read.new_shop()
    assert made is not None
    assert (made["state"], made["fee_cents"]) == ("OPEN", 1550)


async def _read_it(read: Read) -> None:
    """Both read it beside the report, which is as it was; neither reads when, nor what it costs."""
    for phone in (read.store, read.head):
        await readers.find_the_report(phone, STORE)
        text = await _says(phone, "There will be another visit", YES, "It costs you nothing.", SCORE)
        assert "15.50" not in text
        assert await phone.page.get_by_role("link", name="Ask for another visit").count() == 0


async def _open_the_wish(desk: Walk) -> None:
    await desk.press("Appeals")
    await desk.press("1 waits for an answer", desk.page.get_by_role("main"))
    await desk.page.locator("tbody a").first.click()
    await desk.page.get_by_role("heading", name="What the client asks").wait_for()
    await desk.look()


async def _says(walk: Walk, *words: str) -> str:
    """The words of the page, among which all of these are."""
    text = await walk.page.inner_text("main")
    missing = [each for each in words if each not in text]
    assert not missing, f"{walk.seen[-1]} does not say {missing}: {text}"
    return text
