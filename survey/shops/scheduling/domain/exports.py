"""The board as a file: a column of the table is one or more of the file, each with one value for programs to read."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from survey.contacts.domain import neutral
from survey.shops.campaigns.domain import DAYPART_WORDS
from survey.shops.visits.domain import decimal

from .board import Row
from .views import STATE_WORDS

UTF8_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else
Cell = Callable[[Row], str]


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""


# Moments are ISO 8601 with the offset of the place's clock, amounts have two decimals and their currency beside them.
_CELLS: Mapping[str, Mapping[str, Cell]] = {
    "place": {
        "Location code": lambda row: row.code,
        "Location": lambda row: row.place,
        "City": lambda row: row.city or "",
    },
    "client": {"Client": lambda row: row.client},
    "campaign": {"Campaign": lambda row: row.campaign},
    "wave": {"Wave": lambda row: row.wave},
    "daypart": {"When": lambda row: DAYPART_WORDS.get(row.daypart, row.daypart)},
    "until": {"Last day": lambda row: row.last_day.isoformat()},
    "planned": {"Planned": lambda row: row.planned_on.isoformat() if row.planned_on else ""},
    "due": {"Report due": lambda row: row.due.isoformat(timespec="minutes") if row.due else ""},
    "pay": {"Pay": lambda row: decimal(row.pay_cents), "Currency": lambda row: row.currency},
    "state": {
        "State": lambda row: STATE_WORDS[row.state],
        "On hold": lambda row: _yes(row.is_on_hold),
        "Flaked": lambda row: _yes(row.is_flaked),
    },
    "shopper": {"Shopper": lambda row: row.held_by or ""},
    "asked": {"Applications": lambda row: str(row.asked)},
    "since": {"In this state since": lambda row: row.state_since.isoformat(timespec="minutes")},
}


def file_head(columns: Sequence[str]) -> bytes:
    """The first line of a file with these columns of the board."""
    return UTF8_MARK.encode() + _lines([["Shop", *(heading for name in columns for heading in _CELLS[name])]])


def file_lines(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """A line for each row, with formulas made harmless."""
    return _lines([row.public_ref, *(cell(row) for name in columns for cell in _CELLS[name].values())] for row in rows)


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode()
