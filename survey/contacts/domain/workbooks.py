"""Excel workbooks: the first sheet with anything in it, written out as the text that every list is read from.

Opening a hostile workbook can take any amount of memory and end the process. So this module is also a program, which
the service runs in a process of its own: `python -m survey.contacts.domain.workbooks list.xlsx list.csv`.
"""

import csv
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, TextIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .files import EMPTY, LARGEST_FILE_BYTES, NO_WORKBOOK, Unreadable

Cell = str | int | float | bool | date | datetime | time | timedelta
MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 120
UNREADABLE = 3  # the exit code that goes with a sentence on standard output


def write_as_text(workbook: BinaryIO, out: TextIO) -> str:
    """Write the records of a workbook as CSV; row numbers stay what they are in the sheet.

    Returns what staff should know of it, or nothing. Raises Unreadable.
    """
    try:
        opened = CalamineWorkbook.from_filelike(workbook)
        names = [
            sheet.name
            for sheet in opened.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        ]
        sheets = (opened.get_sheet_by_name(name) for name in names)
        sheet = next((sheet for sheet in sheets if sheet.start is not None), None)
    except (CalamineError, OSError, ValueError):
        raise Unreadable(NO_WORKBOOK) from None
    if sheet is None:
        raise Unreadable(EMPTY)
    csv.writer(out).writerows(_text_rows(sheet))
    return "" if len(names) == 1 else f"The workbook has {len(names)} sheets; only the first with rows in it is read."


def _text_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    """A cell as somebody would have typed it. A formula comes as the value it had when the workbook was saved."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else cell.isoformat(" ", "seconds")
    return str(cell)


def main(workbook: str, text: str) -> int:
    """The program: limits first, then the work. Prints what staff should know."""
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
    try:
        with Path(workbook).open("rb") as source, Path(text).open("w", encoding="utf-8", newline="") as out:
            sys.stdout.write(write_as_text(source, out))
    except Unreadable as error:
        sys.stdout.write(error.message)
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
