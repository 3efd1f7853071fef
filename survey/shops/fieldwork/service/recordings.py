"""Recordings into the tray and out of it. They are made anew by a job; until then only the file as sent is there."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import sha256_of
from survey.db import NotFound, Scope, connection
from survey.media import Media
from survey.media.pictures import in_a_thread
from survey.media.recordings import HEAD_BYTES, LIMITS, BadRecording, check_recording
from survey.queue import enqueue

from .. import queries
from ..domain import MOST_RECORDINGS, Held, NoRecording, Recording, Report
from ..queries import Sent
from .reading import sheet_to_write

SENT_KIND = "sent-recordings"
PIECE_BYTES = 1_000_000
UNDECLARED = "Tick that the recording was lawful where you made it"


class Upload(NamedTuple):
    """What a shopper hands in: kind, the file on disk, its size, and whether it was declared to be lawful."""

    kind: str
    path: Path
    size_bytes: int
    is_declared: bool


async def add_recording(scope: Scope, media: Media, shop_id: UUID, sent: Upload, now: datetime) -> UUID:
    """Put a recording into the tray and ask for it to be made anew; the same file again is the one that is there.

    Raises NoRecording (campaign or law), BadRecording, NotFound, NotStarted, HandedIn; then nothing is kept of it.
    """
    sheet = await sheet_to_write(scope, shop_id)
    _check(sheet.held, sent)
    digest = await in_a_thread(lambda: sha256_of(_pieces(sent.path)))
    same = await queries.find_same_recording(scope, sheet.report.id, digest)
    if same is not None:
        return same
    if len(await queries.recordings_of(scope, sheet.report.id)) >= MOST_RECORDINGS:
        raise BadRecording(f"There are {MOST_RECORDINGS} recordings already. Remove one first")
    return await _stored(scope, media, sheet.report, (sent, digest), now)


def _check(held: Held, sent: Upload) -> None:
    if not held.recordings:
        raise NoRecording(held.no_recording_words)
    if sent.kind not in held.recordings:
        raise NoRecording("This campaign asks for sound alone: hand in no film")
    if not sent.is_declared:
        raise BadRecording(UNDECLARED)
    with sent.path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    check_recording(sent.kind, head, sent.size_bytes)


async def _stored(scope: Scope, media: Media, report: Report, given: tuple[Upload, bytes], now: datetime) -> UUID:
    upload, digest = given
    limit = LIMITS[upload.kind].file_bytes
    original_key = await media.put(SENT_KIND, streamed(upload.path), limit_bytes=limit)
    try:
        sent = Sent(upload.kind, original_key, digest, upload.size_bytes)
        recording_id = await queries.insert_recording(scope, report.id, sent, now)
        payload = {"recording_id": str(recording_id)}
        await enqueue(connection(), "fieldwork.prepare_recording", payload, unique=str(recording_id))
        await _note(scope, "report.recording_added", (report.id, recording_id), now, kind=upload.kind, declared=True)
    except BaseException:
        await media.delete(original_key)
        raise
    return recording_id


async def remove_recording(scope: Scope, shop_id: UUID, recording_id: UUID, now: datetime) -> None:
    """Take a recording out of the tray and remove its files. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    await queries.recording_in(scope, sheet.report.id, recording_id)
    for media_key in await queries.delete_recording(scope, recording_id):
        # After the commit, as with pictures.
        await enqueue(connection(), "fieldwork.remove_media", {"media_key": media_key}, unique=media_key)
    await _note(scope, "report.recording_removed", (sheet.report.id, recording_id), now)


async def recordings_of(scope: Scope, report_id: UUID) -> list[Recording]:
    """The recordings of a report. Role.SHOPPER for one's own, or STAFF."""
    return await queries.recordings_of(scope, report_id)


async def recording_of(scope: Scope, report_id: UUID, recording_id: UUID) -> Recording:
    """A recording of a report. Role.STAFF. Raises NotFound."""
    return await queries.recording_in(scope, report_id, recording_id)


async def recording_in(scope: Scope, shop_id: UUID, recording_id: UUID) -> Recording:
    """A recording of the report of a shop that is the shopper's. Raises NotFound."""
    held = await queries.held_in(scope, shop_id)
    return await queries.recording_in(scope, held.report_id or recording_id, recording_id)


def file_of(recording: Recording) -> tuple[str, int, bytes]:
    """What a player asks for: the file's key, its size, and what it is. Raises NotFound while it is not ready."""
    if not recording.is_ready or recording.media_key is None:
        raise NotFound("recording")
    return recording.media_key, recording.size_bytes, b"audio/ogg" if recording.kind == "audio" else b"video/webm"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


async def streamed(path: Path) -> AsyncIterator[bytes]:
    """A file in pieces, each read aside."""
    with path.open("rb") as file:
        while piece := await in_a_thread(lambda: file.read(PIECE_BYTES)):
            yield piece


async def _note(scope: Scope, action: str, ids: tuple[UUID, UUID], now: datetime, **detail: str | bool) -> None:
    report_id, recording_id = ids
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    event = Event(*actor, action, "report", report_id, detail={"recording_id": str(recording_id), **detail})
    await record(connection(), event, now)
