"""When a question is asked, in words for whoever answers; and on which pages that hangs."""

import pytest
from msgspec.structs import replace

from survey.questionnaires.domain import (
    Condition,
    Definition,
    Item,
    Kind,
    Mode,
    Operator,
    Row,
    Section,
    ShowIf,
    asked_if,
    compile_definition,
    sections_read,
)
from tests.kiosk import KIOSK, ONLY_IF, SIZES, YES_NO

GRID = Item("grid", Kind.MATRIX, "Staff", rows=(Row("greeting", "I was greeted"),), choices=YES_NO)
MANY = Item("many", Kind.MULTIPLE, "What did you take?", choices=SIZES)
WAIT = Item("wait", Kind.NUMBER, "Minutes in the queue")
ASKED = (*KIOSK.sections[0].items, GRID, MANY, WAIT)


def words(rule: ShowIf | None) -> str:
    target = Item("target", Kind.TEXT, "Target", show_if=rule)
    return asked_if(target, Definition("Test", sections=(Section("s", "S", items=(*ASKED, target)),)))


def when(item: str, operator: Operator, value: object = None) -> Condition:
    return Condition(item, operator, value)  # type: ignore[arg-type]


def test_what_is_always_asked_has_no_condition() -> None:
    assert words(None) == ""
    assert words(ShowIf()) == ""


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (when("bought", Operator.IS, "yes"), ONLY_IF),
        (when("bought", Operator.IS_ANSWERED), "Only if “Did you buy anything?” has an answer"),
        (when("bought", Operator.IS_ONE_OF, ("yes", "no")), "Only if “Did you buy anything?” is one of “Yes” or “No”"),
        (when("grid.greeting", Operator.IS, "no"), "Only if “Staff – I was greeted” is “No”"),
        (when("many", Operator.INCLUDES, "large"), "Only if “What did you take?” includes “Large”"),
        (when("wait", Operator.AT_LEAST, 5), "Only if “Minutes in the queue” is at least 5"),
    ],
)
def test_a_condition_is_said_in_the_words_of_the_question_it_reads(condition: Condition, said: str) -> None:
    assert words(ShowIf(conditions=(condition,))) == said


def test_several_conditions_are_joined_as_they_count() -> None:
    both = (when("bought", Operator.IS, "yes"), when("wait", Operator.AT_MOST, 2))
    assert words(ShowIf(conditions=both)) == f"{ONLY_IF} and “Minutes in the queue” is at most 2"
    assert words(ShowIf(Mode.ANY, both)) == f"{ONLY_IF} or “Minutes in the queue” is at most 2"


def test_nobody_who_answers_reads_an_expression() -> None:
    said = words(ShowIf(expert="bought == 'yes' && wait != null && wait > 3.0"))
    assert said == "Only for some answers to “Did you buy anything?” and “Minutes in the queue”"
    assert words(ShowIf(expert="1 == 1")) == "Only in some cases"
    assert words(ShowIf(expert="((")) == "Only in some cases"


def test_a_section_hangs_on_its_own_rule_or_on_those_of_all_its_questions() -> None:
    counter, purchase, lid, story = KIOSK.sections
    assert [asked_if(section, KIOSK) for section in (counter, purchase, story)] == ["", ONLY_IF, ""]
    same = replace(
        purchase, show_if=None, items=tuple(replace(item, show_if=purchase.show_if) for item in purchase.items)
    )
    assert asked_if(same, KIOSK) == ONLY_IF
    different = replace(same, items=(*same.items, replace(lid.items[0], show_if=lid.show_if)))
    assert asked_if(different, KIOSK) == "Only for some answers; each question says which"


def test_the_pages_on_which_a_section_hangs_are_named_through_one_another() -> None:
    compiled = compile_definition(KIOSK)
    assert [sections_read(compiled, index) for index in range(4)] == [set(), {0}, {0, 1}, set()]


def test_a_rule_that_reads_what_comes_later_makes_no_circle() -> None:
    backwards = ShowIf(conditions=(when("story", Operator.IS_ANSWERED),))
    first, *rest = KIOSK.sections
    compiled = compile_definition(replace(KIOSK, sections=(replace(first, show_if=backwards), *rest)))
    assert sections_read(compiled, 0) == set()
    assert sections_read(compiled, 2) == {0, 1}
