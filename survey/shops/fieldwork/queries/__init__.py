"""Every statement of fieldwork. All but the sweeping run as candour_shopper, who sees only the shopper's own."""

from .evidence import (
    check_in_of,
    delete_check_in,
    delete_picture,
    find_same,
    insert_picture,
    picture_in,
    pictures_of,
    put_check_in,
)
from .held import held_in
from .reports import (
    PageToSave,
    definition_of,
    find_draft,
    hand_in,
    insert_draft,
    note_day,
    notes_of,
    report_in,
    save_page,
    save_visit,
    times_handed_in,
)
from .sweeping import delete_drafts, old_drafts

__all__ = [
    "PageToSave",
    "check_in_of",
    "definition_of",
    "delete_check_in",
    "delete_drafts",
    "delete_picture",
    "find_draft",
    "find_same",
    "hand_in",
    "held_in",
    "insert_draft",
    "insert_picture",
    "note_day",
    "notes_of",
    "old_drafts",
    "picture_in",
    "pictures_of",
    "put_check_in",
    "report_in",
    "save_page",
    "save_visit",
    "times_handed_in",
]
