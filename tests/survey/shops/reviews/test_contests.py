"""A shopper contests a rejection; somebody who had no part in it decides; pay, mark and report follow."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
import httpx
import pytest

from survey.db import NotFound
from survey.shops.reviews import service
from survey.shops.reviews.domain import CONTEST_DAYS, ContestOver
from survey.shops.reviews.service import Judged
from survey.shops.visits import service as visits
from survey.shops.visits.domain import HoldReason
from tests.conftest import NOW, new_affiliate
from tests.survey.shops.reviews.conftest import PLAIN, POINTS, TOLD, Desk, reported, with_address
from tests.web_client import Browser, Site

WORDS = "The receipt is the second picture."
ANSWER = "The second picture shows another day."


@dataclass
class Dispute:
    """A rejected report, its shopper's browser, and a manager who had no part in it."""

    site: Site
    desk: Desk
    shopper: Browser
    manager: Browser
    own: str
    page: str

    async def contest(self, words: str = WORDS) -> httpx.Response:
        """What the shopper sends."""
        return await self.shopper.post(f"{self.own}/contest", {"words": words})

    async def judge(self, by: Browser, decision: str, answer: str = "") -> httpx.Response:
        """What somebody decides."""
        return await by.post(self.page, {"decision": decision, "answer": answer})

    async def contest_state(self) -> list[str]:
        """Where its contests stand, the oldest first."""
        rows = await self.desk.there.owner.fetch(
            "SELECT state FROM field.rejection_contest WHERE shop_id = $1 ORDER BY rejected_at", self.desk.shop_id
        )
        return [row["state"] for row in rows]

    async def pay(self) -> asyncpg.Record:
        """What the shop pays."""
        return await self.desk.there.owner.fetchrow(
            "SELECT state, reason FROM identity.pay_item WHERE shop_id = $1", self.desk.shop_id
        )

    async def told(self) -> str:
        """What the shopper reads."""
        return (await self.shopper.get(f"{self.own}/review")).text


async def promised(desk: Desk, state: str = "PROSPECTIVE") -> None:
    """What handing in has promised."""
    row = await desk.there.row(desk.shop_id)
    await desk.there.owner.execute(
        "INSERT INTO identity.pay_item (affiliate_id, shop_id, shopper_id, client_id, kind, fee_cents,"
        " reimbursement_cents, bonus_cents, currency, state, visited_on, promised_on)"
        " VALUES ($1, $2, $3, $4, 'full', 1200, 0, 0, 'USD', $5, $6, $6)",
        desk.there.affiliate_id, desk.shop_id, desk.shopper.id, row["client_id"], state, NOW.date(),
    )  # fmt: skip


@pytest.fixture
async def dispute(site: Site, desk: Desk) -> Dispute:
    """A report that an editor has rejected."""
    await promised(desk)
    await desk.pick_up()
    await desk.do("reject", reason="no_proof", words=TOLD)
    assert await desk.there.state_of(desk.shop_id) == "REJECTED"
    manager = await site.signed_in(desk.there.affiliate_id, "manager")
    shopper = await desk.there.signed_in(site, desk.shopper)
    return Dispute(site, desk, shopper, manager, f"/shopper/shops/{desk.shop_id}", f"{desk.base}/contest")


async def test_nobody_contests_anothers_rejection(dispute: Dispute) -> None:
    there = dispute.desk.there
    other = await there.signed_in(dispute.site, await there.shopper("Noor Vale"))
    assert (await other.post(f"{dispute.own}/contest", {"words": WORDS})).status_code == 404
    assert await dispute.contest_state() == []


async def test_a_report_that_is_not_rejected_cannot_be_contested(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    browser = await desk.there.signed_in(site, desk.shopper)
    await browser.post(f"/shopper/shops/{desk.shop_id}/contest", {"words": WORDS})
    found = "SELECT count(*) FROM field.rejection_contest WHERE shop_id = $1"
    assert await desk.there.owner.fetchval(found, desk.shop_id) == 0


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
async def test_a_contest_needs_words_within_their_length(dispute: Dispute, words: str) -> None:
    assert (await dispute.contest(words)).status_code == 422
    assert await dispute.contest_state() == []


async def test_after_fourteen_days_a_rejection_cannot_be_contested(dispute: Dispute) -> None:
    desk, late = dispute.desk, NOW + timedelta(days=CONTEST_DAYS, seconds=1)
    async with desk.shopper.transaction():
        with pytest.raises(ContestOver):
            await service.contest_decision(desk.shopper.scope, desk.settings, desk.shop_id, WORDS, late)


async def held(desk: Desk, since: datetime, until: datetime | None) -> None:
    """A hold on the shop, lifted where it says until when."""
    async with desk.transaction():
        await visits.hold(desk.there.scope, desk.shop_id, HoldReason.LEGAL, since)
        if until is not None:
            await visits.lift_hold(desk.there.scope, desk.shop_id, until)


async def test_while_a_rejection_is_on_hold_it_cannot_be_contested_and_the_page_says_so(dispute: Dispute) -> None:
    await held(dispute.desk, NOW, None)
    page = await dispute.told()
    assert ("Contest the rejection" in page, "you get them back when it is over" in page) == (False, True)
    await dispute.contest()
    assert await dispute.contest_state() == []


@pytest.mark.parametrize(("days", "is_late"), [(33.9, False), (34.1, True)])
async def test_the_days_that_a_hold_took_can_be_contested_later(dispute: Dispute, days: float, is_late: bool) -> None:
    desk, later = dispute.desk, NOW + timedelta(days=days)
    await held(desk, NOW - timedelta(days=3), NOW - timedelta(days=2))  # before the rejection: it counts for nothing
    await held(desk, NOW + timedelta(days=2), NOW + timedelta(days=22))
    work = service.contest_decision(desk.shopper.scope, desk.settings, desk.shop_id, WORDS, later)
    async with desk.shopper.transaction():
        with pytest.raises(ContestOver) if is_late else nullcontext():
            assert await work
    assert await dispute.contest_state() == ([] if is_late else ["RAISED"])


async def test_no_shopper_gives_themselves_more_time_than_a_hold_took(dispute: Dispute) -> None:
    desk = dispute.desk
    forged = (
        "INSERT INTO field.rejection_contest (id, affiliate_id, shop_id, report_id, rejected_at, words, raised_at,"
        " on_hold_for) SELECT gen_random_uuid(), v.affiliate_id, v.shop_id, v.report_id, v.decided_at, 'x',"
        " v.decided_at + interval '20 days', interval '9 days' FROM field.review v WHERE v.shop_id = $1"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with desk.shopper.transaction() as here:
            await here.execute(forged, desk.shop_id)
    await held(desk, NOW, NOW + timedelta(days=9))
    async with desk.shopper.transaction() as here:
        await here.execute(forged, desk.shop_id)
    assert await dispute.contest_state() == ["RAISED"]


async def test_a_shopper_reads_of_no_hold_but_of_their_own_reports(dispute: Dispute) -> None:
    desk, other = dispute.desk, await dispute.desk.there.shopper("Noor Vale")
    await held(desk, NOW, NOW + timedelta(days=1))
    for who, count in ((other, 0), (desk.shopper, 1)):
        async with who.transaction() as here:
            assert await here.fetchval("SELECT count(*) FROM field.hold_spell") == count


async def test_the_database_itself_keeps_the_fourteen_days(dispute: Dispute) -> None:
    await dispute.contest()
    with pytest.raises(asyncpg.CheckViolationError):
        await dispute.desk.there.owner.execute(
            "UPDATE field.rejection_contest SET raised_at = rejected_at + interval '15 days'"
        )


async def test_the_page_offers_the_contest_until_its_day(dispute: Dispute) -> None:
    assert "Contest the rejection" in await dispute.told()
    await dispute.desk.there.owner.execute(
        "UPDATE field.review SET decided_at = $2 WHERE shop_id = $1",
        dispute.desk.shop_id,
        NOW - timedelta(days=CONTEST_DAYS, seconds=1),
    )
    assert "Contest the rejection" not in await dispute.told()


async def test_contesting_twice_or_in_two_tabs_is_once(dispute: Dispute) -> None:
    for words in (WORDS, "Once more."):
        assert (await dispute.contest(words)).status_code == 303
    assert await dispute.contest_state() == ["RAISED"]
    page = await dispute.told()
    assert (WORDS in page, "Once more." in page) == (True, False)


async def test_a_contest_is_recorded_under_the_shoppers_profile_without_its_words(dispute: Dispute) -> None:
    await dispute.contest()
    [event] = [
        one for one in await dispute.desk.there.events(dispute.desk.report_id) if one["action"] == "review.contest"
    ]
    assert (event["actor_kind"], event["actor_id"]) == ("shopper", dispute.desk.shopper.id)
    assert "receipt" not in str(event["detail"])


async def test_everybody_who_may_decide_is_told_once_and_the_rejecter_is_not(dispute: Dispute) -> None:
    desk = dispute.desk
    for browser in (dispute.manager, desk.editor):
        assert browser.account_id
        await with_address(desk.there, browser.account_id, f"{browser.account_id.hex[:8]}@staff.test")
    await dispute.contest()
    assert await service.tell_contest(desk.settings, desk.there.affiliate_id, desk.shop_id, NOW) == 1
    rows = await desk.there.owner.fetch(
        "SELECT recipient_id FROM ops.delivery WHERE kind = 'review.contested' AND affiliate_id = $1",
        desk.there.affiliate_id,
    )
    assert [row["recipient_id"] for row in rows] == [dispute.manager.account_id]


async def test_whoever_works_for_other_clients_is_told_of_no_contest(site: Site, dispute: Dispute) -> None:
    there = dispute.desk.there
    elsewhere = await site.limited(there.affiliate_id, "manager")
    here = await site.limited(there.affiliate_id, "manager", there.client_id)
    for browser in (dispute.manager, elsewhere, here):
        assert browser.account_id
        await with_address(there, browser.account_id, f"{browser.account_id.hex[:8]}@staff.test")
    await dispute.contest()
    assert await service.tell_contest(dispute.desk.settings, there.affiliate_id, dispute.desk.shop_id, NOW) == 2
    rows = await there.owner.fetch("SELECT recipient_id FROM ops.delivery WHERE affiliate_id = $1", there.affiliate_id)
    assert elsewhere.account_id not in {row["recipient_id"] for row in rows}


async def test_a_stranger_finds_no_contest(site: Site, dispute: Dispute) -> None:
    await dispute.contest()
    other = await new_affiliate("Kestrel")
    stranger = await site.signed_in(other.affiliate_id, "editor")
    assert (await stranger.get(dispute.page)).status_code == 404
    assert (await dispute.judge(stranger, "uphold")).status_code == 404
    assert await dispute.contest_state() == ["RAISED"]


async def test_whoever_rejected_a_report_does_not_decide_whether_that_was_right(dispute: Dispute) -> None:
    await dispute.contest()
    assert "You rejected this report" in (await dispute.desk.editor.get(dispute.page)).text
    await dispute.judge(dispute.desk.editor, "uphold")
    assert await dispute.contest_state() == ["RAISED"]
    assert await dispute.desk.there.state_of(dispute.desk.shop_id) == "REJECTED"


async def test_neither_who_proposed_fraud_nor_who_confirmed_it_decides(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("reject", reason="fraud", words=TOLD)
    second = await site.signed_in(desk.there.affiliate_id, "manager")
    await second.post(f"{desk.base}/reject/confirm")
    shopper = await desk.there.signed_in(site, desk.shopper)
    await shopper.post(f"/shopper/shops/{desk.shop_id}/contest", {"words": WORDS})
    for browser in (desk.editor, second):
        await browser.post(f"{desk.base}/contest", {"decision": "uphold", "answer": ""})
        assert await desk.there.state_of(desk.shop_id) == "REJECTED"
    third = await site.signed_in(desk.there.affiliate_id, "editor")
    await third.post(f"{desk.base}/contest", {"decision": "uphold", "answer": ""})
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    # The proposal has gone with the rejection: nothing holds up the approval.
    assert "Rejection proposed" not in (await third.get(desk.base)).text


async def test_a_shopper_who_is_staff_too_does_not_decide_about_an_own_visit(dispute: Dispute) -> None:
    await dispute.contest()
    assert dispute.manager.account_id
    await with_address(dispute.desk.there, dispute.manager.account_id, dispute.desk.address)
    await dispute.judge(dispute.manager, "uphold")
    assert await dispute.contest_state() == ["RAISED"]


@pytest.mark.parametrize(
    "fields", [{"decision": ""}, {"decision": "decline"}, {"decision": "uphold", "answer": "x" * 2001}]
)
async def test_a_decision_that_is_not_whole_is_refused(dispute: Dispute, fields: dict[str, str]) -> None:
    await dispute.contest()
    assert (await dispute.judge(dispute.manager, fields["decision"], fields.get("answer", ""))).status_code == 422
    assert await dispute.contest_state() == ["RAISED"]


async def test_a_shop_on_hold_is_neither_contested_nor_judged(dispute: Dispute) -> None:
    hold = "UPDATE field.shop SET is_on_hold = $2 WHERE id = $1"
    owner, shop_id = dispute.desk.there.owner, dispute.desk.shop_id
    await owner.execute(hold, shop_id, True)
    await dispute.contest()
    assert await dispute.contest_state() == []
    await owner.execute(hold, shop_id, False)
    await dispute.contest()
    await owner.execute(hold, shop_id, True)
    await dispute.judge(dispute.manager, "uphold")
    assert await dispute.contest_state() == ["RAISED"]


async def test_an_overturned_rejection_brings_the_report_back_to_whoever_decided(dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold", "You are right.")
    row = await dispute.desk.there.row(dispute.desk.shop_id)
    assert (row["state"], row["editor_id"]) == ("IN_REVIEW", dispute.manager.account_id)
    assert await dispute.contest_state() == ["UPHELD"]


async def test_an_overturned_rejection_promises_again_what_was_promised(dispute: Dispute) -> None:
    assert tuple(await dispute.pay()) == ("VOID", "no_proof")
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold")
    assert tuple(await dispute.pay()) == ("PROSPECTIVE", "")


async def test_what_was_owed_before_the_rejection_is_owed_again(site: Site, desk: Desk) -> None:
    await promised(desk, "PAYABLE")
    await desk.pick_up()
    await desk.do("reject", reason="incomplete", words=TOLD)
    shopper = await desk.there.signed_in(site, desk.shopper)
    await shopper.post(f"/shopper/shops/{desk.shop_id}/contest", {"words": WORDS})
    manager = await site.signed_in(desk.there.affiliate_id, "manager")
    await manager.post(f"{desk.base}/contest", {"decision": "uphold", "answer": ""})
    state = await desk.there.owner.fetchval("SELECT state FROM identity.pay_item WHERE shop_id = $1", desk.shop_id)
    assert state == "PAYABLE"


async def test_what_payroll_voided_for_its_own_reason_stays_void(dispute: Dispute) -> None:
    owner, shop_id = dispute.desk.there.owner, dispute.desk.shop_id
    await owner.execute("UPDATE identity.pay_item SET reason = 'paid_elsewhere' WHERE shop_id = $1", shop_id)
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold")
    assert tuple(await dispute.pay()) == ("VOID", "paid_elsewhere")


async def test_a_mark_for_the_rejection_goes_with_it(dispute: Dispute) -> None:
    desk = dispute.desk
    await desk.do("mark")
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold")
    mark = await desk.there.owner.fetchrow(
        "SELECT kind, state, reason, decided_by FROM identity.mark WHERE shop_id = $1", desk.shop_id
    )
    assert tuple(mark) == ("rejected", "DISMISSED", "overturned", dispute.manager.account_id)
    assert "The reason given: the rejection was overturned" in (await dispute.shopper.get("/shopper/marks")).text


async def test_a_mark_is_proposed_for_a_rejection_alone(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("mark")
    assert await desk.there.owner.fetchval("SELECT count(*) FROM identity.mark WHERE shop_id = $1", desk.shop_id) == 0


async def test_the_shopper_reads_why_a_rejection_stands_and_gets_a_mail(dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.judge(dispute.manager, "decline", ANSWER)
    page = await dispute.told()
    assert "The rejection stands" in page
    assert ANSWER in page
    assert "Contest the rejection" not in page
    rows = await dispute.desk.there.owner.fetch(
        "SELECT context::text AS context FROM ops.delivery WHERE kind = 'review.answered' AND recipient_id = $1",
        dispute.desk.shopper.id,
    )
    assert len(rows) == 1
    assert ANSWER not in rows[0]["context"]


async def test_pay_stays_void_where_the_rejection_stands(dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.judge(dispute.manager, "decline", ANSWER)
    assert tuple(await dispute.pay()) == ("VOID", "no_proof")
    assert await dispute.desk.there.state_of(dispute.desk.shop_id) == "REJECTED"


async def test_deciding_twice_is_once_and_a_second_opinion_changes_nothing(dispute: Dispute) -> None:
    await dispute.contest()
    for _ in range(2):
        await dispute.judge(dispute.manager, "decline", ANSWER)
    other = await dispute.site.signed_in(dispute.desk.there.affiliate_id, "editor")
    await dispute.judge(other, "uphold")
    assert await dispute.contest_state() == ["DECLINED"]
    events = [event["action"] for event in await dispute.desk.there.events(dispute.desk.report_id)]
    assert events.count("review.contest_declined") == 1


async def test_both_decisions_are_recorded_with_their_moves(dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold")
    desk = dispute.desk
    events = {
        event["action"] for event in (await desk.there.events(desk.shop_id)) + (await desk.there.events(desk.report_id))
    }
    assert {"shop.contest_upheld", "review.contest", "review.contest_upheld"} <= events


async def test_a_look_at_the_shoppers_words_is_told_to_the_shopper(dispute: Dispute) -> None:
    await dispute.contest()
    page = (await dispute.manager.get(dispute.page)).text
    assert WORDS in page
    looks = [one for one in await dispute.desk.there.events(dispute.desk.shopper.id) if one["action"] == "contest.read"]
    assert [look["subject_id"] for look in looks] == [dispute.desk.shopper.id]


async def test_what_is_rejected_anew_can_be_contested_anew(dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold")
    dispute.site.clock.now = NOW + timedelta(hours=1)
    await dispute.manager.post(f"{dispute.desk.base}/reject", {"reason": "incomplete", "words": TOLD})
    await dispute.contest("It is all there.")
    assert await dispute.contest_state() == ["UPHELD", "RAISED"]
    assert "It is all there." in (await dispute.desk.editor.get(dispute.page)).text


async def test_an_overturned_report_is_approved_like_any_other(dispute: Dispute) -> None:
    await dispute.contest()
    await dispute.judge(dispute.manager, "uphold")
    desk = dispute.desk
    while left := [each for each in (await desk.opened()).scanned if not each.is_left]:
        fields = {"field": left[0].question_id, "finding": left[0].digest, "act": "replace"}
        await dispute.manager.post(f"{desk.base}/findings", fields)
    await dispute.manager.post(f"{desk.base}/approve", POINTS)
    assert await desk.there.state_of(desk.shop_id) == "APPROVED"
    assert tuple(await dispute.pay()) == ("PAYABLE", "")


async def test_contests_wait_in_a_list_that_the_queue_leads_to(dispute: Dispute) -> None:
    assert "/reviews/contests" not in (await dispute.manager.get("/reviews")).text
    await dispute.contest()
    assert "/reviews/contests" in (await dispute.manager.get("/reviews")).text
    assert dispute.page in (await dispute.manager.get("/reviews/contests")).text
    await dispute.judge(dispute.manager, "decline", ANSWER)
    assert dispute.page not in (await dispute.manager.get("/reviews/contests")).text


async def test_a_contest_that_nobody_raised_is_not_judged(desk: Desk) -> None:
    _, _ = await reported(desk.there, desk.shopper, PLAIN)
    async with desk.transaction():
        with pytest.raises(NotFound):
            await service.judge(desk.there.scope, desk.settings, desk.shop_id, Judged(True, ""), NOW)
