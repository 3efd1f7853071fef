"""Sound and film of a report. Role.SHOPPER for one's own; what makes them anew runs as candour_worker."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import Recording, RecordingState

_COLUMNS = "id, kind, state, problem, media_key, size_bytes, duration_seconds, created_at"

_INSERT = """
INSERT INTO field.recording (affiliate_id, report_id, kind, original_key, digest, size_bytes, declared_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
RETURNING id
"""

# From one state to the next, and never from an end: a row that was taken away meanwhile is none.
_READY = """
UPDATE field.recording
   SET state = 'ready',
       original_key = NULL,
       size_bytes = $2,
       duration_seconds = $3
 WHERE id = $1
   AND state = 'waiting'
RETURNING affiliate_id, report_id
"""

_REFUSE = """
UPDATE field.recording
   SET state = 'refused',
       problem = $2,
       original_key = NULL,
       media_key = NULL
 WHERE id = $1
   AND state = 'waiting'
RETURNING affiliate_id, report_id
"""

_FORGOTTEN = """
SELECT id, original_key, media_key
  FROM field.recording
 WHERE state = 'waiting'
   AND created_at < $1
 ORDER BY created_at
 LIMIT $2
"""


class Sent(NamedTuple):
    """A recording as it was sent: its kind, the file's place, digest (SHA-256) and size."""

    kind: str
    original_key: str
    digest: bytes
    size_bytes: int


async def recordings_of(scope: Scope, report_id: UUID) -> list[Recording]:
    """The recordings of a report, in the order in which they came. Role.SHOPPER or STAFF."""
    rows = await connection().fetch(
        f"SELECT {_COLUMNS} FROM field.recording"  # noqa: S608  (names of columns)
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY created_at, id",
        scope.affiliate_id,
        report_id,
    )
    return [_recording(row) for row in rows]


async def recording_in(scope: Scope, report_id: UUID, recording_id: UUID) -> Recording:
    """A recording of a report. Role.SHOPPER or STAFF. Raises NotFound."""
    row = await connection().fetchrow(
        f"SELECT {_COLUMNS} FROM field.recording"  # noqa: S608  (names of columns)
        " WHERE affiliate_id = $1 AND report_id = $2 AND id = $3",
        scope.affiliate_id,
        report_id,
        recording_id,
    )
    if row is None:
        raise NotFound("recording")
    return _recording(row)


async def find_same_recording(scope: Scope, report_id: UUID, digest: bytes) -> UUID | None:
    """A recording of the report that came as the very same file and was not refused."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM field.recording"
        " WHERE affiliate_id = $1 AND report_id = $2 AND digest = $3 AND state <> 'refused' LIMIT 1",
        scope.affiliate_id,
        report_id,
        digest,
    )
    return found


async def insert_recording(scope: Scope, report_id: UUID, sent: Sent, now: datetime) -> UUID:
    """Put a recording into the tray, declared now to be lawful."""
    recording_id: UUID = await connection().fetchval(_INSERT, scope.affiliate_id, report_id, *sent, now)
    return recording_id


async def delete_recording(scope: Scope, recording_id: UUID) -> list[str]:
    """Take a recording out of the tray; the names of its files."""
    row = await connection().fetchrow(
        "DELETE FROM field.recording WHERE affiliate_id = $1 AND id = $2 RETURNING original_key, media_key",
        scope.affiliate_id,
        recording_id,
    )
    return [key for key in row if key] if row else []


async def lock_waiting(recording_id: UUID) -> Record | None:
    """A recording that waits to be made anew, locked: kind, original_key, media_key. Role.WORKER."""
    return await connection().fetchrow(
        "SELECT kind, original_key, media_key FROM field.recording WHERE id = $1 AND state = 'waiting' FOR UPDATE",
        recording_id,
    )


async def name_file(recording_id: UUID, media_key: str) -> None:
    """Write down the name that the new file will have. Role.WORKER."""
    await connection().execute("UPDATE field.recording SET media_key = $2 WHERE id = $1", recording_id, media_key)


async def make_ready(recording_id: UUID, size_bytes: int, seconds: int) -> Record | None:
    """The new file is there: affiliate_id and report_id; None where the recording is gone. Role.WORKER."""
    return await connection().fetchrow(_READY, recording_id, size_bytes, seconds)


async def refuse_recording(recording_id: UUID, problem: str) -> Record | None:
    """Nothing is kept of it: affiliate_id and report_id; None where the recording is gone. Role.WORKER."""
    return await connection().fetchrow(_REFUSE, recording_id, problem)


async def forgotten_recordings(before: datetime, limit: int) -> Sequence[Record]:
    """Recordings that have waited since, whose worker does not come back: id, original_key, media_key. Role.WORKER."""
    rows: Sequence[Record] = await connection().fetch(_FORGOTTEN, before, limit)
    return rows


def _recording(row: Record) -> Recording:
    return Recording(**dict(row) | {"state": RecordingState(row["state"])})
