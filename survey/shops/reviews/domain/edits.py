"""What was changed in a report, as it is stored and as people read it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from survey.questionnaires.domain import Definition, answer_lines


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
    """The changes with coded answers as people read them: `GBP 6.95` and not 695, "Yes" and not yes."""
    items = {item.id: item for item in definition.items()}

    def said(edit: Edit, value: object) -> object:
        lines = answer_lines(items[edit.question_id], {edit.question_id: value}, {})
        return "; ".join(lines) or None

    return [
        edit
        if edit.is_text or edit.question_id not in items
        else replace(edit, old=said(edit, edit.old), new=said(edit, edit.new))
        for edit in edits
    ]
