"""Problems stop the launch; privacy warnings ask for care."""

import pytest
from msgspec.structs import replace

from survey.questionnaires.domain import (
    Choice,
    Definition,
    Item,
    Kind,
    Row,
    Section,
    problems,
    store_visit,
    warnings,
)

AB = (Choice("a", "A"), Choice("b", "B"))


def with_item(item: Item) -> Definition:
    return Definition("Test", sections=(Section("s", "Section", items=(item,)),))


def test_the_sample_has_neither_problems_nor_warnings() -> None:
    assert (problems(store_visit()), warnings(store_visit())) == ([], [])


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item("q", Kind.SINGLE, " ", choices=AB), "Enter the question"),
        (Item("q", Kind.SINGLE, "Q", choices=AB[:1]), "at least two choices"),
        (Item("q", Kind.SINGLE, "Q", choices=(AB[0], AB[0])), "same code"),
        (Item("q", Kind.SINGLE, "Q", choices=(AB[0], Choice("c", "a"))), "read the same"),
        (Item("q", Kind.SINGLE, "Q", choices=(AB[0], Choice("c", " "))), "label for every choice"),
        (Item("q", Kind.SINGLE, "Q", choices=(AB[0], Choice("<b>", "B"))), "cannot be the code"),
        (Item("q", Kind.SINGLE, "Q", choices=(AB[0], Choice("prefer_not_to_say", "No"))), "cannot be the code"),
        (Item("q", Kind.SINGLE, "Q", choices=tuple(replace(c, is_other=True) for c in AB)), "Only one choice"),
        (Item("q", Kind.SINGLE, "Q", choices=tuple(replace(c, is_exclusive=True) for c in AB)), "On its own"),
        (Item("q", Kind.MATRIX, "Q", choices=AB), "at least one row"),
        (Item("q", Kind.MATRIX, "Q", rows=(Row("Declined!", "R"),), choices=AB), "code of a row"),
        (Item("q", Kind.MATRIX, "Q", rows=(Row("other", "R"),), choices=AB), "code of a row"),
        (Item("q", Kind.SCALE, "Q", minimum=5, maximum=1, least_label="a", most_label="b"), "end higher"),
        (Item("q", Kind.SCALE, "Q", minimum=0, maximum=100, least_label="a", most_label="b"), "at most 11"),
        (Item("q", Kind.SCALE, "Q"), "both ends"),
        (Item("q", Kind.NUMBER, "Q", minimum=5, maximum=1), "above the largest"),
        (Item("q", Kind.NUMBER, "Q", decimals=9), "decimals"),
        (Item("q", Kind.MONEY, "Q", minimum=5, maximum=1), "above the largest"),
        (Item("q", Kind.MONEY, "Q", unit="euro"), "three capital letters"),
        (Item("q", Kind.DATE, "Q", earliest="2026-12-01", latest="2026-01-01"), "after the latest"),
        (Item("q", Kind.DATE, "Q", earliest="soon"), "is not a date"),
        (Item("Q!", Kind.NPS, "Q"), "cannot be an id"),
        (Item("in", Kind.NPS, "Q"), "cannot be an id"),
        (Item("shown", Kind.NPS, "Q"), "cannot be an id"),
        (Item("s", Kind.NPS, "Q"), "used more than once"),
    ],
)
def test_a_shape_that_cannot_be_asked_is_a_problem(item: Item, words: str) -> None:
    found = [problem.message for problem in problems(with_item(item))]
    assert any(words in message for message in found), found


def test_an_empty_section_and_an_empty_questionnaire_are_problems() -> None:
    assert [problem.path for problem in problems(Definition("Test", sections=(Section("s", "S"),)))] == ["s"]
    assert {problem.path for problem in problems(Definition(""))} == {""}


@pytest.mark.parametrize("title", ["SSN", "What is your passport number?", "Your card number", "Choose a password"])
def test_what_must_never_be_asked_blocks_the_launch(title: str) -> None:
    assert [problem.path for problem in problems(with_item(Item("q", Kind.TEXT, title, help="x")))] == ["q"]


@pytest.mark.parametrize(
    "title",
    ["Health", "What is your religion?", "Do you have a disability?", "¿Tiene alguna enfermedad?", "Are you pregnant?"],
)
def test_special_data_is_blocked_until_it_is_asked_with_care(title: str) -> None:
    careless = Item("q", Kind.SINGLE, title, choices=AB)
    careful = replace(careless, is_sensitive=True, privacy_reason="Required by the equality duty")
    assert problems(with_item(careless))
    assert problems(with_item(replace(careful, is_required=True)))
    assert (problems(with_item(careful)), len(warnings(with_item(careful)))) == ([], 1)


@pytest.mark.parametrize(
    "title",
    ["Name", "E-mail:", "Your phone number", "What is your date of birth?", "¿Cuál es su nombre?", "Order number"],
)
def test_a_question_that_identifies_somebody_is_pointed_out(title: str) -> None:
    found = warnings(with_item(Item("q", Kind.TEXT, title, help="x")))
    assert [warning.path for warning in found] == ["q"]


@pytest.mark.parametrize(
    "title",
    [
        "How clean was the store?",
        "Was the healthy food easy to find?",
        "To what degree were you satisfied?",
        "Did you name a price?",
        "Was our e-mail clear?",
        "Did you earn points?",
        "Was there access for disabled visitors?",
    ],
)
def test_ordinary_questions_raise_no_alarm(title: str) -> None:
    asked = with_item(Item("q", Kind.SINGLE, title, choices=AB))
    assert (problems(asked), warnings(asked)) == ([], [])


def test_four_harmless_questions_that_single_somebody_out_together_are_pointed_out() -> None:
    titles = {"a": "How old are you?", "b": "Your gender", "c": "Your postcode", "d": "What is your occupation?"}
    items = tuple(Item(name, Kind.SINGLE, title, choices=AB) for name, title in titles.items())
    found = warnings(Definition("Test", sections=(Section("s", "S", items=items),)))
    assert [(warning.path, "age, gender, job, place" in warning.message) for warning in found] == [("", True)]
