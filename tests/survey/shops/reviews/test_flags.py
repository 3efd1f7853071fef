"""Integrity flags as a pure function: what raises each of them, and what does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.shops.reviews.domain import Facts, Flag, NotAllowed, compared, disagree, flags, is_open, next_token

IN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
HOURS = {day: [["07:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}
HONEST = Facts(
    window_start=IN - timedelta(days=1),
    window_end=IN + timedelta(days=1),
    daypart="morning",
    time_zone="Europe/London",
    opening_hours=HOURS,
    time_in=IN,
    time_out=IN + timedelta(minutes=20),
    started_at=IN,
    submitted_at=IN + timedelta(hours=2),
    answers=20,
    texts=("The barista was friendly and the floor was clean.",),
    percent=Decimal(92),
)


def test_an_honest_report_raises_nothing() -> None:
    assert flags(HONEST) == []


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"check_in_metres": 1001}, Flag.FAR_AWAY),
        ({"time_in": IN - timedelta(days=2), "daypart": "any"}, Flag.OUTSIDE_WINDOW),
        ({"taken_at": IN + timedelta(minutes=1)}, Flag.BEFORE_TAKEN),
        ({"daypart": "evening"}, Flag.OUTSIDE_DAYPART),
        ({"opening_hours": {"tue": [["07:00", "21:00"]]}}, Flag.OUTSIDE_HOURS),
        ({"time_out": IN - timedelta(minutes=1)}, Flag.TIMES_CROSSED),
        ({"submitted_at": IN + timedelta(seconds=30)}, Flag.TOO_FAST),
        ({"texts": ("x" * 7000,), "submitted_at": IN + timedelta(minutes=5)}, Flag.TOO_FAST),
        ({"texts": ("The floor was filthy and the clerk was rude.",)}, Flag.CONTRADICTION),
        ({"has_same_picture": True}, Flag.SAME_PICTURE),
        ({"has_same_recording": True}, Flag.SAME_RECORDING),
        ({"has_same_text": True}, Flag.SAME_TEXT),
        ({"is_overdue": True}, Flag.NOT_SENT_BACK),
        ({"has_come_in_vain": True}, Flag.IN_VAIN_BEFORE),
    ],
)
def test_each_oddity_raises_its_flag_and_no_other(changes: dict[str, object], flag: Flag) -> None:
    assert flags(replace(HONEST, **changes)) == [flag]  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [0, 59], ids=["at once", "within the minute"])
def test_a_visit_in_the_minute_in_which_the_shop_was_taken_raises_nothing(seconds: int) -> None:
    assert flags(replace(HONEST, taken_at=IN + timedelta(seconds=seconds))) == []


def test_a_place_whose_hours_nobody_gave_is_never_closed() -> None:
    assert is_open({}, IN) is None
    assert is_open(HOURS, IN - timedelta(days=1)) is False


def test_a_low_score_with_nothing_but_praise_disagrees() -> None:
    assert disagree(Decimal(40), ["A lovely, friendly place."])
    assert not disagree(Decimal(70), ["A lovely, friendly place."])
    assert not disagree(None, ["rude rude"])


@given(st.text(max_size=200))
def test_texts_are_compared_however_they_are_set(text: str) -> None:
    plain = compared(text)
    assert plain is None or (len(plain) >= 40 and compared(f"  {plain.upper().lower()}!  ") is not None)


def test_tokens_are_given_in_order_and_end() -> None:
    assert next_token(set()) == "E1"
    assert next_token({"E1", "E3"}) == "E2"
    with pytest.raises(NotAllowed):
        next_token({f"E{number}" for number in range(1, 100)})
