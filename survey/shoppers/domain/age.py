"""The age gate: asked before anything else, in words that do not say which answer is wanted, and never stored."""

from dataclasses import dataclass
from datetime import datetime

MONTHS = 12
LONGEST_LIFE_YEARS = 120
AGE_HOURS = 12  # how long a browser is taken at its word, whichever it was


@dataclass(frozen=True, slots=True)
class BirthMonth:
    """When somebody says they were born."""

    year: int
    month: int

    def is_possible(self, now: datetime) -> bool:
        """Whether somebody who is alive can be born then."""
        is_month = 1 <= self.month <= MONTHS
        is_past = (self.year, self.month) <= (now.year, now.month)
        return is_month and is_past and self.year >= now.year - LONGEST_LIFE_YEARS


def is_of_age(born: BirthMonth, least_years: int, now: datetime) -> bool:
    """Whether somebody has certainly reached the age: the day is not asked, so that the whole month has to be over."""
    return (born.year + least_years, born.month) < (now.year, now.month)
