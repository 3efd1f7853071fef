"""Words that might be somebody's name: what the wide net catches, and what even it leaves alone."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.redaction import HARD, Kind, findings, with_perhaps


def perhaps_in(text: str, ordinary: frozenset[str] = frozenset()) -> list[str]:
    """The words that might be a name."""
    found = with_perhaps(text, findings(text), ordinary)
    return [text[each.start : each.end] for each in found if each.kind is Kind.PERHAPS]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Anna was lovely and smiled.", "Anna"),
        ("The girl waved. Anna then showed me the menu.", "Anna"),
        ("anna at the till was rude", "anna"),
        ("ANNA’S section was full", "ANNA"),
        ("Then I met Mary-Ann Fox by the door", "Mary-Ann Fox"),
        ("At the till Zbigniew served me", "Zbigniew"),
        ("and then Olu Adeyemi came over", "Olu Adeyemi"),
        ("The tall one, Ngozi, who was kind", "Ngozi"),
        ("I spoke at length, and Rose poured it", "Rose"),
        ("Mark was rude", "Mark"),
        ("I waved at Mark by the door", "Mark"),
        ("Wendy's attitude was poor", "Wendy"),
        ("Mary Kay smiled at me", "Mary Kay"),
        ("My server June brought it", "June"),
        ("Paul Smith handed me the receipt", "Paul Smith"),
    ],
)
def test_words_that_might_be_a_name_are_found(text: str, words: str) -> None:
    assert perhaps_in(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Service was slow. Coffee was cold. Everything was sticky.",
        "I will mark it down; a rose may grace the table, and the bill was wrong.",
        "On Monday was the sale, and I said so. They said no.",
        "Grace period over. Will it rain?",
        "Annabel's is shut",
        "",
    ],
)
def test_ordinary_sentences_have_no_might_be_names(text: str) -> None:
    assert perhaps_in(text) == []


def test_words_of_the_place_and_its_goods_are_no_names() -> None:
    assert perhaps_in("the Latte was cold") == ["Latte"]
    assert perhaps_in("the Latte was cold", frozenset({"latte"})) == []


def test_a_given_name_is_asked_about_even_where_the_place_is_called_so() -> None:
    assert perhaps_in("Anna was rude", frozenset({"anna"})) == ["Anna"]


def test_what_is_certain_is_not_asked_about_again() -> None:
    text = "My server Anna was kind."
    assert [each.kind for each in with_perhaps(text, findings(text))] == [Kind.NAME]


def test_a_might_be_name_may_stay() -> None:
    assert Kind.PERHAPS not in HARD


@given(st.text(alphabet=st.sampled_from("Anna anarklos Wil.,’'-\n\u00a0"), max_size=80))
def test_findings_of_both_kinds_never_overlap_and_stand_in_order(text: str) -> None:
    found = with_perhaps(text, findings(text))
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(0 <= each.start < each.end <= len(text) for each in found)


@pytest.mark.parametrize(
    "text",
    ["I love Wendy's.", "The Dr Pepper was flat.", "A Shirley Temple was served.", "The server: May I help?"],
)
def test_what_is_called_after_somebody_and_does_nothing_is_nobody(text: str) -> None:
    assert perhaps_in(text) == []


def test_the_clients_own_place_is_nobody_whatever_it_does() -> None:
    text = "Wendy's service was slow."
    assert with_perhaps(text, findings(text), (), ("Wendy's",)) == []
