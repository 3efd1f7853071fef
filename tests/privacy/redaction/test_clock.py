"""Times of day in words: found as finely as they are told, and nothing that is only a number or lasts a while."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.redaction import Kind, findings, with_perhaps, with_times

LONG, LONGEST_SECONDS = 100_000, 5.0


def times_in(text: str, *, hours_too: bool) -> list[str]:
    """The words that tell a time of day."""
    found = with_times(text, findings(text), hours_too=hours_too)
    return [text[each.start : each.end] for each in found if each.kind is Kind.TIME]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I sat down at 12:43.", "12:43"),
        ("My watch said 12:43:05 then.", "12:43:05"),
        ("At 9.15am the door was shut.", "9.15am"),
        ("At 9:15 a.m. the door was shut.", "9:15 a.m."),
        ("It was 0930 hours.", "0930 hours"),
        ("We came at 12h43.", "12h43"),
        ("We came at half past nine.", "half past nine"),
        ("We came at quarter to ten.", "quarter to ten"),
        ("It was ten past three when she came.", "ten past three"),
        ("I left at about twenty-five to six, alone.", "twenty-five to six"),
        ("I left at nine thirty and paid.", "nine thirty"),
        ("I left around half nine.", "half nine"),
        ("I came in at 1243.", "1243"),
        ("At １２:４３ she came.", "１２:４３"),
        ("At 12:\u200b43 she came.", "12:\u200b43"),
    ],
)
def test_a_time_to_the_minute_is_found(text: str, words: str) -> None:
    assert times_in(text, hours_too=False) == [words]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It was 9 am.", "9 am"),
        ("We met at 4pm by the door.", "4pm"),
        ("It was nine o'clock.", "nine o'clock"),
        ("It was nine o’clock.", "nine o’clock"),
        ("We met at 9 in the morning.", "9"),
        ("We met at noon.", "noon"),
        ("I was there around ten.", "ten"),
        ("It was seven pm by then.", "seven pm"),
    ],
)
def test_a_full_hour_is_found_only_where_it_is_asked_for(text: str, words: str) -> None:
    assert times_in(text, hours_too=True) == [words]
    assert times_in(text, hours_too=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "I waited 4:30 minutes, then 2 minutes 15.",
        "It cost 12.50, with a tip 14.00.",
        "It took 5 to 10 minutes.",
        "About ten to twelve people stood there.",
        "It was before noon, in the morning.",
        "Table 12, seat 4, two coffees, 7.90.",
        "The score was 2:1.",
        "Receipt 20261126-0042, order 1200 of 12/11/2026.",
        "She stood at register 4 at table 9.",
        "I paid at $9 and got 1 of 100 coupons.",
        "Two thirty dollar notes and at least nine coins.",
        "At one point nobody was there.",
    ],
)
def test_what_tells_no_time_of_day_is_left_alone(text: str) -> None:
    assert times_in(text, hours_too=True) == []


@given(st.text(alphabet=st.sampled_from("1243:.hampnoineclock’' at\u00a0Ana"), max_size=80))
def test_times_overlap_nothing_and_stand_in_order(text: str) -> None:
    found = with_times(text, with_perhaps(text, findings(text)), hours_too=True)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(0 <= each.start < each.end <= len(text) for each in found)


@pytest.mark.parametrize("piece", ["1", "12:", "at ", "1 ", "ten to ", "at about ", "quarter ", "9 a.m", "at ten "])
def test_no_text_makes_the_search_slow(piece: str) -> None:
    start = time.process_time()
    with_times((piece * LONG)[:LONG], [], hours_too=True)
    assert time.process_time() - start < LONGEST_SECONDS
