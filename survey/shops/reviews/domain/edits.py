"""What was changed in a report, as it is stored and as people read it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from survey.questionnaires.domain import Definition, answer_lines

LONGEST_REASON = 500  # characters that say why something was changed
CONTEXT_WORDS = 6  # of what stayed, on either side of what was changed
SHORT_WORDS = 2 * CONTEXT_WORDS + 4  # what is not longer is not worth cutting
_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


class Mark(StrEnum):
    """What became of a piece of a text."""

    KEPT = "kept"
    OLD = "old"
    NEW = "new"
    CUT = "cut"  # what stayed, and is left out


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that was changed."""

    mark: Mark
    text: str = field(repr=False)


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

    @property
    def pieces(self) -> list[Piece]:
        """Of words that became other words: what was changed, with a little of what stands around it; else nothing."""
        if not self.is_text or not isinstance(self.old, str) or not isinstance(self.new, str):
            return []
        return list(pieces_of(self.old, self.new))


def pieces_of(old: str, new: str) -> Iterator[Piece]:
    """What was taken out of a text and put in, with a few words around; long stretches that stayed are cut."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (kind, start, end, new_start, new_end) in enumerate(found):
        if kind == "equal":
            yield from _kept(before[start:end], is_first=place == 0, is_last=place == len(found) - 1)
            continue
        if end > start:
            yield Piece(Mark.OLD, "".join(before[start:end]))
        if new_end > new_start:
            yield Piece(Mark.NEW, "".join(after[new_start:new_end]))


def _kept(tokens: list[str], *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    if len(tokens) <= 2 * SHORT_WORDS or (is_first and is_last):
        yield Piece(Mark.KEPT, "".join(tokens))
        return
    around = 2 * CONTEXT_WORDS  # a word and the space after it
    if not is_first:
        yield Piece(Mark.KEPT, "".join(tokens[:around]))
    yield Piece(Mark.CUT, " … ")
    if not is_last:
        yield Piece(Mark.KEPT, "".join(tokens[-around:]))


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
