"""A sentence in capitals is read calmly, letter for letter, so that a capital says something again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.redaction import Kind, findings, with_perhaps
from privacy.redaction.shouting import calmly

SMALL = frozenset({"took", "rude"})


def found_in(text: str) -> list[str]:
    """The words that are, or might be, a name."""
    found = with_perhaps(text, findings(text))
    return [text[each.start : each.end] for each in found if each.kind in {Kind.NAME, Kind.PERHAPS}]


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        ("GERTRUDE WINTERBOTTOM TOOK MY ORDER.", "Gertrude Winterbottom took my Order."),
        ("THE WAITER WAS RUDE", "the waiter was rude"),
        ("The sign said CLOSED and a DIET COKE stood there.", "The sign said CLOSED and a DIET COKE stood there."),
        ("He ate. THE KITCHEN WAS SHUT. He left.", "He ate. the kitchen was Shut. He left."),
    ],
)
def test_what_may_be_a_name_keeps_one_capital(text: str, calm: str) -> None:
    assert calmly(text, SMALL) == calm


@given(st.text(alphabet="ABC' ,.-abcß", max_size=80))
def test_no_letter_changes_its_place(text: str) -> None:
    assert calmly(text, SMALL).casefold() == text.casefold()


@pytest.mark.parametrize(
    "text",
    [
        "“We are out of oat milk,” said Gertrude Winterbottom.",
        "“WE ARE OUT OF OAT MILK,” SAID GERTRUDE WINTERBOTTOM.",
        "GERTRUDE WINTERBOTTOM TOOK MY ORDER.",
        "I WAS TOLD THAT GERTRUDE WINTERBOTTOM SAID SO.",
        "THEN GERTRUDE WINTERBOTTOM CAME OVER.",
    ],
)
def test_whoever_speaks_or_serves_is_found_in_small_letters_and_in_large_ones(text: str) -> None:
    assert [word.casefold() for word in found_in(text)] == ["gertrude winterbottom"]


@pytest.mark.parametrize(
    "text",
    [
        "THE FOOD WAS COLD AND THE WAITER WAS RUDE.",
        "“Hello,” said the barista.",
        "“Hello,” she said, and everybody laughed.",
        "WORST SERVICE EVER, AND IT TOOK FORTY MINUTES.",
        "THIS LANE IS CLOSED.",
    ],
)
def test_where_nobody_is_named_nobody_is_found(text: str) -> None:
    assert found_in(text) == []
