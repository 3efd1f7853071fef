"""Pages by key: cursors that nobody can bend, and pages that fit together without a gap or a double."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from survey.db import Keyset, paged
from survey.db.errors import BadCursor
from survey.db.paging import MAXIMUM_PAGE_SIZE, encoded


@dataclass(frozen=True)
class Row:
    """A row with a sort value and an id."""

    name: str
    number: int


def text_of(content: bytes) -> str:
    """Any content in a cursor's clothes."""
    return base64.urlsafe_b64encode(content).decode()


NO_CURSORS = [
    "?",
    "äöü",
    "not base64!",
    text_of(b'{"a": 1}'),
    text_of(b"[[1]]"),
    text_of(b"[1"),
    text_of(b"[" + b"1," * 2000 + b"1]"),
]
SORT_VALUES = some.one_of(some.text(max_size=20), some.integers(-(2**53), 2**53), some.none(), some.booleans())


@pytest.mark.parametrize("cursor", NO_CURSORS)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        Keyset.read(cursor)


@pytest.mark.parametrize(("asked", "given_"), [(-5, 1), (0, 1), (7, 7), (10**9, MAXIMUM_PAGE_SIZE)])
def test_a_page_has_at_least_one_row_and_never_too_many(asked: int, given_: int) -> None:
    assert Keyset.read(None, asked).limit == given_


def test_the_first_page_begins_at_the_beginning() -> None:
    assert Keyset.read(None).after is None
    assert Keyset.read("").after is None


@pytest.mark.parametrize("values", [["x", str(UUID(int=7))], [5, str(UUID(int=7))], ["2026-01-02T03:04:05Z"], []])
def test_a_cursor_of_another_list_is_refused(values: list[object]) -> None:
    with pytest.raises(BadCursor):
        Keyset.read(encoded(values)).after_as(tuple[datetime, UUID])


def test_dates_and_ids_come_back_as_what_they_were() -> None:
    at, row_id = datetime(2026, 1, 2, 3, 4, 5, 6, UTC), UUID(int=7)
    assert Keyset.read(encoded([at, row_id])).after_as(tuple[datetime, UUID]) == (at, row_id)
    assert Keyset.read(None).after_as(tuple[datetime, UUID]) is None


@given(some.lists(SORT_VALUES, max_size=4))
def test_a_cursor_comes_back_as_it_went(values: list[object]) -> None:
    cursor = encoded(values)
    assert Keyset.read(cursor).after == tuple(values)
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?# ")


@given(some.integers(0, 60), some.integers(1, 20))
def test_the_pages_make_up_the_whole_list(count: int, size: int) -> None:
    rows = [Row(f"name {number // 3}", number) for number in range(count)]
    seen: list[Row] = []
    cursor = None
    while True:
        keyset = Keyset.read(cursor, size)
        rest = [row for row in rows if keyset.after is None or (row.name, row.number) > keyset.after]
        page = paged(sorted(rest, key=lambda row: (row.name, row.number))[: keyset.rows_to_fetch], keyset, _key)
        seen += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(rows, key=lambda row: (row.name, row.number))


def _key(row: Row) -> tuple[str, int]:
    return row.name, row.number
