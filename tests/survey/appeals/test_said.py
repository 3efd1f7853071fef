"""After each form of the portal, the page that follows says what was done, once at the top and in fixed words."""

from html import unescape
from uuid import UUID

import httpx
import pytest

from survey.appeals.domain import SAID, notices
from tests.web_client import Browser, Site

from .conftest import Case

PLAN = {"cause": "Nobody was told.", "action": "Two people at eight, from Monday.", "due_on": "2026-11-30"}
WISH = {"reason": "not_representative", "words": "Nobody went upstairs."}


async def told(browser: Browser, answer: httpx.Response) -> list[str]:
    """The notices of the page that a form's answer leads to."""
    assert answer.status_code == 303, answer.text
    page = await browser.get(answer.headers["location"])
    assert page.status_code == 200
    head = unescape(page.text.split("<main")[1].split('class="lead"')[0])
    return [words for words in SAID.values() if words in head]


@pytest.mark.parametrize("said", ["", "saved", "<b>raised</b>", "RAISED", "raised "])
def test_a_word_that_nobody_says_gives_no_notice(said: str) -> None:
    assert notices(said) == ()


async def test_an_address_made_by_hand_puts_no_words_of_its_own_onto_the_page(case: Case) -> None:
    page = await case.store.get(f"{case.url}?said=%3Cb%3EYou+have+won")
    assert page.status_code == 200
    assert "You have won" not in page.text


async def test_an_appeal_that_was_raised_answered_and_withdrawn_says_so(case: Case) -> None:
    fields = {"question": "clean", "issue": "not_what_happened", "words": "We had cleaned it an hour before."}
    assert await told(case.store, await case.store.post(f"{case.url}/appeal", fields)) == [SAID["raised"]]
    appeal_id = await case.raised()  # the same again: one appeal
    await case.act(appeal_id, "take_up")
    await case.act(appeal_id, "ask_client", "At which till was it?")
    url = f"/portal/appeals/{appeal_id}"
    replied = await case.store.post(url, {"words": "At the second."})
    assert await told(case.store, replied) == [SAID["client_replied"]]
    assert await told(case.store, await case.store.post(f"{url}/move", {"event": "withdraw"})) == [SAID["withdraw"]]


async def test_a_plan_says_whether_it_is_a_draft_or_handed_in(case: Case) -> None:
    url = f"{case.url}/plan"
    assert await told(case.store, await case.store.post(url, {"due_on": ""})) == [SAID["opened"]]
    for event in ("save", "submit"):
        answer = await case.store.post(f"{url}/write", {**PLAN, "event": event, "seen": await _seen(case, url)})
        assert await told(case.store, answer) == [SAID[event]]
    for event in ("take_up", "resolve"):
        answer = await case.head.post(f"{url}/write", {"event": event, "seen": await _seen(case, url)})
        assert await told(case.head, answer) == [SAID[event]]


async def _seen(case: Case, url: str) -> str:
    page = (await case.store.get(url)).text
    return page.split('name="seen" value="')[1].split('"')[0] if 'name="seen"' in page else ""


async def test_a_wish_says_that_it_was_sent_and_that_it_was_withdrawn(case: Case) -> None:
    assert await told(case.store, await case.store.post(f"{case.url}/reshoot", WISH)) == [SAID["ASKED"]]
    withdraw = f"/portal/reshoots/{await _wish(case)}/withdraw"
    for _ in range(2):
        assert await told(case.store, await case.store.post(withdraw)) == [SAID["WITHDRAWN"]]


async def test_a_wish_that_was_answered_meanwhile_is_not_said_to_be_withdrawn(case: Case, site: Site) -> None:
    assert (await case.store.post(f"{case.url}/reshoot", WISH)).status_code == 303
    wish_id = await _wish(case)
    manager = await site.signed_in(case.one.there.affiliate_id, "manager")
    answered = {"answer": "no", "no": "The place was open: the receipt says so."}
    assert (await manager.post(f"/appeals/reshoots/{wish_id}", answered)).status_code == 303
    assert await told(case.store, await case.store.post(f"/portal/reshoots/{wish_id}/withdraw")) == []


async def _wish(case: Case) -> UUID:
    found: UUID = await case.one.there.owner.fetchval(
        "SELECT id FROM release.reshoot_wish WHERE report_ref = $1", case.report_ref
    )
    return found
