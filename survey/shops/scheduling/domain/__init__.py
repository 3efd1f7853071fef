"""Scheduling as pure values: views of the board, bulk acts, risk, reminders, routes."""

from .board import Choices, Counts, Lane, Row, Spot
from .views import (
    COLUMNS,
    LAYOUT_WORDS,
    RETURNED_DAYS,
    SHOWN_FIRST,
    SOON_DAYS,
    STATE_WORDS,
    WORD_CHARACTERS,
    Filter,
    Layout,
    Sort,
    View,
)

__all__ = [
    "COLUMNS",
    "LAYOUT_WORDS",
    "RETURNED_DAYS",
    "SHOWN_FIRST",
    "SOON_DAYS",
    "STATE_WORDS",
    "WORD_CHARACTERS",
    "Choices",
    "Counts",
    "Filter",
    "Lane",
    "Layout",
    "Row",
    "Sort",
    "Spot",
    "View",
]
