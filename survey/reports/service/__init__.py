"""Putting the client's pages together from the release plane."""

from .shops import Around, around, list_of, question_in, shops_overview
from .surveys import (
    find_frame,
    overview_of,
    participants_of,
    places_of,
    questions_of,
)

__all__ = [
    "Around",
    "around",
    "find_frame",
    "list_of",
    "overview_of",
    "participants_of",
    "places_of",
    "question_in",
    "questions_of",
    "shops_overview",
]
