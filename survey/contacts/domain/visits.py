"""Days as spreadsheets write them, in the languages our clients keep their lists in."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum


class DateOrder(StrEnum):
    """What 02/08/2026 means."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)
_SPREADSHEET_ZERO = date(1899, 12, 30)  # the day before the first, by the leap year that spreadsheets believe in
_TIME = r"(?:[T ,]+\d{1,2}[:.]\d\d.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])\s?(\d{{1,2}})\2\s?(\d{{4}}|\d\d){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d+)?")
_NAMED_MONTH_SECOND = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º)?[.\s-]*(?:de )?([^\W\d_]+)\.?[\s,-]+(?:de )?(\d{{4}}|\d\d){_TIME}"
)
_NAMED_MONTH_FIRST = re.compile(rf"([^\W\d_]+)\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s(\d{{4}}){_TIME}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän jänner enero ene janvier janv gennaio gen janeiro januari",
            "feb february februar febrero février fevrier févr fév febbraio fevereiro fev februari",
            "mar march märz mär mrz marzo mars março marco maart",
            "apr april abril abr avril avr aprile",
            "may mai mayo maggio mag maio mei",
            "jun june juni junio juin giugno giu junho",
            "jul july juli julio juillet juil luglio lug julho",
            "aug august agosto ago août aout augustus",
            "sep sept september septiembre septembre settembre set setembro",
            "oct october oktober okt octubre octobre ottobre ott outubro out",
            "nov november noviembre novembre novembro",
            "dec december dezember dez diciembre dic décembre decembre déc dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}


def visit_date(text: str, order: DateOrder) -> date | None:
    """The day a cell names, or None where it names none between 1970 and 2099."""
    if len(text) == 10 and text[4] == "-" == text[7] and text.isascii():
        year, month, day = text[:4], text[5:7], text[8:]
        return _day(int(year), int(month), int(day)) if (year + month + day).isdigit() else None
    parts = _year_month_day(text.strip(), order)
    return _day(*parts) if parts else None


def guessed_order(texts: Iterable[str]) -> DateOrder:
    """Day first, unless a day in a column can only be read the other way round and none speaks against it."""
    numbers = [(int(match[1]), int(match[3])) for text in texts if (match := _YEAR_LAST.fullmatch(text.strip()))]
    is_month_first = any(second > 12 for _, second in numbers) and all(first <= 12 for first, _ in numbers)
    return DateOrder.MONTH_FIRST if is_month_first else DateOrder.DAY_FIRST


def _year_month_day(text: str, order: DateOrder) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), _whole_year(match[4])
        # Nobody who writes the month first separates by full stops.
        is_month_first = order is DateOrder.MONTH_FIRST and match[2] != "."
        return (year, first, second) if is_month_first else (year, second, first)
    if match := _SERIAL.fullmatch(text):
        day = _SPREADSHEET_ZERO + timedelta(days=int(match[1]))
        return day.year, day.month, day.day
    return _with_named_month(text.lower())


def _with_named_month(text: str) -> tuple[int, int, int] | None:
    if match := _NAMED_MONTH_SECOND.fullmatch(text):
        day, name, year = match.groups()
    elif match := _NAMED_MONTH_FIRST.fullmatch(text):
        name, day, year = match.groups()
    else:
        return None
    month = _MONTHS.get(name)
    return (_whole_year(year), month, int(day)) if month else None


def _whole_year(digits: str) -> int:
    """Two digits mean this century up to 69, as spreadsheets and POSIX read them."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 70 else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None
