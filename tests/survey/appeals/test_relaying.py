"""What one side says reaches the other without whoever is named in it: covered, or worded by the affiliate."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from survey.appeals import service
from survey.appeals.domain import AppealEvent, WrongAppealState
from survey.db import Role, Scope, transaction
from survey.media import media_of
from survey.shops.fieldwork.domain import COMMENT_CHARACTERS
from survey.shops.reviews.domain import BadEdit
from survey.shops.visits.domain import OnHold, WrongState
from tests.conftest import NOW
from tests.shop_world import update
from tests.survey.appeals.conftest import Case
from tests.survey.releases.shops import NAME, seal_text

TOLD = "Our waiter Zoë O'Brien said so, ask her under (415) 555-2671."
NAMING = {"clean": "4", "reason": "Our server Tamsin cleaned it.", "outcome": "Ask the cook Ifeoma about it."}
CHANGE = {"clean": "5", "shown": "clean", "reason": "A picture shows it.", "outcome": "You were right."}
COVERED = "Our waiter [staff member] said so, ask her under [telephone number]."


async def asked(case: Case, appeal_id: UUID) -> int:
    """How many questions went to the shopper."""
    query = "SELECT count(*) FROM field.appeal_question WHERE appeal_id = $1"
    found: int = await case.one.there.owner.fetchval(query, appeal_id)
    return found


async def looks(case: Case) -> int:
    """How often the shopper's name was opened to keep it out of what leaves."""
    events = await case.one.there.events(case.one.shopper.id)
    return len([one for one in events if one["purpose"] == "keep out of a report who made the visit"])


async def test_a_person_whom_the_client_names_does_not_reach_the_shopper(case: Case) -> None:
    appeal_id = await case.raised(words=TOLD)
    answer = await case.editor.post(f"/appeals/{appeal_id}", {"event": "ask_shopper", "words": TOLD})
    assert (answer.status_code, "a person’s name" in answer.text) == (422, True)
    assert COVERED in answer.text
    assert await asked(case, appeal_id) == 0


@pytest.mark.parametrize("name", ["Ask june, her name was june.", "Anna was there.", "See @zoe_b."])
async def test_what_only_might_name_somebody_does_not_reach_the_shopper_either(case: Case, name: str) -> None:
    appeal_id = await case.raised()
    answer = await case.editor.post(f"/appeals/{appeal_id}", {"event": "ask_shopper", "words": name})
    assert answer.status_code == 422


async def test_the_words_are_sent_as_they_were_shown_covered(case: Case) -> None:
    appeal_id = await case.raised(words=TOLD)
    fields = {"event": "ask_shopper", "words": TOLD, "cover": "words"}
    assert (await case.editor.post(f"/appeals/{appeal_id}", fields)).status_code == 303
    assert COVERED in (await case.editor.get(f"/appeals/{appeal_id}")).text
    assert await asked(case, appeal_id) == 1


async def test_of_a_change_both_texts_are_shown_as_they_would_be_sent(case: Case) -> None:
    appeal_id = await case.raised()
    page = (await case.editor.submit(f"/appeals/{appeal_id}/change", NAMING)).text
    assert "Our server [staff member] cleaned it." in page
    assert "Ask the cook [staff member] about it." in page
    assert page.count("Take out a person’s name. Nothing was sent.") >= 2
    assert ('type="checkbox" value="reason"' in page, 'type="checkbox" value="outcome"' in page) == (True, True)


async def test_only_words_that_were_shown_covered_are_sent_covered(case: Case) -> None:
    appeal_id = await case.raised()
    answer = await case.editor.submit(f"/appeals/{appeal_id}/change", NAMING | {"cover": "reason"})
    assert answer.status_code == 422
    assert 'type="checkbox" value="outcome"' in answer.text
    assert 'type="checkbox" value="reason"' not in answer.text
    assert await case.state_of(appeal_id) == "NEW"
    again = NAMING | {"reason": "Our server [staff member] cleaned it.", "cover": "outcome"}
    assert (await case.editor.submit(f"/appeals/{appeal_id}/change", again)).status_code == 303
    assert "Ask the cook [staff member] about it." in (await case.store.get(case.url)).text
    own = (await case.shopper.get(f"/shopper/shops/{case.one.shop_id}/review")).text
    assert "Our server [staff member] cleaned it." in own


async def test_words_that_were_covered_stand_so_in_a_form_that_comes_back(case: Case) -> None:
    appeal_id = await case.raised()
    page = (await case.editor.submit(f"/appeals/{appeal_id}/change", NAMING | {"cover": "reason"})).text
    assert "Our server [staff member] cleaned it.</textarea>" in page
    assert await case.state_of(appeal_id) == "NEW"


async def test_the_clients_words_are_put_into_the_form_covered_beside_the_original(case: Case) -> None:
    appeal_id = await case.raised(words=TOLD)
    page = (await case.editor.get(f"/appeals/{appeal_id}?relay=shopper")).text
    assert COVERED in page
    assert "Zoë O&#39;Brien" in page
    assert "relay=shopper" in page


async def test_staff_are_named_to_the_client_only_where_the_campaign_allows_names(case: Case) -> None:
    appeal_id, words = await case.raised(), {"event": "ask_client", "words": "Was it your server Anna?"}
    assert (await case.editor.post(f"/appeals/{appeal_id}", words)).status_code == 422
    await case.one.there.configure(employee_id_mode="name")
    assert (await case.editor.post(f"/appeals/{appeal_id}", words)).status_code == 303


async def test_the_shoppers_own_name_is_covered_towards_the_client(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_shopper", "Was the table clean?")
    question_id = await case.one.there.owner.fetchval(
        "SELECT id FROM field.appeal_question WHERE appeal_id = $1", appeal_id
    )
    await case.shopper.post(f"/shopper/appeals/{question_id}", {"words": f"I, {NAME}, saw it."})
    before = await looks(case)
    page = (await case.editor.get(f"/appeals/{appeal_id}?relay=client")).text
    assert "I, [the shopper], saw it." in page
    assert await looks(case) == before + 1


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("daypart", "It was clean at [time], about [time]."),
        ("hour", "It was clean at [time], about 1 pm."),
        ("minute", "It was clean at 12:43, about 1 pm."),
    ],
)
async def test_a_time_of_day_reaches_the_client_only_as_finely_as_the_campaign_tells_it(
    case: Case, precision: str, said: str
) -> None:
    await case.one.there.configure(time_precision=precision, employee_id_mode="role")
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_shopper", "Was the table clean?")
    question_id = await case.one.there.owner.fetchval(
        "SELECT id FROM field.appeal_question WHERE appeal_id = $1", appeal_id
    )
    await case.shopper.post(f"/shopper/appeals/{question_id}", {"words": "It was clean at 12:43, about 1 pm."})
    assert said in (await case.editor.get(f"/appeals/{appeal_id}?relay=client")).text.partition("<textarea")[2]


async def test_a_time_of_day_that_staff_write_to_the_client_is_refused(case: Case) -> None:
    appeal_id = await case.raised()
    answer = await case.editor.post(f"/appeals/{appeal_id}", {"event": "decline", "words": "At 12:43 it was dirty."})
    assert (answer.status_code, "Take out a time of day" in answer.text) == (422, True)
    assert await case.state_of(appeal_id) == "NEW"


async def test_a_time_of_day_is_asked_of_the_shopper(case: Case) -> None:
    appeal_id = await case.raised()
    await case.act(appeal_id, "ask_shopper", "Were you there at 12:43?")
    assert await asked(case, appeal_id) == 1


async def test_the_reports_own_number_does_not_reach_the_client(case: Case) -> None:
    appeal_id = await case.raised()
    report_id = await case.one.there.owner.fetchval("SELECT id FROM field.report WHERE shop_id = $1", case.one.shop_id)
    answer = await case.editor.post(f"/appeals/{appeal_id}", {"event": "decline", "words": f"See {report_id}."})
    assert (answer.status_code, "Take out: report" in answer.text) == (422, True)


async def test_a_name_that_was_opened_for_a_look_is_on_record_although_the_words_were_refused(case: Case) -> None:
    appeal_id, before = await case.raised(), await looks(case)
    words = {"event": "decline", "words": f"See {case.one.public_ref}."}
    assert (await case.editor.post(f"/appeals/{appeal_id}", words)).status_code == 422
    assert await looks(case) == before + 1


LOOKS = "SELECT count(*) FROM ledger.event WHERE object_id = $1 AND action = 'shopper.read'"


async def opened(case: Case, work: Callable[[Scope], Awaitable[object]], refusal: type[Exception]) -> int:
    """How often an act that is refused has opened the shopper's name until then, as its own transaction sees it."""
    scope = Scope(case.one.there.affiliate_id, case.editor.account_id, "editor")
    before: int = await case.one.there.owner.fetchval(LOOKS, case.one.shopper.id)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as here:
        with pytest.raises(refusal):
            await work(scope)
        found: int = await here.fetchval(LOOKS, case.one.shopper.id)
    return found - before


async def opened_by_change(
    case: Case, appeal_id: UUID, refusal: type[Exception], clean: str = "5", beside: str | None = None
) -> int:
    """The same of a change."""
    settings = case.one.there.settings
    decision = service.Decision({"clean": [clean], "shown": ["clean"]}, "It shows.", "You were right.", beside)
    return await opened(
        case, lambda scope: service.change(scope, settings, media_of(settings), (appeal_id, decision), NOW), refusal
    )


async def test_a_change_that_is_none_opens_no_name(case: Case) -> None:
    assert await opened_by_change(case, await case.raised(), BadEdit, clean="3") == 0


async def test_a_change_whose_words_beside_are_too_long_opens_no_name(case: Case) -> None:
    assert await opened_by_change(case, await case.raised(), BadEdit, beside="so " * COMMENT_CHARACTERS) == 0


@pytest.mark.parametrize(
    ("column", "value", "refusal"), [("state", "APPROVED", WrongState), ("is_on_hold", True, OnHold)]
)
async def test_a_change_of_a_shop_that_may_not_move_opens_no_name(
    case: Case, column: str, value: object, refusal: type[Exception]
) -> None:
    appeal_id = await case.raised()
    await update(case.one.there.owner, "field.shop", case.one.shop_id, {column: value})
    assert await opened_by_change(case, appeal_id, refusal) == 0


@pytest.mark.parametrize("event", [AppealEvent.ASK_CLIENT, AppealEvent.RESOLVE])
async def test_words_about_an_appeal_that_was_withdrawn_open_no_name(case: Case, event: AppealEvent) -> None:
    appeal_id, settings, words = await case.raised(), case.one.there.settings, "The picture shows the table."
    await update(case.one.there.owner, "release.appeal", appeal_id, {"state": "WITHDRAWN"})

    async def work(scope: Scope) -> None:
        if event is AppealEvent.ASK_CLIENT:
            await service.ask_client(scope, settings, appeal_id, words, NOW)
        await service.settle(scope, settings, appeal_id, event, words, NOW)

    assert await opened(case, work, WrongAppealState) == 0


async def refused(case: Case, appeal_id: UUID, fields: dict[str, str], status: int = 422) -> int:
    """How often a change that comes to nothing has opened the shopper's name."""
    before = await looks(case)
    answer = await case.editor.submit(f"/appeals/{appeal_id}/change", CHANGE | fields)
    assert answer.status_code == status
    assert await case.state_of(appeal_id) != "CHANGED"
    return await looks(case) - before


async def test_a_name_that_was_opened_to_cover_words_is_on_record_although_others_were_refused(case: Case) -> None:
    fields = {"reason": "Our server Tamsin cleaned it.", "outcome": "Ask the cook about it.", "cover": "outcome"}
    assert await refused(case, await case.raised(), fields) == 1


async def test_of_several_words_that_are_refused_each_look_is_on_record(case: Case) -> None:
    fields = {"outcome": f"See {case.one.public_ref}.", "beside": "It was swept."}
    assert await refused(case, await case.raised(), fields) == 2


async def test_of_a_change_that_cannot_leave_each_look_is_on_record(case: Case) -> None:
    await seal_text(case.one.there, case.one.report_id, "greeted-comment", "My server Anna was kind.")
    assert await refused(case, await case.raised(), {}, 303) == 2


async def test_a_change_leaves_the_looks_that_it_took(case: Case) -> None:
    appeal_id, before = await case.raised(), await looks(case)
    assert (await case.editor.submit(f"/appeals/{appeal_id}/change", CHANGE | {"cover": "outcome"})).status_code == 303
    assert await case.state_of(appeal_id) == "CHANGED"
    assert await looks(case) == before + 3
