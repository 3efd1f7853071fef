"""Files in an object store: a local folder by default, S3, Google or Azure by URL.

A file's name is random and says nothing; there is no public address: who may read one is for its area to say.
"""

import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from pathlib import Path

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from survey.db.errors import NotFound
from survey.settings import Settings

LOCAL = "media://"
FOLDER = "media"
NAME_BYTES = 16
CHUNK_BYTES = 1_000_000
PRIVATE_FOLDER = 0o700

KIND = re.compile(r"[a-z][a-z-]{0,30}")
KEY = re.compile(r"[a-z][a-z-]{0,30}/[0-9a-f]{32}")


class TooLarge(Exception):
    """More came than was allowed; nothing has been kept."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"larger than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class Media:
    """The files of one deployment."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, kind: str, content: bytes | AsyncIterable[bytes], *, limit_bytes: int) -> str:
        """Keep a file and return its key, such as `imports/9f…`. It is there as a whole or not at all.

        kind: a word for what is kept, by which an operator may set lifetimes. Raises TooLarge.
        """
        key = new_key(kind)
        await self.put_at(key, content, limit_bytes=limit_bytes)
        return key

    async def put_at(self, key: str, content: bytes | AsyncIterable[bytes], *, limit_bytes: int) -> None:
        """Keep a file under a key of `new_key` that was written down before, so that nothing is left without a name.

        Raises TooLarge.
        """
        counted = _Counted(content, limit_bytes)
        try:
            await obstore.put_async(self._store, _checked(key), counted.chunks())
        except Exception:
            # The store wraps what the source raised; the reason is what the caller can act on.
            if counted.error is not None:
                raise counted.error from None
            raise

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """The file's content in pieces. Raises NotFound."""
        try:
            found = await obstore.get_async(self._store, _checked(key))
        except (NotFoundError, FileNotFoundError):
            raise NotFound("file") from None
        async for piece in found.stream(min_chunk_size=CHUNK_BYTES):
            yield bytes(piece)

    async def read(self, key: str, *, limit_bytes: int) -> bytes:
        """A small file as a whole. Raises NotFound, TooLarge."""
        counted = _Counted(self.stream(key), limit_bytes)
        return b"".join([piece async for piece in counted.chunks()])

    async def piece(self, key: str, start: int, end: int) -> bytes:
        """A part of the file: bytes from `start` up to `end`, without the last. Raises NotFound."""
        try:
            return bytes(await obstore.get_range_async(self._store, _checked(key), start=start, end=end))
        except (NotFoundError, FileNotFoundError):
            raise NotFound("file") from None

    async def size_bytes(self, key: str) -> int:
        """How large the file is. Raises NotFound."""
        try:
            return int((await obstore.head_async(self._store, _checked(key)))["size"])
        except (NotFoundError, FileNotFoundError):
            raise NotFound("file") from None

    async def delete(self, key: str) -> None:
        """Remove a file; one that is gone already is fine."""
        with suppress(NotFoundError, FileNotFoundError):
            await obstore.delete_async(self._store, _checked(key))


def new_key(kind: str) -> str:
    """A name that no file has, such as `imports/9f…`. kind: as for `Media.put`."""
    if not KIND.fullmatch(kind):
        raise ValueError("a kind is a word of small letters")
    return f"{kind}/{secrets.token_hex(NAME_BYTES)}"


def media_of(settings: Settings) -> Media:
    """The media of these settings."""
    if settings.media_url != LOCAL:
        return Media(from_url(settings.media_url))
    folder = settings.data_path.resolve() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)
    return Media(LocalStore(Path(folder)))


class _Counted:
    """Lets content through up to a limit, and remembers why it stopped."""

    def __init__(self, content: bytes | AsyncIterable[bytes], limit_bytes: int) -> None:
        self._content = content
        self._limit_bytes = limit_bytes
        self.error: Exception | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The content. Raises TooLarge, or what the source raises."""
        size = 0
        try:
            async for piece in _pieces(self._content):
                size += len(piece)
                if size > self._limit_bytes:
                    raise TooLarge(self._limit_bytes)
                yield piece
        except Exception as error:
            self.error = error
            raise


async def _pieces(content: bytes | AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    async for piece in content:
        yield piece


def _checked(key: str) -> str:
    # A key that we have not made could climb out of the folder.
    if not KEY.fullmatch(key):
        raise NotFound("file")
    return key
