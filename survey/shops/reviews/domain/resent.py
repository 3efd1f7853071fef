"""What a shopper changed in a report that came back: old beside new, marked word by word, and which notes that met.

Pure. What an editor changed before the return is in the older of the two, so that it is no change of the shopper's.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from survey.questionnaires.domain import Definition, answer_lines

from .reports import Note

Pieces = tuple[tuple[str, bool], ...]  # words, and whether they are not in the other text
_WORDS = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 2000  # comparing takes the product of both lengths: what is longer is marked as a whole


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. question_id: empty for the visit itself; old and new: in words, cut where they differ."""

    question_id: str
    title: str
    old: Pieces = field(repr=False)
    new: Pieces = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """A note of the return, and whether what it is about was changed."""

    note: Note
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Resent:
    """A report that came back. added: ids of pictures that were not there before; gone: how many are no longer."""

    at: datetime
    changes: Sequence[Change] = ()
    added: frozenset[str] = frozenset()
    gone: int = 0
    notes: Sequence[Answered] = ()

    @property
    def questions(self) -> frozenset[str]:
        """Which questions the shopper has answered otherwise."""
        return frozenset(each.question_id for each in self.changes if each.question_id)


def differences(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Both texts cut into words that stand in both and words that do not."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > _MOST_WORDS:
        return ((old, True),), ((new, True),)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        is_other = kind != "equal"
        left += [("".join(before[start:end]), is_other)] if end > start else []
        right += [("".join(after[first:last]), is_other)] if last > first else []
    return tuple(left), tuple(right)


def answers_changed(older: Mapping[str, Any], newer: Mapping[str, Any], definition: Definition) -> list[Change]:
    """Answers and texts that differ, in the order of the questionnaire; the visit's own words at the end."""
    items = {item.id: item for item in definition.items()}
    order = {item_id: place for place, item_id in enumerate(items)}

    def said(name: str, whole: Mapping[str, Any]) -> str:
        if name in whole["texts"]:
            return str(whole["texts"][name])
        coded = {name: whole["coded"][name]} if name in whole["coded"] else {}
        if name not in items:
            return str(coded.get(name, ""))
        return "; ".join(answer_lines(items[name], coded, {}))

    names = {name for whole in (older, newer) for part in ("coded", "texts") for name in whole[part]}
    differing = [
        name for name in names if any(older[part].get(name) != newer[part].get(name) for part in ("coded", "texts"))
    ]
    differing.sort(key=lambda name: (order.get(name.split("-")[0], len(order)), name))
    changes = []
    for name in differing:
        question_id = name.split("-")[0]
        title = items[question_id].title if question_id in items else "The visit"
        changes.append(Change(question_id, title, *differences(said(name, older), said(name, newer))))
    return changes


def visit_changed(older: Mapping[str, str], newer: Mapping[str, str]) -> list[Change]:
    """What differs of the visit itself. older, newer: by title, in words; what only one of them says is no change."""
    return [
        Change("", title, ((older[title], True),), ((newer[title], True),))
        for title in newer
        if title in older and older[title] != newer[title]
    ]


def notes_answered(notes: Collection[Note], resent: Resent) -> list[Answered]:
    """The notes of the last return, each with whether its question was changed; of the whole report, anything."""
    sent = [note for note in notes if note.sent_at and note.sent_at <= resent.at]
    last = max((note.sent_at for note in sent if note.sent_at), default=None)
    is_other = bool(resent.changes or resent.added or resent.gone)
    return [
        Answered(note, note.question_id in resent.questions if note.question_id else is_other)
        for note in sent
        if note.sent_at == last
    ]
