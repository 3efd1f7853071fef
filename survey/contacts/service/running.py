"""Going through a list in a job: while a batch is stored, the next is made ready and the next but one is read.

A batch is one transaction and carries the progress in it, so a worker that dies loses no batch and repeats none.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from privacy.vault import data_key
from survey.db import Role, Scope, transaction

from .. import queries
from ..domain import REPORT, UPLOAD, Import, ImportStatus, ListReader, Unreadable
from .ahead import Ahead, Thread
from .notes import note
from .safe import Safe, in_thread, keep, pieces_of
from .storing import Run, Superseded, store
from .tidying import clear_import

BATCH_ROWS = 5000
AT_ONCE = 2  # batches: PostgreSQL stores one while the next is made ready
USUAL_COLLECTIONS = gc.get_threshold()
ALLOCATIONS_BETWEEN = 200_000


async def check_import(safe: Safe, scope: Scope, import_id: UUID, clock: Callable[[], datetime]) -> None:
    """Look through a list and count what importing it would do."""
    await _go_through(safe, scope, import_id, ImportStatus.CHECKING, clock)


async def run_import(safe: Safe, scope: Scope, import_id: UUID, clock: Callable[[], datetime]) -> None:
    """Bring the people of a checked list in; goes on where a run that died has stopped."""
    await _go_through(safe, scope, import_id, ImportStatus.IMPORTING, clock)


async def fail_import(safe: Safe, scope: Scope, import_id: UUID, message: str, now: datetime) -> None:
    """Give an import up and remove its file. message: for staff, without values."""
    before = [ImportStatus.CHECKING, ImportStatus.IMPORTING]
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id):
        if await queries.move_import(scope, import_id, before, ImportStatus.FAILED, now, message):
            await note(scope, "contact_import.fail", import_id, now)
    await clear_import(safe, scope, import_id)


async def _go_through(
    safe: Safe, scope: Scope, import_id: UUID, status: ImportStatus, clock: Callable[[], datetime]
) -> None:
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id) as here:
        entry = await queries.import_in(scope, import_id)
        if entry.status is not status:
            return
        is_first = not await queries.has_contacts(scope, entry.client_id)
        key = await data_key(here, safe.ring, import_id)
        stores = await queries.stores_of(scope, entry.client_id)
    try:
        with _fewer_collections(), Thread() as thread:
            await _read_and_store(Run(safe, scope, entry, key, clock, thread, is_first), stores)
    except Unreadable as error:
        await fail_import(safe, scope, import_id, error.message, clock())
    except Superseded:
        return


async def _read_and_store(run: Run, stores: Mapping[str, UUID]) -> None:
    entry = run.entry
    pieces = in_thread(pieces_of(run.safe, run.key, UPLOAD, entry.file_key))
    reader = await run.thread.do(ListReader, entry, stores, run.safe.index_key, pieces)
    await run.thread.do(reader.skip, entry.rows_done)
    await _finish(run, await _store_all(run, reader), reader.report())


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Look for cycles of garbage seldom: rows make none, and the search took a fifth of an import's time."""
    gc.set_threshold(ALLOCATIONS_BETWEEN, *USUAL_COLLECTIONS[1:])
    try:
        yield
    finally:
        gc.set_threshold(*USUAL_COLLECTIONS)


async def _store_all(run: Run, reader: ListReader) -> Import:
    """Store batch after batch; the import as the last one leaves it."""
    reading = Ahead(lambda: run.thread.do(reader.next_batch, BATCH_ROWS))
    storing = [asyncio.create_task(_itself(run.entry))]
    try:
        while batch := await reading.next():
            storing.append(asyncio.create_task(store(run, batch, storing[-1])))
            if len(storing) > AT_ONCE:
                await storing.pop(0)
        return await storing[-1]
    finally:
        await asyncio.gather(*storing, return_exceptions=True)
        await reading.close()


async def _itself(entry: Import) -> Import:
    return entry


async def _finish(run: Run, done: Import, report: bytes) -> None:
    """Keep the report and end the run; after an import the file goes."""
    after = ImportStatus.FINISHED if run.stores else ImportStatus.CHECKED
    now = run.clock()
    report_key = await keep(run.safe, run.key, REPORT, _one(report))
    async with transaction(Role.WORKER, affiliate=done.affiliate_id):
        is_ended = await queries.write_result(run.scope, done, after, report_key, now if run.stores else None)
        if is_ended:
            await note(run.scope, f"contact_import.{after}", done.id, now, **done.counts.to_json())
            if run.stores:
                await queries.forget_file(run.scope, done.id)
    superfluous = [done.report_key, done.file_key if run.stores else None] if is_ended else [report_key]
    for file_key in filter(None, superfluous):
        await run.safe.media.delete(file_key)


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content
