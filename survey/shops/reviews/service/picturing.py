"""Pictures as a client may see them: a second file in which boxes are filled solid, or none at all."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw

from survey.db import NotFound, Scope, connection
from survey.media import Media
from survey.queue import enqueue

from .. import queries
from ..domain import Box, Picture, checked_boxes
from .holding import held
from .noting import note

MEDIA_KIND = "redacted"
LIMIT_BYTES = 20_000_000
QUALITY = 85


def blacked_out(content: bytes, boxes: Sequence[Box]) -> bytes:
    """A new JPEG with the boxes filled; nothing but pixels is taken over. Slow: give it a thread."""
    with Image.open(BytesIO(content)) as opened:
        plain = opened.convert("RGB")
    copy = Image.frombytes("RGB", plain.size, plain.tobytes())
    draw = ImageDraw.Draw(copy)
    for box in boxes:
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill="black")
    written = BytesIO()
    copy.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


async def picture_in(scope: Scope, shop_id: UUID, picture_id: UUID) -> Picture:
    """A picture of the shop's report. Raises NotFound."""
    report = await queries.report_in(scope, shop_id)
    for picture in await queries.pictures_of(scope, report.id):
        if picture.id == picture_id:
            return picture
    raise NotFound("picture")


async def picture_bytes(media: Media, picture: Picture, *, for_client: bool) -> bytes:
    """The picture as it came, or the copy for the client (JPEG). Raises NotFound."""
    key = picture.client_key if for_client else picture.media_key
    if key is None:
        raise NotFound("picture")
    return await media.read(key, limit_bytes=LIMIT_BYTES)


async def redact(scope: Scope, media: Media, shop_id: UUID, chosen: tuple[UUID, Sequence[Box]], now: datetime) -> None:
    """Make the copy that a client may see. chosen: the picture, boxes in its pixels (none: nothing to black out).

    Raises NotFound, BadBox, NotHeld, OnHold, WrongState.
    """
    report = await held(scope, shop_id)
    picture = await picture_in(scope, shop_id, chosen[0])
    boxes = checked_boxes(chosen[1], picture.width, picture.height)
    content = await media.read(picture.media_key, limit_bytes=LIMIT_BYTES)
    copy = await asyncio.to_thread(blacked_out, content, boxes)
    client_key = await media.put(MEDIA_KIND, copy, limit_bytes=LIMIT_BYTES)
    try:
        await queries.write_picture(scope, picture.id, "redacted", (client_key, boxes), now)
        await _forget_copy(picture)
        await note(scope, "redact", report.id, now, picture=str(picture.id), boxes=len(boxes))
    except BaseException:
        await media.delete(client_key)
        raise


async def withhold(scope: Scope, shop_id: UUID, picture_id: UUID, now: datetime) -> None:
    """Keep a picture from the client. Raises NotFound, NotHeld, OnHold, WrongState."""
    report = await held(scope, shop_id)
    picture = await picture_in(scope, shop_id, picture_id)
    await queries.write_picture(scope, picture.id, "withheld", (None, ()), now)
    await _forget_copy(picture)
    await note(scope, "withhold", report.id, now, picture=str(picture.id))


async def _forget_copy(picture: Picture) -> None:
    if picture.client_key is not None:
        # After the commit: an older copy may show what the new one hides.
        payload = {"media_key": picture.client_key}
        await enqueue(connection(), "fieldwork.remove_media", payload, unique=picture.client_key)
