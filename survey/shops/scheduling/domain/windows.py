"""Other windows for many shops: why one cannot have it, and what a scheduler should know before."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from survey.shops.visits.domain import LONGEST_WINDOW_DAYS

from .bulk import SKIP_WORDS, Skipped

MOST_DAYS = 366
# Codes of visits in words that end a sentence "2 skipped: …".
WINDOW_WORDS: Mapping[str, str] = {
    **SKIP_WORDS,
    "reported": "already reported",
    "ended": "at its end already",
    "backwards": "the window would end before it begins",
    "too_long": f"the window would be longer than {LONGEST_WINDOW_DAYS} days",
    "over": "the window would be over already",
    "same_window": "has that window already",
    "day_outside": "the chosen day would lie outside",
}
# What to know of one, and of several.
AFTER_WAVE = ("ends after its wave", "end after their wave")
WITHOUT_DAY = (
    "loses the chosen day, which lies outside: its shopper is told, and may go on any day of the window",
    "lose the chosen day, which lies outside: their shoppers are told, and may go on any day of the window",
)


def warnings_of(
    lasts: Mapping[UUID, date], waves: Mapping[UUID, date], without_day: Iterable[UUID], refs: Mapping[UUID, str]
) -> tuple[Skipped, ...]:
    """What to know of shops that get another window. lasts: their last days then; waves: of their waves; by shop."""
    late = tuple(refs[each] for each, last in lasts.items() if each in waves and last > waves[each])
    dayless = tuple(refs[each] for each in without_day)
    known = ((AFTER_WAVE, late), (WITHOUT_DAY, dayless))
    return tuple(Skipped(one if len(found) == 1 else several, found) for (one, several), found in known if found)
