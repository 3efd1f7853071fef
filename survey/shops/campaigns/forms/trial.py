"""A trial of the scoring: answers as somebody types them, of the questions that count and of nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey.questionnaires.domain import SCORED_KINDS, TEXT_KINDS, Definition, Item, Kind, bounds
from survey.web import Form

from ..domain import Scoring, rule_of

NUMBER_CHARACTERS = 6
CLOCK_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Ask:
    """A field of the trial. choices: code and words; none for a number or a time of the day. is_clock: the latter."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    is_multiple: bool = False
    is_clock: bool = False


@dataclass(frozen=True, slots=True)
class Asks:
    """The fields of a section."""

    id: str
    title: str
    asks: tuple[Ask, ...]


def asks_of(scoring: Scoring, definition: Definition) -> list[Asks]:
    """What the score depends on, by section; sections of which nothing counts are left out."""
    starts = {start for start, _, _ in scoring.timings}
    found = [
        Asks(section.id, section.title, tuple(
            ask for item in section.items if _counts(item, scoring, starts) for ask in _fields(item)
        ))
        for section in definition.sections
    ]  # fmt: skip
    return [section for section in found if section.asks]


def typed(form: Form, scoring: Scoring, definition: Definition) -> dict[str, object]:
    """The answers as codes. What is left open, or no answer of the question, counts as not answered."""
    starts = {start for start, _, _ in scoring.timings}
    items = [item for item in definition.items() if _counts(item, scoring, starts)]
    return {item.id: answer for item in items if (answer := _answer(form, item))}


def _counts(item: Item, scoring: Scoring, starts: set[str]) -> bool:
    return item.kind not in TEXT_KINDS and (rule_of(scoring, item.id) is not None or item.id in starts)


def _choices(item: Item) -> tuple[tuple[str, str], ...]:
    if item.kind in SCORED_KINDS:
        least, most = bounds(item)
        return tuple((str(point), str(point)) for point in range(least, most + 1))
    return tuple((choice.code, choice.label) for choice in item.choices)


def _fields(item: Item) -> Iterator[Ask]:
    name, choices = f"q-{item.id}", _choices(item)
    if item.kind is Kind.MATRIX:
        for row in item.rows:
            yield Ask(f"{name}-{row.code}", f"{item.title}: {row.label}", choices)
    else:
        yield Ask(name, item.title, choices, item.kind is Kind.MULTIPLE, item.kind is Kind.TIME)


def _answer(form: Form, item: Item) -> object:
    name, codes = f"q-{item.id}", {code for code, _ in _choices(item)}
    if item.kind is Kind.MATRIX:
        rows = {row.code: form[f"{name}-{row.code}"] for row in item.rows}
        return {row: code for row, code in rows.items() if code in codes}
    if item.kind is Kind.MULTIPLE:
        return [code for code in form.all(name) if code in codes]
    text = form[name]
    if codes:
        return text if text in codes else None
    if item.kind is Kind.TIME:
        return text[:CLOCK_CHARACTERS]
    # Zero is an answer, and no truth.
    return text if text.isascii() and text.isdigit() and len(text) <= NUMBER_CHARACTERS else None
