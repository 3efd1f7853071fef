"""A report that is looked at again after its approval: why, until when; pages, pay and batches say the same."""

import json
from datetime import date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.shops.payments import service as payments
from survey.shops.reviews.domain import REOPEN_REASONS
from tests.conftest import NOW
from tests.survey.shops.reviews.conftest import PLAIN, POINTS, TOLD, Desk, reported
from tests.web_client import Browser, Site

AGAIN = "Being looked at again"
WHY = "The times do not fit the receipt."
OLD = NOW - timedelta(days=30)


async def in_batch(desk: Desk) -> list[object]:
    """The shops that a batch would pay for now."""
    async with desk.transaction():
        found = await payments.preview(desk.there.scope, "USD", date(2027, 12, 31), NOW.date())
    known = [*found.included, *(each.candidate for each in found.skipped)]
    ids = [each.item_id for each in known]
    rows = await desk.there.owner.fetch("SELECT shop_id FROM identity.pay_item WHERE id = ANY ($1::uuid[])", ids)
    return [row["shop_id"] for row in rows]


@pytest.fixture
async def approved(desk: Desk) -> Desk:
    """A report that an editor has approved."""
    await desk.pick_up()
    await desk.clean()
    await desk.do("approve", **POINTS)
    return desk


@pytest.fixture
async def shopper(site: Site, approved: Desk) -> Browser:
    """Whoever made the visit."""
    return await approved.there.signed_in(site, approved.shopper)


async def test_a_report_that_was_never_approved_enters_no_batch(approved: Desk) -> None:
    other, _ = await reported(approved.there, approved.shopper, PLAIN)
    async with approved.transaction():
        await payments.promise(approved.there.scope, other, NOW)
    assert await in_batch(approved) == [approved.shop_id]


async def test_pay_of_a_reopened_report_stands_and_may_enter_a_batch(approved: Desk) -> None:
    await approved.reopen()
    assert await in_batch(approved) == [approved.shop_id]


async def test_a_rejection_that_was_overturned_before_any_approval_enters_no_batch(site: Site, desk: Desk) -> None:
    async with desk.transaction():
        await payments.promise(desk.there.scope, desk.shop_id, NOW)
    await desk.pick_up()
    await desk.do("reject", reason="no_proof", words=TOLD)
    own = await desk.there.signed_in(site, desk.shopper)
    await own.post(f"/shopper/shops/{desk.shop_id}/contest", {"words": "It is there."})
    manager = await site.signed_in(desk.there.affiliate_id, "manager")
    await manager.post(f"{desk.base}/contest", {"decision": "uphold", "answer": ""})
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert await in_batch(desk) == []


async def test_pages_speak_of_no_second_look_while_there_is_none(approved: Desk, shopper: Browser) -> None:
    for page in ("/shopper/pay", "/shopper/shops", f"/shopper/shops/{approved.shop_id}"):
        assert AGAIN not in (await shopper.get(page)).text


async def test_every_page_of_the_shopper_says_that_it_is_looked_at_again_and_that_pay_stands(
    approved: Desk, shopper: Browser
) -> None:
    await approved.reopen()
    assert "Being looked at again; your pay of USD 12.00 stands" in (await shopper.get("/shopper/pay")).text
    assert "Being looked at again; your pay stands" in (await shopper.get("/shopper/shops")).text
    for page in (f"/shopper/shops/{approved.shop_id}", f"/shopper/shops/{approved.shop_id}/review"):
        text = (await shopper.get(page)).text
        assert AGAIN in text
        assert "Approved: grade" not in text


async def test_payroll_sees_beside_the_item_that_its_report_is_looked_at_again(site: Site, approved: Desk) -> None:
    payroll = await site.signed_in(approved.there.affiliate_id, "payroll")
    ref = (await approved.there.row(approved.shop_id))["public_ref"]
    assert "Report looked at again" not in (await payroll.get(f"/pay?q={ref}")).text
    await approved.reopen()
    assert "Report looked at again" in (await payroll.get(f"/pay?q={ref}")).text


async def test_a_reopened_report_that_comes_back_promises_nothing_a_second_time(
    approved: Desk, shopper: Browser
) -> None:
    await approved.reopen()
    await approved.do("notes", question="", note="Which day was it?")
    await approved.do("return")
    assert "Something is to be changed; your pay stands" in (await shopper.get("/shopper/shops")).text
    assert "stays owed to you" in (await shopper.get(f"/shopper/shops/{approved.shop_id}")).text
    check = (await shopper.get(f"/shopper/shops/{approved.shop_id}/report/check")).text
    assert ("owed to you already" in check, "once an editor has accepted it" in check) == (True, False)


async def test_mails_about_a_second_look_say_nothing_of_pay(approved: Desk) -> None:
    await approved.reopen()
    await approved.do("notes", question="", note="Which day was it?")
    await approved.do("return")
    rows = await approved.there.owner.fetch(
        "SELECT kind, context::text AS context FROM ops.delivery WHERE recipient_id = $1 ORDER BY created_at, kind",
        approved.shopper.id,
    )
    assert sorted(row["kind"] for row in rows) == ["review.decided", "review.returned"]
    assert all(set(json.loads(row["context"])) == {"shop_id"} for row in rows)


async def test_a_recalled_report_is_accepted_until_somebody_opens_it_again(approved: Desk, shopper: Browser) -> None:
    # What a recall makes of a shop: approved once more, and its grade stands.
    await approved.there.owner.execute("UPDATE field.shop SET state = 'APPROVED' WHERE id = $1", approved.shop_id)
    assert "Approved: grade" in (await shopper.get(f"/shopper/shops/{approved.shop_id}/review")).text


async def test_an_approved_visit_without_a_receipt_speaks_of_nothing_to_be_paid_back(
    approved: Desk, shopper: Browser
) -> None:
    assert "paid back" not in (await shopper.get("/shopper/shops")).text


async def review_of(desk: Desk) -> dict[str, object]:
    """The review as it is stored."""
    return dict(await desk.there.owner.fetchrow("SELECT * FROM field.review WHERE shop_id = $1", desk.shop_id))


def has_badge(html: str) -> bool:
    """Whether a page says of something that it is late."""
    return "Late" in [each.text().strip() for each in HTMLParser(html).css("#main .badge")]


async def late(desk: Desk) -> tuple[bool, bool, bool]:
    """Whether the report is late: on its own page, in its line of the queue, and as the queue counts it."""
    queue = (await desk.editor.get("/reviews?state=IN_REVIEW")).text
    words = " ".join(HTMLParser(queue).text().split())
    return has_badge(await desk.page()), has_badge(queue), "Past their time 0" not in words


async def come_back(site: Site, desk: Desk, now: datetime) -> None:
    """An editor signs in at a later moment; a session does not last for days."""
    site.clock.now = now
    desk.editor = await site.signed_in(desk.there.affiliate_id, "editor")


IN_TIME, LATE = (False, False, False), (True, True, True)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"reason": ""}, "reason"), ({"reason": "fraud"}, "reason"), ({"words": ""}, "words"), ({"by": "soon"}, "by"),
     ({"by": "2020-01-01"}, "by"), ({"by": "9999-12-31"}, "by"), ({"words": "Anna, 4111 1111 1111 1111"}, "words")],
)  # fmt: skip
async def test_nothing_is_opened_again_without_a_reason_and_words_and_what_was_typed_is_kept(
    approved: Desk, fields: dict[str, str], field: str
) -> None:
    typed = {"reason": "overlooked", "words": WHY, "by": "", **fields}
    answer = await approved.do("reopen", **typed)
    page = HTMLParser(answer.text)
    assert (answer.status_code, await approved.there.state_of(approved.shop_id)) == (422, "APPROVED")
    assert page.css(f"#reopen-{field}-error")
    assert page.css("#reopen-words")[0].text() == typed["words"]
    assert page.css("#reopen-by")[0].attributes["value"] == typed["by"]
    chosen = [each.attributes["value"] for each in page.css("#reopen-reason option[selected]")]
    assert chosen == ([typed["reason"]] if typed["reason"] in REOPEN_REASONS else [])


async def test_why_it_was_opened_again_is_kept_sealed_as_a_decision_and_audited(approved: Desk) -> None:
    assert (await approved.reopen(words=WHY)).status_code == 303
    kept = await approved.there.owner.fetchrow(
        "SELECT kind, reason, old_grade, new_grade, words FROM field.review_decision WHERE shop_id = $1 AND n = 2",
        approved.shop_id,
    )
    assert (kept["kind"], kept["reason"], kept["old_grade"]) == ("reopened", "overlooked", kept["new_grade"])
    assert WHY.encode() not in kept["words"]
    (event,) = [each for each in await approved.there.events(approved.shop_id) if each["action"] == "shop.reopen"]
    detail = json.loads(event["detail"])
    assert (detail["reason"], detail["decide_by"]) == ("overlooked", (NOW + timedelta(hours=48)).isoformat())


async def test_a_second_click_opens_it_once(approved: Desk) -> None:
    await approved.reopen(words=WHY)
    await approved.reopen(words=WHY)
    count = "SELECT count(*) FROM field.review_decision WHERE shop_id = $1 AND kind = 'reopened'"
    assert await approved.there.owner.fetchval(count, approved.shop_id) == 1


async def test_the_shopper_reads_why_and_the_editors_too(approved: Desk, shopper: Browser) -> None:
    await approved.reopen(words=WHY)
    text = " ".join(HTMLParser((await shopper.get(f"/shopper/shops/{approved.shop_id}/review")).text).text().split())
    assert f"Why: Something in it was overlooked. {WHY}" in text
    assert "Opened again" in text
    assert WHY in await approved.page()


async def test_it_is_not_late_at_once_and_nothing_happens_to_it_by_itself(approved: Desk) -> None:
    await approved.there.owner.execute("UPDATE field.report SET submitted_at = $2 WHERE id = $1",
                                       approved.report_id, OLD)  # fmt: skip
    await approved.there.owner.execute("UPDATE field.shop SET due_at = $2 WHERE id = $1", approved.shop_id, OLD)
    await approved.reopen()
    assert await late(approved) == IN_TIME
    timers = "SELECT count(*) FROM field.shop_timer WHERE shop_id = $1"
    assert await approved.there.owner.fetchval(timers, approved.shop_id) == 0


async def test_it_is_late_once_the_time_that_was_said_is_over(site: Site, approved: Desk) -> None:
    await approved.reopen()
    await come_back(site, approved, NOW + timedelta(hours=47))
    assert await late(approved) == IN_TIME
    await come_back(site, approved, NOW + timedelta(hours=49))
    assert await late(approved) == LATE


async def test_an_editor_chooses_until_when(site: Site, approved: Desk) -> None:
    await approved.reopen(by=str(NOW.date() + timedelta(days=9)))
    await come_back(site, approved, NOW + timedelta(days=8))
    assert await late(approved) == IN_TIME
    await come_back(site, approved, NOW + timedelta(days=11))
    assert await late(approved) == LATE


async def test_a_hold_takes_nothing_of_the_time(site: Site, approved: Desk) -> None:
    await approved.reopen()
    await approved.do("hold", reason="legal")
    await come_back(site, approved, NOW + timedelta(days=5))
    await approved.do("lift-hold")
    await come_back(site, approved, NOW + timedelta(days=6))
    assert await late(approved) == IN_TIME


async def test_what_is_handed_in_anew_has_the_time_of_a_new_report(site: Site, approved: Desk) -> None:
    await approved.reopen(by=str(NOW.date() + timedelta(days=9)))
    handed_in = NOW + timedelta(days=1)
    await approved.there.owner.execute("UPDATE field.report SET submitted_at = $2 WHERE id = $1",
                                       approved.report_id, handed_in)  # fmt: skip
    await come_back(site, approved, handed_in + timedelta(hours=49))
    assert await late(approved) == LATE


async def test_opening_it_again_moves_no_grade(approved: Desk, shopper: Browser) -> None:
    before = (await shopper.get("/shopper/grades")).text
    await approved.reopen()
    assert "reopened" not in (await shopper.get("/shopper/grades")).text
    assert before.count("<li>") == (await shopper.get("/shopper/grades")).text.count("<li>")
    assert (await review_of(approved))["decision"] == "approved"
