"""Use cases of fieldwork: begin a report, write it, prove the visit, hand it in; and remove what nobody finishes."""

from .evidence import add_picture, check_in, forget_check_in, picture_bytes, remove_picture
from .finishing import Attempt, hand_in, missing, not_done, undo_not_done
from .looking import finds_of
from .preparing import give_up_recordings, prepare_recording
from .reading import (
    Sheet,
    check_in_of,
    guideline_of,
    held_in,
    notes_of,
    picture_in,
    pictures_of,
    place,
    seen_in,
    sheet_of,
    tasks_of,
    texts_of,
)
from .recordings import (
    UNDECLARED,
    Upload,
    add_recording,
    file_of,
    recording_in,
    recording_of,
    recordings_of,
    remove_recording,
)
from .sweeping import remove_media, sweep_drafts
from .writing import Posted, Visit, save_section, save_visit, start

__all__ = [
    "UNDECLARED",
    "Attempt",
    "Posted",
    "Sheet",
    "Upload",
    "Visit",
    "add_picture",
    "add_recording",
    "check_in",
    "check_in_of",
    "file_of",
    "finds_of",
    "forget_check_in",
    "give_up_recordings",
    "guideline_of",
    "hand_in",
    "held_in",
    "missing",
    "not_done",
    "notes_of",
    "picture_bytes",
    "picture_in",
    "pictures_of",
    "place",
    "prepare_recording",
    "recording_in",
    "recording_of",
    "recordings_of",
    "remove_media",
    "remove_picture",
    "remove_recording",
    "save_section",
    "save_visit",
    "seen_in",
    "sheet_of",
    "start",
    "sweep_drafts",
    "tasks_of",
    "texts_of",
    "undo_not_done",
]
