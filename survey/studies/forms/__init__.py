"""From what was typed on a study's pages to the columns they change, with messages that say what to do; and back."""

from .fields import SUBJECT_CHARACTERS, moment, whole_number
from .filled import closing, filled
from .pages import CHANGES_OF, CONTACTS, Changes, draft

__all__ = [
    "CHANGES_OF",
    "CONTACTS",
    "SUBJECT_CHARACTERS",
    "Changes",
    "closing",
    "draft",
    "filled",
    "moment",
    "whole_number",
]
