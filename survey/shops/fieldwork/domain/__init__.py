"""Fieldwork as pure values: a held shop, its report, its times and proofs, and what is missing before it is sent."""

from .checking import PROOF_KINDS, NotReady, Problem, Ready, problems
from .held import DRAFT_KEPT_DAYS, Held, Task, tasks
from .proofs import MOST_PICTURES, Proof
from .report import (
    COMMENT_CHARACTERS,
    NOT_DONE,
    WORDS,
    CheckIn,
    HandedIn,
    Note,
    NotStarted,
    Outcome,
    Report,
    TooEarly,
    WentBack,
    comment_field,
    comments_wanted,
    outcome_of,
)
from .times import Times, place_times, time_errors

__all__ = [
    "COMMENT_CHARACTERS",
    "DRAFT_KEPT_DAYS",
    "MOST_PICTURES",
    "NOT_DONE",
    "PROOF_KINDS",
    "WORDS",
    "CheckIn",
    "HandedIn",
    "Held",
    "NotReady",
    "NotStarted",
    "Note",
    "Outcome",
    "Problem",
    "Proof",
    "Ready",
    "Report",
    "Task",
    "Times",
    "TooEarly",
    "WentBack",
    "comment_field",
    "comments_wanted",
    "outcome_of",
    "place_times",
    "problems",
    "tasks",
    "time_errors",
]
