"""A shopper's photo: their own choice, made anew from its pixels, seen by staff who say why, gone when they say so."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from privacy.vault import data_key
from survey.db import NotFound, Scope, connection
from survey.media import media_of
from survey.media.pictures import check_size, in_a_thread, square_from
from survey.settings import Settings

from .. import queries
from . import files
from .notes import note, note_look, own_id


async def has_portrait(scope: Scope) -> bool:
    """Whether one has a photo here. Role.SHOPPER."""
    return await queries.portraits.media_key_of(scope, own_id(scope)) is not None


async def own_portrait(scope: Scope, settings: Settings) -> bytes:
    """One's own photo (JPEG). Role.SHOPPER. Raises NotFound."""
    found = await _opened(scope, settings, own_id(scope))
    if found is None:
        raise NotFound("photo")
    return found


async def set_portrait(scope: Scope, settings: Settings, sent: tuple[Path, int], now: datetime) -> None:
    """Show a photo, in the place of the one there was. sent: the file and its size in bytes. Role.SHOPPER.

    Raises BadPicture; then nothing has changed.
    """
    path, size_bytes = sent
    check_size(size_bytes)
    square = await in_a_thread(lambda: square_from(path.read_bytes()))
    media, shopper_id = media_of(settings), own_id(scope)
    await queries.own.lock(scope)
    old = await queries.portraits.media_key_of(scope, shopper_id)
    key = await data_key(connection(), settings.keyring, shopper_id)
    media_key = await files.keep(media, key, files.PORTRAIT, shopper_id, square)
    try:
        await queries.portraits.put(scope, media_key, now)
        if old is not None:
            await files.remove_later(connection(), old)
        await note(scope, "shopper.photo", shopper_id, now)
    except BaseException:
        await media.delete(media_key)
        raise


async def remove_portrait(scope: Scope, now: datetime) -> None:
    """Show none any more; twice is once. Role.SHOPPER."""
    media_key = await queries.portraits.drop(scope)
    if media_key is not None:
        await files.remove_later(connection(), media_key)
        await note(scope, "shopper.photo_remove", own_id(scope), now)


async def look_at(scope: Scope, settings: Settings, shopper_id: UUID, purpose: str, now: datetime) -> bytes | None:
    """A shopper's photo (JPEG), None where there is none. The look is recorded; the shopper reads it. Role.STAFF."""
    found = await _opened(scope, settings, shopper_id)
    if found is not None:
        await note_look(scope, "shopper.photo_read", shopper_id, purpose, now)
    return found


async def _opened(scope: Scope, settings: Settings, shopper_id: UUID) -> bytes | None:
    media_key = await queries.portraits.media_key_of(scope, shopper_id)
    if media_key is None:
        return None
    key = await data_key(connection(), settings.keyring, shopper_id)
    return await files.opened(media_of(settings), key, files.PORTRAIT, shopper_id, media_key)
