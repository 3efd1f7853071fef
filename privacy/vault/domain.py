"""One data key a subject, wrapped by a versioned key-encryption key; values sealed to the place they stand in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from ..crypto import KEY_BYTES, Cipher, cipher, decrypt, derive_key, encrypt, encrypt_many, hmacs_sha256, random_bytes
from ..errors import SealBroken, UnknownKey

# The first byte of every sealed value and of the data it is bound to: a later layout gets the next number.
LAYOUT = b"\x01"
WRAPPING = b"vault.subject_key.wrapped"
VERSION_BYTES = 4

Values = Sequence[tuple[str, bytes]]  # columns ("schema.table.column") and their plaintexts


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The key-encryption keys by version; `current` wraps, the others only unwrap. Keys have 32 bytes."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)
    ciphers: Mapping[int, Cipher] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise UnknownKey(self.current)
        object.__setattr__(self, "ciphers", {version: cipher(key) for version, key in self.keys.items()})

    def cipher_of(self, version: int) -> Cipher:
        """The key of that version, made ready. Raises UnknownKey."""
        try:
            return self.ciphers[version]
        except KeyError:
            raise UnknownKey(version) from None


@dataclass(frozen=True, slots=True)
class DataKey:
    """A subject's key, ready for use. It shows its subject and never its bytes."""

    subject_id: UUID
    cipher: Cipher = field(repr=False, compare=False)


class Wrapped(NamedTuple):
    """A subject's key as the vault stores it."""

    subject_id: UUID
    kek_version: int
    wrapped: bytes


class Place(NamedTuple):
    """Where a sealed value stands: "schema.table.column", the row and the subject. It cannot be opened anywhere else.

    Where one row holds many values in one column, the column's name is followed by what tells them apart.
    """

    column: str
    row_id: UUID
    subject_id: UUID


def new_data_key(ring: KeyRing, subject_id: UUID) -> tuple[DataKey, Wrapped]:
    """Draw a key for a subject: the key for use, and the wrapped one for the vault."""
    key = random_bytes(KEY_BYTES)
    sealed = LAYOUT + encrypt(ring.ciphers[ring.current], key, _wrapping_bound(ring.current, subject_id))
    return DataKey(subject_id, cipher(key)), Wrapped(subject_id, ring.current, sealed)


def new_keys(ring: KeyRing, subject_ids: Sequence[UUID]) -> tuple[list[DataKey], list[Wrapped]]:
    """Draw a key for each subject, in the order of the ids. The wrapped ones are rows for `store_keys` or for COPY."""
    drawn = random_bytes(KEY_BYTES * len(subject_ids))
    keys = [drawn[at : at + KEY_BYTES] for at in range(0, len(drawn), KEY_BYTES)]
    bounds = [_wrapping_bound(ring.current, subject_id) for subject_id in subject_ids]
    wrapping = ring.ciphers[ring.current]
    sealed = encrypt_many([(wrapping, key, bound) for key, bound in zip(keys, bounds, strict=True)])
    ready = [DataKey(subject_id, cipher(key)) for subject_id, key in zip(subject_ids, keys, strict=True)]
    return ready, [Wrapped(key.subject_id, ring.current, LAYOUT + one) for key, one in zip(ready, sealed, strict=True)]


def unwrap(ring: KeyRing, wrapped: Wrapped) -> DataKey:
    """Make a stored key ready for use. Raises UnknownKey, or SealBroken for a key that was moved or altered."""
    return DataKey(wrapped.subject_id, cipher(_unwrapped(ring, wrapped)))


def rewrap(ring: KeyRing, wrapped: Wrapped) -> Wrapped:
    """The same key under the current key-encryption key; nothing sealed with it has to change."""
    key = _unwrapped(ring, wrapped)
    bound = _wrapping_bound(ring.current, wrapped.subject_id)
    return Wrapped(wrapped.subject_id, ring.current, LAYOUT + encrypt(ring.ciphers[ring.current], key, bound))


def seal(key: DataKey, place: Place, value: str | bytes) -> bytes:
    """Seal a value to its place: layout version, nonce, ciphertext and tag. Text is sealed as UTF-8."""
    if key.subject_id != place.subject_id:
        raise ValueError("the key belongs to another subject")
    plaintext = value.encode() if isinstance(value, str) else value
    return LAYOUT + encrypt(key.cipher, plaintext, _place_bound(place))


def seal_row(key: DataKey, row_id: UUID, values: Values) -> list[bytes]:
    """Seal several values of one row; each opens as if `seal` had sealed it alone."""
    return seal_rows([(key, row_id, values)])[0]


def seal_rows(rows: Sequence[tuple[DataKey, UUID, Values]]) -> list[list[bytes]]:
    """The same for many rows, each with its own key."""
    items = []
    for key, row_id, values in rows:
        front = LAYOUT + row_id.bytes + key.subject_id.bytes
        items += [(key.cipher, plaintext, front + column.encode()) for column, plaintext in values]
    sealed = iter(encrypt_many(items))
    return [[LAYOUT + next(sealed) for _ in values] for _, _, values in rows]


def unseal(key: DataKey, place: Place, sealed: bytes) -> bytes:
    """Open a sealed value. Raises SealBroken if it, its place or its key is not what it was when sealed."""
    if sealed[:1] != LAYOUT:
        raise SealBroken(place.column)
    return decrypt(key.cipher, sealed[1:], _place_bound(place), place.column)


def unseal_text(key: DataKey, place: Place, sealed: bytes) -> str:
    """Open a sealed text. Raises SealBroken."""
    return unseal(key, place, sealed).decode()


def blind_index(index_key: bytes, column: str, affiliate_id: UUID, normalised: str) -> bytes:
    """What equality look-ups compare in place of a sealed value: HMAC under a key of the column and the affiliate.

    Two affiliates with the same value do not match. Never for values with few possibilities: they could be counted out.
    """
    return blind_indexes(index_key, column, affiliate_id, [normalised])[0]


def blind_indexes(index_key: bytes, column: str, affiliate_id: UUID, normalised: Iterable[str]) -> list[bytes]:
    """The same for many values, in their order."""
    key = derive_key(index_key, f"blind index {column} {affiliate_id.hex}")
    return hmacs_sha256(key, [value.encode() for value in normalised])


def _unwrapped(ring: KeyRing, wrapped: Wrapped) -> bytes:
    if wrapped.wrapped[:1] != LAYOUT:
        raise SealBroken("a wrapped key")
    bound = _wrapping_bound(wrapped.kek_version, wrapped.subject_id)
    return decrypt(ring.cipher_of(wrapped.kek_version), wrapped.wrapped[1:], bound, "a wrapped key")


# The parts of fixed length come first, so that no two places are bound to the same bytes.
def _place_bound(place: Place) -> bytes:
    return LAYOUT + place.row_id.bytes + place.subject_id.bytes + place.column.encode()


def _wrapping_bound(version: int, subject_id: UUID) -> bytes:
    return LAYOUT + version.to_bytes(VERSION_BYTES) + subject_id.bytes + WRAPPING
