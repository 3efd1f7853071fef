"""A shopper reads a guideline and takes its quiz on the page."""

import re
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.db import Role, transaction
from survey.shops.campaigns import service
from survey.shops.campaigns.domain import TryRule, quiz_of
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

from .conftest import Planned, registered

QUIZ = quiz_of("Where?\n- Outside\n* At the counter\n\nWhat?\n* Order\n* Pay\n- Leave")
RIGHT = {"q1": "1", "q2": ["0", "1"]}
WRONG = {"q1": "0", "q2": ["0"]}


@pytest.fixture
async def page(winter: Planned, superuser: asyncpg.Connection) -> str:
    """The address of the second version, which has a quiz."""
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        await service.write(winter.scope, winter.campaign_id, "# Go in\n\nStand *still*.", QUIZ, (100, NOW))
    found = await superuser.fetchval("SELECT guideline_id FROM field.campaign WHERE id = $1", winter.campaign_id)
    return f"/shopper/guidelines/{found}"


async def browser_of(site: Site, affiliate_id: object, superuser: asyncpg.Connection) -> Browser:
    """A shopper of an affiliate, signed in."""
    scope = await registered(superuser, affiliate_id)  # type: ignore[arg-type]
    assert scope.account_id
    browser = await site.with_session(scope.affiliate_id, scope.account_id)
    await superuser.execute(
        "UPDATE ops.session SET shopper_id = $2 WHERE id_hash = $1", browser.session_hash, scope.shopper_id
    )
    return browser


async def reader_of(site: Site, page: str, superuser: asyncpg.Connection) -> Browser:
    """A shopper of the guideline's affiliate who says to have read it."""
    affiliate_id = await superuser.fetchval(
        "SELECT affiliate_id FROM field.guideline WHERE id = $1", UUID(page.rsplit("/", 1)[1])
    )
    browser = await browser_of(site, affiliate_id, superuser)
    assert (await browser.post(f"{page}/read")).status_code == 303
    return browser


async def test_strangers_staff_and_another_affiliates_shoppers_do_not_read_it(
    site: Site, world: World, page: str, superuser: asyncpg.Connection
) -> None:
    assert (await (await site.visitor()).get(page)).status_code == 303
    manager = await site.signed_in(world.alices.affiliate_id, "manager")
    assert (await manager.get(page)).status_code in (403, 404)
    other = await browser_of(site, world.charlies.affiliate_id, superuser)
    assert (await other.get(page)).status_code == 404
    for act in ("read", "quiz"):
        assert (await other.post(f"{page}/{act}", RIGHT)).status_code == 404


async def test_the_answers_are_not_on_the_page(
    site: Site, world: World, page: str, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, page, superuser)
    text = (await shopper.get(page)).text
    assert "<em>still</em>" in text
    assert "Tick all that are right." in text
    assert "checked" not in text


async def test_a_try_that_fails_is_told_and_noted_and_the_next_one_passes(
    site: Site, world: World, page: str, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, page, superuser)
    failed = await shopper.submit(page, {"q1": "0", "q2": ["0", "1", "x"]}, to=f"{page}/quiz")
    assert "50% right: not enough yet" in failed.text
    assert "Look again at question 1." in failed.text
    assert (await shopper.post(f"{page}/quiz", RIGHT)).status_code == 303
    text = (await shopper.get(page)).text
    assert "Passed on 22 Nov 2026" in text
    assert "Read on 22 Nov 2026" in text
    actions = await superuser.fetch(
        "SELECT e.action FROM ledger.event e JOIN ops.session s ON s.shopper_id = e.actor_id"
        " WHERE s.id_hash = $1 ORDER BY e.action",
        shopper.session_hash,
    )
    assert [row["action"] for row in actions] == [
        "guideline.acknowledge",
        "guideline.certified",
        "guideline.quiz-failed",
    ]


async def test_the_quiz_opens_when_the_guideline_has_been_read(
    site: Site, world: World, page: str, superuser: asyncpg.Connection
) -> None:
    shopper = await browser_of(site, world.alices.affiliate_id, superuser)
    closed, before = (await shopper.get(page)).text, await tries(superuser)
    assert "It opens when you have read the guideline" in closed
    assert "Send the answers" not in closed
    assert (await shopper.post(f"{page}/quiz", RIGHT)).status_code == 303
    assert "Read the guideline first, and say that you have" in (await shopper.get(page)).text
    assert await tries(superuser) == before
    await shopper.post(f"{page}/read")
    assert "Send the answers" in (await shopper.get(page)).text


async def test_what_is_left_open_is_named_and_burns_no_try(
    site: Site, page: str, superuser: asyncpg.Connection
) -> None:
    shopper, before = await reader_of(site, page, superuser), await tries(superuser)
    for answers in ({}, {"q1": "7", "q2": ["0"]}):
        open_still = await shopper.post(f"{page}/quiz", answers)
        assert open_still.status_code == 422
        assert "Choose an answer" in open_still.text
        assert 'href="#q1"' in open_still.text
    assert ('href="#q2"' in open_still.text, "not enough yet" in open_still.text) == (False, False)
    assert re.search(r'name="q2"[^>]*value="0"[^>]*checked', open_still.text)
    assert await tries(superuser) == before


async def test_each_link_of_the_summary_says_which_question_is_left_open(
    site: Site, page: str, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, page, superuser)
    answer = (await shopper.post(f"{page}/quiz", {})).text
    links = dict(re.findall(r'<a href="#(q\d)">([^<]+)</a>', answer))
    legends = dict(re.findall(r"<legend>\s*(\d)\. ([^<]+?)\s*<", answer))
    assert set(legends) == {"1", "2"}
    assert links == {
        f"q{number}": f"Choose an answer to question {number}: {title}" for number, title in legends.items()
    }


@pytest.fixture
async def strict(winter: Planned, page: str, superuser: asyncpg.Connection) -> str:
    """The address of a version whose quiz may be tried twice, a day apart."""
    rule = TryRule(2, 24)
    async with transaction(Role.STAFF, affiliate=winter.scope.affiliate_id):
        await service.write(winter.scope, winter.campaign_id, "Stand still.", QUIZ, (100, NOW), rule)
    found = await superuser.fetchval("SELECT guideline_id FROM field.campaign WHERE id = $1", winter.campaign_id)
    return f"/shopper/guidelines/{found}"


async def tries(superuser: asyncpg.Connection) -> int:
    """How many tries were counted."""
    found: int = await superuser.fetchval("SELECT count(*) FROM identity.quiz_try")
    return found


async def test_the_rule_is_told_before_the_first_try(
    site: Site, world: World, strict: str, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, strict, superuser)
    text = (await shopper.get(strict)).text
    assert "You may try 2 times, and wait 24 hours after each try." in text
    assert "2 tries are left." in text


async def test_after_a_failure_one_waits_and_is_told_until_when_in_ones_own_time(
    site: Site, world: World, strict: str, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, strict, superuser)
    await superuser.execute("UPDATE identity.shopper SET time_zone = 'America/New_York'")
    failed = await shopper.submit(strict, WRONG | {"try": "1"}, to=f"{strict}/quiz")
    early = await shopper.post(f"{strict}/quiz", RIGHT)
    assert "1 try is left, from Monday 23 November, 04:30 on." in failed.text
    assert "Send the answers" not in failed.text
    assert early.status_code == 303
    assert "Passed" not in (await shopper.get(strict)).text
    # A session does not last so long: instead of the clock the try moves.
    await superuser.execute("UPDATE identity.quiz_try SET tried_at = tried_at - interval '24 hours'")
    assert "Send the answers" in (await shopper.get(strict)).text
    assert (await shopper.post(f"{strict}/quiz", RIGHT | {"try": "2"})).status_code == 303
    assert "Passed on" in (await shopper.get(strict)).text


async def test_a_try_that_is_sent_twice_counts_once(
    site: Site, world: World, strict: str, superuser: asyncpg.Connection
) -> None:
    shopper, before = await reader_of(site, strict, superuser), await tries(superuser)
    await superuser.execute("UPDATE field.guideline SET wait_hours = 0")
    await shopper.post(f"{strict}/quiz", WRONG | {"try": "1"})
    again = await shopper.post(f"{strict}/quiz", WRONG | {"try": "1"})
    assert again.status_code == 303
    assert "counted already" in (await shopper.get(strict)).text
    assert await tries(superuser) == before + 1


async def test_who_has_used_all_tries_gets_another_from_a_person_and_at_once(
    site: Site, world: World, strict: str, winter: Planned, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, strict, superuser)
    desk = await site.signed_in(world.alices.affiliate_id, "scheduler")
    shopper_id = await superuser.fetchval("SELECT shopper_id FROM ops.session WHERE id_hash = $1", shopper.session_hash)
    await superuser.execute("UPDATE field.guideline SET wait_hours = 0")
    for _ in range(2):
        await shopper.post(f"{strict}/quiz", WRONG)
    out = await shopper.get(strict)
    there = f"/campaigns/{winter.campaign_id}/guidelines/3/tries"
    listed = (await desk.get(there)).text
    for _ in range(2):
        assert (await desk.post(there, {"shopper": str(shopper_id)})).status_code == 303
    granted = await superuser.fetchval(
        "SELECT count(*) FROM ledger.event WHERE action = 'guideline.grant_try' AND subject_id = $1", shopper_id
    )
    assert "You have used your tries." in out.text
    assert "Send the answers" not in out.text
    assert "None left" in listed
    assert "1 try is left." in (await shopper.get(strict)).text
    assert granted == 1
    assert (await shopper.post(f"{strict}/quiz", RIGHT)).status_code == 303
    assert "Passed on" in (await shopper.get(strict)).text


async def test_a_try_is_given_by_planners_to_their_own_shoppers_who_have_tried(
    site: Site, world: World, strict: str, winter: Planned, superuser: asyncpg.Connection
) -> None:
    there = f"/campaigns/{winter.campaign_id}/guidelines/3/tries"
    await browser_of(site, world.alices.affiliate_id, superuser)
    untried = await superuser.fetchval(
        "SELECT id FROM identity.shopper WHERE affiliate_id = $1", world.alices.affiliate_id
    )
    desk = await site.signed_in(world.alices.affiliate_id, "scheduler")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    editor = await site.signed_in(world.alices.affiliate_id, "editor")
    for fields in ({"shopper": str(untried)}, {"shopper": "nobody"}, {}):
        assert (await desk.post(there, fields)).status_code == 404
    assert (await stranger.get(there)).status_code == 404
    assert (await stranger.post(there, {"shopper": str(untried)})).status_code == 404
    assert (await editor.get(there)).status_code == 403


async def test_an_old_version_leads_to_the_one_in_force(
    site: Site, world: World, page: str, winter: Planned, superuser: asyncpg.Connection
) -> None:
    shopper = await browser_of(site, world.alices.affiliate_id, superuser)
    old = await superuser.fetchval(
        "SELECT id FROM field.guideline WHERE campaign_id = $1 AND number = 1", winter.campaign_id
    )
    text = (await shopper.get(f"/shopper/guidelines/{old}")).text
    assert "There is a newer version" in text
    assert f'href="{page}"' in text


async def test_the_shop_that_led_here_is_led_back_to(
    site: Site, world: World, page: str, superuser: asyncpg.Connection
) -> None:
    shopper, shop_id = await reader_of(site, page, superuser), uuid4()
    answer = await shopper.submit(f"{page}?shop={shop_id}", RIGHT, to=f"{page}/quiz?shop={shop_id}")
    assert answer.headers["location"] == f"{page}?shop={shop_id}"
    text = (await shopper.get(answer.headers["location"])).text
    assert f'href="/shopper/board/{shop_id}"' in text
    assert "Go on to the shop" in text


async def test_what_names_no_shop_leads_back_to_the_board(
    site: Site, world: World, page: str, superuser: asyncpg.Connection
) -> None:
    shopper = await reader_of(site, page, superuser)
    await shopper.submit(page, RIGHT, to=f"{page}/quiz")
    text = (await shopper.get(f"{page}?shop=//elsewhere.example")).text
    assert "elsewhere" not in text
    assert "See the job board" in text
