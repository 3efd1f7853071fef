"""Leaving in what the scan found: never some of it, the rest with a reason, in sight, and with a way back."""

import pytest

from survey.releases import service as releases
from survey.shops.reviews.domain import Undecided, initials_of
from tests.conftest import NOW
from tests.web_client import Site

from .conftest import POINTS, Desk

CAR = "My server Mercedes stood beside the till. The floor was dry."


async def leave(desk: Desk, reason: str = "The car of that make", at: int = 0) -> None:
    """Leave one of the findings in."""
    digest = (await desk.findings())[at][1]
    await desk.do("findings", field="improve", finding=digest, act="leave", reason=reason)


async def left(desk: Desk, story: str = CAR) -> None:
    """A report whose only finding is left in."""
    await desk.write("improve", story)
    await desk.pick_up()
    await leave(desk)
    assert await desk.findings() == []


@pytest.mark.parametrize(
    "story",
    [
        "My card is 4111 1111 1111 1111.",
        "My SSN is 078-05-1120.",
        "Write to ann.lee@shop.example.",
        "Call (415) 555-2671.",
        "I said that I am Robin.",
    ],
    ids=["card", "social security", "e-mail", "telephone", "the shopper"],
)
async def test_some_things_never_stay_whatever_the_reason(desk: Desk, story: str) -> None:
    await desk.write("improve", story)
    await desk.pick_up()
    await leave(desk, "It is on the poster")
    assert "may not stay" in await desk.page()
    assert len(await desk.findings()) == 1


async def test_what_is_left_stands_on_the_page_with_who_and_why(desk: Desk) -> None:
    await left(desk)
    page = await desk.page()
    assert "1 left in" in page
    assert "‘Mercedes’" in page
    assert "by you" in page
    assert "Reason: The car of that make" in page


async def test_a_reason_that_cannot_be_kept_comes_back_with_its_form_open(desk: Desk) -> None:
    await desk.write("improve", CAR)
    await desk.pick_up()
    digest = (await desk.findings())[0][1]
    answer = await desk.do("findings", field="improve", finding=digest, act="leave", reason="A car. " * 50)
    assert (answer.status_code, len(await desk.findings())) == (422, 1)
    assert "<details open>" in answer.text
    assert f'value="{("A car. " * 50).strip()}"' in answer.text
    assert 'href="#leave-reason"' in answer.text


async def test_a_colleague_reads_whose_decision_it_was(site: Site, desk: Desk) -> None:
    await left(desk)
    second = await site.signed_in(desk.there.affiliate_id, "manager")
    page = (await second.get(desk.base)).text
    assert "‘Mercedes’" in page
    assert "by you" not in page
    assert "Take back" not in page


async def test_a_number_in_a_reason_is_not_kept(desk: Desk) -> None:
    await desk.write("improve", CAR)
    await desk.pick_up()
    await leave(desk, "Ask 415 555 2671")
    [each] = (await desk.opened()).left_in
    assert each.left is not None
    assert each.left.reason == "Ask [telephone number]"


async def test_what_was_left_is_taken_back(desk: Desk) -> None:
    await left(desk)
    [each] = (await desk.opened()).left_in
    await desk.do("findings", field="improve", finding=each.digest, act="take_back")
    assert [kind for kind, _ in await desk.findings()] == ["name"]
    assert "left in" not in await desk.page()


async def test_leaving_and_taking_back_are_recorded_without_the_words(desk: Desk) -> None:
    await left(desk)
    [each] = (await desk.opened()).left_in
    await desk.do("findings", field="improve", finding=each.digest, act="take_back")
    events = [one for one in await desk.there.events(desk.report_id) if one["action"].endswith("_finding")]
    assert {one["action"] for one in events} == {"review.leave_finding", "review.take_back_finding"}
    assert all("Mercedes" not in str(one["detail"]) and "car" not in str(one["detail"]) for one in events)


AT = "The floor was dry at 12:43 when I walked in, and at 1 pm it was wet."


@pytest.mark.parametrize(("precision", "count"), [("wave", 2), ("daypart", 2), ("hour", 1), ("minute", 0)])
async def test_a_time_of_day_that_is_finer_than_the_client_is_told_stays_only_by_decision(
    desk: Desk, precision: str, count: int
) -> None:
    await desk.there.configure(time_precision=precision, employee_id_mode="role")
    await desk.write("improve", AT)
    await desk.pick_up()
    assert [kind for kind, _ in await desk.findings()] == ["time"] * count
    await desk.do("approve", **POINTS)
    assert await desk.there.state_of(desk.shop_id) == ("IN_REVIEW" if count else "APPROVED")


async def test_a_time_of_day_is_taken_out_or_left_with_a_reason(desk: Desk) -> None:
    await desk.write("improve", AT)
    await desk.pick_up()
    await leave(desk, "The hours on the door", at=1)
    await desk.clean()
    assert await desk.text() == AT.replace("12:43", "[time]")
    await approve(desk)


async def test_a_time_of_day_in_words_that_no_client_reads_is_nobodys_business(desk: Desk) -> None:
    await desk.there.configure(is_narrative_shown=False)
    await desk.write("improve", AT)
    await desk.pick_up()
    assert await desk.findings() == []


async def test_an_edited_text_is_decided_anew(desk: Desk) -> None:
    await left(desk)
    await desk.do("texts/improve", text=CAR + " It was clean.", reason="Added what the note says")
    assert [kind for kind, _ in await desk.findings()] == ["name"]


async def test_our_own_words_in_the_place_of_others_change_no_decision(desk: Desk) -> None:
    await desk.write("improve", f"{CAR} Her badge said Anna.")
    await desk.pick_up()
    await leave(desk)
    await desk.clean()
    assert [each.words for each in (await desk.opened()).left_in] == ["Mercedes"]


async def approve(desk: Desk) -> None:
    """Approve the report."""
    await desk.do("approve", **POINTS)
    assert await desk.there.state_of(desk.shop_id) == "APPROVED"


async def test_a_report_with_something_undecided_does_not_leave(desk: Desk) -> None:
    await left(desk)
    await approve(desk)
    await desk.write("improve", f"{CAR} My server Anna was kind.")
    async with desk.transaction():
        with pytest.raises(Undecided):
            await releases.prepared(desk.there.scope, desk.settings, desk.shop_id, NOW)
    page = await desk.editor.get(f"/releases/{desk.shop_id}")
    assert "not decided. Reopen it in review" in page.text


async def test_a_report_leaves_with_what_was_left_in(desk: Desk) -> None:
    await left(desk)
    await approve(desk)
    async with desk.transaction():
        ready = await releases.prepared(desk.there.scope, desk.settings, desk.shop_id, NOW)
    assert "Mercedes" in str(ready.snapshot.content)


@pytest.mark.parametrize(
    ("name", "initials"), [("Ruth Mason", "R. M."), ("Ruth van der Mason", "R. M."), ("Ruth", "R."), ("", "–")]
)
def test_a_name_is_told_by_its_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials
