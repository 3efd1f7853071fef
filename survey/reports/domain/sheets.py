"""Numbers written down once: the same sheet is a table on the page, a block in the CSV and one in the workbook."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: the words on the page, and the number behind them if there is one. Files get the number."""

    text: str
    number: Decimal | None = None
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a title. The first cell of a row is its heading."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Figure, ...], ...]
    note: str = ""


NOTHING = Figure("–")


def words(text: str) -> Figure:
    """A cell of words."""
    return Figure(text)


def day_words(day: date) -> str:
    """A day as the pages write it."""
    return f"{day.day} {day:%B %Y}"


def few(threshold: int) -> Figure:
    """What stands where a number is hidden, whether it is small or hides another."""
    return Figure(f"fewer than {threshold}")


def count(number: int | None) -> Figure:
    """How many; a dash where that is not told."""
    return NOTHING if number is None else Figure(f"{number:,}", Decimal(number))


def share(percent: Decimal | None) -> Figure:
    """A share in whole per cent."""
    if percent is None:
        return NOTHING
    whole = percent.quantize(Decimal(1), ROUND_HALF_UP)
    return Figure(f"{whole:f}%", whole)


def mean(value: Decimal | None, decimals: int = 2) -> Figure:
    """An average."""
    return NOTHING if value is None else _number(value, decimals, is_signed=False)


def nps(value: Decimal | None) -> Figure:
    """A recommendation score, with its sign."""
    return NOTHING if value is None else _number(value, 0, is_signed=True)


def difference(value: Decimal | None, decimals: int) -> Figure:
    """A change, with its sign."""
    return NOTHING if value is None else _number(value, decimals, is_signed=True)


def _number(value: Decimal, decimals: int, *, is_signed: bool) -> Figure:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    sign = MINUS if rounded < 0 else "+" if is_signed and rounded > 0 else ""
    return Figure(f"{sign}{abs(rounded):,.{decimals}f}", rounded or abs(rounded), decimals)
