"""How numbers are compared and written down."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from survey.reports.domain import (
    Answers,
    NodeLine,
    Option,
    QuestionLine,
    ReleaseLine,
    Wanted,
    answers_in,
    change_of,
    overview,
    participants,
    questions,
)
from survey.reports.domain.comparison import position, score_of
from survey.reports.domain.facts import CellLine, TrendPoint
from survey.reports.domain.frame import Frame, period
from survey.reports.domain.sheets import NOTHING, count, few, mean, nps, share
from tests.conftest import NOW

UID = UUID(int=7)
POINTS = tuple(Option(str(point), str(point), point) for point in range(1, 6))
CLEAN = QuestionLine("clean", 1, "Store", "How clean?", "", "scale", POINTS)
NPS = QuestionLine("nps", 2, "All", "Recommend?", "", "nps", tuple(Option(str(p), str(p), p) for p in range(11)))
PAID = QuestionLine(
    "paid", 3, "Store", "How did you pay?", "", "single", (Option("till", "Till"), Option("app", "App"))
)


def scale(*counts: int) -> Answers:
    n = sum(counts)
    total = sum(point * number for point, number in enumerate(counts, start=1))
    mean_score = (Decimal(total) / n).quantize(Decimal("0.01"))
    return Answers(n, {str(p): c for p, c in enumerate(counts, start=1)}, {}, {"mean": mean_score})


def frame(people: int | None = 120, before: bool = True) -> Frame:
    place = NodeLine(UID, f"/{UID.hex}/", "hq", "hq", "Head office", people)
    line = ReleaseLine(UID, "Northwind", "Your visit", date(2026, 10, 1), date(2026, 10, 31), 10, NOW)
    return Frame(Wanted(), line, place, before=line if before else None)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (count(12345), "12,345"),
        (count(None), "–"),
        (share(Decimal("62.5")), "63%"),
        (mean(Decimal("4.255")), "4.26"),
        (nps(Decimal("31.4")), "+31"),
        (nps(Decimal("-0.4")), "0"),
        (nps(Decimal("-12.5")), "−13"),
        (few(10), "fewer than 10"),
    ],
)
def test_a_number_is_written_in_one_way(figure: object, text: str) -> None:
    assert figure.text == text  # type: ignore[attr-defined]


def test_what_is_hidden_has_no_answers_at_all() -> None:
    cells = [CellLine("answers", UID, "q", "total", None), CellLine("scores", UID, "q", "mean", None)]
    assert answers_in(cells) == {}


def test_answers_are_put_together_from_cells() -> None:
    cells = [
        CellLine("answers", UID, "q", "total", Decimal(12)),
        CellLine("answers", UID, "q", "yes", Decimal(12)),
        CellLine("scores", UID, "q", "mean", Decimal("4.00")),
    ]
    assert answers_in(cells) == {(UID, "q"): Answers(12, {"yes": 12}, {}, {"mean": Decimal("4.00")})}


def test_a_difference_of_many_people_is_clear() -> None:
    change = change_of(CLEAN, scale(0, 0, 100, 300, 600), scale(100, 200, 300, 200, 200))
    assert change
    assert (change.shown.text, change.kind, change.trend, change.is_clear) == ("+1.30", "good", "up", True)


def test_the_same_difference_of_few_people_is_not() -> None:
    change = change_of(CLEAN, scale(1, 2, 3, 3, 2), scale(2, 2, 3, 2, 2))
    assert change
    assert (change.kind, change.is_clear) == ("quiet", False)


def test_a_loss_is_danger() -> None:
    change = change_of(CLEAN, scale(300, 200, 100, 0, 0), scale(0, 0, 100, 200, 300))
    assert change
    assert (change.shown.text[0], change.kind, change.trend) == ("−", "danger", "down")


def test_nothing_is_compared_with_what_is_hidden() -> None:
    assert change_of(CLEAN, scale(3, 3, 3, 3, 3), Answers()) is None
    assert change_of(CLEAN, Answers(), scale(3, 3, 3, 3, 3)) is None


def test_a_rounded_score_is_written_with_one_decimal_and_its_change_is_never_clear() -> None:
    rounded = Answers(None, {}, {"5": 100}, {"mean": Decimal("4.3")})
    assert score_of(CLEAN, rounded).text == "4.3"
    change = change_of(CLEAN, rounded, scale(300, 0, 0, 0, 0))
    assert change
    assert not change.is_clear


@pytest.mark.parametrize(("value", "at"), [("1", 0.0), ("5", 1.0), ("3", 0.5), (None, None)])
def test_a_score_lies_between_its_ends(value: str | None, at: float | None) -> None:
    assert position(CLEAN, Decimal(value) if value else None) == at


def test_a_question_without_a_range_has_no_position() -> None:
    assert position(PAID, Decimal(1)) is None


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 10, 1), date(2026, 10, 1), "1 October 2026"),
        (date(2026, 10, 1), date(2026, 10, 31), "1–31 October 2026"),
        (date(2026, 9, 28), date(2026, 10, 4), "28 September – 4 October 2026"),
        (date(2025, 12, 28), date(2026, 1, 4), "28 December 2025 – 4 January 2026"),
    ],
)
def test_a_period_is_as_short_as_it_stays_clear(first: date, last: date, text: str) -> None:
    assert period(first, last) == text


def test_the_axis_is_drawn_around_what_is_published() -> None:
    trend = [TrendPoint(UID, date(2026, 9, 1), None, None), TrendPoint(UID, date(2026, 10, 1), Decimal("4.2"), 50)]
    drawn = overview(frame(), [CLEAN], {}, {}, trend, None).trend
    assert drawn
    assert (drawn.least, drawn.most) == (3.5, 5.0)
    assert drawn.points[0]["value"] is None


def test_one_release_has_no_trend() -> None:
    assert overview(frame(), [CLEAN], {}, {}, [TrendPoint(UID, date(2026, 9, 1), Decimal(4), 50)], None).trend is None


def test_a_hidden_place_has_a_page_without_numbers() -> None:
    hidden = overview(frame(people=None), [CLEAN, NPS], {}, {}, [], None)
    assert (hidden.tiles, hidden.lines, hidden.sheets) == ((), (), ())
    assert questions(frame(people=None), [CLEAN], {}, {}).sheets == ()


def test_a_hidden_question_has_a_card_without_numbers() -> None:
    (card,) = questions(frame(), [CLEAN], {}, {}).groups[0].cards
    assert (card.chart, card.drawn, card.n, card.score) == ("", (), None, NOTHING)
    assert [figure.number for row in card.sheet.rows for figure in row] == [None] * 4


def test_rows_of_a_matrix_share_a_card_and_hidden_ones_stay_hidden() -> None:
    rows = [QuestionLine(f"m.{part}", 1, "S", "Team", part, "single", PAID.options) for part in ("kind", "quick")]
    now = {"m.kind": Answers(20, {"till": 15, "app": 5})}
    (card,) = questions(frame(), rows, now, {}).groups[0].cards
    assert [row.get("hidden", False) for row in card.drawn] == [False, True]
    assert [figure.text for figure in card.sheet.rows[1]] == [
        "quick",
        "fewer than 10",
        "fewer than 10",
        "fewer than 10",
    ]


def test_shares_of_the_report_before_stand_beside_those_of_now() -> None:
    now, then = {"paid": Answers(20, {"till": 15, "app": 5})}, {"paid": Answers(40, {"till": 10, "app": 30})}
    (card,) = questions(frame(), [PAID], now, then).groups[0].cards
    assert [figure.text for figure in card.sheet.rows[0]] == ["Till", "75%", "15", "25%"]
    assert card.drawn[0]["mark"] == 25.0


def test_bands_of_participants_come_as_they_are_offered_and_the_silent_last() -> None:
    cells = {"total": Decimal(100), "not_stated": Decimal(30), "65_up": Decimal(40), "under_25": None, "other": None}
    (variable,) = participants(frame(), {"age_band": cells}).variables
    assert [row["label"] for row in variable.drawn] == ["Under 25", "65 or over", "Other", "Not stated"]
    assert [figure.text for figure in variable.sheet.rows[0]] == ["Under 25", "fewer than 10", "fewer than 10"]
    assert [figure.text for figure in variable.sheet.rows[1]] == ["65 or over", "40%", "40"]
