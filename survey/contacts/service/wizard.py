"""The steps of an import that staff take. Each is audited, and each may be taken twice."""

from datetime import datetime
from uuid import UUID

from asyncpg import UniqueViolationError

from survey.db import Conflict, Scope, connection, savepoint
from survey.queue import enqueue

from .. import queries
from ..domain import Evidence, Import, ImportStatus, Mapping, Shape
from .notes import note

BEFORE_IMPORT = (ImportStatus.UPLOADED, ImportStatus.CHECKED)


class AnotherList(Conflict):
    """Another list of the same client is coming in; one at a time."""


class OutOfDate(Conflict):
    """The columns were changed, or a job began, since the page was opened."""


async def choose_columns(scope: Scope, import_id: UUID, shape: Shape, mapping: Mapping, now: datetime) -> None:
    """Say how the list is to be read; what was checked before has to be checked again. Raises OutOfDate, NotFound."""
    entry = await queries.import_in(scope, import_id, lock=True)
    if (shape, mapping) == (entry.shape, entry.mapping):
        return
    if not await queries.write_columns(scope, import_id, shape, mapping):
        raise OutOfDate("a job is at work on this list")
    await note(scope, "contact_import.columns", import_id, now, fields=len(mapping.columns))


async def attest(scope: Scope, import_id: UUID, evidence: Evidence, now: datetime) -> None:
    """Say where the list comes from, and let a job look through it without effect. Raises OutOfDate, NotFound."""
    entry = await queries.import_in(scope, import_id, lock=True)
    if entry.status is ImportStatus.CHECKING:
        return
    if not await queries.write_evidence(scope, import_id, evidence, now):
        raise OutOfDate("a job is at work on this list")
    await note(scope, "contact_import.attest", import_id, now, legal_basis=evidence.legal_basis.value)
    await queries.move_import(scope, import_id, BEFORE_IMPORT, ImportStatus.CHECKING, now)
    payload = {"affiliate_id": scope.affiliate_id, "import_id": import_id}
    await enqueue(connection(), "contacts.check_import", payload, unique=str(import_id))


async def begin_import(scope: Scope, import_id: UUID, version: str, now: datetime) -> None:
    """Let a job bring the people in. version: of the import that the page showed.

    Twice is once. Raises OutOfDate where the page showed another way of reading the list, AnotherList, NotFound.
    """
    entry = await queries.import_in(scope, import_id, lock=True)
    if entry.status in (ImportStatus.IMPORTING, ImportStatus.FINISHED):
        return
    if entry.status is not ImportStatus.CHECKED or entry.version != version:
        raise OutOfDate("the list has not been checked as it is to be read now")
    try:
        async with savepoint():
            await queries.move_import(scope, import_id, [ImportStatus.CHECKED], ImportStatus.IMPORTING, now)
    except UniqueViolationError:
        raise AnotherList("another list of this client is coming in") from None
    await note(scope, "contact_import.begin", import_id, now, rows=entry.rows_total)
    payload = {"affiliate_id": scope.affiliate_id, "import_id": import_id}
    await enqueue(connection(), "contacts.run_import", payload, unique=str(import_id))


async def cancel(scope: Scope, import_id: UUID, now: datetime) -> Import:
    """Stop an import. People of batches that are done stay; the file goes. Nothing happens where it is over."""
    entry = await queries.import_in(scope, import_id, lock=True)
    before = [status for status in ImportStatus if not status.is_over]
    if await queries.move_import(scope, import_id, before, ImportStatus.CANCELLED, now):
        await note(scope, "contact_import.cancel", import_id, now, rows=entry.rows_done)
        payload = {"affiliate_id": scope.affiliate_id, "import_id": import_id}
        await enqueue(connection(), "contacts.clear_import", payload, unique=str(import_id))
    return await queries.import_in(scope, import_id)
