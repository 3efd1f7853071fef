"""A file of any size under seal with a person's key: sealed piece by piece, so that it never lies in memory whole.

Each piece is bound to its number and the last one says so: pieces cannot be moved, left out or cut off unseen.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from uuid import UUID

from privacy.errors import SealBroken
from privacy.vault import DataKey, Place, seal, unseal

PIECE_BYTES = 1_000_000
LENGTH_BYTES = 4
SEAL_BYTES = 100  # more than a seal adds
COLUMN = "identity.data_copy.media_key"


async def sealed(key: DataKey, row_id: UUID, content: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The content as it may be stored: each piece with its length before it."""
    number, kept = 0, bytearray()
    async with aclosing(content):
        async for some in content:
            kept += some
            while len(kept) > PIECE_BYTES:
                yield _framed(seal(key, _place(key, row_id, number, is_last=False), bytes(kept[:PIECE_BYTES])))
                del kept[:PIECE_BYTES]
                number += 1
    yield _framed(seal(key, _place(key, row_id, number, is_last=True), bytes(kept)))


async def opened(key: DataKey, row_id: UUID, stored: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """What was sealed. Raises SealBroken where a piece was altered, moved or cut off, or the key is another's."""
    number, kept = 0, bytearray()
    async for some in stored:
        kept += some
        # The last frame stays until the end of the file shows that it is the last.
        while (whole := _first(kept)) is not None and len(kept) > whole:
            yield unseal(key, _place(key, row_id, number, is_last=False), bytes(kept[LENGTH_BYTES:whole]))
            del kept[:whole]
            number += 1
    if len(kept) < LENGTH_BYTES or _first(kept) != len(kept):
        raise SealBroken(COLUMN)
    yield unseal(key, _place(key, row_id, number, is_last=True), bytes(kept[LENGTH_BYTES:]))


def _first(kept: bytearray) -> int | None:
    """Where the first frame ends; None while its length is not known. Raises SealBroken for a length of nobody's."""
    if len(kept) < LENGTH_BYTES:
        return None
    length = int.from_bytes(kept[:LENGTH_BYTES])
    if length > PIECE_BYTES + SEAL_BYTES:
        raise SealBroken(COLUMN)
    return LENGTH_BYTES + length


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH_BYTES) + content


def _place(key: DataKey, row_id: UUID, number: int, *, is_last: bool) -> Place:
    return Place(f"{COLUMN}#{number}{'!' if is_last else ''}", row_id, key.subject_id)
