"""Appeals: raised by the client, relayed by the affiliate, answered by the shopper, decided in the open."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from survey.appeals import service
from survey.appeals.domain import APPEALS, DECIDED, OPEN, AppealEvent, AppealState, WrongAppealState, after
from survey.shops.visits import service as visits
from tests.conftest import NOW, new_affiliate
from tests.survey.appeals.conftest import Case
from tests.survey.releases.shops import COMMENT, same_person, seal_text
from tests.web_client import Site

ENDS = (AppealEvent.RESOLVE, AppealEvent.CHANGE, AppealEvent.DECLINE)
CLIENTS_WORDS = "Our manager Gwendolyn saw it herself."


def test_what_is_decided_stays_decided() -> None:
    for state in DECIDED:
        for event in AppealEvent:
            with pytest.raises(WrongAppealState):
                after(state, event)


def test_every_state_of_an_appeal_is_reached_and_every_open_one_can_end() -> None:
    assert {AppealState.NEW, *APPEALS.values()} == set(AppealState)
    for state in OPEN:
        assert {after(state, event) for event in ENDS} == set(DECIDED)


async def test_a_sibling_store_cannot_contest(site: Site, case: Case) -> None:
    there = case.one.there
    sibling = await site.viewer(there.affiliate_id, there.client_id, await there.location("CK-044"))
    fields = {"question": "clean", "issue": "other", "words": "No."}
    assert (await sibling.post(f"{case.url}/appeal", fields)).status_code == 404
    appeal_id = await case.raised()
    assert (await sibling.get(f"/portal/appeals/{appeal_id}")).status_code == 404


async def test_another_affiliates_editor_finds_no_appeal(site: Site, case: Case) -> None:
    appeal_id = await case.raised()
    other = await new_affiliate("Kestrel")
    stranger = await site.signed_in(other.affiliate_id, "editor")
    for page in ("", "/change"):
        assert (await stranger.get(f"/appeals/{appeal_id}{page}")).status_code == 404
    assert "Riverside" not in (await stranger.get("/appeals")).text


@pytest.mark.parametrize("fields", [{"issue": "x"}, {"words": ""}, {"words": "x" * 2001}])
async def test_an_incomplete_appeal_is_refused(case: Case, fields: dict[str, str]) -> None:
    whole = {"question": "clean", "issue": "other", "words": "No."} | fields
    assert (await case.store.post(f"{case.url}/appeal", whole)).status_code == 422


async def test_a_question_that_is_not_in_the_report_cannot_be_contested(case: Case) -> None:
    fields = {"question": "mood", "issue": "other", "words": "No."}
    page = await case.store.post(f"{case.url}/appeal", fields)
    assert (page.status_code, "Choose the answer that is wrong" in page.text) == (422, True)
    assert await case.one.there.owner.fetchval(
        "SELECT count(*) FROM release.appeal WHERE report_ref = $1", case.report_ref
    ) == 0  # fmt: skip


async def test_whoever_comes_without_a_question_chooses_one(case: Case) -> None:
    page = await case.store.get(f"{case.url}/appeal")
    assert (page.status_code, "Which answer is wrong?" in page.text, "How clean was it?" in page.text) == (
        200,
        True,
        True,
    )


async def test_whoever_contests_an_answer_reads_it_there(case: Case) -> None:
    snapshot = await case.one.there.owner.fetchval(
        "SELECT snapshot FROM release.shop_report WHERE report_ref = $1", case.report_ref
    )
    answers = {each["question_id"]: each for each in json.loads(snapshot)["answers"]}
    page = (await case.store.get(f"{case.url}/appeal?question=clean")).text
    for line in answers["clean"]["lines"]:
        assert f"<p>{line}</p>" in page


async def test_after_its_window_nothing_can_be_contested(site: Site, case: Case) -> None:
    site.clock.now = NOW + timedelta(days=14, minutes=-59)
    await case.one.there.owner.execute("UPDATE ops.portal_session SET expires_at = $1", NOW + timedelta(days=30))
    fields = {"question": "clean", "issue": "other", "words": "No."}
    answer = await case.store.post(f"{case.url}/appeal", fields)
    assert (answer.status_code, "is over" in answer.text) == (422, True)


async def test_contesting_twice_is_once(case: Case) -> None:
    assert await case.raised() == await case.raised()


async def test_an_open_appeal_keeps_the_shop_from_closing(case: Case) -> None:
    appeal_id = await case.raised()
    there, shop_id = case.one.there, case.one.shop_id
    later = NOW + timedelta(days=15)
    assert (await there.row(shop_id))["is_appeal_open"]
    await visits.fire_timers(later)
    assert await there.state_of(shop_id) == "RELEASED"
    await case.act(appeal_id, "resolve", "The picture shows the table.")
    await visits.fire_timers(later)
    assert await there.state_of(shop_id) == "CLOSED"


async def test_taking_in_is_recorded_and_twice_is_once(case: Case) -> None:
    appeal_id = await case.raised()
    assert await service.take_in(NOW) == 0
    events = [(row["actor_kind"], row["action"]) for row in await case.one.there.events(appeal_id)]
    assert events == [("viewer", "appeal.raised")]


async def test_staff_see_both_sides_and_each_side_only_what_staff_write(case: Case) -> None:
    appeal_id = await case.raised(words=CLIENTS_WORDS)
    await case.act(appeal_id, "ask_shopper", "Which table was it?")
    question_id = await case.one.there.owner.fetchval(
        "SELECT id FROM field.appeal_question WHERE appeal_id = $1", appeal_id
    )
    asked = (await case.shopper.get(f"/shopper/appeals/{question_id}")).text
    assert "Which table was it?" in asked
    assert CLIENTS_WORDS not in asked
    await case.shopper.post(f"/shopper/appeals/{question_id}", {"words": "The one by the door."})
    await service.take_in(NOW)
    for viewer in (case.store, case.head):
        page = (await viewer.get(f"/portal/appeals/{appeal_id}")).text
        assert CLIENTS_WORDS in page
        assert "by the door" not in page
        assert "Which table" not in page
    staff = (await case.editor.get(f"/appeals/{appeal_id}")).text
    assert CLIENTS_WORDS in staff
    assert "The one by the door." in staff
    assert await case.state_of(appeal_id) == "WAITING_AFFILIATE"


@pytest.mark.parametrize("page", ["", "/change"])
async def test_each_look_at_what_a_shopper_reported_is_recorded_and_tells_of_no_appeal(case: Case, page: str) -> None:
    appeal_id, there = await case.raised(), case.one.there
    await there.owner.execute("DELETE FROM ledger.event WHERE actor_id = $1", case.editor.account_id)
    for _ in range(2):
        assert (await case.editor.get(f"/appeals/{appeal_id}{page}")).status_code == 200
    query = "SELECT action, subject_id, purpose FROM ledger.event WHERE actor_id = $1"
    looks = [tuple(row) for row in await there.owner.fetch(query, case.editor.account_id)]
    assert looks == [("report.read", case.one.shopper.id, "look again at what was reported")]
    shown = (await case.shopper.get("/shopper/profile/looks")).text
    assert "look again at what was reported" in shown
    assert "ppeal" not in shown.partition("<main")[2]


async def test_a_question_is_sealed_and_its_mail_says_nothing_of_it(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_shopper", "Which table was it?")
    there = case.one.there
    sealed = await there.owner.fetchval("SELECT asked FROM field.appeal_question WHERE appeal_id = $1", appeal_id)
    assert b"table" not in sealed
    mail = await there.owner.fetchrow(
        "SELECT context, is_bulk FROM ops.delivery WHERE kind = $1 AND recipient_id = $2",
        service.ASKED_KIND,
        case.one.shopper.id,
    )
    assert ("table" in str(mail["context"]), mail["is_bulk"]) == (False, False)


async def test_another_shopper_cannot_read_or_answer_the_question(site: Site, case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_shopper", "Which table was it?")
    there = case.one.there
    question_id = await there.owner.fetchval("SELECT id FROM field.appeal_question WHERE appeal_id = $1", appeal_id)
    other = await there.signed_in(site, await there.shopper("Nia Thornbury"))
    assert (await other.get(f"/shopper/appeals/{question_id}")).status_code == 404
    assert (await other.post(f"/shopper/appeals/{question_id}", {"words": "Me!"})).status_code == 404
    assert str(question_id) not in (await other.get("/shopper/appeals")).text


async def test_an_answer_is_given_once(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_shopper", "Which table was it?")
    there = case.one.there
    question_id = await there.owner.fetchval("SELECT id FROM field.appeal_question WHERE appeal_id = $1", appeal_id)
    for words in ("The first answer.", "Another one."):
        await case.shopper.post(f"/shopper/appeals/{question_id}", {"words": words})
    assert "The first answer." in (await case.shopper.get(f"/shopper/appeals/{question_id}")).text
    assert [row["action"] for row in await there.events(appeal_id)].count("appeal.answered") == 1


async def test_the_client_replies_only_when_asked(case: Case) -> None:
    appeal_id = await case.raised()
    assert (await case.store.post(f"/portal/appeals/{appeal_id}", {"words": "Hello?"})).status_code == 422
    await case.act(appeal_id, "ask_client", "At what time did you clean?")
    page = (await case.store.get(f"/portal/appeals/{appeal_id}")).text
    assert "At what time did you clean?" in page
    assert (await case.store.post(f"/portal/appeals/{appeal_id}", {"words": "At nine."})).status_code == 303
    assert await case.state_of(appeal_id) == "WAITING_AFFILIATE"


async def test_the_outcome_stands_beside_the_report(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "decline", "The picture shows the table.")
    page = (await case.store.get(case.url)).text
    assert "Declined" in page
    assert "The picture shows the table." in page


async def test_a_change_releases_the_report_anew_and_the_old_version_is_kept_unread(case: Case) -> None:
    appeal_id = await case.raised()
    answer = await case.editor.submit(
        f"/appeals/{appeal_id}/change",
        {"clean": "5", "shown": "clean", "reason": "A picture shows it.", "outcome": "You were right."},
    )
    assert answer.status_code == 303
    there = case.one.there
    rows = await there.owner.fetch(
        "SELECT version, score, score_before, is_superseded FROM release.shop_report WHERE shop_id = $1"
        " ORDER BY version",
        case.one.shop_id,
    )
    assert [(row["version"], row["is_superseded"]) for row in rows] == [(1, True), (2, False)]
    assert (rows[1]["score_before"], rows[1]["score"]) == (rows[0]["score"], 100)
    page = (await case.store.get(case.url)).text
    for words in ("Corrected after an appeal", "78.6 before", "You were right.", "5 out of 5"):
        assert words in page, words
    assert "3 out of 5" not in page


async def test_a_change_that_cannot_leave_says_what_to_do_and_records_whose_name_was_opened(case: Case) -> None:
    there, appeal_id = case.one.there, await case.raised()
    await seal_text(there, case.one.report_id, "greeted-comment", "My server Anna was kind.")
    before = len(await there.events(case.one.shopper.id))
    fields = {"clean": "5", "shown": "clean", "reason": "A picture shows it.", "outcome": "You were right."}
    await case.editor.submit(f"/appeals/{appeal_id}/change", fields)
    page = (await case.editor.get(f"/appeals/{appeal_id}")).text
    assert "recall the report if the client has it, and reopen it in review" in page
    assert await case.state_of(appeal_id) == "NEW"
    looks = [(each["action"], each["purpose"]) for each in (await there.events(case.one.shopper.id))[before:]]
    assert ("shopper.read", "keep out of a report who made the visit") in looks


async def test_a_change_leaves_the_grade_and_tells_the_shopper_why(case: Case) -> None:
    appeal_id = await case.raised()
    await case.editor.submit(
        f"/appeals/{appeal_id}/change",
        {"clean": "5", "shown": "clean", "reason": "A picture shows it.", "outcome": "You were right."},
    )
    there = case.one.there
    row = await there.row(case.one.shop_id)
    assert (row["grade"], row["state"], row["is_appeal_open"]) == (8, "RELEASED", False)
    edit = await there.owner.fetchrow("SELECT * FROM field.report_edit WHERE report_id = $1", case.one.report_id)
    assert (edit["origin"], edit["old_coded"], edit["new_coded"]) == ("appeal", "3", "5")
    assert "shop.appeal_changed" in [row["action"] for row in await there.events(case.one.shop_id)]


CHANGE = {"clean": "5", "shown": "clean", "reason": "A picture shows it.", "outcome": "You were right."}


@pytest.mark.parametrize("beside", ["", "Seen again on the picture: clean."], ids=["taken-out", "other-words"])
async def test_words_that_explain_the_old_answer_do_not_stay_beside_the_new_one(case: Case, beside: str) -> None:
    appeal_id = await case.raised()
    page = (await case.editor.get(f"/appeals/{appeal_id}/change")).text
    assert COMMENT in page[page.index('name="beside"') :]
    await case.editor.submit(f"/appeals/{appeal_id}/change", CHANGE | {"beside": beside})
    assert await case.state_of(appeal_id) == "CHANGED"
    page = (await case.store.get(case.url)).text
    assert (COMMENT in page, beside in page) == (False, True)
    own = (await case.shopper.get(f"/shopper/shops/{case.one.shop_id}/review")).text
    assert "were sticky" in own
    changed = "SELECT origin FROM field.report_edit WHERE report_id = $1 AND question_id = 'clean-comment'"
    assert [row["origin"] for row in await case.one.there.owner.fetch(changed, case.one.report_id)] == ["appeal"]


async def test_words_beside_a_changed_answer_that_name_somebody_do_not_leave(case: Case) -> None:
    appeal_id = await case.raised()
    typed = CHANGE | {"beside": "My server Anna had cleaned it."}
    answer = await case.editor.submit(f"/appeals/{appeal_id}/change", typed)
    assert await case.state_of(appeal_id) == "NEW"
    assert COMMENT in (await case.store.get(case.url)).text
    assert (answer.status_code, "Take out a person’s name" in answer.text) == (422, True)
    for kept in ("My server Anna had cleaned it.", "My server [staff member] had cleaned it.", CHANGE["outcome"]):
        assert kept in answer.text, kept


async def test_nobody_is_named_beside_an_answer_although_the_campaign_lets_staff_be_named_to_the_client(
    case: Case,
) -> None:
    appeal_id = await case.raised()
    await case.one.there.configure(employee_id_mode="name")
    typed = CHANGE | {"beside": "My server Anna had cleaned it."}
    answer = await case.editor.submit(f"/appeals/{appeal_id}/change", typed)
    assert (answer.status_code, "Take out a person’s name" in answer.text) == (422, True)


async def test_words_beside_an_answer_that_are_too_long_are_refused_where_they_were_typed(case: Case) -> None:
    appeal_id = await case.raised()
    typed = CHANGE | {"beside": "It was clean. " * 286}
    answer = await case.editor.submit(f"/appeals/{appeal_id}/change", typed)
    assert (answer.status_code, "Enter at most 4,000 characters" in answer.text) == (422, True)
    assert CHANGE["outcome"] in answer.text
    assert await case.state_of(appeal_id) == "NEW"


async def test_the_answer_that_stands_already_is_refused_where_it_was_given(case: Case) -> None:
    appeal_id = await case.raised()
    stands = await case.one.there.owner.fetchval("SELECT coded FROM field.report WHERE id = $1", case.one.report_id)
    typed = CHANGE | {"clean": str(json.loads(stands)["clean"]), "beside": "Seen again."}
    answer = await case.editor.submit(f"/appeals/{appeal_id}/change", typed)
    assert (answer.status_code, "This answer stands already" in answer.text) == (422, True)
    assert ("Seen again." in answer.text, CHANGE["outcome"] in answer.text) == (True, True)
    assert await case.state_of(appeal_id) == "NEW"


async def test_words_beside_an_answer_stay_where_nobody_changes_them(case: Case) -> None:
    appeal_id = await case.raised()
    await case.editor.submit(f"/appeals/{appeal_id}/change", CHANGE | {"beside": COMMENT})
    assert COMMENT in (await case.store.get(case.url)).text
    edits = "SELECT count(*) FROM field.report_edit WHERE report_id = $1 AND question_id = 'clean-comment'"
    assert await case.one.there.owner.fetchval(edits, case.one.report_id) == 0


@pytest.mark.parametrize("event", ["resolve", "decline"])
async def test_nobody_decides_an_appeal_against_the_report_of_their_own_visit(
    site: Site, case: Case, event: str
) -> None:
    appeal_id = await case.raised()
    assert case.editor.account_id
    await same_person(case.one, case.editor.account_id)
    await case.act(appeal_id, event, "It was as it was told.")
    assert await case.state_of(appeal_id) == "NEW"
    assert "this visit is your own; a colleague has to decide" in (await case.editor.get(f"/appeals/{appeal_id}")).text
    colleague = await site.signed_in(case.one.there.affiliate_id, "editor")
    await colleague.post(f"/appeals/{appeal_id}", {"event": event, "words": "It was as it was told."})
    assert await case.state_of(appeal_id) in ("RESOLVED", "DECLINED")
    actions = [row["action"] for row in await case.one.there.events(appeal_id)]
    assert actions == ["appeal.raised", f"appeal.{event}"]


async def test_nobody_changes_an_answer_of_their_own_visit_for_an_appeal(case: Case) -> None:
    appeal_id = await case.raised()
    assert case.editor.account_id
    await same_person(case.one, case.editor.account_id)
    fields = {"clean": "5", "shown": "clean", "reason": "A picture shows it.", "outcome": "You were right."}
    await case.editor.submit(f"/appeals/{appeal_id}/change", fields)
    assert await case.state_of(appeal_id) == "NEW"
    edits = "SELECT count(*) FROM field.report_edit WHERE report_id = $1"
    assert await case.one.there.owner.fetchval(edits, case.one.report_id) == 0


@pytest.mark.parametrize("missing", ["reason", "outcome"])
async def test_a_change_needs_its_reasons(case: Case, missing: str) -> None:
    appeal_id = await case.raised()
    fields = {"clean": "5", "shown": "clean", "reason": "A picture.", "outcome": "Yes."} | {missing: ""}
    assert (await case.editor.submit(f"/appeals/{appeal_id}/change", fields)).status_code == 422


async def test_the_same_answer_is_no_change(case: Case) -> None:
    appeal_id = await case.raised()
    fields = {"clean": "3", "shown": "clean", "reason": "A picture.", "outcome": "Yes."}
    await case.editor.submit(f"/appeals/{appeal_id}/change", fields)
    assert await case.state_of(appeal_id) == "NEW"


async def test_a_closed_shop_is_not_changed_any_more(case: Case) -> None:
    appeal_id = await case.raised()
    there = case.one.there
    await there.owner.execute("UPDATE field.shop SET state = 'CLOSED' WHERE id = $1", case.one.shop_id)
    fields = {"clean": "5", "shown": "clean", "reason": "A picture.", "outcome": "Yes."}
    await case.editor.submit(f"/appeals/{appeal_id}/change", fields)
    assert await case.state_of(appeal_id) == "NEW"


async def test_the_queue_lists_what_is_open_by_how_long_it_waits(case: Case) -> None:
    appeal_id = await case.raised()
    page = (await case.editor.get("/appeals")).text
    assert f"/appeals/{appeal_id}" in page
    assert "How clean was it?" in page
    await case.act(appeal_id, "resolve", "So it was.")
    assert f"/appeals/{appeal_id}" not in (await case.editor.get("/appeals")).text
    assert f"/appeals/{appeal_id}" in (await case.editor.get("/appeals?state=decided")).text


@pytest.mark.parametrize("role", ["scheduler", "payroll"])
async def test_appeals_are_for_editors_and_managers(site: Site, case: Case, role: str) -> None:
    other = await site.signed_in(case.one.there.affiliate_id, role)
    assert (await other.get("/appeals")).status_code == 403


async def test_nobodys_appeal_is_not_found(case: Case) -> None:
    assert (await case.editor.get(f"/appeals/{uuid4()}")).status_code == 404
    assert (await case.head.get(f"/portal/appeals/{uuid4()}")).status_code == 404
    assert (await case.shopper.get(f"/shopper/appeals/{uuid4()}")).status_code == 404


async def test_what_a_client_was_shown_can_be_looked_at_when_the_report_itself_is_gone(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    await case.act(appeal_id, "resolve", "The picture shows the table.")
    await there.owner.execute("DELETE FROM field.report WHERE shop_id = $1", case.one.shop_id)
    for page in (f"/releases/{case.one.shop_id}", f"/appeals/{appeal_id}"):
        assert (await case.editor.get(page)).status_code == 200, page
    looks = [row["action"] for row in await there.events(case.one.shop_id) if row["purpose"]]
    assert looks == ["report.read", "report.read"]


async def test_staff_read_of_a_legal_hold_beside_an_appeal_and_neither_client_nor_shopper_does(case: Case) -> None:
    appeal_id, there = await case.raised(), case.one.there
    words = {"reason": "wrong_place", "words": "It was the store next door."}
    await case.store.post(f"{case.url}/reshoot", words)
    wish_id = await there.owner.fetchval("SELECT id FROM release.reshoot_wish WHERE report_ref = $1", case.report_ref)
    await case.act(appeal_id, "ask_shopper", "Which table was it?")
    question_id = await there.owner.fetchval("SELECT id FROM field.appeal_question WHERE appeal_id = $1", appeal_id)
    await there.owner.execute("UPDATE field.shop SET is_legal_hold = true WHERE id = $1", case.one.shop_id)
    reviewed = f"/releases/{case.one.shop_id}"
    pages = [
        (case.editor, True, ("/appeals", f"/appeals/{appeal_id}", reviewed, "/releases?state=released")),
        (case.editor, True, ("/appeals/reshoots", f"/appeals/reshoots/{wish_id}")),
        (case.store, False, ("/portal/shops", case.url, f"/portal/appeals/{appeal_id}")),
        (case.shopper, False, (f"/shopper/shops/{case.one.shop_id}", f"/shopper/appeals/{question_id}")),
    ]
    for browser, is_staff, urls in pages:
        for url in urls:
            page = await browser.get(url)
            assert (page.status_code, "legal hold" in page.text.lower()) == (200, is_staff), url
