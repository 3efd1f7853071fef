"""Pictures into the tray and out of it, and where somebody says to be."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection
from survey.media import Media
from survey.media.pictures import (
    FILE_BYTES,
    BadPicture,
    Picture,
    check_size,
    in_a_thread,
    picture_from,
    thumbnail_of,
)
from survey.queue import enqueue

from .. import queries
from ..domain import MOST_PICTURES, PROOF_KINDS, CheckIn, Proof
from .reading import sheet_to_write

MEDIA_KIND = "evidence"


async def add_picture(scope: Scope, media: Media, shop_id: UUID, sent: tuple[str, Path, int], now: datetime) -> UUID:
    """Put a picture into the tray and return its id; the same pixels again are the picture that is there already.

    sent: kind, the file on disk, its size in bytes. Raises BadPicture, NotFound, NotStarted, HandedIn; then nothing is
    kept of it.
    """
    kind, path, size_bytes = sent
    sheet = await sheet_to_write(scope, shop_id)
    if kind not in PROOF_KINDS:
        raise BadPicture("Say what the picture shows")
    check_size(size_bytes)
    if len(await queries.pictures_of(scope, sheet.report.id)) >= MOST_PICTURES:
        raise BadPicture(f"There are {MOST_PICTURES} pictures already. Remove one first")
    picture = await in_a_thread(lambda: picture_from(path.read_bytes()))
    same = await queries.find_same(scope, sheet.report.id, picture.digest)
    if same is not None:
        return same
    return await _stored(scope, media, sheet.report.id, (kind, picture), now)


async def _stored(scope: Scope, media: Media, report_id: UUID, made: tuple[str, Picture], now: datetime) -> UUID:
    kind, picture = made
    media_key = await media.put(MEDIA_KIND, picture.content, limit_bytes=FILE_BYTES)
    try:
        picture_id = await queries.insert_picture(scope, report_id, kind, (picture, media_key), now)
        await _note(scope, "report.picture_added", report_id, now, picture_id=str(picture_id), kind=kind)
    except BaseException:
        await media.delete(media_key)
        raise
    return picture_id


async def remove_picture(scope: Scope, shop_id: UUID, picture_id: UUID, now: datetime) -> None:
    """Take a picture out of the tray and remove its file. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    picture = await queries.picture_in(scope, sheet.report.id, picture_id)
    await queries.delete_picture(scope, picture.id)
    # The file goes after the commit: a row without its file would be worse than a file without its row.
    payload = {"media_key": picture.media_key}
    await enqueue(connection(), "fieldwork.remove_media", payload, unique=picture.media_key)
    await _note(scope, "report.picture_removed", sheet.report.id, now, picture_id=str(picture.id))


async def picture_bytes(media: Media, picture: Proof, *, small: bool) -> bytes:
    """A picture as it is kept, or a thumbnail of it (JPEG). Raises NotFound."""
    content = await media.read(picture.media_key, limit_bytes=FILE_BYTES)
    if not small:
        return content
    return await in_a_thread(lambda: thumbnail_of(content))


async def check_in(scope: Scope, shop_id: UUID, place: CheckIn, now: datetime) -> None:
    """Note where somebody says to be. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    await queries.put_check_in(scope, sheet.report.id, place, now)
    await _note(scope, "report.checked_in", sheet.report.id, now)


async def forget_check_in(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Forget it. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    await queries.delete_check_in(scope, sheet.report.id)
    await _note(scope, "report.check_in_removed", sheet.report.id, now)


async def _note(scope: Scope, action: str, report_id: UUID, now: datetime, **detail: str) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "report", report_id, detail=dict(detail)
    )
    await record(connection(), event, now)
