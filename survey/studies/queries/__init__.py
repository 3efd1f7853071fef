"""Every SQL statement of studies."""

from .audiences import ASKED_RECENTLY, ROOM, Selection, reach_of, selection
from .progress import FEWEST_SHOWN, progress_of, stores_with_answers
from .studies import (
    copy,
    delete_draft,
    insert,
    mark_launched,
    panel_names,
    set_closing,
    set_status,
    studies_by_id,
    studies_of,
    study_in,
    write,
)
from .testing import sealed_addresses

__all__ = [
    "ASKED_RECENTLY",
    "FEWEST_SHOWN",
    "ROOM",
    "Selection",
    "copy",
    "delete_draft",
    "insert",
    "mark_launched",
    "panel_names",
    "progress_of",
    "reach_of",
    "sealed_addresses",
    "selection",
    "set_closing",
    "set_status",
    "stores_with_answers",
    "studies_by_id",
    "studies_of",
    "study_in",
    "write",
]
