"""Values are found however they are spelt, and nothing else is taken for one."""

import html
import zlib
from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import quote, quote_plus
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import typst
from PIL import Image

from survey.promises.domain.proof import Kind
from survey.promises.domain.spelling import Needles, Token, moments, names_of, sentences_of, token
from survey.promises.domain.unpacking import everything_in
from survey.reports.domain.exports import Cover, xlsx_of
from survey.reports.domain.sheets import Sheet, words

NAME = "Ada O’Quill & Søn"
NEEDLES = Needles([token(Kind.NAME, NAME)])


@pytest.mark.parametrize(
    "written",
    [
        NAME, NAME.upper(), quote(NAME), quote_plus(NAME), html.escape(NAME), NAME.encode().hex(),
        b64encode(NAME.encode()).decode(), urlsafe_b64encode(f"x{NAME}y".encode()).decode(),
        b64encode(f"xy{NAME}".encode()).decode(), '{"name": "Ada O\\u2019Quill & S\\u00f8n"}',
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(written: str) -> None:
    assert NEEDLES.kinds_of(NEEDLES.found_in(f"<td>{written}</td>".encode())) == {Kind.NAME}


@pytest.mark.parametrize("other", ["", "Ada Quill", "adaoquill", NAME[:-1], quote("Ada O’Quill")])
def test_something_else_is_not_found(other: str) -> None:
    assert NEEDLES.found_in(other.encode()) == set()


@pytest.mark.parametrize("written", ["+1 614 555 0134", "(614) 555-0134", "614.555.0134", "16145550134"])
def test_a_telephone_number_is_found_by_its_digits(written: str) -> None:
    needles = Needles([token(Kind.PHONE, "+1 614 555 0134")])
    assert needles.found_in(f"call {written}!".encode()) == {0}
    assert needles.found_in(b"call +1 614 555 0135, or 0134!") == set()


@pytest.mark.parametrize(
    ("page", "is_found"),
    [
        ("Account ending in 6819", True), ("ends in <strong>6819</strong>.", True), ("**** 6819", True),
        ("•••• 6819", True), ("a score of 6819 points", False), ("ending in 68190", False), ("CARD **** 5369", False),
    ],
)  # fmt: skip
def test_the_end_of_a_number_is_found_where_a_page_says_that_it_is_one(page: str, *, is_found: bool) -> None:
    assert bool(Needles([token(Kind.PAYOUT, "6819")]).found_in(page.encode())) is is_found


@pytest.mark.parametrize(
    ("page", "is_found"),
    [("whose badge said Anna, and", True), ("ANNA", True), ("<mark>Anna</mark>", True), ("Savanna", False),
     ("anna", False), ("Annabel", False)],
)  # fmt: skip
def test_the_name_of_an_employee_is_a_word_of_its_own(page: str, *, is_found: bool) -> None:
    assert bool(Needles([token(Kind.EMPLOYEE, "Anna")]).found_in(page.encode())) is is_found


def test_an_exact_time_is_found_by_the_clock_of_the_place_and_by_ours() -> None:
    needles = Needles([token(Kind.MOMENT, *moments(datetime(2026, 10, 5, 13, 41, tzinfo=UTC), "America/New_York"))])
    for written in ("5 Oct 2026, 09:41", "2026-10-05T13:41:00+00:00", "10/05/2026 09:41", "1791207660"):
        assert needles.found_in(written.encode()) == {0}, written
    assert needles.found_in(b"5 Oct 2026, 09:42; 5 October 2026; 09:41") == set()


def test_a_name_is_looked_for_in_the_orders_of_lists() -> None:
    assert names_of("Ada M Quill") == {"Ada M Quill", "Quill, Ada M", "Quill Ada M"}
    assert names_of("Ada") == set()


def test_short_sentences_are_nobodys() -> None:
    assert sentences_of("It rained.  The door stood\nopen. Nobody looked up until I spoke!") == [
        "Nobody looked up until I spoke!"
    ]


def test_what_is_looked_for_is_not_shown_where_it_is_printed() -> None:
    assert "Quill" not in repr(Token(Kind.NAME, frozenset({NAME})))


def test_the_cells_of_a_workbook_are_read() -> None:
    cover = Cover("Visits", ("Visits",), datetime(2026, 10, 5, tzinfo=UTC))
    book = xlsx_of(cover, [Sheet("Visits", ("Name",), ((words(NAME),),))])
    assert NEEDLES.found_in(book) == set(), "packed, and yet readable: the test proves nothing"
    assert NEEDLES.found_in(everything_in(book)) == {0}


def test_a_workbook_and_a_document_within_an_archive_are_read() -> None:
    cover = Cover("Visits", ("Visits",), datetime(2026, 10, 5, tzinfo=UTC))
    book = xlsx_of(cover, [Sheet("Visits", ("Name",), ((words(NAME),),))])
    for file in (book, typst.compile(f"Made by {NAME}, in Leeds.".encode())):
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            archive.writestr("file", file)
        assert NEEDLES.found_in(everything_in(packed.getvalue()))


def test_what_a_camera_writes_is_read() -> None:
    picture, exif = BytesIO(), Image.Exif()
    exif[0x013B] = "Zqxauthor Zqxlast"
    Image.new("RGB", (8, 8)).save(picture, "JPEG", exif=exif)
    needles = Needles([token(Kind.NAME, "Zqxauthor Zqxlast")])
    page = b'<img src="data:image/jpeg;base64,' + b64encode(picture.getvalue()) + b'">'
    assert needles.found_in(everything_in(picture.getvalue())) == {0}
    assert needles.found_in(everything_in(page)) == {0}


def test_a_file_that_is_none_is_read_as_it_is() -> None:
    for broken in (b"PK\x03\x04 no archive", b"\xff\xd8\xff no picture", b"%PDF- no document"):
        assert everything_in(broken).startswith(broken)


def test_an_archive_that_would_fill_the_memory_is_not_unpacked() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("huge", b"\0" * 60_000_000)
    assert len(everything_in(packed.getvalue())) < 1_000_000


def test_the_words_of_a_document_are_read_though_its_page_holds_numbers_of_glyphs() -> None:
    document = typst.compile(f"Made by {NAME}, in Leeds.".encode())
    assert NAME.encode() not in document
    assert NEEDLES.found_in(everything_in(document))


def test_the_words_of_a_document_are_read_behind_another_language() -> None:
    """The mark of a language stands among the glyphs, with an odd number of bytes."""
    document = typst.compile(f'#set text(lang: "en", region: "GB")\n= Shops\nMade by {NAME}.'.encode())
    assert b"/Lang(en-GB)" in everything_in(document)
    assert NEEDLES.found_in(everything_in(document))


def test_the_words_of_a_document_are_read_though_its_glyphs_look_like_parentheses() -> None:
    """The 40th and 41st letters of a font are written as the bytes of an opening and a closing parenthesis."""
    alphabet = "abcdefghijklmnopqrtuvwxyzBCDEFGHIJKLMNPRTUVWXYZ0123456789"
    document = typst.compile(f"{alphabet} #h(0pt) {alphabet[36:50]} #linebreak() {NAME}".encode())
    assert NEEDLES.found_in(everything_in(document))


@pytest.mark.parametrize("odd", [rb"\9", rb"\8", rb"\777"])
def test_a_document_with_an_escape_that_means_nothing_is_read_all_the_same(odd: bytes) -> None:
    stream = zlib.compress(b"BT (" + odd + b") Tj ET")
    cmap = zlib.compress(b"begincmap beginbfchar <0001> <0041> endbfchar endcmap")
    packed = b"".join(b"stream\n" + each + b"\nendstream\n" for each in (stream, cmap))
    assert b"Tj ET" in everything_in(b"%PDF-1.7\n" + packed)
