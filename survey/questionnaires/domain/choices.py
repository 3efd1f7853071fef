"""Operations on the choices and rows of one item: each returns a new item."""

from collections.abc import Iterable

from msgspec.structs import replace

from .definition import Choice, Item, Row
from .naming import code_for
from .operations import Direction, inserted, swapped
from .parts import UnknownPart


def add_choices(item: Item, labels: Iterable[str]) -> Item:
    """Choices more, one for each label that is not there yet; codes come from the labels."""
    choices = list(item.choices)
    for label in _new_labels(labels, [choice.label for choice in choices]):
        choices.append(Choice(code_for(label, {choice.code for choice in choices}), label))
    return replace(item, choices=tuple(choices))


def add_rows(item: Item, labels: Iterable[str]) -> Item:
    """Rows more, one for each label that is not there yet."""
    rows = list(item.rows)
    for label in _new_labels(labels, [row.label for row in rows]):
        rows.append(Row(code_for(label, {row.code for row in rows}), label))
    return replace(item, rows=tuple(rows))


def _new_labels(labels: Iterable[str], present: list[str]) -> list[str]:
    seen = {label.casefold() for label in present}
    fresh = {label.strip().casefold(): label.strip() for label in reversed(list(labels))}
    return [label for folded, label in reversed(fresh.items()) if folded and folded not in seen]


def edit_choice(item: Item, choice: Choice) -> Item:
    """The choice in the place of the one with the same code."""
    _choice_index(item, choice.code)
    return replace(item, choices=tuple(choice if old.code == choice.code else old for old in item.choices))


def remove_choice(item: Item, code: str) -> Item:
    """Without a choice."""
    _choice_index(item, code)
    return replace(item, choices=tuple(choice for choice in item.choices if choice.code != code))


def duplicate_choice(item: Item, code: str) -> Item:
    """A copy after the choice, with a code of its own."""
    index = _choice_index(item, code)
    original = item.choices[index]
    copy = replace(original, code=code_for(original.label, {choice.code for choice in item.choices}))
    return replace(item, choices=inserted(item.choices, copy, index + 1))


def move_choice(item: Item, code: str, direction: Direction) -> Item:
    """The choice one place up or down."""
    return replace(item, choices=swapped(item.choices, _choice_index(item, code), direction))


def _choice_index(item: Item, code: str) -> int:
    for index, choice in enumerate(item.choices):
        if choice.code == code:
            return index
    raise UnknownPart(code)


def remove_row(item: Item, code: str) -> Item:
    """Without a row."""
    _row_index(item, code)
    return replace(item, rows=tuple(row for row in item.rows if row.code != code))


def move_row(item: Item, code: str, direction: Direction) -> Item:
    """The row one place up or down."""
    return replace(item, rows=swapped(item.rows, _row_index(item, code), direction))


def _row_index(item: Item, code: str) -> int:
    for index, row in enumerate(item.rows):
        if row.code == code:
            return index
    raise UnknownPart(code)
