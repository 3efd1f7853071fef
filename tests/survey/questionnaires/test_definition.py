"""A definition travels as JSON and comes back the same."""

import pytest
from msgspec.structs import replace

from survey.questionnaires.domain import (
    Choice,
    Definition,
    DefinitionError,
    Item,
    Kind,
    Section,
    differences,
    from_json,
    move_item,
    remove_item,
    store_visit,
    to_json,
)
from survey.questionnaires.domain.operations import Direction, add_item, edit_item


def test_what_is_not_a_questionnaire_is_refused_with_its_place() -> None:
    with pytest.raises(DefinitionError, match=r"sections\[0\]\.items\[0\]\.kind"):
        from_json('{"title":"x","sections":[{"id":"a","title":"A","items":[{"id":"q","kind":"riddle","title":"?"}]}]}')


@pytest.mark.parametrize("raw", ["", "[]", "{", b"\xff", "null", '{"title": 3}'])
def test_broken_json_is_refused(raw: str | bytes) -> None:
    with pytest.raises(DefinitionError):
        from_json(raw)


def test_the_sample_comes_back_as_it_was() -> None:
    assert from_json(to_json(store_visit())) == store_visit()


def test_an_object_from_the_database_is_read_like_its_text() -> None:
    assert from_json({"title": "Visit", "sections": []}) == Definition("Visit")


def test_free_text_is_never_reported_whatever_the_json_says() -> None:
    item = (
        from_json(
            '{"title":"x","sections":[{"id":"s","title":"S","items":[{"id":"q","kind":"text","title":"?","is_reported":true}]}]}'
        )
        .sections[0]
        .items[0]
    )
    assert item.is_reported is False


OF_VISITS = {Kind.TIME, Kind.MONEY}  # what a shopper notes with a watch and a receipt in hand


def test_the_sample_has_twenty_questions_of_every_kind_of_a_survey_in_four_sections() -> None:
    items = list(store_visit().items())
    assert (len(store_visit().sections), len(items), {item.kind for item in items}) == (4, 20, set(Kind) - OF_VISITS)


def test_a_version_that_did_not_change_shows_no_difference() -> None:
    assert differences(store_visit(), from_json(to_json(store_visit()))) == []


def test_a_comparison_names_what_was_added_removed_changed_and_moved() -> None:
    older = store_visit()
    newer = remove_item(older, "clean")
    newer = edit_item(newer, replace(next(item for item in newer.items() if item.id == "paid"), is_required=False))
    newer = add_item(
        move_item(newer, "age", Direction.UP), "visit", Item("weather", Kind.TEXT, "What was the weather?")
    )
    found = {(line.id, line.change.value, line.fields) for line in differences(older, newer)}
    assert found == {
        ("weather", "added", ()),
        ("clean", "removed", ()),
        ("paid", "changed", ("is_required",)),
        ("age", "moved", ()),
    }


def test_a_section_that_changed_its_title_is_named() -> None:
    older = Definition("x", sections=(Section("a", "A"),))
    newer = Definition("x", sections=(Section("a", "B"),))
    assert [(line.id, line.fields) for line in differences(older, newer)] == [("a", ("title",))]


def test_choices_are_compared_too() -> None:
    choices = (Choice("a", "A"), Choice("b", "B"))
    older = Definition("x", sections=(Section("s", "S", items=(Item("q", Kind.SINGLE, "Q", choices=choices),)),))
    newer = Definition("x", sections=(Section("s", "S", items=(Item("q", Kind.SINGLE, "Q", choices=choices[::-1]),)),))
    assert [line.fields for line in differences(older, newer)] == [("choices",)]
