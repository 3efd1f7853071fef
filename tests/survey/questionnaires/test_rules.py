"""Rules show what they should, and whatever goes wrong in one never hides a question."""

import time

import pytest

from survey.questionnaires.domain import (
    PREFER_NOT,
    Choice,
    Condition,
    Definition,
    Item,
    Kind,
    Mode,
    Operator,
    Row,
    Section,
    ShowIf,
    compile_definition,
    problems,
    trial,
    visibility,
)

AB = (Choice("a", "A"), Choice("b", "B"))
ASKED = (
    Item("one", Kind.SINGLE, "One", choices=AB),
    Item("many", Kind.MULTIPLE, "Many", choices=AB),
    Item("score", Kind.NPS, "Score", least_label="No", most_label="Yes"),
    Item("day", Kind.DATE, "Day"),
    Item("at", Kind.TIME, "At"),
    Item("paid", Kind.MONEY, "Paid"),
    Item("grid", Kind.MATRIX, "Grid", rows=(Row("r1", "Row"),), choices=AB),
    Item("text", Kind.TEXT, "Text", help="Name nobody"),
)


def definition(rule: ShowIf) -> Definition:
    target = Item("target", Kind.NPS, "Target", least_label="No", most_label="Yes", show_if=rule)
    return Definition("Test", sections=(Section("s", "S", items=(*ASKED, target)),))


def shows(rule: ShowIf, **answers: object) -> bool:
    return "target" in visibility(compile_definition(definition(rule)), answers).items


def complaints(rule: ShowIf) -> list[str]:
    return [problem.message for problem in problems(definition(rule))]


def one(item: str, operator: Operator, value: object = None) -> ShowIf:
    return ShowIf(conditions=(Condition(item, operator, value),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "holding", "failing"),
    [
        (one("one", Operator.IS, "a"), {"one": "a"}, {"one": "b"}),
        (one("one", Operator.IS_NOT, "a"), {"one": "b"}, {"one": "a"}),
        (one("one", Operator.IS_ONE_OF, ("a", "b")), {"one": "b"}, {}),
        (one("many", Operator.INCLUDES, "a"), {"many": ["a", "b"]}, {"many": ["b"]}),
        (one("many", Operator.DOES_NOT_INCLUDE, "a"), {"many": ["b"]}, {"many": ["a"]}),
        (one("score", Operator.AT_LEAST, 9), {"score": 9}, {"score": 8}),
        (one("score", Operator.AT_MOST, 6), {"score": 0}, {"score": 7}),
        (one("day", Operator.AT_LEAST, "2026-06-01"), {"day": "2026-06-01"}, {"day": "2026-05-31"}),
        (one("at", Operator.AT_LEAST, "09:30"), {"at": "10:00"}, {"at": "09:29"}),
        (one("at", Operator.IS, "09:30"), {"at": "09:30"}, {"at": "21:30"}),
        (one("paid", Operator.AT_LEAST, 5), {"paid": 500}, {"paid": 499}),
        (one("paid", Operator.IS, 6.95), {"paid": 695}, {"paid": 700}),
        (one("paid", Operator.IS, 5), {"paid": 500}, {"paid": 501}),
        (one("grid.r1", Operator.IS, "a"), {"grid": {"r1": "a"}}, {"grid": {"r1": "b"}}),
        (one("one", Operator.IS_ANSWERED), {"one": "a"}, {"one": PREFER_NOT}),
        (one("grid.r1", Operator.IS_NOT_ANSWERED), {"grid": {}}, {"grid": {"r1": "a"}}),
    ],
)
def test_each_operator_holds_and_fails_where_its_words_say(rule: ShowIf, holding: object, failing: object) -> None:
    assert complaints(rule) == []
    assert shows(rule, **holding)  # type: ignore[arg-type]
    assert not shows(rule, **failing)  # type: ignore[arg-type]


@pytest.mark.parametrize("operator", [known for known in Operator if known is not Operator.IS_NOT_ANSWERED])
def test_an_unanswered_question_matches_only_has_no_answer(operator: Operator) -> None:
    assert not shows(one("score", operator, 5))


def test_all_needs_every_condition_and_any_needs_one() -> None:
    conditions = (Condition("one", Operator.IS, "a"), Condition("score", Operator.AT_LEAST, 9))
    assert not shows(ShowIf(Mode.ALL, conditions), one="a")
    assert shows(ShowIf(Mode.ANY, conditions), one="a")
    assert shows(ShowIf(Mode.ALL, conditions), one="a", score=10)


def test_a_rule_that_fails_while_running_shows_the_question_and_is_reported() -> None:
    failing = definition(ShowIf(expert="score > 5"))
    outcome = trial(compile_definition(failing), {})
    assert (ASKED[0], True) in outcome.sections[0].items
    assert outcome.sections[0].items[-1][1] is True
    assert [fault.path for fault in outcome.faults] == ["target"]


@pytest.mark.parametrize("expert", ["score >", "1 + 1", "nothing == 1", "score.size() > 1", "one"])
def test_a_rule_that_cannot_be_run_is_never_silently_false(expert: str) -> None:
    assert shows(ShowIf(expert=expert), score=3, one="a")
    assert complaints(ShowIf(expert=expert))


def test_an_answer_hidden_by_its_own_rule_counts_as_unanswered() -> None:
    middle = Item("middle", Kind.SINGLE, "Middle", choices=AB, show_if=one("one", Operator.IS, "a"))
    last = Item("last", Kind.SINGLE, "Last", choices=AB, show_if=one("middle", Operator.IS, "a"))
    chain = Definition("Test", sections=(Section("s", "S", items=(*ASKED, middle, last)),))
    assert "last" not in visibility(compile_definition(chain), {"one": "b", "middle": "a"}).items


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (one("ghost", Operator.IS, "a"), "not a question here"),
        (one("text", Operator.IS_ANSWERED), "free text is sealed"),
        (one("target", Operator.IS_ANSWERED), "asked later"),
        (one("one", Operator.AT_LEAST, 3), "does not fit"),
        (one("one", Operator.IS, "z"), "that can be given"),
        (one("one", Operator.IS, 1), "that can be given"),
        (one("one", Operator.IS_ONE_OF, ()), "that can be given"),
        (one("score", Operator.AT_LEAST, 11), "that can be given"),
        (one("score", Operator.AT_LEAST, "nine"), "that can be given"),
        (one("day", Operator.AT_MOST, "yesterday"), "that can be given"),
        (one("at", Operator.AT_MOST, "9.30"), "that can be given"),
        (one("paid", Operator.AT_LEAST, "five"), "that can be given"),
        (ShowIf(expert="paid > 5.0"), "compare it with null first"),
        (one("grid", Operator.IS, "a"), "which row"),
        (one("grid.r9", Operator.IS, "a"), "which row"),
        (one("one.r1", Operator.IS, "a"), "has no rows"),
        (ShowIf(expert="score > 5"), "compare it with null first"),
        (ShowIf(expert="ghost > 5"), "not a question here"),
        (ShowIf(expert="text != null"), "free text is sealed"),
        (ShowIf(expert="score != null && one == 'a' &&"), "Check brackets"),
        (ShowIf(expert="score != null ? 1 : 2"), "neither yes nor no"),
        (ShowIf(expert="true || " * 300 + "true"), "2000 characters"),
        (ShowIf(expert=f"size([{'1,' * 101}1].map(x, [x, x])) == 1"), "at most 100 values"),
        (ShowIf(expert="(" * 33 + "true" + ")" * 33), "32 brackets"),
        (ShowIf(expert="[1].all(x, [2].all(y, x < y))"), "inside another"),
        (ShowIf(expert="[1] . exists ( x, [2].map(y, y) == [x])"), "inside another"),
        (ShowIf(expert="one != null && one.matches('a+')"), "matches()"),
    ],
)
def test_a_rule_that_cannot_work_is_pointed_out_when_it_is_saved(rule: ShowIf, words: str) -> None:
    assert any(words in complaint for complaint in complaints(rule)), complaints(rule)


@pytest.mark.parametrize(
    "expert",
    [
        "score != null && score <= 6",
        "many != null && many.exists(choice, choice == 'a')",
        "many != null && size(many) > 1 || one in ['a', 'b']",
        "grid.r1 == 'a' && '(map(' != one",
    ],
)
def test_sound_expert_rules_pass(expert: str) -> None:
    assert complaints(ShowIf(expert=expert)) == []


def test_a_rule_on_a_section_hides_all_its_items() -> None:
    inner = Section("inner", "Inner", items=(Item("x", Kind.NPS, "X"),), show_if=one("one", Operator.IS, "a"))
    whole = Definition("Test", sections=(Section("s", "S", items=ASKED), inner))
    seen = visibility(compile_definition(whole), {"one": "b"})
    assert (seen.sections, "x" in seen.items) == ((0,), False)


def test_a_heavy_expert_rule_that_is_allowed_stays_below_a_tenth_of_a_second() -> None:
    rule = ShowIf(expert=f"size([{','.join(['1'] * 97)}].map(x, [x, x, x])) > 1")
    heavy = compile_definition(definition(rule))
    began = time.process_time()
    assert (complaints(rule), visibility(heavy, {}).faults) == ([], ())
    assert time.process_time() - began < 0.1
