"""The whole life of one shop, by three people in their browsers and a fourth who must not see it too early."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from PIL import Image
from playwright.async_api import Browser

from survey.accounts.domain import AccountRole, Place
from survey.clients import service as clients
from survey.db import Role, transaction
from survey.db.database import active
from survey.db.embedded import Cluster
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import Choice, Definition, Item, Kind, Section
from survey.queue import JobContext, jobs_of
from survey.worker import JOBS
from tests.chromium import CHROMIUM

from . import editors, schedulers, shoppers
from .staff import sign_in
from .town import NAME, Town
from .walk import DESK, PHONE, Manner, Walk, walking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.timeout(300),  # some hundred pages, on a machine that may be busy
]
CLIENT, CAMPAIGN, WAVE, STORE = "Copperkettle Coffee", "Barista Welcome", "First wave", "Riverside"
IBAN, COMPANYS_IBAN = "GB29NWBK60161331926819", "DE89370400440532013000"
GREETED = Item(
    "greeted", Kind.SINGLE, "Were you greeted?", choices=(Choice("yes", "Yes"), Choice("no", "No")), is_required=True
)
WHAT_HAPPENED = Item("story", Kind.LONG_TEXT, "What happened?", is_required=True)
WELCOME = Definition(
    title=CAMPAIGN,
    language="en",
    sections=(
        Section(id="arrival", title="Arrival", items=(GREETED,)),
        Section(id="told", title="The story", items=(WHAT_HAPPENED,)),
    ),
)
STORY = "I waited at the counter. My barista was Wendy, and she smiled when she saw me."
MENDED = f"{STORY} It took four minutes."
NOTE, REASON, COACHING = "Say how long you waited.", "The smile in the story is a greeting.", "To the point."
LIFE = [
    ("OPEN", "ASSIGNED"),
    ("ASSIGNED", "IN_PROGRESS"),
    ("IN_PROGRESS", "SUBMITTED"),
    ("SUBMITTED", "IN_REVIEW"),
    ("IN_REVIEW", "RETURNED"),
    ("RETURNED", "SUBMITTED"),
    ("SUBMITTED", "IN_REVIEW"),
    ("IN_REVIEW", "APPROVED"),
    ("APPROVED", "RELEASED"),
    ("RELEASED", "CLOSED"),
]
PAY = ["pay.promise", "pay.approve", "pay.batch_create", "pay.batch", "pay.export", "pay.batch_paid", "pay.pay"]
APPEALS_END = timedelta(days=15)


@dataclass
class Life:
    """A company, its people's browsers, and an eye on what is stored."""

    town: Town
    owner: asyncpg.Connection
    slug: str
    scheduler: Walk
    shopper: Walk
    editor: Walk
    client: Walk

    def mail(self, who: str) -> str:
        """Somebody's address."""
        return f"{who}@{self.slug}.example"

    async def state(self) -> str:
        """Where the company's one shop stands."""
        state: str = await self.owner.fetchval(
            "SELECT state FROM field.shop WHERE affiliate_id = $1", self.town.scope.affiliate_id
        )
        return state

    async def moves(self) -> list[tuple[str, str]]:
        """From where to where the shop has gone, as the audit trail tells it."""
        rows = await self.owner.fetch(
            "SELECT detail->>'from' AS was, detail->>'to' AS is FROM ledger.event"
            " WHERE affiliate_id = $1 AND object_kind = 'shop' AND detail->>'to' IS NOT NULL ORDER BY recorded_at",
            self.town.scope.affiliate_id,
        )
        return [(row["was"], row["is"]) for row in rows]

    async def actions(self, area: str) -> list[str]:
        """What has happened in an area, in order."""
        rows = await self.owner.fetch(
            "SELECT action FROM ledger.event WHERE affiliate_id = $1 AND starts_with(action, $2) ORDER BY recorded_at",
            self.town.scope.affiliate_id,
            f"{area}.",
        )
        return [row["action"] for row in rows]

    async def let_pass(self, time: timedelta) -> None:
        """Run the worker's job of what shops do by themselves, so much later."""
        context = JobContext(self.town.settings, active(), lambda: datetime.now(UTC) + time)
        await jobs_of(JOBS)["visits.fire_timers"].handler(context, {})

    @property
    def faults(self) -> list[str]:
        """Whatever was wrong on anybody's pages."""
        return [each for walk in (self.scheduler, self.shopper, self.editor, self.client) for each in walk.faults]


@pytest.fixture(params=[True, False], ids=["desk-scripts", "desk-plain"])
async def life(town: Town, browser: Browser, cluster: Cluster, request: pytest.FixtureRequest) -> AsyncIterator[Life]:
    """A new company with a questionnaire and two people, and four browsers that nobody has used."""
    slug = f"life-{'scripts' if request.param else 'plain'}"
    company = await town.with_company(slug)
    async with transaction(Role.STAFF, affiliate=company.scope.affiliate_id):
        await questionnaires.create(company.scope, CAMPAIGN, WELCOME, datetime.now(UTC))
    owner = await asyncpg.connect(cluster.url(NAME, as_superuser=True))
    async with AsyncExitStack() as stack:
        manners = (Manner(size, has_scripts=request.param) for size in (DESK, PHONE, DESK, DESK))
        walks = [await stack.enter_async_context(walking(browser, town.origin, manner)) for manner in manners]
        found = Life(company, owner, slug, *walks)
        await company.account(AccountRole.AFFILIATE_ADMIN, found.mail("scheduler"))
        await company.account(AccountRole.EDITOR, found.mail("editor"))
        yield found
    await owner.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of a receipt."""
    path = tmp_path / "receipt.jpg"
    Image.effect_noise((900, 600), 60).convert("RGB").save(path, "JPEG")
    return path


async def test_one_shop_from_the_draft_to_the_money(life: Life, photo: Path) -> None:
    await _publish(life)
    await _take(life)
    await _report(life, photo)
    await _send_back_and_mend(life)
    await _approve_and_release(life)
    await _close(life)
    await _pay(life)
    assert await life.moves() == LIFE
    assert [action for action in await life.actions("pay") if action != "pay.settings"] == PAY
    assert await life.actions("wave") == ["wave.publish"]
    assert life.faults == []


async def _publish(life: Life) -> None:
    """A draft that nobody sees becomes an open shop; the client's people are let in, to see nothing."""
    desk = life.scheduler
    await sign_in(desk, life.mail("scheduler"))
    await schedulers.open_the_door(desk)
    client_id = await schedulers.enter_client(desk, CLIENT)
    await schedulers.make_campaign(desk, CLIENT, CAMPAIGN)
    assert await _says(desk, "Draft")
    await schedulers.plan_a_wave(desk, WAVE)
    assert await _says(desk, "Planned", "1 shop at 1 location")
    await desk.press("Publish")
    assert await _says(desk, "Published: 1 shop at 1 location.", "1 shop made on")
    async with transaction(Role.STAFF, affiliate=life.town.scope.affiliate_id):
        root = await clients.root_of(life.town.scope, client_id)
    await life.town.account(AccountRole.CLIENT_VIEWER, life.mail("reader"), Place(client_id, root.id))
    await sign_in(life.client, life.mail("reader"))


async def _take(life: Life) -> None:
    """A stranger becomes a shopper, passes the quiz and asks; the scheduler says yes."""
    phone = life.shopper
    await shoppers.register(phone, life.slug, life.mail("ada"))
    await shoppers.confirm(phone, life.town, life.mail("ada"))
    await shoppers.pass_the_quiz(phone, STORE, "The seconds until somebody looks up")
    await shoppers.ask_for_it(phone)
    assert await _says(phone, "You have asked for this shop")
    await schedulers.open_the_shop(life.scheduler)
    assert await _says(life.scheduler, "Open", "Applications")
    await schedulers.give_it(life.scheduler)
    assert await _says(life.scheduler, "Assigned", "Application approved open → assigned")


async def _report(life: Life, photo: Path) -> None:
    """The shopper goes there today and hands in what was seen."""
    await shoppers.make_the_visit(life.shopper, STORE, STORY, photo)
    assert await life.state() == "IN_PROGRESS"
    await shoppers.hand_in(life.shopper)
    assert await _says(life.shopper, "Your report has been handed in.")
    await _sees_nothing(life)


async def _send_back_and_mend(life: Life) -> None:
    """The editor asks for more, and gets it."""
    await sign_in(life.editor, life.mail("editor"))
    await editors.pick_up(life.editor)
    assert await _says(life.editor, "In review", "Wendy")
    await editors.send_it_back(life.editor, "What happened?", NOTE)
    assert await life.state() == "RETURNED"
    await shoppers.see_what_is_asked(life.shopper, STORE)
    assert await _says(life.shopper, "Your report has come back", "hand it in again by", NOTE)
    await shoppers.mend(life.shopper, MENDED)
    await shoppers.hand_in(life.shopper)
    await editors.pick_up(life.editor)
    assert await _says(life.editor, "Changed by the shopper since the return", "It took four minutes.")


async def _approve_and_release(life: Life) -> None:
    """Names out, one answer mended in the open, the best grade; until then the client sees nothing, now the report."""
    desk = life.editor
    await editors.take_names_out(desk)
    await editors.mend_an_answer(desk, GREETED.title, "Yes", REASON)
    await editors.approve(desk, COACHING)
    assert await _says(desk, "Approved", "Grade 10 of 10.", "100.0 %")
    await _sees_nothing(life)
    await editors.release(desk)
    assert await _says(desk, "The client can read the report now.", "Released")
    await life.client.open("/portal")
    await life.client.press("Visits")
    await life.client.press(STORE, life.client.page.get_by_role("main"))
    assert await _says(life.client, "100.0", "My barista was [staff member]", "Contest it")
    assert not [name for name in ("Wendy", shoppers.NAME) if name in await life.client.page.content()]


async def _close(life: Life) -> None:
    """Nobody contests it."""
    assert await life.state() == "RELEASED"
    await life.let_pass(APPEALS_END)
    await life.scheduler.press("Shops")
    await life.scheduler.press("Closed 1")
    assert await _says(life.scheduler, "Closed")
    await shoppers.read_what_became_of_it(life.shopper, STORE)
    assert await _says(life.shopper, "Approved: grade 10 of 10", COACHING, "Before: No", "Now: Yes", f"Why: {REASON}")


async def _pay(life: Life) -> None:
    """The dry run leaves out whoever has no account; then the batch, the bank's file, and the statement."""
    desk = life.scheduler
    await schedulers.say_what_we_pay_from(desk, "Kestrel Field Research", COMPANYS_IBAN)
    await schedulers.work_a_batch_out(desk)
    assert await _says(desk, "Nothing to pay", "Left out")
    await shoppers.say_where_to_pay(life.shopper, IBAN)
    await schedulers.work_a_batch_out(desk)
    await desk.press("Put together a batch of USD 18.95")
    assert IBAN in await schedulers.take_the_file(desk)
    await schedulers.mark_it_paid(desk)
    assert await _says(desk, "Paid", "USD 18.95")
    statement = await shoppers.take_the_statement(life.shopper)
    assert await _says(life.shopper, "Paid on", "USD 18.95")
    assert statement.startswith(b"%PDF")


async def _sees_nothing(life: Life) -> None:
    await life.client.open("/portal/shops")
    assert await _says(life.client, "No visits to show")
    await life.client.open("/portal/shops/overview")
    assert STORE not in await life.client.page.inner_text("main")


async def _says(walk: Walk, *words: str) -> bool:
    """Whether all of it stands on the page."""
    text = await walk.page.inner_text("main")
    missing = [each for each in words if each not in text]
    assert not missing, f"{walk.seen[-1]} does not say {missing}: {text}"
    return True
