"""What anybody can check: a copy of a page's figures, or the signature of a file, with a statement that is signed.

The signature is under the statement exactly as its text stands in the file, so that whoever checks needs no rule of how
JSON is spelt. It says what our pages showed at that moment, and nothing of what became of it since.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from msgspec import DecodeError, Struct
from msgspec.json import decode, encode

from privacy.crypto import sha256
from privacy.signing import Signature, holds, public_keys, sign
from privacy.tokens import Keys

from .exports import Cover
from .sheets import Figure, Sheet, words

COPY, FILE = "candour signed copy 1", "candour signed file 1"
ABOUT: Mapping[str, str] = {COPY: "A signed copy of figures", FILE: "The signature of a file"}
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


class FileMissing(ValueError):
    """A signature of a file, without the file."""


class OtherFile(ValueError):
    """A signature of ours beside a file that is not the one it was made of, or not any more."""


class Unsigned(ValueError):
    """A file beside a signed copy, which says nothing of it."""


class Table(Struct, frozen=True):
    """One table, each cell as its page shows it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def sheet(self) -> Sheet:
        """The same to be drawn."""
        return Sheet(self.title, self.headings, tuple(tuple(map(words, row)) for row in self.rows))


class Marked(Struct, frozen=True):
    """A file that is signed. name: as it was downloaded, which may change; sha256: of its bytes, in hex."""

    name: str
    size_bytes: int
    sha256: str


class Statement(Struct, frozen=True, omit_defaults=True):
    """What is signed. released_on: the day all of it left, where it was one; made_at: when it was taken, UTC.

    tables: of a copy; file: of the signature of one, which has no tables of its own.
    """

    kind: str
    site: str
    company: str
    title: str
    lines: tuple[str, ...]
    released_on: date | None
    made_at: datetime
    tables: tuple[Table, ...] = ()
    file: Marked | None = None


class _File(Struct, forbid_unknown_fields=True):
    about: str
    statement: str
    key: str
    signature: str


def signed_copy(cover: Cover, sheets: Sequence[Sheet], desk: Desk) -> bytes:
    """The copy as a file."""
    tables = tuple(Table(each.title, each.headings, tuple(_texts(row) for row in each.rows)) for each in sheets)
    return _signed(Statement(COPY, *_heading(cover, desk), tables), desk)


def signature_of(name: str, content: bytes, cover: Cover, desk: Desk) -> bytes:
    """The signature of a file, as a file of its own. cover: what stands above what the file shows."""
    marked = Marked(name, len(content), sha256(content).hex())
    return _signed(Statement(FILE, *_heading(cover, desk), file=marked), desk)


def read_copy(raw: bytes, keys: Keys, struck: Collection[str] = ()) -> Statement:
    """What a copy or a signature says, if it is ours and unchanged. Raises NotACopy, UnknownKey, Changed, Struck.

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
    if said.kind not in ABOUT or (said.kind == FILE) != (said.file is not None):
        raise NotACopy
    # It stands beside what is signed, and tells where to check: by the words below the signature, it can be no other.
    if file.about != _about(said):
        raise Changed
    return said


def require_file(said: Statement, sha256_hex: str | None) -> None:
    """Hold a file against what is signed. sha256_hex: its digest; None where there is no file.

    Raises FileMissing, OtherFile, Unsigned.
    """
    if said.file is None and sha256_hex is not None:
        raise Unsigned
    if said.file is not None and sha256_hex is None:
        raise FileMissing
    if said.file is not None and said.file.sha256 != sha256_hex:
        raise OtherFile


def _signed(said: Statement, desk: Desk) -> bytes:
    statement = encode(said)
    signed = sign(desk.keys, statement)
    return encode(_File(_about(said), statement.decode(), signed.key, b64encode(signed.value).decode()))


def _heading(cover: Cover, desk: Desk) -> tuple[str, str, str, tuple[str, ...], date | None, datetime]:
    made_at = desk.now.astimezone(UTC).replace(microsecond=0)
    return desk.site, desk.company, cover.title, tuple(cover.lines), cover.released_on, made_at


def _about(said: Statement) -> str:
    return f"{ABOUT[said.kind]}. Whether it is genuine and unchanged is told at {said.site}{CHECK_PATH}"


def _texts(row: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(figure.text for figure in row)
