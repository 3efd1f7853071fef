"""Answers to questions that are not asked as things stand: told to their writer, never part of a report. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.questionnaires.domain import (
    Compiled,
    Item,
    Parsed,
    Section,
    answer_lines,
    asked_if,
    field_of,
    form_values,
    merged,
    read_items,
    visibility,
)

from .report import comment_field

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Unasked:
    """An answer that the report does not take. number: of its section, from 1. condition: when it would be asked.

    lines: what was answered, in words. values: the same as a form sends it, field -> values, with its comment.
    """

    number: int
    item_id: str
    title: str
    condition: str
    lines: tuple[str, ...] = field(repr=False)
    values: Values = field(repr=False)


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page that was sent, and what the report held before. section: its index, from 0. texts: words by field."""

    section: int
    form: Values = field(repr=False)
    coded: Mapping[str, object] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)


def unasked(compiled: Compiled, page: SentPage, parsed: Parsed) -> list[Unasked]:
    """What a page says, or leaves of what the report held, in answer to questions that are not asked after it."""
    shown = visibility(compiled, merged(page.coded, parsed)).items
    return [
        Unasked(section.index + 1, item.id, item.title, _condition(section.section, item, compiled), lines, values)
        for section in compiled.sections
        for item in (entry.item for entry in section.items)
        if item.id not in shown
        for lines, values in (_sent(compiled, page, item) if section.index == page.section else _held(page, item))
    ]


def _condition(section: Section, item: Item, compiled: Compiled) -> str:
    parts = [asked_if(part, compiled.definition) for part in (section, item)]
    return "; ".join(dict.fromkeys(filter(None, parts)))


def _sent(compiled: Compiled, page: SentPage, item: Item) -> Iterator[tuple[tuple[str, ...], Values]]:
    names = [item.id, *(field_of(item.id, part) for part in ("other", "declined", *(row.code for row in item.rows)))]
    values = {
        name: given
        for name in (*names, comment_field(item.id))
        if (given := [value for value in page.form.get(name, ()) if value.strip()])
    }
    if values:
        read = read_items(compiled, [item.id], page.form)
        # What is no answer to the question was typed all the same.
        typed = tuple(value for given in values.values() for value in given)
        yield answer_lines(item, read.coded, read.verbatims) or typed, values


def _held(page: SentPage, item: Item) -> Iterator[tuple[tuple[str, ...], Values]]:
    values = form_values(item, page.coded, page.texts)
    comment = page.texts.get(comment_field(item.id))
    if comment:
        values[comment_field(item.id)] = [comment]
    if values:
        yield answer_lines(item, page.coded, page.texts), values
