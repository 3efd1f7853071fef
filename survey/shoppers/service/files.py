"""Files of a shopper in the media store: under seal with the shopper's own key, so that without it they are noise."""

from uuid import UUID

from asyncpg import Connection

from privacy.errors import SealBroken
from privacy.vault import DataKey, Place, seal, unseal
from survey.db import NotFound
from survey.media import Media
from survey.queue import enqueue

PORTRAIT = "identity.portrait.media_key"
DOCUMENT = "identity.document.media_key"
LARGEST_BYTES = 21_000_000  # the largest file that comes in, and its seal
_FOLDERS = {PORTRAIT: "portraits", DOCUMENT: "documents"}


async def keep(media: Media, key: DataKey, column: str, row_id: UUID, content: bytes) -> str:
    """Store a file sealed to the row that names it; its random name."""
    sealed = seal(key, Place(column, row_id, key.subject_id), content)
    return await media.put(_FOLDERS[column], sealed, limit_bytes=LARGEST_BYTES)


async def opened(media: Media, key: DataKey, column: str, row_id: UUID, media_key: str) -> bytes:
    """A stored file. Raises NotFound where it is gone, or is not what was stored for this row."""
    sealed = await media.read(media_key, limit_bytes=LARGEST_BYTES)
    try:
        return unseal(key, Place(column, row_id, key.subject_id), sealed)
    except SealBroken:
        raise NotFound("file") from None


async def remove_later(here: Connection, media_key: str) -> None:
    """Remove a file after the commit: a row without its file would be worse than a file without its row."""
    await enqueue(here, "shoppers.remove_file", {"media_key": media_key}, unique=media_key)
