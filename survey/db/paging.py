"""Pages by key: the cursor holds the last row's sort values, so that page 10,000 costs what page 1 does."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from .errors import BadCursor

T = TypeVar("T")
PAGE_SIZE = 50
MAXIMUM_PAGE_SIZE = 200
MAXIMUM_CURSOR_CHARACTERS = 1000

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Keyset:
    """Where a page begins and how long it may be. `after` is None on the first page.

    is_back: the page is the one that ends before `after`; it is asked for in the other order.
    """

    after: tuple[Value, ...] | None = None
    limit: int = PAGE_SIZE
    is_back: bool = False

    @classmethod
    def read(cls, cursor: str | None, size: int = PAGE_SIZE) -> "Keyset":
        """From a URL's query. The size is brought within its bounds; raises BadCursor."""
        return cls(_decoded(cursor) if cursor else None, max(1, min(size, MAXIMUM_PAGE_SIZE)))

    def after_as(self, shape: type[T]) -> T | None:
        """The sort values as `tuple[datetime, UUID]` or the like; None on the first page. Raises BadCursor."""
        if self.after is None:
            return None
        try:
            return msgspec.convert(self.after, shape)
        except msgspec.ValidationError as error:
            raise BadCursor("not a cursor of this list") from error

    @property
    def rows_to_fetch(self) -> int:
        """One more than the page shows, which tells whether there is a next page."""
        return self.limit + 1


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """One page of a list, and the cursor of the next one if there is one."""

    rows: Sequence[T]
    next_cursor: str | None = None
    previous_cursor: str | None = None


def paged(rows: Sequence[T], keyset: Keyset, key: Callable[[T], Sequence[object]]) -> Paged[T]:
    """Cut what `rows_to_fetch` brought to a page. key: a row's sort values, in the order of the ORDER BY."""
    shown = rows[: keyset.limit]
    more = len(rows) > keyset.limit
    return Paged(shown, encoded(key(shown[-1])) if more else None)


def paged_both_ways(rows: Sequence[T], keyset: Keyset, key: Callable[[T], Sequence[object]]) -> Paged[T]:
    """The same with a way back too. What a keyset that goes back brought is turned round."""
    shown, more = rows[: keyset.limit], len(rows) > keyset.limit
    if not shown:
        return Paged(shown)
    if keyset.is_back:
        shown = shown[::-1]
    has_next, has_previous = (True, more) if keyset.is_back else (more, keyset.after is not None)
    first, last = encoded(key(shown[0])), encoded(key(shown[-1]))
    return Paged(shown, last if has_next else None, first if has_previous else None)


def encoded(values: Sequence[object]) -> str:
    """An opaque cursor; dates, times and UUIDs travel as text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(values))).rstrip(b"=").decode()


def _decoded(cursor: str) -> tuple[Value, ...]:
    if len(cursor) > MAXIMUM_CURSOR_CHARACTERS:
        raise BadCursor("not a cursor of this list")
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=tuple[Value, ...])
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise BadCursor("not a cursor of this list") from error
