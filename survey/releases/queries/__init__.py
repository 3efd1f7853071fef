"""Every statement of releases: closing as staff, sweeping as the worker, building as candour_releaser."""

from .building import (
    find_release_of,
    find_study_to_build,
    finished_replies,
    insert_release,
    mark_released,
    places_of,
    seal_of,
    stored_rows,
)
from .closing import (
    cancel_deliveries,
    close,
    cut_links,
    find_release,
    finished_by_location,
    places_in,
    study_in,
)
from .sweeping import discard_drafts, due_to_close

__all__ = [
    "cancel_deliveries",
    "close",
    "cut_links",
    "discard_drafts",
    "due_to_close",
    "find_release",
    "find_release_of",
    "find_study_to_build",
    "finished_by_location",
    "finished_replies",
    "insert_release",
    "mark_released",
    "places_in",
    "places_of",
    "seal_of",
    "stored_rows",
    "study_in",
]
