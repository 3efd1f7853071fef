"""Use cases of studies."""

from ..queries import ASKED_RECENTLY, ROOM, Selection
from .drafts import StaleDraft, copy, create, discard, edit
from .fieldwork import extend, mark_launched, pause, resume
from .reading import edition_of, facts_of, reach_of, selection_of, studies_by_id, study_in
from .testing import TEST_KIND, send_test

__all__ = [
    "ASKED_RECENTLY",
    "ROOM",
    "TEST_KIND",
    "Selection",
    "StaleDraft",
    "copy",
    "create",
    "discard",
    "edit",
    "edition_of",
    "extend",
    "facts_of",
    "mark_launched",
    "pause",
    "reach_of",
    "resume",
    "selection_of",
    "send_test",
    "studies_by_id",
    "study_in",
]
