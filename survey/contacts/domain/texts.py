"""Lists as text: what the bytes are, and the records in them. Memory does not grow with the file."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from .addresses import kept_address
from .columns import is_name_of_column
from .files import DELIMITERS, EMPTY, LARGEST_FILE_BYTES, NO_PEOPLE, NO_TABLE, TOO_LARGE, Shape, Unreadable

LARGEST_LINE_BYTES = 1_000_000
HEAD_BYTES = 262_144
PREVIEW_ROWS = 20
_SNIFFED_RECORDS = 60
_BLOCK_BYTES = 262_144

Record = tuple[int, list[str]]  # row number in the file, from 1, and the cells

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(rb"[\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NO_TABLE_AT_ALL = re.compile(rb"\s*(?:%PDF|\{|<(?:!doctype|html|\?xml))", re.IGNORECASE)
_DELIMITER_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_CYRILLIC_RUN = re.compile(rb"[\xc0-\xff]{4}")
_MACINTOSH_LETTER = re.compile(rb"[A-Za-z][\x87-\x9f][a-z]")
_WINDOWS_LETTER = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][a-z]")


@dataclass(slots=True)
class Inspection:
    """One pass over the bytes of a text, so that its shape can be guessed from all of it and not from the beginning."""

    head: bytes = b""
    size_bytes: int = 0
    lines: int = 0
    is_utf8: bool = True
    _line_bytes: int = 0
    _decoder: Any = None

    def feed(self, chunk: bytes) -> None:
        """Take in the next bytes. Raises Unreadable as soon as no list can look like this."""
        self.size_bytes += len(chunk)
        if self.size_bytes > LARGEST_FILE_BYTES:
            raise Unreadable(TOO_LARGE)
        if len(self.head) < HEAD_BYTES:
            self.head += chunk[: HEAD_BYTES - len(self.head)]
        self._measure_lines(chunk)
        self._try_utf8(chunk)

    def _measure_lines(self, chunk: bytes) -> None:
        self.lines += chunk.count(b"\n") or chunk.count(b"\r")
        first_end = _LINE_END.search(chunk)
        if first_end is None:
            self._line_bytes += len(chunk)
        else:
            longest = max(self._line_bytes + first_end.start(), _longest_line(chunk))
            if longest > LARGEST_LINE_BYTES:
                raise Unreadable(NO_TABLE)
            self._line_bytes = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        if self._line_bytes > LARGEST_LINE_BYTES:
            raise Unreadable(NO_TABLE)

    def _try_utf8(self, chunk: bytes) -> None:
        if not self.is_utf8:
            return
        self._decoder = self._decoder or codecs.getincrementaldecoder("utf-8")()
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self.is_utf8 = False


def guessed_shape(seen: Inspection) -> Shape:
    """The shape proposed to staff. Raises Unreadable for what is empty, no table, or has no people in it."""
    if not seen.size_bytes or not seen.head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise Unreadable(EMPTY)
    if _NO_TABLE_AT_ALL.match(seen.head):
        raise Unreadable(NO_TABLE)
    encoding = _guessed_encoding(seen)
    text = _whole_lines(seen.head.decode(encoding, "replace"))
    if len(_CONTROL.findall(text)) > max(3, len(text) // 200):
        raise Unreadable(NO_TABLE)
    shape = Shape(encoding, _guessed_delimiter(text), has_header=False, lines=seen.lines)
    rows = [cells for _, cells in islice(records([seen.head], shape), _SNIFFED_RECORDS)]
    shape = replace(shape, has_header=_is_header(rows))
    if not rows[1:] and shape.has_header:
        raise Unreadable(NO_PEOPLE)
    return shape


def records(chunks: Iterable[bytes], shape: Shape) -> Iterator[Record]:
    """The records that are not blank, with the row numbers a spreadsheet shows. Raises Unreadable for a cell too long.

    What cannot be decoded becomes the replacement character: staff see it in the preview and choose another encoding.
    """
    raw = io.BufferedReader(_Bytes(chunks), _BLOCK_BYTES)
    lines = iter(io.TextIOWrapper(raw, shape.encoding, errors="replace", newline=""))
    first = next(lines, "")
    reader = csv.reader(_chained(first, lines), delimiter=shape.delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cells):
                yield number, cells
    except csv.Error:
        raise Unreadable(
            f"The file cannot be read beyond row {number}: a cell there is too long. A quotation mark may be missing."
        ) from None


def preview(head: bytes, shape: Shape) -> tuple[list[str], list[Record]]:
    """The header (empty where there is none) and the first people, from the beginning of a file."""
    rows = list(islice(records([head], shape), PREVIEW_ROWS + 2))
    if len(head) >= HEAD_BYTES:
        rows = rows[:-1] or rows  # the last one may have been cut
    header = rows.pop(0)[1] if shape.has_header and rows else []
    return header, rows[:PREVIEW_ROWS]


class _Bytes(io.RawIOBase):
    """A file made of chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        super().__init__()
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    # Excel writes and hides a first line "sep=;", so it has no row number there.
    if not _DELIMITER_LINE.fullmatch(first):
        yield first
    yield from lines


def _longest_line(chunk: bytes) -> int:
    return max(map(len, _LINE_END.split(chunk)[:-1]), default=0) if len(chunk) > LARGEST_LINE_BYTES else 0


def _whole_lines(text: str) -> str:
    end = max(text.rfind("\n"), text.rfind("\r")) + 1
    return text[:end] if end and len(text) > HEAD_BYTES // 4 else text


def _guessed_encoding(seen: Inspection) -> str:
    for mark, encoding in _MARKS:
        if seen.head.startswith(mark):
            return encoding
    zeros_at_even, zeros_at_odd = seen.head[0::2].count(0), seen.head[1::2].count(0)
    if max(zeros_at_even, zeros_at_odd) > len(seen.head) // 6:
        return "utf-16-be" if zeros_at_even > zeros_at_odd else "utf-16-le"
    return "utf-8-sig" if seen.is_utf8 else _guessed_single_byte(seen.head)


def _guessed_single_byte(head: bytes) -> str:
    if len(_MACINTOSH_LETTER.findall(head)) > len(_WINDOWS_LETTER.findall(head)):
        return "mac_roman"
    # Four letters in a row that are all beyond ASCII: no Western word has them, every Cyrillic one does.
    return "cp1251" if len(_CYRILLIC_RUN.findall(head)) > len(_WINDOWS_LETTER.findall(head)) else "cp1252"


def _guessed_delimiter(text: str) -> str:
    if named := _DELIMITER_LINE.match(text):
        return named[1]

    def fitness(delimiter: str) -> tuple[int, int]:
        """Records that agree on how many cells they have, then how many those are."""
        sample = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SNIFFED_RECORDS)
        widths = Counter(len(row) for row in _until_error(sample) if len(row) > 1)
        return (widths.most_common(1)[0][1], widths.most_common(1)[0][0]) if widths else (0, 0)

    return max(DELIMITERS, key=fitness)


def _until_error(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        return


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first record names columns. A record with an address in it is a person."""
    if any(kept_address(cell.strip()) for cell in rows[0]):
        return False
    if any(is_name_of_column(cell) for cell in rows[0]):
        return True
    return all(cell.strip() and not any(map(str.isdigit, cell)) for cell in rows[0])
