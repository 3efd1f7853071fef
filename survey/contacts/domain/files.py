"""What an uploaded list is, and what is said where it is none that we read."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

LARGEST_FILE_BYTES = 250_000_000

EMPTY = "The file is empty."
NO_TABLE = (
    "This is no table we can read. Open the list in your spreadsheet program, save it as CSV or as an Excel workbook "
    "(.xlsx), and upload that."
)
NO_PEOPLE = "There are no people in this file: nothing stands below the row of column names."
NO_WORKBOOK = (
    "The workbook cannot be opened: the file is damaged, or is no Excel workbook. Save the list again as .xlsx or as "
    "CSV, and upload that."
)
TOO_LARGE = f"The file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB. Split the list into several files."
OTHER_KIND = "We read lists in CSV (.csv, .tsv, .txt) and Excel workbooks (.xlsx). Save yours as one of these."
NAMED_AS_TEXT = "This is a workbook, though its name does not end in .xlsx. Save it as .xlsx and upload that."
NAMED_AS_WORKBOOK = "The workbook cannot be opened: the file is none. If it is a text, let its name end in .csv."
LOCKED = "The workbook cannot be opened: it has a password or the old format. Save it as .xlsx without a password."

_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".txt"})
_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"

# What spreadsheet programs write, by the name staff can choose it under.
ENCODINGS = {
    "utf-8-sig": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "utf-16-le": "Unicode (UTF-16, little-endian)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "cp1252": "Western European (Windows)",
    "cp1250": "Central European (Windows)",
    "cp1251": "Cyrillic (Windows)",
    "cp1253": "Greek (Windows)",
    "cp1254": "Turkish (Windows)",
    "cp1257": "Baltic (Windows)",
    "mac_roman": "Western European (Macintosh)",
    "cp850": "Western European (DOS)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


class FileKind(StrEnum):
    """The two kinds of file that are read."""

    TEXT = "csv"
    WORKBOOK = "xlsx"


class Unreadable(Exception):
    """A file that cannot be imported; the message is written for whoever uploaded it, and holds none of its values."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Shape:
    """How the bytes of a list are cut into records and cells."""

    encoding: str
    delimiter: str
    has_header: bool
    lines: int = 0  # an estimate of the records, for progress
    note: str = ""  # what staff should know, such as how many sheets were left unread

    def to_json(self) -> dict[str, Any]:
        """As kept in the database. No name of a column is in it: what we took for a header may turn out a person."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Shape":
        """Undo to_json."""
        return cls(**kept)


def kind_of(file_name: str, head: bytes) -> FileKind:
    """What an upload is, by its first bytes. Raises Unreadable where that is nothing we read, or not what it is named.

    Content decides, but a name that says something else is refused: guessing here would guess wrong one day.
    """
    ending = PurePath(file_name).suffix.lower()
    if ending not in _TEXT_ENDINGS and ending != ".xlsx":
        raise Unreadable(OTHER_KIND)
    if not head:
        raise Unreadable(EMPTY)
    if ending in _TEXT_ENDINGS:
        if head.startswith((_ZIP, _COMPOUND_FILE)):
            raise Unreadable(NAMED_AS_TEXT)
        return FileKind.TEXT
    if head.startswith(_COMPOUND_FILE):
        raise Unreadable(LOCKED)
    if not head.startswith(_ZIP):
        raise Unreadable(NAMED_AS_WORKBOOK)
    return FileKind.WORKBOOK
