"""People are counted, each once, at their place and above."""

import pytest

from privacy.anonymity.counting import CountedTwice, Question, Record, counted
from privacy.anonymity.trees import NotATree, grown

TREE = grown({"hq": None, "north": "hq", "store": "north"})
MANY = Question("many", ("x", "y"), is_exclusive=False)


def test_one_person_in_two_records_is_refused() -> None:
    record = Record("somebody", "store", frozenset(), {})
    with pytest.raises(CountedTwice):
        counted(TREE, (), [record, record])


def test_a_person_counts_at_the_place_and_at_all_above() -> None:
    counts = counted(TREE, (), [Record(1, "store", frozenset(), {}), Record(2, "north", frozenset(), {})])
    assert counts.people == {"store": 1, "north": 2, "hq": 2}


def test_somebody_who_chose_an_option_twice_chose_it_once() -> None:
    counts = counted(TREE, (MANY,), [Record(1, "store", frozenset({"many"}), {"many": ("x", "x", "y")})])
    assert counts.chosen["many"]["x"]["hq"] == 1
    assert counts.answered["many"]["hq"] == 1


def test_being_asked_and_answering_are_counted_apart() -> None:
    counts = counted(TREE, (MANY,), [Record(1, "store", frozenset({"many"}), {}), Record(2, "store", frozenset(), {})])
    assert (counts.people["hq"], counts.asked["many"]["hq"], counts.answered["many"]["hq"]) == (2, 1, 0)


@pytest.mark.parametrize(
    "parents", [{}, {"a": None, "b": None}, {"a": None, "b": "nowhere"}, {"a": None, "b": "c", "c": "b"}]
)
def test_places_without_one_root_are_refused(parents: dict[str, str | None]) -> None:
    with pytest.raises(NotATree):
        grown(parents)


def test_every_place_comes_after_those_below_it() -> None:
    assert TREE.bottom_up == ("store", "north", "hq")
