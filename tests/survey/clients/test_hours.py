"""Opening hours as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.clients.domain import WEEKDAYS, BadHours, hours_lines, hours_of, hours_text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("always", "Begin “always” with days"),
        ("mon", "as hours, like 07:00-19:00"),
        ("mon 7 to late", "as hours"),
        ("mon 25:00-26:00", "no span of a day"),
        ("mon 07:75-19:00", "no span of a day"),
        ("mon 09:00-09:00", "no span of a day"),
        ("mon 1-2, 3-4, 5-6, 7-8, 9-10", "at most 4 spans"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(BadHours, match=message):
        hours_of(text)


def test_days_and_spans_are_read_in_the_ways_people_write_them() -> None:
    weekdays = {day: [["07:00", "19:00"]] for day in WEEKDAYS[:5]}
    assert hours_of("Mon-Fri 07:00-19:00") == weekdays
    assert hours_of("monday to friday 7–19 | sat 8.30 to 12") == weekdays | {"sat": [["08:30", "12:00"]]}
    assert hours_of("sat-mon 18:00-02:00") == {day: [["18:00", "02:00"]] for day in ("mon", "sat", "sun")}
    assert hours_of(" ; \n") == {}


spans = st.lists(st.tuples(st.integers(0, 23), st.integers(0, 24)).filter(lambda pair: pair[0] != pair[1]),
                 min_size=1, max_size=3, unique=True)  # fmt: skip


@given(st.dictionaries(st.sampled_from(WEEKDAYS), spans))
def test_what_is_written_is_read_again(week: dict[str, list[tuple[int, int]]]) -> None:
    hours = {
        day: sorted([f"{opens:02}:00", f"{closes:02}:00"] for opens, closes in week[day])
        for day in WEEKDAYS
        if day in week
    }
    assert hours_of(hours_text(hours)) == hours


def test_whoever_goes_there_reads_days_in_a_row_on_one_line_and_which_are_closed() -> None:
    lines = hours_lines(hours_of("mon-fri 07:00-12:00, 13:00-19:00; sat 09:00-17:00"))
    assert lines == ["Monday to Friday 07:00 to 12:00, 13:00 to 19:00", "Saturday 09:00 to 17:00", "Closed on Sunday"]
    assert hours_lines(hours_of("tue-sat 09:00-17:00"))[1:] == ["Closed on Monday and Sunday"]


def test_of_hours_that_nobody_gave_nothing_is_said() -> None:
    assert hours_lines({}) == []
