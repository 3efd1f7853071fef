"""The form of one question: what was typed becomes an item even while half done; what cannot be read is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from survey.web import Form

from ..domain import (
    CHOICE_KINDS,
    MOMENT_KINDS,
    SCORED_KINDS,
    TEXT_KINDS,
    Choice,
    Direction,
    Item,
    Kind,
    Row,
    UnknownPart,
    add_choices,
    add_rows,
    duplicate_choice,
    move_choice,
    move_row,
    remove_choice,
    remove_row,
)
from .rule import RuleView, Sources, rule_from, rule_view

# What the form's buttons do to an item, besides saving it: "choice-up:yes" moves the choice with the code yes.
ITEM_ACTS: Mapping[str, Callable[[Item, str], Item]] = {
    "choice-up": lambda item, code: move_choice(item, code, Direction.UP),
    "choice-down": lambda item, code: move_choice(item, code, Direction.DOWN),
    "choice-remove": remove_choice,
    "choice-copy": duplicate_choice,
    "row-up": lambda item, code: move_row(item, code, Direction.UP),
    "row-down": lambda item, code: move_row(item, code, Direction.DOWN),
    "row-remove": remove_row,
}
FLAGS = ("is_required", "is_sensitive", "is_reported")
NUMBER_FIELDS = ("minimum", "maximum", "decimals", "max_characters")


@dataclass(frozen=True, slots=True)
class Editing:
    """A question being edited: the item as typed, its fields, and its rule."""

    item: Item
    fields: dict[str, str]
    rule: RuleView


def blank_item(kind: Kind) -> Item:
    """What the form of a new question begins with."""
    item = Item("", kind, "", is_required=kind not in TEXT_KINDS, is_reported=kind not in TEXT_KINDS | MOMENT_KINDS)
    if kind is Kind.SCALE:
        return replace(item, minimum=1, maximum=5)
    return item


def item_from(form: Form, base: Item, sources: Sources) -> Item:
    """The item as it was typed, with a button's act applied. Leaves messages for what cannot be read."""
    item = replace(
        base,
        title=form["title"],
        help=form["help"],
        phrase=form["phrase"],
        privacy_reason=form["privacy_reason"],
        show_if=rule_from(form, sources),
        **{flag: flag in form for flag in FLAGS},
    )
    if not item.title and form["act"] == "save":
        form.refuse("title", "Enter the question")
    return _acted(_filled(form, item), form["act"])


def _filled(form: Form, item: Item) -> Item:
    """The fields that only some kinds have."""
    if item.kind in CHOICE_KINDS | {Kind.MATRIX}:
        item = add_choices(replace(item, choices=_choices(form)), form["more_choices"].splitlines())
    if item.kind is Kind.MATRIX:
        return add_rows(replace(item, rows=_rows(form)), form["more_rows"].splitlines())
    if item.kind in SCORED_KINDS:
        item = replace(item, least_label=form["least_label"], most_label=form["most_label"])
    if item.kind is Kind.DATE:
        return replace(item, earliest=_day(form, "earliest"), latest=_day(form, "latest"))
    return _measured(form, item)


def _measured(form: Form, item: Item) -> Item:
    if item.kind is Kind.SCALE:
        least, most = _whole(form, "minimum"), _whole(form, "maximum")
        return replace(item, minimum=1 if least is None else least, maximum=5 if most is None else most)
    if item.kind is Kind.MULTIPLE:
        return replace(item, maximum=_whole(form, "maximum"))
    bounds = {"minimum": _number(form, "minimum"), "maximum": _number(form, "maximum")}
    if item.kind is Kind.MONEY:
        return replace(item, unit=form["unit"].upper(), **bounds)
    if item.kind is Kind.NUMBER:
        return replace(item, unit=form["unit"], decimals=_whole(form, "decimals") or 0, **bounds)
    if item.kind in TEXT_KINDS:
        return replace(item, max_characters=_characters(form))
    return item


def _choices(form: Form) -> tuple[Choice, ...]:
    exclusive, other = set(form.all("choice_exclusive")), set(form.all("choice_other"))
    pairs = zip(form.all("choice_code"), form.all("choice_label"), strict=False)
    return tuple(Choice(code, label, code in exclusive, code in other) for code, label in pairs)


def _rows(form: Form) -> tuple[Row, ...]:
    return tuple(Row(code, label) for code, label in zip(form.all("row_code"), form.all("row_label"), strict=False))


def _acted(item: Item, act: str) -> Item:
    name, _, code = act.partition(":")
    if name not in ITEM_ACTS:
        return item
    try:
        return ITEM_ACTS[name](item, code)
    except UnknownPart:
        return item


def _number(form: Form, name: str) -> int | float | None:
    text = form[name].replace(",", ".")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not -1e12 <= number <= 1e12:
        form.refuse(name, "Enter a number, or leave this empty")
        return None
    return int(number) if number == int(number) else number


def _whole(form: Form, name: str) -> int | None:
    number = _number(form, name)
    if isinstance(number, float):
        form.refuse(name, "Enter a whole number")
        return None
    return number


def _characters(form: Form) -> int | None:
    number = _whole(form, "max_characters")
    if number is not None and not 1 <= number <= 10_000:
        form.refuse("max_characters", "Enter a number from 1 to 10,000, or leave this empty")
        return None
    return number


def _day(form: Form, name: str) -> str:
    return "today" if f"{name}_today" in form else form[name]


def editing_of(item: Item, sources: Sources, form: Form | None = None) -> Editing:
    """What the page shows: the item's own values, or what was typed where a form was sent."""
    fields = item_fields(item)
    if form is not None:
        fields |= {name: form[name] for name in NUMBER_FIELDS if name in form}
    return Editing(item, fields, rule_view(item.show_if, sources))


def item_fields(item: Item) -> dict[str, str]:
    """The number fields as text; empty where there is no limit."""
    given = {name: getattr(item, name) for name in NUMBER_FIELDS}
    return {name: "" if value is None else str(value) for name, value in given.items()}
