"""What was changed in a report, as it is stored and as people read it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from survey.questionnaires.domain import Definition, Item, answer_lines


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to a report, opened."""

    question_id: str
    n: int
    at: datetime
    origin: str
    old: object = field(repr=False)
    new: object = field(repr=False)
    reason: str = field(repr=False)
    is_text: bool = False


def in_words(edits: Iterable[Edit], definition: Definition) -> list[Edit]:
    """The changes with coded answers in the words that the shopper saw."""
    items = {item.id: item for item in definition.items()}
    return [
        replace(edit, old=_words(items[edit.question_id], edit.old), new=_words(items[edit.question_id], edit.new))
        if not edit.is_text and edit.question_id in items
        else edit
        for edit in edits
    ]


def _words(item: Item, value: object) -> str | None:
    return None if value is None else ", ".join(answer_lines(item, {item.id: value}, {}))
