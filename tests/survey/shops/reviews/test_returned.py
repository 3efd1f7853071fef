"""A report that came back: what the shopper changed stands beside how it went back, and nothing else does."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault import Place, data_key, seal
from survey.settings import Settings
from survey.shops.reviews import service
from survey.shops.reviews.domain import Change, differences
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, until_words
from tests.conftest import NOW
from tests.outbox import mails

from .conftest import CODED, STORY, Desk

LATER = NOW + timedelta(hours=2)
VISIT = {"outcome": "done", "reason": "", "time_in": "2026-11-20T10:00:00Z", "time_out": None, "receipt_cents": 450}


async def handed_in(desk: Desk, number: int, at: datetime, **changed: object) -> None:
    """Keep the report as fieldwork keeps it when it is handed in. changed: parts of the whole."""
    key = await data_key(desk.there.owner, desk.settings.keyring, desk.report_id)
    place = Place(f"field.report_submission.sealed#{number}", desk.report_id, desk.report_id)
    whole = {"coded": CODED, "texts": {"improve": STORY}, "pictures": [], **VISIT, **changed}
    await desk.there.owner.execute(
        "INSERT INTO field.report_submission (report_id, number, affiliate_id, sealed, submitted_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        desk.report_id, number, desk.there.affiliate_id, seal(key, place, json.dumps(whole)), at,
    )  # fmt: skip


async def returned(desk: Desk, question: str = "improve") -> None:
    """Hand in, clean what the scan finds, ask something, send it back."""
    await handed_in(desk, 1, NOW - timedelta(hours=1))
    await desk.pick_up()
    await desk.clean()
    await desk.do("notes", question=question, note="Which till was it?")
    await desk.do("return")
    assert await desk.there.state_of(desk.shop_id) == "RETURNED"


async def came_back(desk: Desk, **changed: object) -> str:
    """The page after the shopper has handed it in again."""
    kept = await kept_at_return(desk)
    await handed_in(desk, 2, LATER, **{**kept, **changed})
    return await desk.page()


async def kept_at_return(desk: Desk) -> dict[str, object]:
    """The report as it went back."""
    texts = {"improve": await desk.text()}
    row = await desk.there.owner.fetchrow(
        "SELECT coded, outcome, reason, time_in, time_out, receipt_cents FROM field.report WHERE id = $1",
        desk.report_id,
    )
    times = {name: row[name].isoformat() if row[name] else None for name in ("time_in", "time_out")}
    coded = row["coded"] if isinstance(row["coded"], dict) else json.loads(row["coded"])
    return {"coded": coded, "texts": texts, "outcome": row["outcome"], "reason": row["reason"], **times,
            "receipt_cents": row["receipt_cents"], "pictures": []}  # fmt: skip


async def changes(desk: Desk) -> list[Change]:
    """What the shopper has changed, as the page has it."""
    found = (await desk.opened()).came_back
    assert found is not None
    return list(found.changes)


async def test_a_report_that_was_not_returned_has_no_such_part(desk: Desk) -> None:
    await handed_in(desk, 1, NOW)
    assert "Since the return" not in await desk.page()


async def test_old_and_new_stand_side_by_side_and_are_marked(desk: Desk) -> None:
    await returned(desk)
    old = await desk.text()
    page = await came_back(desk, texts={"improve": f"{old} It was the second till."})
    assert "Since the return" in page
    assert "<ins> It was the second till.</ins>" in page or "<ins>It was the second till.</ins>" in page
    assert (await desk.opened()).resent == {"improve"}


async def test_a_report_that_was_approved_once_and_goes_back_is_compared_with_how_it_went(desk: Desk) -> None:
    await desk.pick_up()
    await desk.clean()
    await desk.do("notes", question="improve", note="Which till was it?")
    await desk.do("return")  # what was handed in has gone with an approval
    assert await desk.there.state_of(desk.shop_id) == "RETURNED"
    assert (await desk.opened()).came_back is None
    old = await desk.text()
    await handed_in(desk, 1, LATER, **{**await kept_at_return(desk), "texts": {"improve": f"{old} The second."}})
    assert (await desk.opened()).resent == {"improve"}


async def test_an_answer_is_shown_in_words(desk: Desk) -> None:
    await returned(desk)
    await came_back(desk, coded={**CODED, "clean": 3})
    [change] = await changes(desk)
    assert (change.question_id, change.old[0][0], change.new[0][0]) == ("clean", "5", "3")


async def test_what_an_editor_took_out_is_no_change_of_the_shoppers(desk: Desk) -> None:
    await returned(desk)
    page = await came_back(desk)
    assert "No answer, text or time was changed." in page
    assert (await desk.opened()).resent == frozenset()


async def test_what_an_editor_changes_afterwards_is_none_either(desk: Desk) -> None:
    await returned(desk)
    await came_back(desk)
    await desk.there.owner.execute("UPDATE field.shop SET state = 'SUBMITTED' WHERE id = $1", desk.shop_id)
    await desk.pick_up()
    await desk.do("answers/clean", clean="2", reason="The picture shows it")
    assert (await desk.opened()).resent == frozenset()


async def test_a_note_is_met_where_its_question_was_changed(desk: Desk) -> None:
    await returned(desk)
    page = await came_back(desk, texts={"improve": "The second till."})
    assert "What we had asked" in page
    assert "Not changed" not in page


async def test_a_note_that_nothing_was_done_about_is_shown_as_such(desk: Desk) -> None:
    await returned(desk, question="clean")
    page = await came_back(desk, texts={"improve": "The second till."})
    assert "Not changed" in page


async def test_times_and_the_receipt_are_compared_too(desk: Desk) -> None:
    await returned(desk)
    page = await came_back(desk, time_in="2026-11-20T11:30:00+00:00", receipt_cents=999)
    assert "9.99" in page
    assert [each.title for each in await changes(desk)] == ["In", "Receipt"]


async def test_new_pictures_are_marked_and_missing_ones_counted(desk: Desk) -> None:
    old = await desk.picture()
    await returned(desk)
    await desk.there.owner.execute("DELETE FROM field.evidence WHERE id = $1", old)
    new = await desk.picture()
    page = await came_back(desk, pictures=[str(new)])
    assert "Pictures: 1 new, 1 taken out." in page
    assert "New since the return" in page


async def written_at_once(desk: Desk) -> None:
    """Say that the report was handed in the moment it was begun."""
    await desk.there.owner.execute("UPDATE field.report SET started_at = submitted_at WHERE id = $1", desk.report_id)


async def test_a_report_that_went_back_and_never_came_again_is_still_flagged_as_written_too_fast(desk: Desk) -> None:
    await written_at_once(desk)
    await returned(desk)
    async with desk.transaction():
        await visits.fire(desk.there.scope, desk.shop_id, Move(Event.RETURN_TIMEOUT, Actor.TIMER, LATER))
    assert "too_fast" in await desk.flags()


async def test_the_speed_of_a_report_that_came_again_says_nothing(desk: Desk) -> None:
    await written_at_once(desk)
    await returned(desk)
    await came_back(desk)
    assert "too_fast" not in await desk.flags()


async def test_nor_does_it_where_the_report_had_been_approved_before_it_went_back(desk: Desk) -> None:
    await written_at_once(desk)
    await desk.pick_up()
    await desk.clean()
    await desk.do("notes", question="improve", note="Which till was it?")
    await desk.do("return")
    assert "too_fast" in await desk.flags()
    await handed_in(desk, 1, LATER)
    assert "too_fast" not in await desk.flags()


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_what_is_marked_and_what_is_not_make_the_whole_text(old: str, new: str) -> None:
    left, right = differences(old, new)
    assert ("".join(words for words, _ in left), "".join(words for words, _ in right)) == (old, new)


@pytest.mark.parametrize("count", [2001, 20_000])
def test_what_is_too_long_to_be_compared_is_marked_as_a_whole(count: int) -> None:
    assert differences("a " * count, "b") == ((("a " * count, True),), (("b", True),))


@pytest.mark.parametrize(
    "move", [Move(Event.TAKE_BACK, Actor.EDITOR, LATER), Move(Event.RETURN_TIMEOUT, Actor.TIMER, LATER)],
    ids=["taken back", "out of time"],
)  # fmt: skip
async def test_a_report_that_is_not_awaited_any_more_is_not_asked_for_by_mail(
    desk: Desk, settings: Settings, move: Move
) -> None:
    await returned(desk)
    async with desk.transaction():
        await visits.fire(desk.there.scope, desk.shop_id, move)
    [mail] = [each for each in await mails(settings, desk.there.affiliate_id, service.RETURNED_KIND)
              if each.recipient_id == desk.shopper.id]  # fmt: skip
    assert (mail.text, mail.withheld) == ("", "the report is not awaited any more")


async def test_the_mail_about_a_returned_report_says_until_when_by_the_clock_of_the_place(
    desk: Desk, settings: Settings
) -> None:
    await returned(desk)
    until = await desk.there.owner.fetchval(
        "SELECT due_at FROM field.shop_timer WHERE shop_id = $1 AND kind = 'return_timeout'", desk.shop_id
    )
    [mail] = [each for each in await mails(settings, desk.there.affiliate_id, service.RETURNED_KIND)
              if each.recipient_id == desk.shopper.id]  # fmt: skip
    assert f"Hand it in again by {until_words(until, 'Europe/London')} (London time)." in mail.text
    assert f"/shopper/shops/{desk.shop_id}" in mail.text
