"""What becomes of a report: its guards, its grade, its pay, and what the shopper reads of it."""

import json
from datetime import datetime, timedelta

import pytest

from privacy.vault import Place, data_key, seal
from survey.shops.reviews import service
from survey.shops.reviews.domain import RUBRIC, BadPoints, grade_of
from tests.conftest import NOW
from tests.survey.shops.reviews.conftest import PLAIN, POINTS, STORY, TOLD, Desk, reported
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


UNSENDABLE = {
    "long": "x" * 2001,
    "card": "Your card 4111 1111 1111 1111 is on it.",
    "a name": "The server Tamsin remembers another day.",
    "telephone": "Ring me on 020 7946 0018.",
}


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


@pytest.mark.parametrize("words", UNSENDABLE.values(), ids=UNSENDABLE)
async def test_nothing_is_approved_with_a_word_to_the_shopper_that_cannot_be_sent(desk: Desk, words: str) -> None:
    await ready(desk)
    answer = await desk.do("approve", **POINTS, coaching=words)
    assert (answer.status_code, 'id="coaching-error"' in answer.text) == (422, True)
    assert (words in answer.text, await desk.there.state_of(desk.shop_id)) == (True, "IN_REVIEW")


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


@pytest.mark.parametrize("words", ["", *UNSENDABLE.values()], ids=["none", *UNSENDABLE])
async def test_a_note_that_cannot_be_sent_is_not_kept_and_stays_in_its_form(desk: Desk, words: str) -> None:
    await desk.pick_up()
    answer = await desk.do("notes", question="improve", note=words)
    assert (answer.status_code, 'id="notes-note-error"' in answer.text) == (422, True)
    assert (words in answer.text, '<option value="improve" selected>' in answer.text) == (True, True)
    assert (await desk.opened()).notes == []


@pytest.mark.parametrize("part", ["notes", "approve"])
async def test_of_words_with_a_name_the_form_says_that_they_are_neither_kept_nor_sent(desk: Desk, part: str) -> None:
    await ready(desk)
    answer = await desk.do(part, **POINTS, note=UNSENDABLE["a name"], coaching=UNSENDABLE["a name"])
    assert answer.status_code == 422
    assert "Take out a person’s name. Nothing was kept or sent" in answer.text


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


async def test_a_note_is_begun_beside_the_question_that_it_is_about(desk: Desk) -> None:
    assert "Ask the shopper" not in await desk.page()
    await desk.pick_up()
    assert f'href="{desk.base}?about=clean#notes"' in await desk.page()
    begun = (await desk.editor.get(f"{desk.base}?about=clean")).text
    assert '<option value="clean" selected>' in begun


async def test_a_note_is_taken_back_only_before_it_is_sent(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("notes", question="", note="First")
    await desk.do("notes", question="", note="First")
    [note] = (await desk.opened()).notes
    await desk.do(f"notes/{note.id}/remove")
    assert (await desk.opened()).notes == []


async def test_a_rejected_report_is_not_paid(desk: Desk) -> None:
    await ready(desk)
    await desk.do("reject", reason="no_proof", words=TOLD)
    assert await desk.there.state_of(desk.shop_id) == "REJECTED"
    assert await pay_of(desk) in (None, ("VOID", 1200))


async def test_a_rejection_needs_a_reason_of_the_list(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("reject", reason="because I say so", words=TOLD)
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"


@pytest.mark.parametrize("act", ["reject", "exclude"])
@pytest.mark.parametrize("words", ["", *UNSENDABLE.values()], ids=["none", *UNSENDABLE])
async def test_a_decision_against_a_report_needs_words_that_can_be_sent(desk: Desk, act: str, words: str) -> None:
    await desk.pick_up()
    reason = "no_proof" if act == "reject" else "our_mistake"
    page = await desk.do(act, reason=reason, words=words)
    assert (page.status_code, await desk.there.state_of(desk.shop_id)) == (422, "IN_REVIEW")
    assert words in page.text


@pytest.mark.parametrize(
    ("act", "reason", "state"),
    [("reject", "no_proof", "REJECTED"), ("exclude", "our_mistake", "EXCLUDED")],
    ids=["reject", "exclude"],
)
async def test_what_only_might_be_a_name_keeps_no_decision_from_being_sent(
    desk: Desk, act: str, reason: str, state: str
) -> None:
    await desk.pick_up()
    words = "The picture of the Flat White is too dark to see anything."
    async with desk.transaction():
        looked = await service.look_at_words(desk.there.scope, desk.settings, desk.shop_id, words, to_client=False)
    assert looked.kinds == ["what might be a name"]
    assert (await desk.do(act, reason=reason, words=words)).status_code == 303
    assert await desk.there.state_of(desk.shop_id) == state


@pytest.mark.parametrize(
    ("act", "reason"), [("reject", "no_proof"), ("exclude", "our_mistake")], ids=["reject", "exclude"]
)
async def test_the_shopper_and_the_history_show_the_words_of_a_decision(
    site: Site, desk: Desk, act: str, reason: str
) -> None:
    await desk.pick_up()
    await desk.do(act, reason=reason, words="The till slip is of the shop next door.")
    shopper = await desk.there.signed_in(site, desk.shopper)
    own = (await shopper.get(f"/shopper/shops/{desk.shop_id}/review")).text
    assert "The till slip is of the shop next door." in own
    assert "The till slip is of the shop next door." in await desk.page()
    kept = await desk.there.owner.fetchval(
        "SELECT words FROM field.review_decision WHERE report_id = $1", desk.report_id
    )
    assert b"till slip" not in kept


async def test_a_second_person_reads_and_sends_the_words_of_whoever_proposed(site: Site, desk: Desk) -> None:
    second = await proposed(site, desk)
    assert TOLD in (await second.get(desk.base)).text
    await second.post(f"{desk.base}/reject/confirm")
    shopper = await desk.there.signed_in(site, desk.shopper)
    assert TOLD in (await shopper.get(f"/shopper/shops/{desk.shop_id}/review")).text


async def test_what_is_set_aside_is_told_to_nobody(site: Site, desk: Desk) -> None:
    second = await proposed(site, desk)
    await second.post(f"{desk.base}/reject/set-aside")
    shopper = await desk.there.signed_in(site, desk.shopper)
    assert TOLD not in (await shopper.get(f"/shopper/shops/{desk.shop_id}/review")).text


async def proposed(site: Site, desk: Desk) -> Browser:
    """A rejection for fraud, proposed; the browser of a second person."""
    await desk.pick_up()
    await desk.do("reject", reason="fraud", words=TOLD)
    return await site.signed_in(desk.there.affiliate_id, "manager")


async def test_fraud_is_proposed_and_not_confirmed_by_the_same_person(site: Site, desk: Desk) -> None:
    await proposed(site, desk)
    await desk.do("reject/confirm")
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "Somebody else has to confirm it" in await desk.page()


async def test_nothing_is_proposed_once_the_report_is_rejected(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("reject", reason="no_proof", words=TOLD)
    await desk.do("reject", reason="fraud", words=TOLD)
    page = await desk.page()
    assert ("The report is rejected." in page, "The rejection is proposed" in page) == (True, False)


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
    await desk.do("exclude", reason="guideline_unclear", words=TOLD)
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["grade"]) == ("EXCLUDED", None)
    assert await pay_of(desk) == ("PAYABLE", 1200)


async def test_an_approved_report_is_opened_again_and_stays_owed(desk: Desk) -> None:
    await ready(desk)
    await desk.do("approve", **POINTS)
    await desk.reopen()
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["editor_id"]) == ("IN_REVIEW", desk.editor.account_id)
    assert await pay_of(desk) == ("PAYABLE", 1200)


@pytest.mark.parametrize(
    ("part", "fields", "anchor"),
    [
        ("notes", {"question": "", "note": "Which till was it?"}, "#notes"),
        ("reject", {"reason": "incomplete", "words": "It came too late."}, "#decision"),
        ("exclude", {"reason": "our_mistake", "words": "It came too late."}, "#decision"),
        ("findings", {"act": "leave", "reason": "It is a dish."}, "#findings"),
    ],
    ids=["notes", "reject", "exclude", "findings"],
)
async def test_a_refusal_leads_to_the_top_of_the_page_where_it_stands_and_what_was_done_to_its_place(
    desk: Desk, part: str, fields: dict[str, str], anchor: str
) -> None:
    await desk.pick_up()
    chosen = {"field": (await desk.opened()).scanned[0].question_id, "finding": (await desk.findings())[0][1]}
    hold = "UPDATE field.shop SET is_on_hold = $2 WHERE id = $1"
    for is_held, expected in ((True, desk.base), (False, f"{desk.base}{anchor}")):
        await desk.there.owner.execute(hold, desk.shop_id, is_held)
        answer = await desk.do(part, **fields, **(chosen if part == "findings" else {}))
        assert (answer.status_code, answer.headers["location"]) == (303, expected)


async def test_a_shop_on_hold_is_not_decided_about(desk: Desk) -> None:
    await desk.pick_up()
    await desk.there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", desk.shop_id)
    await desk.do("exclude", reason="our_mistake", words=TOLD)
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"
    assert "on hold" in await desk.page()


async def test_a_visit_that_could_not_be_made_is_paid_as_an_attempt(desk: Desk) -> None:
    await desk.there.configure(attempt_fee_cents=400)
    await desk.there.owner.execute("UPDATE field.report SET outcome = 'closed' WHERE id = $1", desk.report_id)
    await ready(desk)
    await desk.do("approve", **POINTS)
    assert await pay_of(desk) == ("PAYABLE", 400)
    assert (await desk.there.row(desk.shop_id))["is_attempt"]


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
