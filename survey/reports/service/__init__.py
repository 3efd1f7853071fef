"""Putting the client's pages together from the release plane."""

from .checking import checked
from .papers import LIMIT_BYTES, paper_of
from .shops import Around, around, beside_own, list_of, question_in, shops_overview
from .surveys import (
    find_frame,
    overview_of,
    participants_of,
    places_of,
    questions_of,
)

__all__ = [
    "LIMIT_BYTES",
    "Around",
    "around",
    "beside_own",
    "checked",
    "find_frame",
    "list_of",
    "overview_of",
    "paper_of",
    "participants_of",
    "places_of",
    "question_in",
    "questions_of",
    "shops_overview",
]
