"""A page's sheets as a file: the same cells, numbers as numbers, nothing that a spreadsheet would run."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import xlsxwriter

from survey.contacts.domain import neutral

from .frame import Frame
from .sheets import Figure, Sheet

UTF8_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else
MOST_NAME_CHARACTERS = 60


class FileKind(StrEnum):
    """What a page can be saved as."""

    CSV = "csv"
    XLSX = "xlsx"
    SIGNED = "signed.json"
    BUNDLE = "signed.zip"

    @property
    def media(self) -> str:
        """The media type."""
        return _MEDIA[self]


_MEDIA: Mapping[FileKind, str] = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.SIGNED: "application/json",
    FileKind.BUNDLE: "application/zip",
}


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands above the sheets of a file. dated: what a workbook bears; released_on: where all left on one day."""

    title: str
    lines: Sequence[str]
    dated: datetime
    released_on: date | None = None


def file_name(frame: Frame, page: str) -> str:
    """A name made of the report, its last day, the place and the page: businesses and places, never a person."""
    parts = (frame.release.client_name, frame.release.title, f"{frame.release.fielded_until:%Y-%m-%d}")
    return name_of_file((*parts, frame.place.name, page))


def csv_of(cover: Cover, sheets: Sequence[Sheet]) -> bytes:
    """Comma-separated, UTF-8 with a mark; sheets one under the other, an empty line between."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for line in cover.lines:
        writer.writerow([neutral(line)])
    for sheet in sheets:
        writer.writerow([])
        writer.writerow([neutral(sheet.title)])
        writer.writerow([neutral(heading) for heading in sheet.headings])
        writer.writerows([_plain(figure) for figure in row] for row in sheet.rows)
    return (UTF8_MARK + text.getvalue()).encode()


def xlsx_of(cover: Cover, sheets: Sequence[Sheet]) -> bytes:
    """A workbook without an author, dated when the report was released."""
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": cover.title, "created": _naive(cover.dated)})
    page = _Page(book.add_worksheet("Report"), book.add_format({"bold": True, "text_wrap": True}), _looks(book))
    page.paper.set_column(0, 0, 44)
    page.paper.set_column(1, 20, 14)
    for line in cover.lines:
        page.write([Figure(line)], None)
    for sheet in sheets:
        page.at += 1
        page.write([Figure(sheet.title)], page.bold)
        page.write([Figure(heading) for heading in sheet.headings], page.bold)
        for row in sheet.rows:
            page.write(row, None)
    book.close()
    return raw.getvalue()


def name_of_file(parts: Sequence[str]) -> str:
    """A file's name, without its ending, made of names of businesses and places."""
    return "-".join(_slug(part) for part in parts)


def cover_of(frame: Frame) -> Cover:
    """What stands above the numbers of a survey's report."""
    released_at = frame.release.released_at
    return Cover(frame.release.title, tuple(_lead(frame)), released_at, released_at.date())


def _lead(frame: Frame) -> Iterator[str]:
    yield f"{frame.release.client_name}: {frame.release.title}"
    yield f"{frame.place.name}, {frame.period}"
    yield (
        f"fewer than {frame.threshold}: there are fewer than {frame.threshold} people,"
        " or the number is hidden so that a smaller group cannot be worked out"
    )


@dataclass
class _Page:
    """A worksheet that is filled from the top. looks: number formats by decimals."""

    paper: Any
    bold: Any
    looks: Mapping[int, Any]
    at: int = 0

    def write(self, row: Sequence[Figure], look: Any) -> None:
        """Write one row and go to the next."""
        for column, figure in enumerate(row):
            if figure.number is None:
                self.paper.write_string(self.at, column, figure.text, look)
            else:
                self.paper.write_number(self.at, column, float(figure.number), self.looks[figure.decimals])
        self.at += 1


def _looks(book: Any) -> dict[int, Any]:
    return {
        decimals: book.add_format({"num_format": "#,##0" + (f".{'0' * decimals}" if decimals else "")})
        for decimals in range(3)
    }


def _plain(figure: Figure) -> str:
    """A number without separators, signs of its own or units; words made harmless."""
    return neutral(figure.text) if figure.number is None else f"{figure.number:.{figure.decimals}f}"


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, microsecond=0)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_NAME_CHARACTERS] or "report"
