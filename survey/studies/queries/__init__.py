"""Every SQL statement of studies."""

from .audiences import ASKED_RECENTLY, Selection, reach_of, selection
from .progress import FEWEST_SHOWN, progress_of, stores_with_answers
from .studies import (
    copy,
    delete_draft,
    insert,
    mark_launched,
    set_closing,
    set_status,
    studies_by_id,
    studies_of,
    study_in,
    write,
)

__all__ = [
    "ASKED_RECENTLY",
    "FEWEST_SHOWN",
    "Selection",
    "copy",
    "delete_draft",
    "insert",
    "mark_launched",
    "progress_of",
    "reach_of",
    "selection",
    "set_closing",
    "set_status",
    "stores_with_answers",
    "studies_by_id",
    "studies_of",
    "study_in",
    "write",
]
