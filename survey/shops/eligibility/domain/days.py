"""Days on which something cannot be, as closed spans of day numbers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from survey.shops.campaigns.domain import DAYPARTS

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))

Span = tuple[int, int]


def open_weekdays(opening_hours: Mapping[str, Sequence[Sequence[str]]], daypart: str) -> frozenset[int]:
    """The weekdays on which the place is open in that part of the day. No hours are no rule: nobody has told them."""
    if not opening_hours:
        return EVERY_DAY
    begins, ends = DAYPARTS.get(daypart, (0, 24))
    return frozenset(
        number
        for number, name in enumerate(WEEKDAYS)
        if any(_overlaps(span, begins * 60, ends * 60) for span in opening_hours.get(name, ()))
    )


def first_free(spans: Iterable[Span], start: int) -> int:
    """The first day from `start` on that lies in none of the spans."""
    day = start
    for first, last in sorted(spans):
        if first > day:
            break
        day = max(day, last + 1)
    return day


def closed_days(weekdays: frozenset[int], start: int, end: int) -> list[Span]:
    """The days between, both included, whose weekday is not among these."""
    if weekdays == EVERY_DAY:
        return []
    # Day 1 of the calendar, the ordinal that dates count from, was a Monday.
    return [(day, day) for day in range(start, end + 1) if (day - 1) % 7 not in weekdays]


@lru_cache(maxsize=4096)
def spoken(day: date, today: date) -> str:
    """A day in words: "22 June", with its year where it is another one."""
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def _overlaps(span: Sequence[str], begins: int, ends: int) -> bool:
    opens, closes = (_minutes(each) for each in span)
    if closes <= opens:  # past midnight: the evening is what counts for this day
        closes = 24 * 60
    return opens < ends and begins < closes


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
