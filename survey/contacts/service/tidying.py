"""Removing what an import leaves behind: the uploaded file, the report, and the key that opens both."""

from datetime import datetime, timedelta
from uuid import UUID

from privacy.errors import KeyShredded
from privacy.vault import data_key, shred
from survey.db import NotFound, Role, Scope, connection, transaction

from .. import queries
from ..domain import KEPT_DAYS, REPORT, REPORT_KEPT_DAYS, Import, ImportStatus
from .notes import note, note_look
from .safe import Safe, pieces_of

SWEPT_AT_ONCE = 500
GIVEN_UP = f"Nobody imported this list within {KEPT_DAYS} days, so the file has been removed."
STUCK = f"The import did not end within {KEPT_DAYS} days, so it has been given up."


async def report_of(scope: Scope, safe: Safe, entry: Import, now: datetime) -> bytes:
    """The report of rows; the look is recorded. Raises NotFound where there is none, or none any more."""
    if entry.report_key is None:
        raise NotFound("report")
    try:
        key = await data_key(connection(), safe.ring, entry.id)
    except KeyShredded:
        raise NotFound("report") from None
    await note_look(scope, "contact_import.report", entry.id, now)
    return b"".join([piece async for piece in pieces_of(safe, key, REPORT, entry.report_key)])


async def clear_import(safe: Safe, scope: Scope, import_id: UUID) -> None:
    """Remove the file, the report and the key of an import that is over. Twice is once."""
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id) as here:
        entry = await queries.import_in(scope, import_id, lock=True)
        if not entry.status.is_over:
            return
        await queries.forget_file(scope, import_id)
        await queries.forget_report(scope, import_id)
        await shred(here, import_id)
    for file_key in (entry.file_key, entry.report_key):
        if file_key:
            await safe.media.delete(file_key)


async def sweep_imports(safe: Safe, now: datetime) -> None:
    """Give up lists that nobody imports, and remove files and reports that have been kept long enough."""
    files_before, reports_before = now - timedelta(days=KEPT_DAYS), now - timedelta(days=REPORT_KEPT_DAYS)
    async with transaction(Role.WORKER):
        found = await queries.abandoned_imports(files_before, reports_before, SWEPT_AT_ONCE)
    for import_id, affiliate_id in found:
        scope = Scope(affiliate_id, actor_kind="system")
        await _give_up(scope, import_id, now)
        await clear_import(safe, scope, import_id)


async def _give_up(scope: Scope, import_id: UUID, now: datetime) -> None:
    running = [status for status in ImportStatus if status.is_running]
    waiting = [ImportStatus.UPLOADED, ImportStatus.CHECKED]
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id):
        if await queries.move_import(
            scope, import_id, waiting, ImportStatus.CANCELLED, now, GIVEN_UP
        ) or await queries.move_import(scope, import_id, running, ImportStatus.FAILED, now, STUCK):  # fmt: skip
            await note(scope, "contact_import.give_up", import_id, now)
