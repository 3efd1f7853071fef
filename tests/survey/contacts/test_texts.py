"""What the bytes of a list are."""

from collections.abc import Iterator
from itertools import islice

import pytest

from survey.contacts.domain import FileKind, Inspection, Shape, Unreadable, guessed_shape, kind_of, preview, records
from survey.contacts.domain.texts import LARGEST_LINE_BYTES

LIST = "Vorname;Ort;E-Mail\r\nSören;Łódź;s@example.com\r\nÉlodie;Żory;e@example.com\r\n"


def shape_of(content: bytes, chunk_bytes: int = 7) -> Shape:
    seen = Inspection()
    for at in range(0, len(content), chunk_bytes):
        seen.feed(content[at : at + chunk_bytes])
    return guessed_shape(seen)


def cells_of(content: bytes, shape: Shape) -> list[list[str]]:
    return [cells for _, cells in records(iter([content[:5], b"", content[5:]]), shape)]


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("list.pdf", b"%PDF", "We read lists in CSV"),
        ("list.xls", b"\xd0\xcf\x11\xe0", "We read lists in CSV"),
        ("list", b"a,b", "We read lists in CSV"),
        ("list.csv", b"PK\x03\x04", "This is a workbook"),
        ("list.csv", b"", "The file is empty"),
        ("list.xlsx", b"", "The file is empty"),
        ("list.xlsx", b"email,name", "The workbook cannot be opened"),
        ("list.xlsx", b"\xd0\xcf\x11\xe0", "password"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(name: str, head: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        kind_of(name, head)


def test_the_name_may_be_written_in_capitals() -> None:
    assert (kind_of("LIST.CSV", b"a"), kind_of("List.Xlsx", b"PK\x03\x04")) == (FileKind.TEXT, FileKind.WORKBOOK)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 a,b\n1,2\n",
        b"<!DOCTYPE html><table>",
        b'{"email": "a@example.com"}',
        bytes(range(256)) * 40,
        b"a,b\n" + b"x" * (LARGEST_LINE_BYTES + 1),
    ],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="no table"):
        shape_of(content, 4096)


@pytest.mark.parametrize("content", [b"", b"\n\n  \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(content: bytes) -> None:
    with pytest.raises(Unreadable, match="empty"):
        shape_of(content)


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be")],
)  # fmt: skip
def test_unicode_is_recognised_with_and_without_its_mark(encoding: str, guessed: str) -> None:
    content = LIST.encode(encoding)
    shape = shape_of(content)
    assert (shape.encoding, shape.delimiter, shape.has_header) == (guessed, ";", True)
    assert cells_of(content, shape)[1] == ["Sören", "Łódź", "s@example.com"]


@pytest.mark.parametrize(
    ("encoding", "word"), [("cp1252", "Käthe Müller"), ("mac_roman", "Käthe Müller"), ("cp1251", "Привет Москва")]
)
def test_the_code_page_is_guessed_from_the_letters(encoding: str, word: str) -> None:
    content = f"name,email\n{word},a@example.com\n{word},b@example.com\n".encode(encoding)
    assert shape_of(content).encoding == encoding


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_on_which_the_rows_agree(delimiter: str) -> None:
    rows = [["name", "email", "note"], ["Ada", "a@example.com", '"x, y; z"'], ["Bo", "b@example.com", '"a, b; c"']]
    content = "\n".join(delimiter.join(row) for row in rows).encode()
    assert shape_of(content).delimiter == delimiter


def test_a_list_of_nothing_but_addresses_is_a_table() -> None:
    content = b"a@example.com\nb@example.com\n"
    shape = shape_of(content)
    assert (shape.has_header, cells_of(content, shape)) == (False, [["a@example.com"], ["b@example.com"]])


def test_the_line_that_names_the_delimiter_has_no_row_number() -> None:
    content = b"sep=;\r\nemail;name\r\na@example.com;Ada\r\n"
    shape = shape_of(content)
    assert list(records([content], shape)) == [(1, ["email", "name"]), (2, ["a@example.com", "Ada"])]


def test_blank_rows_are_passed_over_and_counted() -> None:
    content = b'email,name\n\n,\na@example.com,"two\nlines"\nb@example.com,Bo\n'
    assert [row for row, _ in records([content], shape_of(content))] == [1, 4, 5]


def test_lines_may_end_as_on_an_old_macintosh() -> None:
    content = b"email,name\ra@example.com,Ada\r"
    assert len(cells_of(content, shape_of(content))) == 2


def test_a_few_zero_bytes_do_not_make_a_list_unreadable() -> None:
    content = b"email,name\na@example.com,A\0da\nb@example.com,Bo\n"
    assert cells_of(content, shape_of(content))[2] == ["b@example.com", "Bo"]


def test_a_quotation_mark_that_is_never_closed_is_found_by_its_row() -> None:
    content = b'email,name\na@example.com,Ada\nb@example.com,"Bo\n' + b"c@example.com,Cy\n" * 9000
    with pytest.raises(Unreadable, match="beyond row 2"):
        cells_of(content, shape_of(content))


def test_a_column_of_names_and_nothing_else_has_no_people() -> None:
    with pytest.raises(Unreadable, match="no people"):
        shape_of(b"first_name,email\n")


def test_reading_takes_only_what_it_needs() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"a@example.com,Ada\n" * 100

    assert len(list(islice(records(endless(), Shape("utf-8", ",", has_header=False)), 10))) == 10


def test_the_preview_leaves_out_a_row_that_was_cut() -> None:
    content = b"email,name\n" + b"a@example.com,Ada\n" * 3
    header, rows = preview(content, shape_of(content))
    assert (header, len(rows)) == (["email", "name"], 3)


def test_the_note_of_the_shape_comes_back_from_the_database() -> None:
    shape = Shape("cp1252", ";", has_header=True, lines=3, note="two sheets")
    assert Shape.from_json(shape.to_json()) == shape
