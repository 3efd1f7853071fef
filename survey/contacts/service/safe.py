"""What contacts are kept with: the store of files, the ring of keys and the key of look-ups."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from privacy.optouts import normalised
from privacy.vault import DataKey, KeyRing, blind_index
from survey.media import Media, media_of
from survey.settings import Settings

from ..domain import EMAIL, LARGEST_FILE_BYTES, FrameOpener, FrameSealer

FILE_KIND = "imports"
_SEALED_BYTES = 2 * LARGEST_FILE_BYTES


@dataclass(frozen=True, slots=True)
class Safe:
    """One deployment's store of files and its keys. Secrets do not appear in its repr."""

    media: Media = field(repr=False)
    ring: KeyRing = field(repr=False)
    index_key: bytes = field(repr=False)


def safe_of(settings: Settings) -> Safe:
    """The safe of these settings."""
    return Safe(media_of(settings), settings.keyring, settings.index_key)


def email_index(safe: Safe, affiliate_id: UUID, address: str) -> bytes:
    """What an affiliate's contact with this address is found by."""
    return blind_index(safe.index_key, EMAIL, affiliate_id, normalised(address))


async def keep(safe: Safe, key: DataKey, column: str, pieces: AsyncIterable[bytes]) -> str:
    """Store a file sealed to one column of the import whose key it is; returns the file's random name."""
    return await safe.media.put(FILE_KIND, _sealed(key, column, pieces), limit_bytes=_SEALED_BYTES)


async def pieces_of(safe: Safe, key: DataKey, column: str, file_key: str) -> AsyncGenerator[bytes, None]:
    """Open a stored file piece by piece. Raises NotFound, and SealBroken where the file is not what was stored."""
    opener = FrameOpener(key, column)
    async for content in safe.media.stream(file_key):
        for piece in opener.opened(content):
            yield piece
    opener.finish()


def in_thread(pieces: AsyncIterator[bytes]) -> Iterator[bytes]:
    """The same pieces for a thread that the event loop has started. To be called on the loop."""
    loop = asyncio.get_running_loop()

    async def next_piece() -> bytes | None:
        return await anext(pieces, None)

    def iterated() -> Iterator[bytes]:
        while (piece := asyncio.run_coroutine_threadsafe(next_piece(), loop).result()) is not None:
            yield piece

    return iterated()


async def _sealed(key: DataKey, column: str, pieces: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    sealer = FrameSealer(key, column)
    async for piece in pieces:
        yield sealer.sealed(piece)
    yield sealer.end()
