"""A file holds exactly what the page shows, nothing a spreadsheet would run, and nobody's name."""

import csv
import io
import re
import zipfile
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from selectolax.lexbor import LexborHTMLParser, LexborNode

from survey.reports.domain import (
    Figure,
    Frame,
    NodeLine,
    ReleaseLine,
    Sheet,
    Wanted,
    cover_of,
    csv_of,
    file_name,
    xlsx_of,
)
from tests.conftest import NOW
from tests.survey.releases.field import Study
from tests.web_client import Browser

UID = UUID(int=7)
PAGES = ("overview", "questions", "places", "participants")
Rows = list[list[str]]


def tables_on(page: str) -> list[Rows]:
    """Every table of a page as rows of words, without what is drawn only for the eye."""
    tree = LexborHTMLParser(page)
    for drawn in tree.css("[aria-hidden=true]"):
        drawn.decompose()
    return [
        [[words(cell) for cell in row.css("th, td")] for row in table.css("tr")] for table in tree.css("main table")
    ]


def words(cell: LexborNode) -> str:
    return re.sub(r"\s+", " ", cell.text()).strip()


def blocks_in(text: str) -> list[Rows]:
    """The blocks of a CSV under its lead, each without its title."""
    found: list[Rows] = []
    for row in csv.reader(io.StringIO(text)):
        if not row:
            found.append([])
        elif found:
            found[-1].append(row)
    return [block[1:] for block in found]


def value(text: str) -> str:
    """A number as a file writes it: no separators, no unit, a plain minus."""
    bare = text.replace("−", "-").replace(",", "").replace("%", "").lstrip("+")
    return bare if re.fullmatch(r"-?\d+(\.\d+)?", bare) else text


def address(study: Study, page: str) -> str:
    return f"place={study.places['north'].id}" if page in ("questions", "places") else ""


@pytest.mark.parametrize("page", PAGES)
async def test_the_csv_holds_the_tables_of_the_page_cell_by_cell(
    viewer: Browser, study: Study, later: Study, page: str
) -> None:
    query = address(study, page)
    shown = tables_on((await viewer.get(f"/portal/{page}?{query}")).text)
    saved = (await viewer.get(f"/portal/files/{page}/csv?{query}")).content.decode("utf-8-sig")
    blocks = blocks_in(saved)
    if page == "overview":
        assert blocks.pop(0)[-1][-1] == "218"  # the tile of people is no table on the page
    assert [[[value(cell) for cell in row] for row in table] for table in shown] == blocks


@pytest.mark.parametrize("page", PAGES)
async def test_the_workbook_holds_the_same_cells_as_the_csv(viewer: Browser, later: Study, page: str) -> None:
    saved = (await viewer.get(f"/portal/files/{page}/csv")).content.decode("utf-8-sig")
    book = (await viewer.get(f"/portal/files/{page}/xlsx")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    written = [[number(cell) for cell in row if cell != ""] for row in rows]
    assert written == [[number(cell) for cell in row] for row in csv.reader(io.StringIO(saved))]


def number(cell: Any) -> Any:
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_hidden_stores_file_holds_no_number_of_it(viewer: Browser, study: Study, kind: str) -> None:
    for page in ("overview", "questions"):
        answer = await viewer.get(f"/portal/files/{page}/{kind}?place={study.places['whitby'].id}")
        assert answer.status_code == 200
        text = answer.content.decode("utf-8-sig") if kind == "csv" else all_text(answer.content)
        assert not re.search(r"Score|Share\b|Answer\b", text)


async def test_a_file_is_named_after_business_report_day_place_and_page(viewer: Browser, study: Study) -> None:
    answer = await viewer.get(f"/portal/files/questions/csv?place={study.places['leeds'].id}")
    assert 'filename="northwind-your-visit-2026-11-22-leeds-questions.csv"' in answer.headers["content-disposition"]


async def test_a_workbook_says_neither_who_made_it_nor_when_it_was_asked_for(viewer: Browser) -> None:
    book = (await viewer.get("/portal/files/overview/xlsx")).content
    core = zipfile.ZipFile(io.BytesIO(book)).read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-22T09:30:00Z"}


def test_words_that_begin_like_a_formula_are_made_harmless() -> None:
    sheet = Sheet("=cmd", ("Answer", "@Share"), ((Figure("+SUM(A1)"), Figure("-2", None)),))
    saved = csv_of(cover_of(framed()), [sheet]).decode("utf-8-sig")
    assert "'=cmd" in saved
    assert "'+SUM(A1),'-2" in saved
    book = all_text(xlsx_of(cover_of(framed()), [sheet]))
    assert "<f>" not in book
    assert "=cmd" in book


def test_a_file_name_is_plain_letters() -> None:
    assert file_name(framed(), "overview") == "cafe-nord-sud-hyperlink-1-2026-11-22-st-jamess-overview"


def framed() -> Frame:
    """A frame with awkward names."""
    release = ReleaseLine(UID, "Café Nord & Süd", "=HYPERLINK(1)", NOW.date(), NOW.date(), 10, NOW)
    return Frame(Wanted(), release, NodeLine(UID, f"/{UID.hex}/", "store", "s", "St. James’s", 12))


def all_text(book: bytes) -> str:
    """Everything readable in a workbook."""
    archive = zipfile.ZipFile(io.BytesIO(book))
    return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
