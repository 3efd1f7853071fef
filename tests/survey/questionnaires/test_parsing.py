"""The server alone decides what a posted section says."""

from datetime import date
from typing import Any

import pytest

from survey.questionnaires.domain import (
    PREFER_NOT,
    Choice,
    Compiled,
    Condition,
    Definition,
    Item,
    Kind,
    Operator,
    Parsed,
    Row,
    Section,
    ShowIf,
    compile_definition,
    merged,
    next_section,
    parse_section,
    store_visit,
    summary,
    unanswered,
    unfinished,
)

TODAY = date(2026, 11, 22)
AB = (Choice("a", "A"), Choice("b", "B"))


def compiled(*items: Item) -> Compiled:
    return compile_definition(Definition("Test", sections=(Section("s", "S", items=items),)))


def parsed(item: Item, **form: list[str]) -> Parsed:
    fields = {name.replace("__", "-"): values for name, values in form.items()}
    return parse_section(compiled(item), 0, fields, {}, TODAY)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (Item("q", Kind.SINGLE, "Clean?", is_required=True, choices=AB), "Select an answer to “Clean?”"),
        (
            Item("q", Kind.SINGLE, "Clean?", phrase="how clean it was", is_required=True, choices=AB),
            "Select how clean it was",
        ),
        (Item("q", Kind.MULTIPLE, "Which?", is_required=True, choices=AB), "Select at least one answer to “Which?”"),
        (Item("q", Kind.NPS, "Likely?", is_required=True), "Select an answer to “Likely?”"),
        (Item("q", Kind.NUMBER, "How many?", is_required=True), "Enter an answer to “How many?”"),
        (Item("q", Kind.TEXT, "What?", phrase="what happened", is_required=True), "Enter what happened"),
        (
            Item("q", Kind.DATE, "When?", phrase="the day of your visit", is_required=True),
            "Enter the day of your visit",
        ),
        (Item("q", Kind.TIME, "When?", is_required=True), "Enter an answer to “When?”"),
        (Item("q", Kind.MONEY, "How much?", phrase="what you paid", is_required=True), "Enter what you paid"),
    ],
)
def test_a_required_answer_left_empty_says_what_to_do(item: Item, message: str) -> None:
    assert parsed(item, q=["  "]).errors == {"q": message}


NUMBER = Item("q", Kind.NUMBER, "N", minimum=0, maximum=120)
PRICE = Item("q", Kind.NUMBER, "N", minimum=0, maximum=50.5, decimals=2)
DAY = Item("q", Kind.DATE, "D", earliest="2026-01-01", latest="today")


@pytest.mark.parametrize(
    ("item", "value", "message"),
    [
        (Item("q", Kind.SINGLE, "Q", choices=AB), "z", "Select one of the answers to “Q”"),
        (Item("q", Kind.SINGLE, "Q", choices=AB), PREFER_NOT, "Select one of the answers to “Q”"),
        (Item("q", Kind.MULTIPLE, "Q", choices=AB), "z", "Select one of the answers to “Q”"),
        (Item("q", Kind.NPS, "Q"), "11", "Choose a number from 0 to 10"),
        (Item("q", Kind.SCALE, "Q", minimum=1, maximum=7), "0", "Choose a number from 1 to 7"),
        (Item("q", Kind.SCALE, "Q"), "2.5", "Choose a number from 1 to 5"),
        (NUMBER, "121", "Enter a whole number from 0 to 120"),
        (NUMBER, "-1", "Enter a whole number from 0 to 120"),
        (NUMBER, "12.5", "Enter a whole number from 0 to 120"),
        (NUMBER, "1e2", "Enter a whole number from 0 to 120"),
        (NUMBER, "١٢", "Enter a whole number from 0 to 120"),
        (NUMBER, "9" * 400, "Enter a whole number from 0 to 120"),
        (PRICE, "1.234", "Enter a number with at most 2 decimals from 0 to 50.5"),
        (Item("q", Kind.NUMBER, "N", minimum=1), "0", "Enter a whole number, 1 or more"),
        (DAY, "2026-02-30", "Enter a real date, like 2026-03-27 for 27 March 2026"),
        (DAY, "27/03/2026", "Enter a real date, like 2026-03-27 for 27 March 2026"),
        (DAY, "2026-11-23", "Enter today or an earlier date"),
        (DAY, "2025-12-31", "Enter a date on or after 1 January 2026"),
        (Item("q", Kind.TIME, "T"), "25:00", "Enter a time of the day, like 07:52 or 7:52 pm"),
        (Item("q", Kind.TIME, "T"), "7", "Enter a time of the day, like 07:52 or 7:52 pm"),
        (Item("q", Kind.MONEY, "M"), "6.955", "Enter an amount like 6.95"),
        (Item("q", Kind.MONEY, "M", minimum=1, maximum=20), "0.99", "Enter an amount like 6.95 from 1 to 20"),
        (Item("q", Kind.TEXT, "T"), "x" * 205, "Shorten your answer to 200 characters; it is 5 over"),
        (
            Item("q", Kind.LONG_TEXT, "T", max_characters=10),
            "x" * 11,
            "Shorten your answer to 10 characters; it is 1 over",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_says_what_can(item: Item, value: str, message: str) -> None:
    outcome = parsed(item, q=[value])
    assert (outcome.errors, outcome.coded, outcome.verbatims) == ({"q": message}, {}, {})


@pytest.mark.parametrize(
    ("item", "value", "coded"),
    [
        (Item("q", Kind.SINGLE, "Q", choices=AB), "a", "a"),
        (Item("q", Kind.SINGLE, "Q", choices=AB, is_sensitive=True), PREFER_NOT, PREFER_NOT),
        (Item("q", Kind.NPS, "Q"), "0", 0),
        (Item("q", Kind.SCALE, "Q", minimum=-2, maximum=2), "-2", -2),
        (NUMBER, " 120 ", 120),
        (NUMBER, "12.0", 12),
        (PRICE, "12,50", 12.5),
        (DAY, "2026-11-22", "2026-11-22"),
        (Item("q", Kind.TIME, "T"), "7:52 pm", "19:52"),
        (Item("q", Kind.MONEY, "M", unit="EUR"), "6,95 EUR", 695),
        (Item("q", Kind.MONEY, "M", maximum=20), "20.00", 2000),
    ],
)
def test_an_answer_that_can_be_is_taken_as_its_type(item: Item, value: str, coded: object) -> None:
    outcome = parsed(item, q=[value])
    assert (outcome.errors, outcome.coded) == ({}, {"q": coded})


def test_several_picks_come_in_the_order_of_the_questionnaire_without_repeats() -> None:
    item = Item("q", Kind.MULTIPLE, "Q", choices=(*AB, Choice("c", "C")))
    assert parsed(item, q=["c", "a", "a"]).coded == {"q": ["a", "c"]}


def test_none_of_these_cannot_be_picked_with_others() -> None:
    item = Item("q", Kind.MULTIPLE, "Q", choices=(*AB, Choice("none", "None of these", is_exclusive=True)))
    assert "on its own" in parsed(item, q=["a", "none"]).errors["q"]
    assert parsed(item, q=["none"]).coded == {"q": ["none"]}


def test_more_picks_than_allowed_are_refused() -> None:
    item = Item("q", Kind.MULTIPLE, "Q", maximum=1, choices=AB)
    assert parsed(item, q=["a", "b"]).errors == {"q": "Select at most 1 answers"}


def test_free_text_and_other_text_go_to_verbatims_alone() -> None:
    other = Item("q", Kind.SINGLE, "Q", choices=(*AB, Choice("o", "Other", is_other=True)))
    outcome = parsed(other, q=["o"], q__other=["a unicorn"])
    assert (outcome.coded, outcome.verbatims) == ({"q": "o"}, {"q-other": "a unicorn"})
    assert parsed(Item("q", Kind.LONG_TEXT, "Q"), q=["a unicorn"]).coded == {}


def test_other_text_is_dropped_when_another_answer_was_picked() -> None:
    other = Item("q", Kind.SINGLE, "Q", choices=(*AB, Choice("o", "Other", is_other=True)))
    outcome = parsed(other, q=["a"], q__other=["left over"])
    assert (outcome.verbatims, "q-other" in outcome.cleared) == ({}, True)


def test_whoever_prefers_not_to_say_leaves_no_text_behind() -> None:
    item = Item("q", Kind.TEXT, "Q", is_required=True, is_sensitive=True)
    outcome = parsed(item, q=["half a sentence"], q__declined=["1"])
    assert (outcome.coded, outcome.verbatims, outcome.errors) == ({"q": PREFER_NOT}, {}, {})


def test_declining_is_not_offered_where_the_author_did_not() -> None:
    assert parsed(Item("q", Kind.TEXT, "Q", is_required=True), q__declined=["1"]).errors


def test_characters_that_cannot_be_seen_are_taken_out() -> None:
    outcome = parsed(Item("q", Kind.LONG_TEXT, "Q"), q=["one\x00two\u202e\r\nthree\x07\ud800"])
    assert outcome.verbatims == {"q": "onetwo\nthree"}


MATRIX = Item("m", Kind.MATRIX, "M", is_required=True, rows=(Row("r1", "One"), Row("r2", "Two")), choices=AB)


def test_each_row_of_a_matrix_has_its_own_message() -> None:
    outcome = parse_section(compiled(MATRIX), 0, {"m-r1": ["a"]}, {})
    assert (outcome.coded, outcome.errors) == ({"m": {"r1": "a"}}, {"m-r2": "Select an answer for “Two”"})


def test_an_unknown_column_is_refused_in_its_row() -> None:
    assert parse_section(compiled(MATRIX), 0, {"m-r1": ["a"], "m-r2": ["z"]}, {}).errors == {
        "m-r2": "Select one of the answers for “Two”"
    }


IF_A = ShowIf(conditions=(Condition("first", Operator.IS, "a"),))
FIRST = Item("first", Kind.SINGLE, "First", is_required=True, choices=AB)
FOLLOW = Item("follow", Kind.TEXT, "Why?", is_required=True, show_if=IF_A)


def test_an_answer_to_a_hidden_item_is_dropped() -> None:
    outcome = parse_section(compiled(FIRST, FOLLOW), 0, {"first": ["b"], "follow": ["because"]}, {})
    assert (outcome.verbatims, outcome.errors, "follow" in outcome.cleared) == ({}, {}, True)


def test_an_item_that_shows_only_now_is_revealed_before_it_is_demanded() -> None:
    outcome = parse_section(compiled(FIRST, FOLLOW), 0, {"shown": ["first"], "first": ["a"]}, {})
    assert (outcome.revealed, outcome.errors, outcome.is_complete) == ({"follow"}, {}, False)


def test_an_item_that_was_on_the_page_is_demanded() -> None:
    outcome = parse_section(compiled(FIRST, FOLLOW), 0, {"shown": ["first", "follow"], "first": ["a"]}, {"first": "a"})
    assert outcome.errors == {"follow": "Enter an answer to “Why?”"}


def two_sections() -> Compiled:
    later = Item("later", Kind.SINGLE, "Later", choices=AB, show_if=IF_A)
    note = Item("note", Kind.TEXT, "Note", show_if=IF_A)
    sections = (Section("s1", "One", items=(FIRST,)), Section("s2", "Two", items=(later, note)))
    return compile_definition(Definition("Test", sections=sections))


def test_changing_an_answer_clears_what_it_hides_in_later_sections() -> None:
    answers = {"first": "a", "later": "b"}
    outcome = parse_section(two_sections(), 0, {"first": ["b"]}, answers)
    assert {"later", "note"} <= outcome.cleared
    assert merged(answers, outcome) == {"first": "b"}


def test_a_section_with_nothing_to_ask_is_skipped() -> None:
    assert next_section(two_sections(), {"first": "b"}, 0) is None
    assert next_section(two_sections(), {"first": "a"}, 0) == 1


def test_the_final_check_finds_the_first_section_that_is_not_done() -> None:
    visit = compile_definition(store_visit())
    first = {"reason": "few_things", "found_all": "yes"}
    assert unfinished(visit, {}, ()) == 0
    assert unfinished(visit, first, ()) == 1


def test_a_required_text_counts_as_answered_when_its_verbatim_is_there() -> None:
    text = compiled(Item("q", Kind.TEXT, "Q", is_required=True))
    assert unfinished(text, {}, ()) == 0
    assert unfinished(text, {}, {"q"}) is None


def test_what_is_unanswered_is_named_item_by_item_and_a_matrix_by_its_first_empty_row() -> None:
    asked = compiled(Item("q", Kind.TEXT, "Q", is_required=True), MATRIX, Item("free", Kind.TEXT, "F"))
    found = list(unanswered(asked, {"m": {"r1": "a"}}, ()))
    assert [(each.item.id, each.row and each.row.code) for each in found] == [("q", None), ("m", "r2")]
    assert list(unanswered(asked, {"m": {"r1": "a", "r2": "a"}}, {"q"})) == []


def test_the_summary_speaks_the_words_of_the_questionnaire() -> None:
    answers: dict[str, Any] = {"reason": "other", "found_all": "yes", "spent": 12.5, "team": {"greeting": "agree"}}
    rows = summary(compile_definition(store_visit()), answers, {"reason-other": "A gift"})
    lines = {row.item_id: row.lines for row in rows}
    assert lines["reason"] == ("Another reason: A gift",)
    assert lines["spent"] == ("12.5 €",)
    assert lines["team"] == ("I was greeted: Agree",)
    assert lines["paid"] == ()
    assert "missing" not in lines
