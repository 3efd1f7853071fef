"""Contacts and uploads as they are stored: sealed under the key of the person, or of the import."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple
from uuid import UUID

import msgspec

from privacy.errors import SealBroken
from privacy.vault.domain import DataKey, Place, seal, seal_row, seal_rows, unseal, unseal_text

from .people import Detailed
from .rows import DETAILS

EMAIL = "identity.contact.email"
FIRST_NAME = "identity.contact.first_name"
LAST_NAME = "identity.contact.last_name"
DETAIL_JSON = "identity.contact.details"
UPLOAD = "identity.contact_import.file_key"
REPORT = "identity.contact_import.report_key"
FRAME_BYTES = 1_000_000
_LENGTH_BYTES = 4
_END = "end"

Names = tuple[str, str, tuple[str, ...]]  # first name, last name, and the columns of DETAILS
_DETAIL_NAMES = tuple(field.value for field in DETAILS)


class SealedNames(NamedTuple):
    """The sealed columns of a contact but for the address, in the order of the table."""

    first_name: bytes | None
    last_name: bytes | None
    details: bytes | None


def sealed_contacts(people: Sequence[tuple[DataKey, str, Names]]) -> list[tuple[bytes, SealedNames]]:
    """New contacts as stored, given by key, address and names; what is empty is not stored at all."""
    # A contact's row has the id of its subject.
    rows = [(key, key.subject_id, [(EMAIL, address.encode()), *_values(names)]) for key, address, names in people]
    sealed = zip(seal_rows(rows), people, strict=True)
    return [(email, _in_their_columns(names, others)) for (email, *others), (_, _, names) in sealed]


def sealed_names(key: DataKey, names: Names) -> SealedNames:
    """Names and the other columns as stored, for a contact that is there."""
    return _in_their_columns(names, seal_row(key, key.subject_id, _values(names)))


def _values(names: Names) -> list[tuple[str, bytes]]:
    first_name, last_name, details = names
    values = []
    if first_name:
        values.append((FIRST_NAME, first_name.encode()))
    if last_name:
        values.append((LAST_NAME, last_name.encode()))
    if any(details):
        said = {name: text for name, text in zip(_DETAIL_NAMES, details, strict=True) if text}
        values.append((DETAIL_JSON, msgspec.json.encode(said)))
    return values


def _in_their_columns(names: Names, sealed: list[bytes]) -> SealedNames:
    rest = iter(sealed)
    return SealedNames(*[next(rest) if there else None for there in (names[0], names[1], any(names[2]))])


def opened_address(key: DataKey, sealed: bytes) -> str:
    """Undo sealed_address. Raises SealBroken."""
    return unseal_text(key, _place(EMAIL, key), sealed)


def opened_names(key: DataKey, sealed: SealedNames) -> Names:
    """First name, last name and the other columns. Raises SealBroken."""
    first_name = unseal_text(key, _place(FIRST_NAME, key), sealed.first_name) if sealed.first_name else ""
    last_name = unseal_text(key, _place(LAST_NAME, key), sealed.last_name) if sealed.last_name else ""
    said: dict[str, str] = {}
    if sealed.details:
        said = msgspec.json.decode(unseal(key, _place(DETAIL_JSON, key), sealed.details), type=dict[str, str])
    return first_name, last_name, tuple(said.get(name, "") for name in _DETAIL_NAMES)


def opened(key: DataKey, email: bytes, names: SealedNames) -> Detailed:
    """Everything a contact's row holds of the person. Raises SealBroken."""
    first_name, last_name, details = opened_names(key, names)
    return Detailed(opened_address(key, email), first_name, last_name, *details)


def _place(column: str, key: DataKey) -> Place:
    return Place(column, key.subject_id, key.subject_id)


class FrameSealer:
    """Seals a file piece by piece, so that none is ever whole in memory. Each piece is bound to its number."""

    def __init__(self, key: DataKey, column: str) -> None:
        self._key = key
        self._column = column
        self._numbers = count()

    def sealed(self, piece: bytes) -> bytes:
        """The next piece as stored."""
        return self._frame(str(next(self._numbers)), piece)

    def end(self) -> bytes:
        """What must be stored last: without it a file that was cut short would look whole."""
        return self._frame(f"{next(self._numbers)} {_END}", b"")

    def _frame(self, name: str, piece: bytes) -> bytes:
        sealed = seal(self._key, frame_place(self._column, name, self._key.subject_id), piece)
        return len(sealed).to_bytes(_LENGTH_BYTES) + sealed


class FrameOpener:
    """Opens what FrameSealer has sealed, however the bytes are cut on the way."""

    def __init__(self, key: DataKey, column: str) -> None:
        self._key = key
        self._column = column
        self._numbers = count()
        self._rest = bytearray()

    def opened(self, content: bytes) -> Iterator[bytes]:
        """The pieces that are complete with these bytes. Raises SealBroken."""
        self._rest += content
        while len(self._rest) >= _LENGTH_BYTES:
            end = _LENGTH_BYTES + int.from_bytes(self._rest[:_LENGTH_BYTES])
            # The last frame is opened by `finish` alone.
            if len(self._rest) <= end:
                return
            sealed = bytes(self._rest[_LENGTH_BYTES:end])
            del self._rest[:end]
            yield self._unsealed(str(next(self._numbers)), sealed)

    def finish(self) -> None:
        """To be called when there are no more bytes. Raises SealBroken where the file was cut short."""
        if len(self._rest) < _LENGTH_BYTES:
            raise SealBroken(self._column)
        self._unsealed(f"{next(self._numbers)} {_END}", bytes(self._rest[_LENGTH_BYTES:]))

    def _unsealed(self, name: str, sealed: bytes) -> bytes:
        return unseal(self._key, frame_place(self._column, name, self._key.subject_id), sealed)


def frame_place(column: str, name: str, import_id: UUID) -> Place:
    """Where one piece of a file stands."""
    return Place(f"{column} {name}", import_id, import_id)
