"""What becomes of a report: its guards, its grade, its pay, and what the shopper reads of it."""

import json
from datetime import datetime, timedelta

import pytest

from privacy.vault import Place, data_key, seal
from survey.shops.reviews.domain import RUBRIC, BadPoints, grade_of
from tests.conftest import NOW
from tests.survey.shops.reviews.conftest import PLAIN, POINTS, STORY, Desk, reported
from tests.web_client import Browser, Site


async def pay_of(desk: Desk) -> tuple[str, int] | None:
    """State and cents of what the shop pays."""
    row = await desk.there.owner.fetchrow(
        "SELECT state, fee_cents FROM identity.pay_item WHERE shop_id = $1", desk.shop_id
    )
    return (row["state"], row["fee_cents"]) if row else None


async def mails_of(desk: Desk) -> list[str]:
    """Kinds of mail that were asked for to the shopper."""
    rows = await desk.there.owner.fetch(
        "SELECT kind, context::text AS context FROM ops.delivery WHERE recipient_id = $1", desk.shopper.id
    )
    assert all("Anna" not in row["context"] for row in rows)
    return [row["kind"] for row in rows]


async def ready(desk: Desk) -> None:
    """Picked up, and every finding dealt with."""
    await desk.pick_up()
    await desk.clean()


async def test_a_report_with_open_findings_is_not_approved(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("approve", **POINTS)
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "2 findings in the texts" in await desk.page()


async def test_a_picture_that_goes_to_the_client_has_to_be_looked_at_first(desk: Desk) -> None:
    await ready(desk)
    await desk.picture()
    await desk.do("approve", **POINTS)
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "1 picture to be looked at" in await desk.page()


async def test_a_picture_that_stays_here_holds_nothing_up(desk: Desk) -> None:
    await ready(desk)
    await desk.picture("receipt")
    await desk.do("approve", **POINTS)
    assert await desk.there.state_of(desk.shop_id) == "APPROVED"


async def test_every_part_of_the_rubric_needs_points(desk: Desk) -> None:
    await ready(desk)
    answer = await desk.do("approve", accuracy="4", narrative="9")
    assert answer.status_code == 422
    assert answer.text.count("Choose how many points for") >= 3


async def test_an_approved_report_is_graded_scored_and_owed(desk: Desk) -> None:
    await desk.there.configure(scoring={"items": {"clean": {"points": 4}}})
    await ready(desk)
    await desk.do("approve", **POINTS, coaching="Lovely detail.")
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["grade"], row["score_percent"], row["editor_id"]) == ("APPROVED", 10, 100, None)
    assert await pay_of(desk) == ("PAYABLE", 1200)
    assert await mails_of(desk) == ["review.decided"]


async def test_an_approved_report_leads_to_its_release_and_back(desk: Desk) -> None:
    await ready(desk)
    assert "/releases/" not in await desk.page()
    await desk.do("approve", **POINTS)
    assert f'href="/releases/{desk.shop_id}"' in await desk.page()
    assert f'href="{desk.base}"' in (await desk.editor.get(f"/releases/{desk.shop_id}")).text


async def test_approving_twice_is_approving_once(desk: Desk) -> None:
    await ready(desk)
    for _ in range(2):
        await desk.do("approve", **POINTS)
    events = [event["action"] for event in await desk.there.events(desk.shop_id)]
    assert events.count("shop.approve") == 1


async def test_an_approval_is_recorded_with_its_grade(desk: Desk) -> None:
    await ready(desk)
    await desk.do("approve", **POINTS | {"care": "0"})
    [event] = [one for one in await desk.there.events(desk.shop_id) if one["action"] == "shop.approve"]
    assert '"grade": 9' in event["detail"]


async def test_a_shoppers_grade_is_the_mean_of_their_last_ten(desk: Desk) -> None:
    for grade in (4, 6):
        await desk.there.shop("CLOSED", desk.shopper, grade=grade)
    await ready(desk)
    await desk.do("approve", **POINTS | {"care": "0", "evidence": "1"})
    tenths = await desk.there.owner.fetchval("SELECT grade_tenths FROM identity.shopper WHERE id = $1", desk.shopper.id)
    assert tenths == 60


async def test_the_shopper_reads_grade_parts_and_advice(site: Site, desk: Desk) -> None:
    await ready(desk)
    await desk.do("approve", **POINTS, coaching="Lovely detail.")
    browser = await desk.there.signed_in(site, desk.shopper)
    page = (await browser.get(f"/shopper/shops/{desk.shop_id}/review")).text
    assert "grade 10 of 10" in page
    assert "Lovely detail." in page
    assert (await browser.get("/shopper/rubric")).status_code == 200


async def test_a_report_is_not_returned_without_a_note(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("return")
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "Write at least one note" in await desk.page()


async def test_a_return_takes_its_notes_along(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("notes", question="improve", note="Which till was it?")
    browser = await desk.there.signed_in(site, desk.shopper)
    url = f"/shopper/shops/{desk.shop_id}/review"
    assert "Which till" not in (await browser.get(url)).text
    await desk.do("return")
    assert await desk.there.state_of(desk.shop_id) == "RETURNED"
    assert "Which till" in (await browser.get(url)).text
    assert await mails_of(desk) == ["review.returned"]


async def test_a_note_is_taken_back_only_before_it_is_sent(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("notes", question="", note="First")
    await desk.do("notes", question="", note="First")
    [note] = (await desk.opened()).notes
    await desk.do(f"notes/{note.id}/remove")
    assert (await desk.opened()).notes == []


async def test_a_rejected_report_is_not_paid(desk: Desk) -> None:
    await ready(desk)
    await desk.do("reject", reason="no_proof")
    assert await desk.there.state_of(desk.shop_id) == "REJECTED"
    assert await pay_of(desk) in (None, ("VOID", 1200))


async def test_a_rejection_needs_a_reason_of_the_list(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("reject", reason="because I say so")
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"


async def proposed(site: Site, desk: Desk) -> Browser:
    """A rejection for fraud, proposed; the browser of a second person."""
    await desk.pick_up()
    await desk.do("reject", reason="fraud")
    return await site.signed_in(desk.there.affiliate_id, "manager")


async def test_fraud_is_proposed_and_not_confirmed_by_the_same_person(site: Site, desk: Desk) -> None:
    await proposed(site, desk)
    await desk.do("reject/confirm")
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "Somebody else has to confirm it" in await desk.page()


async def test_a_second_person_confirms_fraud(site: Site, desk: Desk) -> None:
    second = await proposed(site, desk)
    await second.post(f"{desk.base}/reject/confirm")
    assert await desk.there.state_of(desk.shop_id) == "REJECTED"
    assert [event["action"] for event in await desk.there.events(desk.report_id)] == ["review.propose_rejection"]


async def test_a_proposal_that_is_set_aside_holds_nothing_up(site: Site, desk: Desk) -> None:
    second = await proposed(site, desk)
    await second.post(f"{desk.base}/reject/set-aside")
    await desk.clean()
    await desk.do("approve", **POINTS)
    assert await desk.there.state_of(desk.shop_id) == "APPROVED"


async def test_an_excluded_report_is_paid_and_not_graded(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("exclude", reason="guideline_unclear")
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["grade"]) == ("EXCLUDED", None)
    assert await pay_of(desk) == ("PAYABLE", 1200)


async def test_an_approved_report_is_opened_again_and_stays_owed(desk: Desk) -> None:
    await ready(desk)
    await desk.do("approve", **POINTS)
    await desk.do("reopen")
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["editor_id"]) == ("IN_REVIEW", desk.editor.account_id)
    assert await pay_of(desk) == ("PAYABLE", 1200)


async def test_a_shop_on_hold_is_not_decided_about(desk: Desk) -> None:
    await desk.pick_up()
    await desk.there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", desk.shop_id)
    await desk.do("exclude", reason="our_mistake")
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "on hold" in await desk.page()


async def test_a_visit_that_could_not_be_made_is_paid_as_an_attempt(desk: Desk) -> None:
    await desk.there.configure(attempt_fee_cents=400)
    await desk.there.owner.execute("UPDATE field.report SET outcome = 'closed' WHERE id = $1", desk.report_id)
    await ready(desk)
    await desk.do("approve", **POINTS)
    assert await pay_of(desk) == ("PAYABLE", 400)


async def test_a_visit_that_could_not_be_made_has_no_score_whatever_was_answered_before(desk: Desk) -> None:
    await desk.there.owner.execute(
        "UPDATE field.report SET outcome = 'closed', reason = 'gone' WHERE id = $1", desk.report_id
    )
    await ready(desk)
    page = await desk.page()
    assert "Nothing is scored" in page
    assert "It has closed for good, or moved away" in page
    assert "counts for nothing" in page


async def test_earlier_visits_of_the_place_stand_beside_the_report(desk: Desk) -> None:
    other, _ = await reported(desk.there, desk.shopper, PLAIN)
    await desk.there.owner.execute(
        "UPDATE field.report SET submitted_at = $2 WHERE shop_id = $1", other, NOW.replace(day=1)
    )
    assert f"/reviews/{other}" in await desk.page()


def test_the_rubric_adds_up_to_ten_and_never_to_nothing() -> None:
    assert grade_of({part.code: part.most for part in RUBRIC}) == 10
    assert grade_of({part.code: min(part.steps) for part in RUBRIC}) == 1


def test_points_that_the_rubric_does_not_know_are_refused() -> None:
    with pytest.raises(BadPoints):
        grade_of({part.code: 5 for part in RUBRIC})


async def submitted(desk: Desk, number: int, at: datetime = NOW, **texts: str) -> None:
    """The report as it was handed in, kept as fieldwork keeps it."""
    key = await data_key(desk.there.owner, desk.settings.keyring, desk.report_id)
    place = Place(f"field.report_submission.sealed#{number}", desk.report_id, desk.report_id)
    await desk.there.owner.execute(
        "INSERT INTO field.report_submission (report_id, number, affiliate_id, sealed, submitted_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        desk.report_id, number, desk.there.affiliate_id,
        seal(key, place, json.dumps({"coded": {"clean": 5}, "texts": texts})), at,
    )  # fmt: skip


async def test_an_editor_sees_what_the_shopper_changed_after_a_return(desk: Desk) -> None:
    await submitted(desk, 1, improve="The till.")
    await submitted(desk, 2, improve="The till by the door.")
    await desk.pick_up()
    assert (await desk.opened()).resent == {"improve"}
    assert (await desk.page()).count("Changed by the shopper since the return") == 1


async def test_what_an_editor_changed_before_the_return_is_not_laid_at_the_shoppers_door(desk: Desk) -> None:
    await submitted(desk, 1, NOW - timedelta(hours=1), improve=STORY, other="Fine.")
    await desk.pick_up()
    await desk.clean()
    await submitted(desk, 2, NOW + timedelta(hours=1), improve=await desk.text(), other="Fine, and warm.")
    assert (await desk.opened()).resent == {"other"}


async def test_what_was_handed_in_is_kept_only_until_the_approval(desk: Desk) -> None:
    await submitted(desk, 1, improve="My server Anna")
    await ready(desk)
    await desk.do("approve", **POINTS)
    left = "SELECT count(*) FROM field.report_submission WHERE report_id = $1"
    assert await desk.there.owner.fetchval(left, desk.report_id) == 0
