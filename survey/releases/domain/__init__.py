"""From a closed study's answers to a release: which questions, in which options, with which scores. Pure."""

from .asked import Asked, Choice, asked_in
from .building import Release, build
from .facts import Fieldwork, Place, Reply, Unreleasable
from .preview import LEVELS, LevelOutlook, Outlook, outlook, sentences
from .rows import Cell, NodeRow, QuestionRow, TableId
from .seal import Content, contents, is_as_sealed
from .steps import Closable, Published, Step, step_of

__all__ = [
    "LEVELS",
    "Asked",
    "Cell",
    "Choice",
    "Closable",
    "Content",
    "Fieldwork",
    "LevelOutlook",
    "NodeRow",
    "Outlook",
    "Place",
    "Published",
    "QuestionRow",
    "Release",
    "Reply",
    "Step",
    "TableId",
    "Unreleasable",
    "asked_in",
    "build",
    "contents",
    "is_as_sealed",
    "outlook",
    "sentences",
    "step_of",
]
