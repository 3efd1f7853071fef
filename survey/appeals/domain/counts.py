"""What went wrong in reports that clients contested, counted against the reports that were released. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from survey.contacts.domain import neutral

COUNTED = ("editor_error", "shopper_error")  # the kinds of an appeal's class that say that somebody erred
YEAR = timedelta(days=365)
UTF8_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else
HEADINGS = ("errors", "released", "percent")


@dataclass(frozen=True, slots=True)
class Period:
    """Reports released from the first to the last day, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Tally:
    """Errors among so many released reports. label: a month, a question; detail: its questionnaire, or nothing."""

    label: str
    detail: str
    errors: int
    released: int

    @property
    def percent(self) -> Decimal:
        """Errors per hundred released reports, to a tenth; more than one error can be in one report."""
        if not self.released:
            return Decimal(0)
        return (Decimal(100) * self.errors / self.released).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class MonthTally(Tally):
    """The same for a month. label: as a spreadsheet sorts it, "2026-11"."""

    @property
    def name(self) -> str:
        """The month as people say it: November 2026."""
        return f"{self._first:%B %Y}"

    @property
    def short(self) -> str:
        """The same where there is little room: Nov 2026."""
        return f"{self._first:%b %Y}"

    @property
    def _first(self) -> date:
        return date.fromisoformat(f"{self.label}-01")


@dataclass(frozen=True, slots=True)
class EditorTally:
    """The same for whoever approved the reports."""

    editor_id: UUID
    errors: int
    released: int

    def named(self, name: str) -> Tally:
        """With the editor's name."""
        return Tally(name, "", self.errors, self.released)


def last_year(today: date) -> Period:
    """The period that is looked at where nobody asks for another."""
    return Period(today - YEAR, today)


def most_percent(tallies: Sequence[Tally]) -> int:
    """How high a chart has to reach: the highest rate, rounded up to five."""
    highest = max((each.percent for each in tallies), default=Decimal(0))
    fives, rest = divmod(highest, 5)
    return max(5, int(fives + (1 if rest else 0)) * 5)


def counts_csv(parts: Sequence[tuple[str, Sequence[Tally]]]) -> bytes:
    """The tables one under the other: what is counted, its label, its detail, and the figures."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("by", "what", "detail", *HEADINGS))
    for title, tallies in parts:
        for each in tallies:
            words = (neutral(title), neutral(each.label), neutral(each.detail))
            writer.writerow((*words, each.errors, each.released, each.percent))
    return (UTF8_MARK + out.getvalue()).encode()
