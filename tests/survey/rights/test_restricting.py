"""A shopper restricts what one company does with their data: what stops, who answers by when, and how it ends."""

import asyncio
import json
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from survey.db import Database, Role, transaction
from survey.queue import JobContext
from survey.rights.jobs import forget_idle, warn_idle
from survey.settings import Settings
from survey.shoppers import service as shoppers
from survey.shoppers.domain import Ground
from survey.shoppers.domain.restricting import Restriction
from tests.conftest import NOW, World, until_somebody_waits
from tests.outbox import mails, stop_mail
from tests.shop_world import DAY, Shopper, ShopWorld, shop_world
from tests.web_client import Browser, Site

WORDS = "My street was never Elm Row; I have written twice."
ASKED = {"ground": "accuracy", "words": WORDS}
ENDS = {"verdict": "ends", "words": "We have looked: the street is corrected."}


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody with a browser, and the administrator who answers for privacy."""

    there: ShopWorld
    site: Site
    shopper: Shopper
    browser: Browser
    officer: Browser
    database: Database

    @property
    def url(self) -> str:
        """The page of the restriction."""
        return f"/shopper/data/{self.shopper.id}/restrict"

    @property
    def answer_url(self) -> str:
        """The officer's page of it."""
        return f"/shoppers/{self.shopper.id}/restriction"

    async def ask(self, **fields: str) -> httpx.Response:
        """Restrict it."""
        return await self.browser.post(self.url, ASKED | fields)

    async def status(self) -> str:
        """How the profile stands."""
        found: str = await self.there.owner.fetchval(
            "SELECT status FROM identity.shopper WHERE id = $1", self.shopper.id
        )
        return found

    async def actions(self) -> list[str]:
        """What the ledger says was done with the profile, in its order."""
        return [event["action"] for event in await self.there.events(self.shopper.id)]


@pytest.fixture
async def asking(
    site: Site, superuser: asyncpg.Connection, settings: Settings, world: World, database: Database
) -> Asking:
    """Robin, at alice's affiliate."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    shopper = await there.shopper("Robin Marsh")
    officer = await site.signed_in(there.affiliate_id, "affiliate_admin")
    return Asking(there, site, shopper, await there.signed_in(site, shopper), officer, database)


async def test_nobody_restricts_for_somebody_else(asking: Asking) -> None:
    other = await asking.there.signed_in(asking.site, await asking.there.shopper())
    assert (await other.get(asking.url)).status_code == 404
    assert (await other.post(asking.url, ASKED)).status_code == 404
    assert (await other.post(f"{asking.url}/end")).status_code == 404
    assert await asking.status() == "active"


@pytest.mark.parametrize("role", ["manager", "scheduler", "editor", "payroll"])
async def test_only_administrators_read_and_answer_requests(asking: Asking, role: str) -> None:
    await asking.ask()
    clerk = await asking.site.signed_in(asking.there.affiliate_id, role)
    for path in ("/shoppers/restrictions", asking.answer_url):
        assert (await clerk.get(path)).status_code == 403
    assert (await clerk.post(asking.answer_url, {"verdict": "stands"})).status_code == 403


async def test_a_request_needs_a_reason(asking: Asking) -> None:
    answer = await asking.ask(ground="because")
    assert answer.status_code == 422
    assert "Choose the reason that fits best" in answer.text
    assert "shopper.restrict" not in await asking.actions()


async def test_what_it_means_is_said_before(asking: Asking) -> None:
    page = (await asking.browser.get(asking.url)).text
    for words in ("Shops you hold stay yours", "You are offered nothing", "We write to you less", "You are paid"):
        assert words in page
    assert asking.url in (await asking.browser.get(f"/shopper/data/{asking.shopper.id}")).text


async def test_it_stands_from_the_moment_it_is_asked_for_and_twice_is_once(asking: Asking) -> None:
    assert (await asking.ask()).status_code == 303
    assert (await asking.ask(ground="claims")).status_code == 303
    assert await asking.status() == "paused"
    page = (await asking.browser.get(asking.url)).text
    assert WORDS in page
    assert "Comes by 22 December 2026" in page
    assert (await asking.actions()).count("shopper.restrict") == 1


async def test_the_line_that_stays_for_ever_does_not_say_why(asking: Asking) -> None:
    await asking.ask()
    (line,) = [each for each in await asking.there.events(asking.shopper.id) if each["action"] == "shopper.restrict"]
    assert json.loads(line["detail"]) == {"paused": True}


async def test_what_somebody_wrote_is_kept_sealed(asking: Asking) -> None:
    await asking.ask()
    sealed = await asking.there.owner.fetchval(
        "SELECT words FROM identity.restriction WHERE shopper_id = $1", asking.shopper.id
    )
    assert b"Elm Row" not in sealed


async def test_the_page_about_all_that_is_held_says_since_when_and_opens_nothing_for_it(asking: Asking) -> None:
    await asking.ask()
    await asking.there.owner.execute(
        "UPDATE identity.restriction SET words = 'cannot be opened' WHERE shopper_id = $1", asking.shopper.id
    )
    assert "Restricted since 22 November 2026" in (await asking.browser.get(f"/shopper/data/{asking.shopper.id}")).text


@pytest.mark.parametrize(("has_restricted", "state"), [(True, "OPEN"), (False, "ASSIGNED")])
async def test_nothing_is_given_to_whoever_has_restricted(asking: Asking, has_restricted: bool, state: str) -> None:
    await asking.there.configure(is_self_assign=True)
    shop_id = await asking.there.shop("OPEN")
    if has_restricted:
        await asking.ask()
    answer = await asking.browser.post(f"/shopper/board/{shop_id}/take", {"day": "2026-11-24"})
    assert answer.status_code == (422 if has_restricted else 303)
    assert await asking.there.state_of(shop_id) == state


async def test_a_shop_that_is_held_stays_with_its_shopper(asking: Asking) -> None:
    shop_id = await asking.there.shop("ASSIGNED", asking.shopper, planned_on=NOW.date())
    await asking.ask()
    assert (await asking.browser.get(f"/shopper/shops/{shop_id}")).status_code == 200
    started = await asking.browser.post(f"/shopper/shops/{shop_id}/start", {"then": "report"})
    assert started.status_code == 303
    assert await asking.there.state_of(shop_id) == "IN_PROGRESS"


async def test_nobody_is_offered_shops_again_before_it_has_ended(asking: Asking) -> None:
    await asking.ask()
    refused = await asking.browser.post("/shopper/profile/resume")
    assert refused.status_code == 403
    assert "End the restriction" in refused.text
    assert await asking.status() == "paused"
    assert (await asking.browser.post(f"{asking.url}/end")).status_code == 303
    assert await asking.status() == "paused"
    await asking.browser.post("/shopper/profile/resume")
    assert await asking.status() == "active"
    assert (await asking.actions())[-2:] == ["shopper.restriction_end", "shopper.resume"]


async def test_a_profile_that_is_opened_again_meanwhile_comes_back_paused(asking: Asking) -> None:
    await asking.there.owner.execute(
        "UPDATE identity.shopper SET status = 'deactivated' WHERE id = $1", asking.shopper.id
    )
    await asking.ask()
    await asking.officer.post(f"/shoppers/{asking.shopper.id}/reactivate")
    assert await asking.status() == "paused"


@pytest.mark.parametrize(
    ("has_restricted", "told", "written"),
    [(True, "open again, and paused", "It is paused"), (False, "can take shops again", "You can take shops of")],
)
async def test_staff_and_shopper_read_whether_a_profile_that_is_opened_again_is_at_work(
    asking: Asking, has_restricted: bool, told: str, written: str
) -> None:
    there, page = asking.there, f"/shoppers/{asking.shopper.id}"
    await there.owner.execute("UPDATE identity.shopper SET status = 'deactivated' WHERE id = $1", asking.shopper.id)
    if has_restricted:
        await asking.ask()
    assert (await asking.officer.post(f"{page}/reactivate")).status_code == 303
    assert told in (await asking.officer.get(page)).text
    [mail] = await mails(there.settings, there.affiliate_id, shoppers.REACTIVATED_KIND)
    assert written in mail.text


@pytest.mark.parametrize(("first", "second"), [(Role.SHOPPER, Role.STAFF), (Role.STAFF, Role.SHOPPER)])
async def test_one_that_begins_while_staff_open_the_profile_again_leaves_nobody_at_work(
    asking: Asking, first: Role, second: Role
) -> None:
    there, me = asking.there, asking.shopper
    await there.owner.execute("UPDATE identity.shopper SET status = 'deactivated' WHERE id = $1", me.id)

    async def act(role: Role) -> None:
        if role is Role.STAFF:
            await shoppers.staff.reactivate(there.scope, there.settings, me.id, NOW)
        else:
            await shoppers.restricting.restrict(me.scope, there.settings.keyring, (Ground.CLAIMS, ""), NOW)

    async def act_later() -> None:
        async with there.transaction() if second is Role.STAFF else me.transaction():
            await act(second)

    async with there.transaction() if first is Role.STAFF else me.transaction():
        await act(first)
        waiting = asyncio.create_task(act_later(), context=Context())
        await until_somebody_waits(there.owner, second)
    await waiting
    assert await asking.status() == "paused"


@pytest.mark.parametrize(("purpose", "status"), [("suspicion", 422), ("check", 422), ("answer", 200), ("pay", 200)])
async def test_staff_see_who_it_is_only_to_answer_or_to_pay(asking: Asking, purpose: str, status: int) -> None:
    await asking.ask()
    answer = await asking.officer.post(f"/shoppers/{asking.shopper.id}", {"purpose": purpose})
    assert answer.status_code == status
    assert ("Robin Marsh" in answer.text) is (status == 200)
    assert ("shopper.read" in await asking.actions()) is (status == 200)


async def test_it_waits_in_the_queue_with_the_last_day_of_its_answer(asking: Asking) -> None:
    await asking.ask()
    page = (await asking.officer.get("/shoppers/restrictions")).text
    assert asking.answer_url in page
    assert "By 22 December 2026" in page
    asking.site.clock.now = NOW + timedelta(days=31)
    later = await asking.site.signed_in(asking.there.affiliate_id, "affiliate_admin")
    assert "Late since 22 December 2026" in (await later.get("/shoppers/restrictions")).text


async def test_whoever_reads_a_request_is_on_record_and_the_shopper_sees_it(asking: Asking) -> None:
    await asking.ask()
    assert WORDS in (await asking.officer.get(asking.answer_url)).text
    event = (await asking.there.events(asking.shopper.id))[-1]
    assert (event["action"], event["subject_id"]) == ("shopper.restriction.read", asking.shopper.id)
    assert event["purpose"] == shoppers.restricting.PURPOSE
    looks = (await asking.browser.get("/shopper/profile/looks")).text
    assert "What you wrote to restrict the use of your data" in looks


async def test_an_old_link_to_a_request_leads_to_the_queue_and_answers_nothing(asking: Asking) -> None:
    for answer in (await asking.officer.get(asking.answer_url), await asking.officer.post(asking.answer_url, ENDS)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/shoppers/restrictions")
    assert "nothing is to be answered" in (await asking.officer.get("/shoppers/restrictions")).text
    assert "shopper.restriction_answer" not in await asking.actions()


async def test_that_it_ends_is_not_said_without_a_reason(asking: Asking) -> None:
    await asking.ask()
    answer = await asking.officer.post(asking.answer_url, {"verdict": "ends", "words": " "})
    assert answer.status_code == 422
    assert "the shopper reads it" in answer.text


async def test_it_ends_two_weeks_after_the_shopper_was_told_and_not_before(asking: Asking) -> None:
    await asking.ask()
    await asking.officer.post(asking.answer_url, ENDS)
    page = (await asking.browser.get(asking.url)).text
    assert ENDS["words"] in page
    assert "It ends on 6 December 2026" in page
    asking.site.clock.now = NOW + 14 * DAY - timedelta(minutes=1)
    browser = await asking.there.signed_in(asking.site, asking.shopper)
    assert (await browser.post("/shopper/profile/resume")).status_code == 403
    asking.site.clock.now = NOW + 14 * DAY
    assert (await browser.post("/shopper/profile/resume")).status_code == 303
    assert await asking.status() == "active"


async def test_staff_cannot_end_it_sooner_even_in_the_database(asking: Asking) -> None:
    await asking.ask()
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction(Role.STAFF, affiliate=asking.there.affiliate_id) as here:
            await here.execute(
                "UPDATE identity.restriction SET verdict = 'ends', decided_at = $2, ends_at = $2 WHERE shopper_id = $1",
                asking.shopper.id, NOW,
            )  # fmt: skip
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=asking.there.affiliate_id) as here:
            await here.execute("UPDATE identity.restriction SET ended_at = $1", NOW)


async def test_the_shopper_is_told_by_mail_that_there_is_an_answer(asking: Asking) -> None:
    await asking.ask()
    await asking.officer.post(asking.answer_url, {"verdict": "stands"})
    [mail] = await mails(asking.there.settings, asking.there.affiliate_id, shoppers.RESTRICTION_KIND)
    assert mail.subject.startswith("We have answered your request")
    assert "It stands until you end it" in (await asking.browser.get(asking.url)).text
    assert (await asking.actions())[-1] == "shopper.restriction_answer"


async def test_the_answer_is_mailed_though_the_shopper_has_stopped_all_mail(asking: Asking) -> None:
    there = asking.there
    await asking.ask()
    assert "even if you have stopped our mail" in (await asking.browser.get(asking.url)).text
    await stop_mail(there.settings, there.affiliate_id, f"{asking.shopper.id.hex[:8]}@shopper.test")
    await asking.officer.post(asking.answer_url, ENDS)
    assert len(await mails(there.settings, there.affiliate_id, shoppers.RESTRICTION_KIND)) == 1


async def test_what_ran_out_can_be_asked_for_again(asking: Asking) -> None:
    await asking.ask()
    await asking.officer.post(asking.answer_url, ENDS)
    asking.site.clock.now = NOW + 20 * DAY
    browser = await asking.there.signed_in(asking.site, asking.shopper)
    assert (await browser.post(asking.url, ASKED | {"ground": "objection"})).status_code == 303
    assert "I object to how it is used" in (await browser.get(asking.url)).text


async def test_a_profile_is_not_erased_for_being_unused_while_it_stands(asking: Asking) -> None:
    await asking.ask()
    for days in (701, 731):
        for job in (warn_idle, forget_idle):
            context = JobContext(asking.there.settings, asking.database, lambda days=days: NOW + days * DAY)  # type: ignore[misc]
            await job.handler(context, {})
    assert await asking.status() == "paused"


@pytest.mark.parametrize(
    ("asked", "last"),
    [((2026, 11, 22), (2026, 12, 22)), ((2026, 12, 31), (2027, 1, 31)), ((2027, 1, 31), (2027, 2, 28))],
)
def test_an_answer_is_owed_within_a_month(asked: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    one = Restriction(uuid4(), Ground.CLAIMS, datetime(*asked, tzinfo=UTC), None, None, None)
    assert one.answer_by == date(*last)
