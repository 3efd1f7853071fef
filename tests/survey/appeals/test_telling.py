"""A client's people hear that an appeal was answered or decided; the ledger hears what a client's people wrote."""

from datetime import timedelta
from uuid import UUID

import pytest

from survey.appeals import service
from survey.appeals.domain import ANSWERED_KIND
from survey.db import Role, transaction
from tests.conftest import NOW
from tests.outbox import Mail, mails, stop_mail
from tests.shop_world import update
from tests.survey.appeals.conftest import Case
from tests.survey.releases.viewers import viewer_with_key
from tests.web_client import Site

WORDS = "Nobody saw a sticky table."
MINUTE = timedelta(minutes=1)


async def _told(case: Case) -> list[Mail]:
    settings = case.one.there.settings
    await service.tell(settings, NOW)
    return await mails(settings, case.one.there.affiliate_id, ANSWERED_KIND)


async def test_whoever_reads_another_place_hears_nothing_of_an_appeal(case: Case) -> None:
    await viewer_with_key(case.one.there, await case.one.there.location("CK-044"))
    await case.act(await case.raised(), "decline", WORDS)
    assert await _told(case) == []


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        ("ask_client", "A question about an appeal"),
        ("resolve", "An appeal has been decided"),
        ("decline", "An appeal has been decided"),
    ],
)
async def test_an_answer_is_told_once_without_its_words(case: Case, event: str, subject: str) -> None:
    there = case.one.there
    viewer_id, appeal_id = await viewer_with_key(there, there.store_id), await case.raised()
    await case.act(appeal_id, event, WORDS)
    (told,) = await _told(case)
    assert (told.recipient_id, told.subject) == (viewer_id, subject)
    assert f"{there.settings.base_url}/portal/appeals/{appeal_id}" in told.text
    assert told.way_out in told.text
    for secret in (WORDS, "Riverside", "CK-031", "Barista", "clean"):
        assert secret not in told.text
    assert await _told(case) == []


async def test_an_appeal_that_waits_for_the_affiliate_or_the_shopper_is_no_news(case: Case) -> None:
    await viewer_with_key(case.one.there, case.one.there.root_id)
    await case.act(await case.raised(), "ask_shopper", "Which table was it?")
    assert await _told(case) == []


async def test_whoever_wants_no_such_mail_or_has_stopped_it_gets_none(case: Case) -> None:
    there = case.one.there
    silent, stopped = [await viewer_with_key(there, there.root_id) for _ in range(2)]
    await update(there.owner, "identity.account", silent, {"report_mail": "never"})
    await stop_mail(there.settings, there.affiliate_id, f"{stopped.hex}@client.test")
    await case.act(await case.raised(), "decline", WORDS)
    assert await _told(case) == []


async def test_a_question_that_was_answered_before_the_mail_went_out_is_not_told(case: Case) -> None:
    there = case.one.there
    await viewer_with_key(there, there.root_id)
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_client", "Do you have a picture?")
    await service.tell(there.settings, NOW)
    assert (await case.store.post(f"/portal/appeals/{appeal_id}", {"words": "No."})).status_code == 303
    (held_back,) = await mails(there.settings, there.affiliate_id, ANSWERED_KIND)
    assert held_back.withheld


async def _actions(case: Case, object_id: UUID) -> list[tuple[str, str]]:
    return [(row["actor_kind"], row["action"]) for row in await case.one.there.events(object_id)]


async def test_a_reply_of_the_client_is_recorded_once_and_without_its_words(site: Site, case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_client", "Do you have a picture?")
    site.clock.now = NOW + MINUTE
    assert (await case.store.post(f"/portal/appeals/{appeal_id}", {"words": WORDS})).status_code == 303
    for _ in range(2):
        await service.take_in(NOW + 2 * MINUTE)
    assert [each for each in await _actions(case, appeal_id) if each[0] == "viewer"] == [
        ("viewer", "appeal.raised"),
        ("viewer", "appeal.client_replied"),
    ]
    last = (await case.one.there.events(appeal_id))[-1]
    assert (str(case.one.shop_id) in str(last["detail"]), WORDS in str(last["detail"])) == (True, False)


async def test_every_move_of_a_plan_is_recorded_once_and_in_order(site: Site, case: Case) -> None:
    await case.store.post(f"{case.url}/plan")
    moves = [
        (case.store, {"event": "submit", "cause": "A shift was short.", "action": "Two at nine."}),
        (case.head, {"event": "take_up"}),
        (case.head, {"event": "return", "remark": "By whom?"}),
        (case.store, {"event": "submit", "cause": "A shift was short.", "action": "Ada sees to it."}),
        (case.head, {"event": "take_up"}),
        (case.head, {"event": "resolve"}),
    ]
    for number, (browser, fields) in enumerate(moves, start=1):
        site.clock.now = NOW + number * MINUTE
        assert (await browser.post(f"{case.url}/plan/write", fields)).status_code == 303
    for _ in range(2):
        await service.take_in(NOW + 9 * MINUTE)
    plan_id = await case.one.there.owner.fetchval(
        "SELECT id FROM release.action_plan WHERE report_ref = $1", case.report_ref
    )
    expected = ["open", "submit", "take_up", "return", "submit", "take_up", "resolve"]
    assert await _actions(case, plan_id) == [("viewer", f"plan.{event}") for event in expected]
    assert "shift" not in str([row["detail"] for row in await case.one.there.events(plan_id)])


async def test_opening_a_plan_twice_and_a_refused_move_leave_one_event(case: Case) -> None:
    for _ in range(2):
        await case.store.post(f"{case.url}/plan")
    await case.store.post(f"{case.url}/plan/write", {"event": "take_up"})
    await service.take_in(NOW)
    plan_id = await case.one.there.owner.fetchval(
        "SELECT id FROM release.action_plan WHERE report_ref = $1", case.report_ref
    )
    assert await _actions(case, plan_id) == [("viewer", "plan.open")]


async def test_a_client_cannot_mark_its_own_words_as_recorded(case: Case) -> None:
    there, appeal_id = case.one.there, await case.raised()
    path = f"/{there.root_id.hex}/"
    async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=path) as here:
        allowed = await here.fetchrow(
            "SELECT has_column_privilege('release.appeal_message', 'recorded_at', 'INSERT') AS message,"
            " has_column_privilege('release.action_plan_event', 'recorded_at', 'INSERT') AS event,"
            " has_table_privilege('release.action_plan_event', 'SELECT') AS reading"
        )
    assert appeal_id
    assert tuple(allowed) == (False, False, False)
