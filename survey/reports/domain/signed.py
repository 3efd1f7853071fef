"""A page's sheets as a copy that anybody can check: what it says, when it was made, and a signature under both.

The signature is under the statement exactly as its text stands in the file, so that whoever checks needs no rule of how
JSON is spelt. A copy says what our pages showed at that moment, and nothing of what became of it since.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode

from privacy.signing import Signature, holds, public_keys, sign
from privacy.tokens import Keys

from .exports import Cover, FileKind, csv_of, xlsx_of
from .sheets import Figure, Sheet, words

KIND = "candour signed copy 1"
CHECK_PATH = "/check-report"
KEYS_PATH = "/.well-known/candour-report-keys.json"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are made. site: our own address; company: whose report it is; keys: token keys; now: the moment."""

    site: str
    company: str
    keys: Keys
    now: datetime


class NotACopy(ValueError):
    """A file of another kind."""


class UnknownKey(ValueError):
    """A copy under a key that is none of ours."""


class Changed(ValueError):
    """A copy whose words are not those that were signed."""


class Struck(ValueError):
    """A copy under a key that was stolen: whoever has it can make one that looks like it."""


class Table(Struct, frozen=True):
    """One table, each cell as its page shows it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def sheet(self) -> Sheet:
        """The same to be drawn."""
        return Sheet(self.title, self.headings, tuple(tuple(map(words, row)) for row in self.rows))


class Statement(Struct, frozen=True):
    """What is signed. released_on: the day all of it left, where it was one; made_at: when the copy was taken, UTC."""

    kind: str
    site: str
    company: str
    title: str
    lines: tuple[str, ...]
    released_on: date | None
    made_at: datetime
    tables: tuple[Table, ...]


class _File(Struct, forbid_unknown_fields=True):
    about: str
    statement: str
    key: str
    signature: str


def written(kind: FileKind, cover: Cover, sheets: Sequence[Sheet], desk: Desk) -> bytes:
    """A page's sheets as a file of this kind."""
    if kind is FileKind.SIGNED:
        return signed_copy(cover, sheets, desk)
    return csv_of(cover, sheets) if kind is FileKind.CSV else xlsx_of(cover, sheets)


def signed_copy(cover: Cover, sheets: Sequence[Sheet], desk: Desk) -> bytes:
    """The copy as a file."""
    tables = tuple(Table(each.title, each.headings, tuple(_texts(row) for row in each.rows)) for each in sheets)
    made_at = desk.now.astimezone(UTC).replace(microsecond=0)
    said = Statement(KIND, desk.site, desk.company, cover.title, tuple(cover.lines), cover.released_on, made_at, tables)
    statement = encode(said)
    signed = sign(desk.keys, statement)
    return encode(_File(_about(desk.site), statement.decode(), signed.key, b64encode(signed.value).decode()))


def read_copy(raw: bytes, keys: Keys, struck: Collection[str] = ()) -> Statement:
    """What a copy says, if it is ours and unchanged. Raises NotACopy, UnknownKey, Changed, Struck.

    keys: every token key there has ever been. struck: names of public keys whose secret was stolen.
    """
    try:
        file = decode(raw, type=_File)
        signed = Signature(file.key, b64decode(file.signature, validate=True))
    except (DecodeError, ValueError) as error:
        raise NotACopy from error
    statement = file.statement.encode()
    if not holds(keys, statement, signed):
        raise Changed if file.key in public_keys(keys) else UnknownKey
    if file.key in struck:
        raise Struck
    try:
        said = decode(statement, type=Statement)
    except DecodeError as error:
        raise NotACopy from error
    if said.kind != KIND:
        raise NotACopy
    # It stands beside what is signed, and tells where to check: by the words below the signature, it can be no other.
    if file.about != _about(said.site):
        raise Changed
    return said


def _about(site: str) -> str:
    return f"A signed copy of figures. Whether it is genuine and unchanged is told at {site}{CHECK_PATH}"


def _texts(row: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(figure.text for figure in row)
