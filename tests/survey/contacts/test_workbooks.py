"""Workbooks, the honest and the hostile."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
import xlsxwriter

from survey.contacts.domain import Unreadable
from survey.contacts.service.workbooks import text_of_workbook

from .conftest import LISTS, Lists


def workbook(rows: list[list[object]], *, hidden_first: bool = False, at: tuple[int, int] = (0, 0)) -> bytes:
    """A workbook with rows that begin at a cell."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        if hidden_first:
            hidden = book.add_worksheet("secret")
            hidden.write(0, 0, "hidden@example.com")
        sheet = book.add_worksheet("people")
        if hidden_first:
            sheet.activate()
            sheet.set_first_sheet()
            hidden.hide()
        for number, row in enumerate(rows):
            sheet.write_row(at[0] + number, at[1], row)
    return out.getvalue()


def far_apart() -> bytes:
    """Two cells as far apart as a sheet is large: a reader that makes room for all between them needs 500 GB."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "email")
        sheet.write(1_048_575, 16_383, "far@example.com")
    return out.getvalue()


def bomb() -> bytes:
    """A sheet of a few kilobytes that unpacks to more than a gigabyte."""
    good = zipfile.ZipFile(io.BytesIO(workbook([["email"], ["a@example.com"]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bad:
        for name in good.namelist():
            if name != "xl/worksheets/sheet1.xml":
                bad.writestr(name, good.read(name))
        with bad.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<?xml version="1.0"?><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>')
            for _ in range(1200):
                sheet.write(b"a" * 1_000_000)
            sheet.write(b"</t></is></c></row></sheetData></worksheet>")
    return out.getvalue()


def damaged() -> bytes:
    whole = workbook([["email"], ["a@example.com"]])
    return whole[: len(whole) // 2]


def not_a_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("holiday.jpg", b"\xff\xd8")
    return out.getvalue()


@pytest.mark.slow
async def test_a_workbook_that_unpacks_without_end_is_refused_and_the_server_lives(lists: Lists) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        await lists.upload(bomb(), "list.xlsx")


@pytest.mark.parametrize("make", [far_apart, damaged, not_a_workbook])
async def test_a_hostile_or_broken_workbook_is_refused_in_words(make: Callable[[], bytes], lists: Lists) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        await lists.upload(make(), "list.xlsx")


async def test_a_workbook_without_a_cell_is_empty(lists: Lists) -> None:
    with pytest.raises(Unreadable, match="empty"):
        await lists.upload(workbook([]), "list.xlsx")


async def test_cells_come_as_somebody_would_have_typed_them(lists: Lists) -> None:
    rows: list[list[object]] = [
        ["email", "store", "visited on", "note"],
        ["a@example.com", 12, date(2026, 8, 2), True],
        ["b@example.com", 12.5, datetime.fromisoformat("2026-08-02 10:30"), "two\nlines"],
    ]
    source, text = lists.folder / "list.xlsx", lists.folder / "list.csv"
    source.write_bytes(workbook(rows))
    assert await text_of_workbook(source, text) == ""
    written = text.read_bytes().decode()
    assert "a@example.com,12,2026-08-02,True\r\n" in written
    assert 'b@example.com,12.5,2026-08-02 10:30:00,"two\nlines"\r\n' in written


async def test_rows_keep_the_numbers_they_have_in_the_sheet(lists: Lists) -> None:
    entry = await lists.bring_in(
        workbook([["email", "city"], ["none", "x"], ["a@example.com", "y"]], at=(3, 2)), "l.xlsx"
    )
    assert (entry.counts.new, await lists.problems(entry)) == (
        1,
        ["row 5: email is no valid address"],
    )


async def test_a_hidden_sheet_is_not_read(lists: Lists) -> None:
    await lists.bring_in(workbook([["email"], ["seen@example.com"]], hidden_first=True), "list.xlsx")
    assert "hidden@example.com" not in await lists.export()


async def test_staff_are_told_of_further_sheets(lists: Lists) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("cover")
        book.add_worksheet("people").write_column(0, 0, ["email", "a@example.com"])
    entry = await lists.entry(await lists.upload(out.getvalue(), "list.xlsx"))
    assert entry.shape.note.startswith("The workbook has 2 sheets")


async def test_nothing_of_a_workbook_stays_on_disk_in_clear(lists: Lists) -> None:
    await lists.upload((LISTS / "customers.xlsx").read_bytes(), "customers.xlsx")
    left = [path.name for path in lists.folder.iterdir() if not path.name.startswith("upload-") or path.suffix]
    assert left == []
