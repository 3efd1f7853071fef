"""From a closed study's answers, or an approved report of a shop, to what a client may see. Pure."""

from .asked import Asked, Choice, asked_in
from .building import Release, build
from .canary import Maker, Revealing, check
from .facts import Fieldwork, Place, Reply, Unreleasable
from .preview import LEVELS, LevelOutlook, Outlook, outlook, sentences
from .rows import Cell, NodeRow, QuestionRow, TableId
from .seal import Content, contents, is_as_sealed
from .shops import (
    Employee,
    Snapshot,
    Visited,
    appeal_until,
    clock_words,
    digest_of,
    is_held_lower,
    snapshot_of,
    when,
    words_in,
)
from .steps import Closable, Published, Step, are_answers_over, step_of
from .telling import NEWS_HOUR, NEWS_KIND, NEWS_LOOK_BACK, NEWS_SETTLE

__all__ = [
    "LEVELS",
    "NEWS_HOUR",
    "NEWS_KIND",
    "NEWS_LOOK_BACK",
    "NEWS_SETTLE",
    "Asked",
    "Cell",
    "Choice",
    "Closable",
    "Content",
    "Employee",
    "Fieldwork",
    "LevelOutlook",
    "Maker",
    "NodeRow",
    "Outlook",
    "Place",
    "Published",
    "QuestionRow",
    "Release",
    "Reply",
    "Revealing",
    "Snapshot",
    "Step",
    "TableId",
    "Unreleasable",
    "Visited",
    "appeal_until",
    "are_answers_over",
    "asked_in",
    "build",
    "check",
    "clock_words",
    "contents",
    "digest_of",
    "is_as_sealed",
    "is_held_lower",
    "outlook",
    "sentences",
    "snapshot_of",
    "step_of",
    "when",
    "words_in",
]
