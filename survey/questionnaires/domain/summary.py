"""What a respondent said, in words for "check your answers" and in form values for showing a page again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .compiled import Compiled, visibility
from .definition import PREFER_NOT, TEXT_KINDS, Item, Kind, bounds, field_of, other_choice
from .rules import Answers
from .typed import decimal

PREFER_NOT_LABEL = "Prefer not to say"

Verbatims = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One question with its answer in lines; no lines where it was left empty."""

    section: int
    section_title: str
    item_id: str
    title: str
    lines: tuple[str, ...]


def summary(compiled: Compiled, answers: Answers, verbatims: Verbatims) -> list[SummaryRow]:
    """A row for each item that shows, in order."""
    shown = visibility(compiled, answers).items
    return [
        SummaryRow(
            section.index,
            section.section.title,
            entry.item.id,
            entry.item.title,
            answer_lines(entry.item, answers, verbatims),
        )
        for section in compiled.sections
        for entry in section.items
        if entry.item.id in shown
    ]


def answer_lines(item: Item, answers: Answers, verbatims: Verbatims) -> tuple[str, ...]:
    """The answer to one item in the words the respondent saw."""
    value = answers.get(item.id)
    if value == PREFER_NOT:
        return (PREFER_NOT_LABEL,)
    if item.kind in TEXT_KINDS:
        text = verbatims.get(item.id, "")
        return (text,) if text else ()
    if value is None:
        return ()
    return _coded_lines(item, value, verbatims)


def _coded_lines(item: Item, value: object, verbatims: Verbatims) -> tuple[str, ...]:
    if isinstance(value, dict):
        labels = _labels(item)
        return tuple(f"{row.label}: {labels[value[row.code]]}" for row in item.rows if value.get(row.code) in labels)
    if item.kind in {Kind.SCALE, Kind.NPS}:
        return (f"{value} out of {bounds(item)[1]}",)
    if item.kind is Kind.NUMBER:
        return (f"{value} {item.unit}".strip(),)
    if item.kind is Kind.MONEY:
        return (f"{item.unit} {decimal(int(str(value)))}".strip(),)
    if item.kind is Kind.TIME:
        return (str(value),)
    if item.kind is Kind.DATE:
        day = date.fromisoformat(str(value))
        return (f"{day.day} {day:%B %Y}",)
    codes = value if isinstance(value, list) else [value]
    return tuple(_choice_line(item, str(code), verbatims) for code in codes)


def _labels(item: Item) -> dict[str, str]:
    return {choice.code: choice.label for choice in item.choices}


def _choice_line(item: Item, code: str, verbatims: Verbatims) -> str:
    label = _labels(item).get(code, code)
    other = other_choice(item)
    written = verbatims.get(field_of(item.id, "other"), "") if other and other.code == code else ""
    return f"{label}: {written}" if written else label


def form_values(item: Item, answers: Answers, verbatims: Verbatims) -> dict[str, list[str]]:
    """A stored answer as the form values that would have posted it: field -> values."""
    value = answers.get(item.id)
    values: dict[str, list[str]] = {}
    if value == PREFER_NOT:
        is_listed = item.kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.NPS}
        return {item.id: [PREFER_NOT]} if is_listed else {field_of(item.id, "declined"): ["1"]}
    if isinstance(value, dict):
        values = {field_of(item.id, row): [str(code)] for row, code in value.items()}
    elif isinstance(value, list):
        values[item.id] = [str(code) for code in value]
    elif item.kind is Kind.MONEY and isinstance(value, int):
        values[item.id] = [decimal(value)]
    elif value is not None:
        values[item.id] = [str(value)]
    for name in (item.id, field_of(item.id, "other")):
        if name in verbatims:
            values[name] = [verbatims[name]]
    return values


def section_values(compiled: Compiled, section: int, answers: Answers, verbatims: Verbatims) -> dict[str, list[str]]:
    """What was answered in a section, as the form values that would have posted it."""
    values: dict[str, list[str]] = {}
    for entry in compiled.sections[section].items:
        values |= form_values(entry.item, answers, verbatims)
    return values
