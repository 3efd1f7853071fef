"""Use cases of releases: closing a study and letting its numbers leave; the report of one shop."""

from .makeup import tell_makeups
from .shops import (
    ALERT_KIND,
    Prepared,
    Rehearsed,
    look_through_words,
    prepared,
    purge_employees,
    recall_shop,
    rehearsed,
    release_again,
    release_shop,
    standing_in,
)
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
    "NotAsBuilt",
    "Prepared",
    "Rehearsed",
    "build_release",
    "close_due_studies",
    "close_study",
    "discard_drafts",
    "is_intact",
    "look_through_words",
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
