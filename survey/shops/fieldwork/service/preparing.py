"""Making recordings anew, one at a time. Runs in the worker, which may be killed at any line.

The name of the new file is written down before the file, and the old one goes after the commit that no longer needs it:
at every moment each file is named by a row, or by a job that removes it.
"""

import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from asyncpg import Record

from privacy.audit import Event, record
from survey.db import NotFound, Role, connection, transaction
from survey.media import Media, new_key
from survey.media.recordings import KEPT_BYTES, Unreadable, convert
from survey.queue import enqueue
from survey.settings import Settings

from .. import queries
from ..domain import GIVEN_UP_AFTER
from .recordings import streamed

FOLDER = "conversions"
KEPT_KIND = "recordings"
FORGOTTEN_AT_ONCE = 50


async def prepare_recording(settings: Settings, media: Media, recording_id: UUID, now: datetime) -> None:
    """Make a recording anew and let the file as sent go, whether that worked or not. Twice is once."""
    named = await _named(recording_id)
    if named is None:
        return
    kind, original_key, media_key = named
    folder = settings.data_path.resolve() / FOLDER / str(recording_id)
    try:
        target = _emptied(folder) / "made"
        await _fetched(media, original_key, folder / "sent")
        seconds = await convert(kind, folder / "sent", target)
        await media.put_at(media_key, streamed(target), limit_bytes=KEPT_BYTES)
        size_bytes = target.stat().st_size
    except Unreadable as error:
        await _refuse(recording_id, (original_key, media_key), error.problem, now)
        return
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not await _keep(recording_id, original_key, (size_bytes, seconds), now):
        await media.delete(media_key)


async def give_up_recordings(settings: Settings, now: datetime) -> None:
    """Refuse what has waited for hours: its worker was killed more often than a job is tried."""
    async with transaction(Role.WORKER):
        found = await queries.forgotten_recordings(now - GIVEN_UP_AFTER, FORGOTTEN_AT_ONCE)
    for row in found:
        await _refuse(row["id"], (row["original_key"], row["media_key"]), "given_up", now)
        shutil.rmtree(settings.data_path.resolve() / FOLDER / str(row["id"]), ignore_errors=True)


async def _named(recording_id: UUID) -> tuple[str, str, str] | None:
    """Kind, old file and new file; the same new one at every try. None where nothing waits."""
    async with transaction(Role.WORKER):
        row = await queries.lock_waiting(recording_id)
        if row is None:
            return None
        media_key = row["media_key"] or new_key(KEPT_KIND)
        await queries.name_file(recording_id, media_key)
    return row["kind"], row["original_key"], media_key


def _emptied(folder: Path) -> Path:
    """A folder that nobody else reads, without what a killed worker has left in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


async def _fetched(media: Media, key: str, path: Path) -> None:
    try:
        with path.open("wb") as file:
            async for piece in media.stream(key):
                file.write(piece)
    except NotFound:
        raise Unreadable("given_up") from None


async def _keep(recording_id: UUID, original_key: str, made: tuple[int, int], now: datetime) -> bool:
    """Whether there is still somebody to keep it for. made: its size and how many seconds it has."""
    async with transaction(Role.WORKER):
        row = await queries.make_ready(recording_id, *made)
        if row is None:
            return False
        await _forget([original_key])
        await _note(row, "report.recording_prepared", recording_id, now)
    return True


async def _refuse(recording_id: UUID, keys: tuple[str, str | None], problem: str, now: datetime) -> None:
    async with transaction(Role.WORKER):
        row = await queries.refuse_recording(recording_id, problem)
        if row is not None:
            await _forget([key for key in keys if key])
            await _note(row, "report.recording_refused", recording_id, now, problem=problem)


async def _forget(keys: list[str]) -> None:
    for key in keys:
        await enqueue(connection(), "fieldwork.remove_media", {"media_key": key}, unique=key)


async def _note(row: Record, action: str, recording_id: UUID, now: datetime, **detail: str) -> None:
    told = {"recording_id": str(recording_id), **detail}
    event = Event(row["affiliate_id"], "system", None, action, "report", row["report_id"], detail=told)
    await record(connection(), event, now)
