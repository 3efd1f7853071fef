"""Statements on imports."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Counts, Evidence, FileKind, Import, ImportStatus, LegalBasis, Mapping, Shape

COLUMNS = """
    i.id, i.affiliate_id, i.client_id, c.name AS client_name, i.file_key, i.file_digest, i.file_kind, i.shape,
    i.mapping, i.source, i.legal_basis, i.attested_by, i.attested_at, i.status, i.message, i.rows_done, i.rows_total,
    i.counts, i.report_key, i.created_by, i.created_at, i.finished_at
"""
INSERT = """
    INSERT INTO identity.contact_import (id, affiliate_id, client_id, file_key, file_digest, file_kind, shape, mapping,
        created_by, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
ONE = f"""
    SELECT {COLUMNS}
    FROM identity.contact_import AS i
    JOIN field.client AS c ON c.id = i.client_id
    WHERE i.affiliate_id = $1 AND i.id = $2
"""  # noqa: S608  (made of constants)
LIST = f"""
    SELECT {COLUMNS}
    FROM identity.contact_import AS i
    JOIN field.client AS c ON c.id = i.client_id
    WHERE i.affiliate_id = $1 AND i.client_id = $2
      AND ($3::timestamptz IS NULL OR (i.created_at, i.id) < ($3, $4))
    ORDER BY i.created_at DESC, i.id DESC
    LIMIT $5
"""  # noqa: S608  (made of constants)
SAME_FILE = """
    SELECT finished_at
    FROM identity.contact_import
    WHERE affiliate_id = $1 AND client_id = $2 AND file_digest = $3 AND status = 'finished'
    ORDER BY finished_at DESC
    LIMIT 1
"""
# What was found out under other columns holds no longer.
WRITE_COLUMNS = """
    UPDATE identity.contact_import
    SET shape = $3, mapping = $4, status = 'uploaded', rows_done = 0, rows_total = NULL, counts = '{}'
    WHERE affiliate_id = $1 AND id = $2 AND status IN ('uploaded', 'checked')
"""
WRITE_EVIDENCE = """
    UPDATE identity.contact_import
    SET source = $3, legal_basis = $4, attested_by = $5, attested_at = $6
    WHERE affiliate_id = $1 AND id = $2 AND status IN ('uploaded', 'checked')
"""
# Counts are of people who came in, or would have: what a stopped check had found is nobody's any more.
MOVE = """
    UPDATE identity.contact_import
    SET status = $4::text, message = $5,
        finished_at = CASE WHEN $4 IN ('cancelled', 'failed') THEN $6::timestamptz END,
        rows_done = CASE WHEN $4 IN ('checking', 'importing') THEN 0 ELSE rows_done END,
        counts = CASE WHEN $4 IN ('checking', 'importing') OR status <> 'importing' THEN '{}' ELSE counts END
    WHERE affiliate_id = $1 AND id = $2 AND status = ANY($3::text[])
"""
WRITE_PROGRESS = """
    UPDATE identity.contact_import
    SET rows_done = $4, counts = $5
    WHERE affiliate_id = $1 AND id = $2 AND rows_done = $3 AND status IN ('checking', 'importing')
"""
WRITE_RESULT = """
    UPDATE identity.contact_import
    SET status = $4, rows_total = rows_done, report_key = $5, finished_at = $6
    WHERE affiliate_id = $1 AND id = $2 AND status = $3
"""
FORGET_FILE = "UPDATE identity.contact_import SET file_key = '' WHERE affiliate_id = $1 AND id = $2"
FORGET_REPORT = "UPDATE identity.contact_import SET report_key = NULL WHERE affiliate_id = $1 AND id = $2"
ABANDONED = """
    SELECT id, affiliate_id
    FROM identity.contact_import
    WHERE (file_key <> '' AND created_at < $1)
       OR (report_key IS NOT NULL AND created_at < $2)
    ORDER BY created_at
    LIMIT $3
"""


async def insert_import(  # noqa: PLR0913  (the values of one row)
    scope: Scope, import_id: UUID, client_id: UUID, file: tuple[str, bytes, FileKind], shape: Shape, mapping: Mapping,
    now: datetime,
) -> None:  # fmt: skip
    """Add an uploaded list. file: its key in the store, its digest and what it is."""
    values = (
        import_id,
        scope.affiliate_id,
        client_id,
        *file,
        shape.to_json(),
        mapping.to_json(),
        scope.account_id,
        now,
    )
    await connection().execute(INSERT, *values)


async def import_in(scope: Scope, import_id: UUID, *, lock: bool = False) -> Import:
    """The import; with `lock`, nobody else changes it until the transaction ends. Raises NotFound."""
    query = ONE + "    FOR UPDATE OF i" if lock else ONE
    row = await connection().fetchrow(query, scope.affiliate_id, import_id)
    if row is None:
        raise NotFound("import")
    return _import(row)


async def imports_of(scope: Scope, client_id: UUID, keyset: Keyset) -> Paged[Import]:
    """The client's imports, the latest first."""
    created_at, import_id = keyset.after or (None, None)
    rows = await connection().fetch(
        LIST,
        scope.affiliate_id,
        client_id,
        datetime.fromisoformat(str(created_at)) if created_at else None,
        UUID(str(import_id)) if import_id else None,
        keyset.rows_to_fetch,
    )
    return paged([_import(row) for row in rows], keyset, lambda entry: (entry.created_at, entry.id))


async def same_file_in(scope: Scope, client_id: UUID, digest: bytes) -> datetime | None:
    """When this very file was imported for the client before, if it was."""
    found: datetime | None = await connection().fetchval(SAME_FILE, scope.affiliate_id, client_id, digest)
    return found


async def write_columns(scope: Scope, import_id: UUID, shape: Shape, mapping: Mapping) -> bool:
    """Note how the list is to be read; False once a job is at work."""
    return await _is_one(WRITE_COLUMNS, scope, import_id, shape.to_json(), mapping.to_json())


async def write_evidence(scope: Scope, import_id: UUID, evidence: Evidence, now: datetime) -> bool:
    """Note where the list comes from and who says so; False once a job is at work."""
    return await _is_one(
        WRITE_EVIDENCE, scope, import_id, evidence.source, evidence.legal_basis.value, scope.account_id, now
    )


async def move_import(
    scope: Scope, import_id: UUID, before: Sequence[ImportStatus], after: ImportStatus, now: datetime, message: str = ""
) -> bool:
    """Go from one of the states to another; False if the import is in none of them. Running starts from nothing."""
    states = [status.value for status in before]
    return await _is_one(MOVE, scope, import_id, states, after.value, message, now)


async def write_progress(scope: Scope, entry: Import, rows_done: int, counts: Counts) -> bool:
    """Note that a batch is done; False if somebody else has done it, or stopped the import."""
    return await _is_one(WRITE_PROGRESS, scope, entry.id, entry.rows_done, rows_done, counts.to_json())


async def write_result(
    scope: Scope, entry: Import, after: ImportStatus, report_key: str | None, now: datetime | None
) -> bool:
    """End a run; False if somebody else has."""
    return await _is_one(WRITE_RESULT, scope, entry.id, entry.status.value, after.value, report_key, now)


async def forget_file(scope: Scope, import_id: UUID) -> None:
    """The uploaded file is gone."""
    await connection().execute(FORGET_FILE, scope.affiliate_id, import_id)


async def forget_report(scope: Scope, import_id: UUID) -> None:
    """The report is gone."""
    await connection().execute(FORGET_REPORT, scope.affiliate_id, import_id)


async def abandoned_imports(
    files_before: datetime, reports_before: datetime, limit: int
) -> list[tuple[UUID, UUID]]:  # fmt: skip
    """Imports of every affiliate, with their affiliate, whose file or report has been kept for long enough."""
    return [(row[0], row[1]) for row in await connection().fetch(ABANDONED, files_before, reports_before, limit)]


async def _is_one(query: str, scope: Scope, import_id: UUID, *values: object) -> bool:
    status: str = await connection().execute(query, scope.affiliate_id, import_id, *values)
    return status == "UPDATE 1"


def _import(row: Record) -> Import:
    return Import(
        **{
            **dict(row),
            "file_kind": FileKind(row["file_kind"]),
            "shape": Shape.from_json(row["shape"]),
            "mapping": Mapping.from_json(row["mapping"]),
            "legal_basis": LegalBasis(row["legal_basis"]) if row["legal_basis"] else None,
            "status": ImportStatus(row["status"]),
            "counts": Counts.from_json(row["counts"]),
        }
    )
