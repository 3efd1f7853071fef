"""Whatever an author does in whatever order, ids stay unique and nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from survey.questionnaires.domain import (
    Choice,
    Condition,
    Definition,
    Direction,
    Item,
    Kind,
    Operator,
    Section,
    ShowIf,
    UnknownPart,
    add_choices,
    add_item,
    add_rows,
    add_section,
    compile_definition,
    duplicate_choice,
    duplicate_item,
    duplicate_section,
    edit_choice,
    edit_item,
    edit_section,
    from_json,
    item_in,
    move_choice,
    move_item,
    move_row,
    move_section,
    parse_section,
    problems,
    put_item,
    put_section,
    remove_choice,
    remove_item,
    remove_row,
    remove_section,
    restore,
    store_visit,
    taken_ids,
    to_json,
    visibility,
)

TITLES = st.sampled_from(["How clean was it?", "Other", "in", "¿Qué?", "", "7 days", "How clean was it?"])
NUMBERS = st.integers(0, 30)
DIRECTIONS = st.sampled_from(Direction)


def some_section(definition: Definition, number: int) -> str:
    return definition.sections[number % len(definition.sections)].id if definition.sections else "none"


def some_item(definition: Definition, number: int) -> str:
    items = list(definition.items())
    return items[number % len(items)].id if items else "none"


def some_removed(definition: Definition, number: int) -> str:
    if not definition.removed:
        return "none"
    part = definition.removed[number % len(definition.removed)]
    held = part.item or part.section
    return held.id if held else "none"


STEPS = {
    "add_item": lambda d, n, m, t, w: add_item(d, some_section(d, n), Item("", Kind.TEXT, t), m),
    "add_section": lambda d, n, m, t, w: add_section(d, Section("", t)),
    "remove_item": lambda d, n, m, t, w: remove_item(d, some_item(d, n)),
    "remove_section": lambda d, n, m, t, w: remove_section(d, some_section(d, n)),
    "duplicate_item": lambda d, n, m, t, w: duplicate_item(d, some_item(d, n)),
    "duplicate_section": lambda d, n, m, t, w: duplicate_section(d, some_section(d, n)),
    "move_item": lambda d, n, m, t, w: move_item(d, some_item(d, n), w),
    "move_section": lambda d, n, m, t, w: move_section(d, some_section(d, n), w),
    "put_item": lambda d, n, m, t, w: put_item(d, some_item(d, n), some_section(d, m), n),
    "put_section": lambda d, n, m, t, w: put_section(d, some_section(d, n), m),
    "edit_item": lambda d, n, m, t, w: edit_item(d, replace(item_in(d, some_item(d, n)), title=t)),
    "edit_section": lambda d, n, m, t, w: edit_section(d, Section(some_section(d, n), t)),
    "restore": lambda d, n, m, t, w: restore(d, some_removed(d, n)),
}
STEP = st.tuples(st.sampled_from(sorted(STEPS)), NUMBERS, NUMBERS, TITLES, DIRECTIONS)
MOVES = sorted(name for name in STEPS if name.startswith(("move", "put")))
MOVE = st.tuples(st.sampled_from(MOVES), NUMBERS, NUMBERS, TITLES, DIRECTIONS)


def performed(definition: Definition, step: tuple[str, int, int, str, Direction]) -> Definition:
    name, *arguments = step
    try:
        return STEPS[name](definition, *arguments)
    except UnknownPart:
        return definition


@given(st.lists(STEP, max_size=25))
@settings(max_examples=150, deadline=None)
def test_any_sequence_of_operations_keeps_ids_unique_and_comes_back_from_json(
    steps: list[tuple[str, int, int, str, Direction]],
) -> None:
    definition = store_visit()
    for step in steps:
        definition = performed(definition, step)
    ids = [section.id for section in definition.sections] + [item.id for item in definition.items()]
    held = [part.item or part.section for part in definition.removed]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {part.id for part in held if part}
    assert from_json(to_json(definition)) == definition


@given(st.lists(MOVE, max_size=25))
@settings(max_examples=100, deadline=None)
def test_moving_keeps_the_set_of_items_and_sections(steps: list[tuple[str, int, int, str, Direction]]) -> None:
    definition = store_visit()
    for step in steps:
        definition = performed(definition, step)
    assert {item.id: item for item in definition.items()} == {item.id: item for item in store_visit().items()}
    assert {section.id for section in definition.sections} == {section.id for section in store_visit().sections}


FIELDS = [*sorted(item.id for item in store_visit().items()), "reason-other", "team-help", "spent-declined", "shown"]
VALUES = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(["yes", "no", "other", "cafe", "none", "5", "0", "-1", "2026-01-01", "prefer_not_to_say"]),
        st.characters(categories=["Cc", "Cs", "Cf"]),
    ),
    max_size=4,
)
ANSWERS = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=5)), st.just({"help": "agree"})),
)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES), ANSWERS, st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_no_form_whatever_makes_parsing_fail_and_hidden_items_never_survive_it(
    form: dict[str, list[str]], answers: dict[str, object], section: int
) -> None:
    compiled = compile_definition(store_visit())
    parsed = parse_section(compiled, section, form, answers)
    stored = {name: value for name, value in answers.items() if name not in parsed.cleared} | parsed.coded
    assert stored.keys() <= visibility(compiled, stored).items
    assert not parsed.coded.keys() & {"missing", "praise", "improve"}
    assert all("\x00" not in text for text in parsed.verbatims.values())


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_expert_rules_of_any_bytes_compile_or_are_pointed_out(raw: bytes) -> None:
    item = Item("q", Kind.NPS, "Q", least_label="a", most_label="b", show_if=ShowIf(expert=raw.decode("latin-1")))
    definition = Definition("Test", sections=(Section("s", "S", items=(item,)),))
    shown = visibility(compile_definition(definition), {})
    assert problems(definition) or not shown.faults


def test_an_item_at_the_edge_moves_into_the_neighbouring_section() -> None:
    up = move_item(store_visit(), "clean", Direction.UP)
    assert [item.id for item in up.sections[0].items][-1] == "clean"
    assert move_item(up, "clean", Direction.DOWN) == store_visit()


def test_the_first_item_cannot_move_up_and_the_last_cannot_move_down() -> None:
    assert move_item(store_visit(), "visit_date", Direction.UP) == store_visit()
    assert move_item(store_visit(), "age", Direction.DOWN) == store_visit()


def test_what_was_removed_comes_back_where_it_was() -> None:
    removed = remove_item(store_visit(), "wait")
    assert "wait" not in {item.id for item in removed.items()}
    assert restore(removed, "wait") == store_visit()
    assert restore(remove_section(store_visit(), "buying"), "buying") == store_visit()


def test_an_item_whose_section_is_gone_comes_back_in_the_last_one() -> None:
    without = remove_section(remove_item(store_visit(), "wait"), "visit")
    assert restore(without, "wait").sections[-1].items[-1].id == "wait"


def test_a_removed_id_is_not_given_to_another_item() -> None:
    removed = remove_item(add_item(store_visit(), "visit", Item("", Kind.TEXT, "Weather")), "weather")
    assert "weather_2" in taken_ids(add_item(removed, "visit", Item("", Kind.TEXT, "Weather")))


def test_a_copied_section_has_rules_that_read_the_copy() -> None:
    copied = duplicate_section(store_visit(), "visit").sections[1]
    rule = copied.items[3].show_if
    assert rule is not None
    assert rule.conditions[0].item == copied.items[2].id != "found_all"


def test_a_copied_item_keeps_its_rule() -> None:
    assert item_in(duplicate_item(store_visit(), "cafe"), "cafe_2").show_if == item_in(store_visit(), "cafe").show_if


def test_a_part_that_is_gone_is_not_found() -> None:
    for operation in (remove_item, remove_section, duplicate_item, duplicate_section, restore):
        with pytest.raises(UnknownPart):
            operation(store_visit(), "ghost")


def test_choices_get_codes_from_their_labels_and_repeats_are_left_out() -> None:
    item = add_choices(Item("q", Kind.SINGLE, "Q"), ["Yes, often", " yes, OFTEN ", "Yes, often!", "", "3 times"])
    assert [choice.code for choice in item.choices] == ["yes_often", "yes_often_2", "c_3_times"]


def test_choices_move_change_double_and_go() -> None:
    item = add_choices(Item("q", Kind.SINGLE, "Q"), ["A", "B", "C"])
    assert [choice.code for choice in move_choice(item, "c", Direction.UP).choices] == ["a", "c", "b"]
    assert [choice.code for choice in duplicate_choice(item, "a").choices] == ["a", "a_2", "b", "c"]
    assert [choice.code for choice in remove_choice(item, "b").choices] == ["a", "c"]
    assert edit_choice(item, Choice("b", "Bee")).choices[1].label == "Bee"
    with pytest.raises(UnknownPart):
        remove_choice(item, "z")


def test_rows_move_and_go() -> None:
    item = add_rows(Item("m", Kind.MATRIX, "M"), ["One", "Two", "Other"])
    assert [row.code for row in item.rows] == ["one", "two", "other_2"]
    assert [row.code for row in move_row(remove_row(item, "one"), "other_2", Direction.UP).rows] == ["other_2", "two"]


def test_an_edited_section_keeps_its_items() -> None:
    rule = ShowIf(conditions=(Condition("found_all", Operator.IS, "no"),))
    edited = edit_section(store_visit(), Section("store", "New title", show_if=rule))
    assert (edited.sections[1].title, len(edited.sections[1].items), edited.sections[1].show_if) == (
        "New title",
        5,
        rule,
    )
