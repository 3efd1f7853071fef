"""Excel workbooks: the first sheet with anything in it, written out as the text that every list is read from.

Opening a hostile workbook can take any amount of memory and end the process: the service does it in one of its own.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO, TextIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .files import EMPTY, NO_WORKBOOK, Shape, Unreadable

Cell = str | int | float | bool | date | datetime | time | timedelta
WRITTEN = Shape("utf-8", ",", has_header=False)  # the form of what write_as_text writes


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
