"""A shopper's own grade, what moved it, and grades that are contested: nothing changes one silently."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.shops.reviews import service
from survey.shops.reviews.domain import (
    CONTEST_DAYS,
    LAST_GRADES,
    RUBRIC,
    Graded,
    average_tenths,
    moves_of,
)
from tests.conftest import NOW, new_affiliate
from tests.survey.shops.reviews.conftest import PLAIN, POINTS, TOLD, Desk, reported
from tests.web_client import Browser, Site

WORDS = "The receipt was there: it is the second picture."
ANSWER = "You are right, it is there."
LOW = {"accuracy": "3", "narrative": "2", "evidence": "0", "care": "1"}  # 6
HIGH = {part.code: str(part.most) for part in RUBRIC}  # 10


@dataclass
class Graders:
    """A report with grade 6, its shopper, and a manager who did not grade it."""

    site: Site
    desk: Desk
    shopper: Browser
    manager: Browser
    own: str
    page: str

    async def grade(self) -> int | None:
        """The report's grade."""
        grade: int | None = (await self.desk.there.row(self.desk.shop_id))["grade"]
        return grade

    async def tenths(self) -> int | None:
        """The shopper's own grade."""
        found: int | None = await self.desk.there.owner.fetchval(
            "SELECT grade_tenths FROM identity.shopper WHERE id = $1", self.desk.shopper.id
        )
        return found

    async def contest(self) -> None:
        """The shopper says why the grade is wrong."""
        assert (await self.shopper.post(f"{self.own}/contest", {"words": WORDS})).status_code == 303

    async def judge(self, by: Browser, decision: str, **fields: str) -> int:
        """What somebody decides; the answer's status."""
        typed = {"decision": decision, "answer": ANSWER, **fields}
        return (await by.post(self.page, typed)).status_code

    async def states(self) -> list[str]:
        """Where its contests stand."""
        rows = await self.desk.there.owner.fetch(
            "SELECT kind || ' ' || state AS k FROM field.rejection_contest WHERE shop_id = $1", self.desk.shop_id
        )
        return [row["k"] for row in rows]


@pytest.fixture
async def graded(site: Site, desk: Desk) -> Graders:
    """A report that was approved with six points."""
    await desk.pick_up()
    await desk.clean()
    await desk.do("approve", **LOW, is_read="yes", coaching="Send the receipt with the report.")
    manager = await site.signed_in(desk.there.affiliate_id, "manager")
    shopper = await desk.there.signed_in(site, desk.shopper)
    return Graders(site, desk, shopper, manager, f"/shopper/shops/{desk.shop_id}", f"{desk.base}/contest")


async def test_nobody_contests_anothers_grade(graded: Graders) -> None:
    there = graded.desk.there
    other = await there.signed_in(graded.site, await there.shopper("Noor Vale"))
    assert (await other.post(f"{graded.own}/contest", {"words": WORDS})).status_code == 404
    assert await graded.states() == []


async def test_the_database_takes_no_contest_of_a_grade_that_does_not_stand(graded: Graders) -> None:
    await graded.desk.reopen()
    await graded.contest()
    assert await graded.states() == []


async def test_after_fourteen_days_a_grade_is_contested_no_more(graded: Graders) -> None:
    graded.site.clock.now = NOW + timedelta(days=CONTEST_DAYS, minutes=1)
    await graded.contest()
    assert await graded.states() == []
    assert "Contest the grade" not in (await graded.shopper.get(f"{graded.own}/review")).text


async def test_whoever_gave_a_grade_does_not_decide_about_it(graded: Graders) -> None:
    await graded.contest()
    assert "You graded this report" in (await graded.desk.editor.get(graded.page)).text
    await graded.judge(graded.desk.editor, "uphold", **HIGH)
    assert (await graded.states(), await graded.grade()) == (["grade RAISED"], 6)


async def test_a_second_click_decides_no_other_contest_of_the_same_shop(graded: Graders) -> None:
    await graded.contest()
    graded.site.clock.now = NOW + timedelta(minutes=1)
    await graded.desk.reopen()
    await graded.desk.do("reject", reason="wrong_time", words="The receipt shows another day.")
    assert await graded.desk.there.state_of(graded.desk.shop_id) == "REJECTED"
    await graded.contest()
    last = await graded.desk.there.owner.fetchval(
        "SELECT id FROM field.rejection_contest WHERE shop_id = $1 AND kind = 'rejection'", graded.desk.shop_id
    )
    for _ in range(2):
        await graded.judge(graded.manager, "decline", contest=str(last))
    assert sorted(await graded.states()) == ["grade RAISED", "rejection DECLINED"]


async def test_a_stranger_finds_no_contested_grade(graded: Graders) -> None:
    await graded.contest()
    stranger = await graded.site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "editor")
    assert (await stranger.get(graded.page)).status_code == 404
    assert await graded.judge(stranger, "uphold", **HIGH) == 404


@pytest.mark.parametrize(
    "answer",
    ["", "Pay it to 4111 1111 1111 1111.", "Your server Tamsin says no."],
    ids=["empty", "card", "a name"],
)
async def test_a_grade_stays_where_the_answer_cannot_be_sent(graded: Graders, answer: str) -> None:
    await graded.contest()
    page = await graded.manager.post(graded.page, {"decision": "uphold", "answer": answer, **HIGH})
    assert (page.status_code, answer in page.text) == (422, True)
    assert (await graded.states(), await graded.grade()) == (["grade RAISED"], 6)


async def test_the_points_that_stand_are_no_other_grade(graded: Graders) -> None:
    await graded.contest()
    await graded.judge(graded.manager, "uphold", **LOW)
    assert await graded.states() == ["grade RAISED"]


async def test_an_objection_that_is_upheld_gives_another_grade_and_moves_nothing_else(graded: Graders) -> None:
    pay = "SELECT state, fee_cents, revision FROM identity.pay_item WHERE shop_id = $1"
    before = await graded.desk.there.owner.fetchrow(pay, graded.desk.shop_id)
    await graded.contest()
    assert await graded.judge(graded.manager, "uphold", **HIGH) == 303
    row = await graded.desk.there.row(graded.desk.shop_id)
    assert (row["state"], row["grade"], await graded.tenths()) == ("APPROVED", 10, 100)
    assert await graded.desk.there.owner.fetchrow(pay, graded.desk.shop_id) == before


async def test_the_shopper_reads_old_and_new_grade_and_why(graded: Graders) -> None:
    await graded.contest()
    await graded.judge(graded.manager, "uphold", **HIGH)
    page = (await graded.shopper.get(f"{graded.own}/review")).text
    assert "<del>6</del> <ins>10</ins>" in page
    assert f"Why: {ANSWER}" in page


async def test_the_audit_holds_old_and_new_grade_and_no_words(graded: Graders) -> None:
    await graded.contest()
    await graded.judge(graded.manager, "uphold", **HIGH)
    events = [one for one in await graded.desk.there.events(graded.desk.report_id) if one["action"] == "review.grade"]
    assert '"was_grade": 6' in str(events[-1]["detail"]).replace("'", '"')
    own = [one for one in await graded.desk.there.events(graded.desk.shopper.id) if one["action"] == "shopper.graded"]
    assert len(own) == 2
    assert ANSWER not in str([one["detail"] for one in [*events, *own]])


async def test_a_grade_that_stands_is_answered_and_stays(graded: Graders) -> None:
    await graded.contest()
    await graded.judge(graded.manager, "decline", answer="The second picture is of another day.")
    page = (await graded.shopper.get(f"{graded.own}/review")).text
    assert "The grade stands" in page
    assert "The second picture is of another day." in page
    assert (await graded.grade(), "Contest the grade" in page) == (6, False)


async def test_a_grade_that_is_contested_twice_is_once(graded: Graders) -> None:
    for _ in range(2):
        await graded.contest()
    assert await graded.states() == ["grade RAISED"]


async def test_a_contested_grade_waits_in_the_list(graded: Graders) -> None:
    await graded.contest()
    page = (await graded.manager.get("/reviews/contests")).text
    assert graded.page in page
    assert "Grade 6 of 10" in page


async def test_an_approval_with_another_grade_needs_words(graded: Graders) -> None:
    await graded.desk.reopen()
    page = await graded.desk.do("approve", **POINTS)
    assert (page.status_code, await graded.grade()) == (422, 6)
    await graded.desk.do("approve", **POINTS, why="The receipt came later.")
    assert (await graded.grade(), await graded.tenths()) == (10, 100)
    assert "The editor says: The receipt came later." in (await graded.shopper.get(f"{graded.own}/review")).text


async def test_a_rejection_after_an_approval_takes_the_grade_out_of_the_own_one(graded: Graders) -> None:
    await graded.desk.reopen()
    await graded.desk.do("reject", reason="no_proof", words=TOLD)
    assert (await graded.grade(), await graded.tenths()) == (None, None)


async def test_the_database_changes_no_grade_without_words(graded: Graders) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await graded.desk.there.owner.execute(
            "INSERT INTO field.review_decision (report_id, n, affiliate_id, shop_id, kind, old_grade, new_grade, at)"
            " VALUES ($1, 9, $2, $3, 'regraded', 6, 7, $4)",
            graded.desk.report_id, graded.desk.there.affiliate_id, graded.desk.shop_id, NOW,
        )  # fmt: skip


async def test_the_page_of_grades_shows_the_number_that_eligibility_asks(graded: Graders) -> None:
    page = (await graded.shopper.get("/shopper/grades")).text
    assert "6.0" in page
    assert "Send the receipt with the report." in page
    assert "last 10 reports" in page


async def test_what_moved_the_grade_ends_with_the_grade_that_stands(graded: Graders) -> None:
    await graded.contest()
    await graded.judge(graded.manager, "uphold", **HIGH)
    async with graded.desk.transaction():
        found = await service.grades_of(graded.desk.there.scope, graded.desk.settings, graded.desk.shopper.id, NOW)
    assert [(move.before_tenths, move.after_tenths) for move in found.moves] == [(60, 100), (None, 60)]
    assert found.tenths == found.moves[0].after_tenths == await graded.tenths()


async def test_a_report_of_before_decisions_were_kept_counts_with_its_grade(graded: Graders) -> None:
    await graded.desk.there.owner.execute(
        "DELETE FROM field.review_decision WHERE report_id = $1", graded.desk.report_id
    )
    async with graded.desk.transaction():
        found = await service.grades_of(graded.desk.there.scope, graded.desk.settings, graded.desk.shopper.id, NOW)
    assert [move.after_tenths for move in found.moves] == [60]


async def test_staff_see_the_same_grades_and_the_look_is_told(graded: Graders) -> None:
    scheduler = await graded.site.signed_in(graded.desk.there.affiliate_id, "scheduler")
    page = await scheduler.get(f"/shoppers/{graded.desk.shopper.id}/grades")
    assert (page.status_code, "Grade 6 of 10" in page.text) == (200, True)
    assert "Your grades" in (await graded.shopper.get("/shopper/profile/looks")).text


async def test_another_affiliates_staff_see_no_grades(graded: Graders) -> None:
    stranger = await graded.site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "scheduler")
    assert (await stranger.get(f"/shoppers/{graded.desk.shopper.id}/grades")).status_code == 404


async def test_an_own_page_shows_no_report_of_anybody_else(graded: Graders) -> None:
    other = await graded.desk.there.shopper("Noor Vale")
    shop_id, _ = await reported(graded.desk.there, other, PLAIN)
    await graded.desk.there.owner.execute("UPDATE field.shop SET state = 'APPROVED', grade = 3 WHERE id = $1", shop_id)
    assert "Grade 3 of 10" not in (await graded.shopper.get("/shopper/grades")).text


@pytest.mark.parametrize(
    ("grades", "tenths"),
    [([], None), ([7], 70), ([7, 8], 75), ([10, 9, 9], 93), ([8, 9, 9], 87), ([9] * LAST_GRADES + [1], 90)],
    ids=["none", "one", "two", "down", "up", "ten"],
)
def test_the_own_grade_is_the_mean_of_the_last_ten(grades: list[int], tenths: int | None) -> None:
    assert average_tenths(grades) == tenths


def moment(shop_id: UUID, kind: str, grades: tuple[int | None, int | None], day: int) -> Graded:
    """A decision on a day."""
    return Graded(shop_id, "R", kind, *grades, NOW + timedelta(days=day))


def test_an_old_report_that_is_graded_anew_after_an_objection_stays_where_it_was() -> None:
    shops = [uuid4() for _ in range(LAST_GRADES + 1)]
    events = [moment(shop_id, "approved", (None, 10), day) for day, shop_id in enumerate(shops)]
    moves = moves_of([*events, moment(shops[0], "regraded", (10, 1), 20)])
    assert (moves[0].graded.shop_id, moves[0].after_tenths) == (shops[0], 100)


def test_a_decision_that_moves_nothing_is_no_move() -> None:
    shop_id = uuid4()
    moves = moves_of([moment(shop_id, "approved", (None, 8), 0), moment(shop_id, "returned", (8, 8), 1)])
    assert [move.graded.kind for move in moves] == ["approved"]
