"""Lines that somebody pastes: store, shopper, day, as spreadsheets and mails write them."""

import csv
from datetime import date

from survey.shoppers.domain import code_typed
from survey.web import Form

from ..domain import MOST_SHOPS, Line, day_in
from .views import YEARS

HEADS = frozenset({"store", "store code", "shop", "shop code", "location", "location code", "reference", "ref",
                   "shopper", "shopper code", "day", "date"})  # fmt: skip
MOST_TOLD = 5  # mistakes that are named at once


def lines_in(form: Form, today: date) -> tuple[Line, ...]:
    """The lines that can be read; leaves a message that names those that cannot. A line of headings is passed over."""
    lines: list[Line] = []
    wrong: list[str] = []
    for number, text in enumerate(form["lines"].lstrip("\ufeff").splitlines(), start=1):
        cells = _cells(text)
        if not any(cells) or (not (lines or wrong) and HEADS & {cell.lower() for cell in cells}):
            continue
        day = _day(cells[2], today) if len(cells) > 2 and cells[2] else None
        if len(cells) < 2 or not (cells[0] and cells[1]) or any(cells[3:]):
            wrong.append(f"line {number} is not “store; shopper; day”")
        elif day is None and len(cells) > 2 and cells[2]:
            wrong.append(f"line {number}: “{cells[2][:30]}” is no day such as {today.isoformat()} or {today:%a %-d %b}")
        else:
            lines.append(Line(number, cells[0].upper(), code_typed(cells[1]), day))
    if wrong:
        more = f"; and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        form.refuse("lines", f"Look again: {'; '.join(wrong[:MOST_TOLD])}{more}")
    elif not lines:
        form.refuse("lines", "Paste at least one line, for example CK-031; S-7F3K")
    elif len(lines) > MOST_SHOPS:
        form.refuse("lines", f"Paste at most {MOST_SHOPS:,} lines at once")
    return tuple(lines[:MOST_SHOPS])


def _day(text: str, today: date) -> date | None:
    day = day_in(text, today)
    return day if day and day.year in YEARS else None


def _cells(text: str) -> list[str]:
    """The cells of a line, divided by tabs, by semicolons or by commas, whichever comes first in that order.

    What is longer than any cell may be is one cell, and so no line.
    """
    divider = next((each for each in "\t;" if each in text), ",")
    try:
        return [cell.strip() for row in csv.reader([text], delimiter=divider) for cell in row]
    except csv.Error:
        return [text]
