"""From a response to what the pure numbers count: who was shown what, and which options they chose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from privacy.anonymity.bands import band_index
from privacy.anonymity.counting import Record
from survey.questionnaires.domain import (
    MEASURED_KINDS,
    PREFER_NOT,
    Definition,
    Item,
    Kind,
    compile_definition,
    visibility,
)

from .asked import Asked, released_code
from .facts import Reply


@dataclass(frozen=True, slots=True)
class Shown:
    """A response with the items that were shown to its respondent. Answers to hidden items are not looked at."""

    reply: Reply
    items: frozenset[str]


def shown_in(definition: Definition, replies: Iterable[Reply]) -> list[Shown]:
    """Each response with what it was shown."""
    compiled = compile_definition(definition)
    return [Shown(reply, visibility(compiled, reply.coded).items) for reply in replies]


def numbers_in(definition: Definition, responses: Iterable[Shown]) -> dict[str, list[Decimal]]:
    """The answers that are measured, by item; money in whole units of its currency."""
    items = [item for item in definition.items() if item.kind in MEASURED_KINDS]
    numbers: dict[str, list[Decimal]] = {item.id: [] for item in items}
    for shown in responses:
        for item in items:
            number = _number(item, shown.reply.coded.get(item.id)) if item.id in shown.items else None
            if number is not None:
                numbers[item.id].append(number)
    return numbers


def records(
    questions: Sequence[Asked], responses: Iterable[Shown], code_of: Mapping[UUID, str], root: str
) -> list[Record]:
    """One record a response. Whoever belongs to no location, or to one that is gone, counts at the root."""
    readers = [(question, frozenset(choice.code for choice in question.choices)) for question in questions]
    return [
        Record(
            shown.reply.id,
            code_of.get(shown.reply.location_id, root) if shown.reply.location_id else root,
            frozenset(question.id for question in questions if question.item.id in shown.items),
            _chosen(readers, shown),
        )
        for shown in responses
    ]


def _chosen(readers: Sequence[tuple[Asked, frozenset[str]]], shown: Shown) -> dict[str, tuple[str, ...]]:
    coded = shown.reply.coded
    chosen = {}
    for question, codes in readers:
        item = question.item.id
        if item in shown.items and item in coded:
            options = _options(question, codes, coded[item])
            if options:
                chosen[question.id] = options
    return chosen


def _options(question: Asked, codes: frozenset[str], answer: Any) -> tuple[str, ...]:
    """The codes of an answer; none where nothing was said, or "prefer not to say"."""
    if question.row and isinstance(answer, dict):
        answer = answer.get(question.row)
    if answer is None or answer == PREFER_NOT:
        return ()
    if question.bands:
        number = _number(question.item, answer)
        return () if number is None else (question.choices[band_index(question.bands, number)].code,)
    given = answer if isinstance(answer, list) else [answer]
    return tuple(code for code in map(released_code, map(str, given)) if code in codes)


def _number(item: Item, answer: Any) -> Decimal | None:
    if not isinstance(answer, int | float) or isinstance(answer, bool):
        return None
    return Decimal(str(answer)) / (100 if item.kind is Kind.MONEY else 1)
