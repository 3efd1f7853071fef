"""How near the promised day is, and which items a list shows."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .machine import UNPAID, State

SOON_DAYS = 7


class Due(StrEnum):
    """The promised day, seen from today."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which items a list shows. words: a shopper's code or a shop's reference, whole."""

    states: tuple[State, ...] = tuple(sorted(UNPAID))
    due: Due | None = None
    currency: str = ""
    words: str = ""


def due_of(promised_on: date, today: date) -> Due:
    """How near the day is."""
    if promised_on < today:
        return Due.LATE
    if promised_on == today:
        return Due.TODAY
    return Due.SOON if promised_on <= today + timedelta(days=SOON_DAYS) else Due.LATER


def span_of(due: Due | None, today: date) -> tuple[date, date]:
    """The first and the last promised day of a bucket."""
    spans = {
        None: (date.min, date.max),
        Due.LATE: (date.min, today - timedelta(days=1)),
        Due.TODAY: (today, today),
        Due.SOON: (today + timedelta(days=1), today + timedelta(days=SOON_DAYS)),
        Due.LATER: (today + timedelta(days=SOON_DAYS + 1), date.max),
    }
    return spans[due]


def due_words(promised_on: date, today: date) -> str:
    """The same in words."""
    days = (promised_on - today).days
    if days == 0:
        return "due today"
    noun = "day" if abs(days) == 1 else "days"
    return f"{-days} {noun} late" if days < 0 else f"in {days} {noun}"
