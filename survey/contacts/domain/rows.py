"""From a record of the file to a person, and what is wrong with a row: a bad value is left out, the person comes in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from privacy.redaction import is_worth_a_look

from .addresses import kept_address
from .columns import Field
from .columns import Mapping as ColumnMapping
from .languages import language_of
from .refusals import refusal_of
from .visits import visit_date

LONGEST_CHARACTERS = {
    Field.FIRST_NAME: 200, Field.LAST_NAME: 200, Field.FULL_NAME: 200, Field.COMPANY: 200, Field.CITY: 200,
    Field.NOTE: 2000,
}  # fmt: skip
# Columns of which not the cell is kept, but what it stands for.
LOOKED_UP = frozenset({Field.STORE, Field.VISIT_DATE, Field.LANGUAGE})
DETAILS = (Field.COMPANY, Field.CITY, Field.NOTE)
_SHOWN_CHARACTERS = 80
_SUSPECT_LINES = 6
_REMEMBERED_DAYS = 5000


class Fault(StrEnum):
    """What can be wrong with a row. The first two keep the person out, the others only a value."""

    NO_ADDRESS = "no e-mail address"
    BAD_ADDRESS = "no valid address"
    REFUSED = "refused"
    NO_DATE = "no date"
    UNKNOWN_STORE = "unknown store"
    UNKNOWN_LANGUAGE = "unknown language"
    TOO_LONG = "too long"
    TOO_MANY_CELLS = "more cells than columns"
    MANY_LINES = "many lines in one cell"

    @property
    def is_fatal(self) -> bool:
        """Whether the row brings nobody in."""
        return self in (Fault.NO_ADDRESS, Fault.BAD_ADDRESS)


class Problem(NamedTuple):
    """One thing wrong in one row. `value` never holds what was refused."""

    row: int
    column: str  # as the file calls it
    fault: Fault
    words: str  # the finding, without the row's number
    value: str = ""

    @property
    def sentence(self) -> str:
        """For pages: "row 82: visit_date is no date"."""
        return f"row {self.row}: {self.words}"


class Profile(NamedTuple):
    """What is known of a contact beside the address. Empty text and None: nothing."""

    first_name: str = ""
    last_name: str = ""
    language: str = ""
    location_id: UUID | None = None
    visited_on: date | None = None
    details: tuple[str, ...] = ("",) * len(DETAILS)

    @property
    def names(self) -> tuple[str, str, tuple[str, ...]]:
        """What is stored sealed."""
        return self.first_name, self.last_name, self.details


class ListedPerson(NamedTuple):
    """What one row says of a person."""

    row: int
    address: str
    profile: Profile


class RowReader:
    """Reads records as one mapping has it. `stores`: location by case-folded code. Problems are handed to `report`."""

    def __init__(
        self,
        mapping: ColumnMapping,
        header: Sequence[str],
        stores: Mapping[str, UUID],
        report: Callable[[Problem], None],
    ) -> None:
        self._at = {field: position for position, field in mapping.columns.items()}
        self._address_at = self._at[Field.EMAIL]
        self._kept_at = [at for at, field in mapping.columns.items() if field not in LOOKED_UP]
        self._width = max(len(header), max(mapping.columns) + 1)
        self._has_header = bool(header)
        self._names = {at: header[at] if at < len(header) else f"column {at + 1}" for at in range(self._width)}
        self._order = mapping.date_order
        self._stores = stores
        self._report = report
        self._days: dict[str, date] = {}  # thousands of customers come on the same few days

    def person(self, row: int, cells: list[str]) -> ListedPerson | None:
        """The person of a record, or None where nobody can be written to; problems are reported on the way."""
        if len(cells) != self._width:
            cells = self._fitted(row, cells)
        # One look at all that would be kept as text, for most rows have nothing of the kind.
        kept = "|".join([cells[at] for at in self._kept_at])
        if not kept.isprintable():
            cells = self._cleaned(row, cells)
            kept = "|".join([cells[at] for at in self._kept_at])
        if is_worth_a_look(kept):
            cells = self._without_refused(row, cells)
        written = cells[self._address_at].strip()
        address = kept_address(written)
        if address is None:
            self._reject(row, written)
            return None
        first_name, last_name = self._names_of(row, cells)
        profile = Profile(
            first_name,
            last_name,
            self._language(row, cells),
            self._location(row, cells),
            self._visit(row, cells),
            tuple([self._text(row, cells, field) for field in DETAILS]),
        )
        return ListedPerson(row, address, profile)

    def _fitted(self, row: int, cells: list[str]) -> list[str]:
        if self._has_header and any(cells[self._width :]):
            words = f"has {len(cells)} cells where there are {self._width} columns"
            self._report(Problem(row, "", Fault.TOO_MANY_CELLS, words))
        return (cells + [""] * (self._width - len(cells)))[: self._width]

    def _cleaned(self, row: int, cells: list[str]) -> list[str]:
        for at in self._kept_at:
            if cells[at].count("\n") >= _SUSPECT_LINES:
                words = f"{self._names[at]} runs over many lines: is a quotation mark missing?"
                self._report(Problem(row, self._names[at], Fault.MANY_LINES, words))
        return [_clean(cell) for cell in cells]

    def _without_refused(self, row: int, cells: list[str]) -> list[str]:
        cells = list(cells)
        for at in self._kept_at:
            if is_worth_a_look(cells[at]) and (refusal := refusal_of(cells[at])):
                words = f"{self._names[at]} held {refusal}, which was left out"
                self._report(Problem(row, self._names[at], Fault.REFUSED, words))
                cells[at] = ""
        return cells

    def _reject(self, row: int, written: str) -> None:
        fault = Fault.BAD_ADDRESS if written else Fault.NO_ADDRESS
        name = self._names[self._address_at]
        words = f"{name} is {fault}" if written else f"{name} is empty"
        self._report(Problem(row, name, fault, words, _shown(written)))

    def _cell(self, cells: list[str], field: Field) -> str:
        at = self._at.get(field)
        return cells[at].strip() if at is not None else ""

    def _text(self, row: int, cells: list[str], field: Field) -> str:
        at = self._at.get(field)
        if at is None or not cells[at]:
            return ""
        text = cells[at].strip()
        if len(text) <= LONGEST_CHARACTERS[field]:
            return text
        words = f"{self._names[at]} is longer than {LONGEST_CHARACTERS[field]:,} characters and was left out"
        self._report(Problem(row, self._names[at], Fault.TOO_LONG, words))
        return ""

    def _names_of(self, row: int, cells: list[str]) -> tuple[str, str]:
        first_name = self._text(row, cells, Field.FIRST_NAME)
        last_name = self._text(row, cells, Field.LAST_NAME)
        if Field.FULL_NAME in self._at and not (first_name or last_name):
            # Only a comma says which part is which: "Reyes, Ana". Everything else stays together.
            family, comma, given = self._text(row, cells, Field.FULL_NAME).partition(",")
            return (given.strip(), family.strip()) if comma else ("", family)
        return first_name, last_name

    def _language(self, row: int, cells: list[str]) -> str:
        written = self._cell(cells, Field.LANGUAGE)
        if not written:
            return ""
        code = language_of(written)
        if code is None:
            self._warn(row, Field.LANGUAGE, Fault.UNKNOWN_LANGUAGE, "unknown language {value}", written)
        return code or ""

    def _location(self, row: int, cells: list[str]) -> UUID | None:
        written = self._cell(cells, Field.STORE)
        if not written:
            return None
        location = self._stores.get(written.casefold())
        if location is None:
            self._warn(row, Field.STORE, Fault.UNKNOWN_STORE, "unknown store {value}", written)
        return location

    def _visit(self, row: int, cells: list[str]) -> date | None:
        written = self._cell(cells, Field.VISIT_DATE)
        if not written:
            return None
        visit = self._days.get(written)
        if visit is None:
            visit = visit_date(written, self._order)
            if visit is None:
                self._warn(row, Field.VISIT_DATE, Fault.NO_DATE, "{name} is no date", written)
            elif len(self._days) < _REMEMBERED_DAYS:
                self._days[written] = visit
        return visit

    def _warn(self, row: int, field: Field, fault: Fault, words: str, written: str) -> None:
        """Report a cell that stands for nothing known, without its value where that is one we refuse."""
        name, written = self._names[self._at[field]], _clean(written)
        if refusal := refusal_of(written):
            self._report(Problem(row, name, Fault.REFUSED, f"{name} held {refusal}, which was left out"))
        else:
            value = _shown(written)
            self._report(Problem(row, name, fault, words.format(name=name, value=value), value))


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def _clean(cell: str) -> str:
    """One line of visible text. Zero-width signs go as well: they would hide digits from the patterns."""
    spaced = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in cell)
    return " ".join(spaced.split())
