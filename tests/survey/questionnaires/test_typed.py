"""Times of the day and amounts, as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaires.domain import (
    Definition,
    Item,
    Kind,
    Section,
    cents_of,
    clock_of,
    compile_definition,
    decimal,
    form_values,
    in_currency,
    step_of,
    summary,
)


@pytest.mark.parametrize(
    "text",
    ["", "7", "noon", "24:00", "07:60", "7:5", "13 pm", "0 am", "7:52 xm", "07:52:", "-7:52", "7:52 pm am", "٠٧:٥٢"],
)
def test_what_is_no_time_of_the_day_is_none(text: str) -> None:
    assert clock_of(text) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("07:52", "07:52"),
        ("7.52", "07:52"),
        ("7:52 pm", "19:52"),
        ("7:52PM", "19:52"),
        ("7 p.m.", "19:00"),
        ("12:05 am", "00:05"),
        ("12 pm", "12:00"),
        ("19h52", "19:52"),
        (" 23:59:30 ", "23:59"),
    ],
)
def test_a_time_is_read_in_the_ways_people_write_it(text: str, clock: str) -> None:
    assert clock_of(text) == clock


@given(st.times())
def test_both_clocks_say_the_same_time(moment: time) -> None:
    assert clock_of(f"{moment:%H:%M}") == f"{moment:%H:%M}"
    assert clock_of(f"{moment:%I:%M %p}") == f"{moment:%H:%M}"


@pytest.mark.parametrize("text", ["", "a lot", "-1", "1.005", "1,234", "1e3", "1.2.3", "$", "NaN", "9" * 12, "٦"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert cents_of(text) is None


@pytest.mark.parametrize(
    ("text", "cents"),
    [("6.95", 695), ("6,95", 695), ("€ 6.9", 690), ("1,234.50", 123450), ("12", 1200), ("0", 0), ("1 000,00", 100000)],
)
def test_an_amount_is_read_in_the_ways_people_write_it(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@given(st.integers(0, 10**8))
def test_an_amount_comes_back_as_it_was_shown(cents: int) -> None:
    assert cents_of(decimal(cents)) == cents


@pytest.mark.parametrize("text", ["", "+", "-", "--2", "+-2", "+1.005", "+1,234", "- a lot", "2-"])
def test_what_is_no_step_is_none(text: str) -> None:
    assert step_of(text) is None


@pytest.mark.parametrize(
    ("text", "cents"),
    [("+2.00", 200), ("+2,00", 200), ("2", 200), ("-1.00", -100), ("- 1,5", -150), ("\N{MINUS SIGN}1", -100),
     ("\N{EN DASH}1", -100), ("€ +2", 200), ("+€2", 200), ("+1,234.50", 123450), ("-0", 0)],
)  # fmt: skip
def test_a_step_is_read_in_the_ways_people_write_it(text: str, cents: int) -> None:
    assert step_of(text) == cents


PAID = Item("paid", Kind.MONEY, "What did you pay?")
TIP = Item("tip", Kind.MONEY, "Tip?", unit="CHF")
ASKED = Definition("Visit", sections=(Section("s", "S", items=(PAID, TIP)),))


def test_money_is_told_in_the_questions_own_currency_or_else_the_campaigns() -> None:
    compiled = compile_definition(in_currency(ASKED, "GBP"))
    rows = summary(compiled, {"paid": 695, "tip": 50}, {})
    assert [row.lines for row in rows] == [("GBP 6.95",), ("CHF 0.50",)]
    assert form_values(PAID, {"paid": 695}, {}) == {"paid": ["6.95"]}


def test_a_questionnaire_without_money_stays_the_same() -> None:
    plain = Definition("Visit", sections=(Section("s", "S", items=(TIP,)),))
    assert in_currency(plain, "GBP") is plain
