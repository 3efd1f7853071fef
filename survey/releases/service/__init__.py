"""Use cases of releases: closing a study and letting its numbers leave; the report of one shop."""

from .looking import look_through_words, note_name_look
from .makeup import tell_makeups
from .shops import (
    ALERT_KIND,
    Prepared,
    Rehearsed,
    prepared,
    purge_employees,
    recall_shop,
    rehearsed,
    release_again,
    release_shop,
    standing_in,
)
from .signing import Looked, is_forgery_found, look_at_signatures
from .staying import STAYED_KIND
from .studies import (
    NotAsBuilt,
    build_release,
    close_due_studies,
    close_study,
    discard_drafts,
    is_intact,
    outlook_in,
)
from .telling import tell_news
from .timed import release_due

__all__ = [
    "ALERT_KIND",
    "STAYED_KIND",
    "Looked",
    "NotAsBuilt",
    "Prepared",
    "Rehearsed",
    "build_release",
    "close_due_studies",
    "close_study",
    "discard_drafts",
    "is_forgery_found",
    "is_intact",
    "look_at_signatures",
    "look_through_words",
    "note_name_look",
    "outlook_in",
    "prepared",
    "purge_employees",
    "recall_shop",
    "rehearsed",
    "release_again",
    "release_due",
    "release_shop",
    "standing_in",
    "tell_makeups",
    "tell_news",
]
