"""Going through a list batch by batch: people with the keyed hashes of their addresses, and the report of rows."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from privacy.optouts.domain import normalised, suppression_keys
from privacy.vault.domain import blind_indexes

from .batches import Item
from .columns import refused_positions
from .files import Unreadable
from .imports import Counts, Import
from .repeats import Seen
from .reports import MOST_PROBLEMS, report_foot, report_head, report_lines
from .rows import Fault, ListedPerson, Problem, RowReader
from .sealing import EMAIL
from .texts import Record, records

NO_ADDRESS_COLUMN = "No column of this list has been chosen for the e-mail addresses."
_SKIPPED_AT_ONCE = 5000
_SEEN_BYTES = 8  # of the hash: two addresses of a million-row list share them once in thirty million lists


class Batch(NamedTuple):
    """Consecutive rows of a list. counts: rows, refused, refused_values and warnings; the rest is not known yet."""

    items: list[Item]
    counts: Counts


class ListReader:
    """Reads a list once, from the beginning. Not for two threads at a time."""

    def __init__(self, entry: Import, stores: Mapping[str, UUID], index_key: bytes, pieces: Iterable[bytes]) -> None:
        self._records: Iterator[Record] = records(pieces, entry.shape)
        self._affiliate_id = entry.affiliate_id
        self._index_key = index_key
        self._seen = Seen()
        self._counts = Counts()
        self._report = bytearray(report_head())
        self._reported = 0
        header = next(self._records, (0, []))[1] if entry.shape.has_header else []
        # Whatever staff have chosen, these are not even read.
        mapping = entry.mapping.without(refused_positions(header))
        if not mapping.has_address:
            raise Unreadable(NO_ADDRESS_COLUMN)
        self._rows = RowReader(mapping, header, stores, self._note)

    def skip(self, rows: int) -> None:
        """Pass over rows that are done, remembering their addresses and what was wrong with them."""
        for start in range(0, rows, _SKIPPED_AT_ONCE):
            self.next_batch(min(_SKIPPED_AT_ONCE, rows - start))

    def next_batch(self, rows: int) -> Batch | None:
        """The next rows, or None at the end. Raises Unreadable."""
        self._counts = Counts()
        people = self._people(rows)
        forms = [normalised(person.address) for person in people]
        indexes = blind_indexes(self._index_key, EMAIL, self._affiliate_id, forms)
        suppressions = suppression_keys(self._index_key, [person.address for person in people])
        repeats = [self._seen.add(int.from_bytes(index[:_SEEN_BYTES])) for index in indexes]
        items = [Item(*parts) for parts in zip(people, indexes, suppressions, repeats, strict=True)]
        return Batch(items, self._counts) if self._counts.rows else None

    def report(self) -> bytes:
        """The report of all rows so far."""
        return bytes(self._report) + report_foot(max(0, self._reported - MOST_PROBLEMS))

    def _people(self, rows: int) -> list[ListedPerson]:
        people = []
        for number, cells in islice(self._records, rows):
            self._counts.rows += 1
            person = self._rows.person(number, cells)
            if person is not None:
                people.append(person)
        return people

    def _note(self, problem: Problem) -> None:
        if problem.fault.is_fatal:
            self._counts.refused += 1
        elif problem.fault is Fault.REFUSED:
            self._counts.refused_values += 1
        else:
            self._counts.warnings += 1
        if self._reported < MOST_PROBLEMS:
            self._report += report_lines([problem])
        self._reported += 1
