"""Documents for qualifications: the shopper's own, the queue of staff, and the purge."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import DocumentState, Format, Sent
from .restricting import stands_for

_OWN = """
SELECT d.id,
       d.kind_id,
       k.label,
       d.format,
       d.state,
       d.valid_until,
       d.sent_at,
       d.decided_at,
       d.purge_on,
       d.media_key IS NOT NULL AS has_file,
       d.reason
  FROM identity.document d
  JOIN field.qualification_kind k ON k.id = d.kind_id
 WHERE d.affiliate_id = $1
   AND d.shopper_id = $2
   AND d.state <> 'withdrawn'
 ORDER BY d.sent_at DESC, d.id DESC
 LIMIT 50
"""

_INSERT = """
INSERT INTO identity.document
       (id, affiliate_id, shopper_id, kind_id, media_key, format, valid_until, sent_at, purge_on)
VALUES ($3, $1, $2, $4, $5, $6, $7, $8, $9)
"""

_SENT = """
SELECT d.id,
       d.shopper_id,
       s.display_code AS shopper_code,
       k.code,
       k.label,
       k.instructions,
       k.valid_months,
       d.format,
       d.state,
       d.valid_until,
       d.sent_at,
       d.purge_on,
       d.media_key IS NOT NULL AS has_file
  FROM identity.document d
  JOIN identity.shopper s ON s.id = d.shopper_id
  JOIN field.qualification_kind k ON k.id = d.kind_id
 WHERE d.affiliate_id = $1
   AND s.status <> 'erased'
"""

# While its sender's restriction stands a document stays shut: nobody can decide about it.
_MAY_BE_CHECKED = f"""
   AND d.state = 'waiting'
   AND NOT {stands_for("d.shopper_id", "$2")}
"""

_WAITING = f"""{_SENT}{_MAY_BE_CHECKED}
   AND ($3::timestamptz IS NULL OR (d.sent_at, d.id) > ($3, $4::uuid))
 ORDER BY d.sent_at, d.id
 LIMIT $5
"""

_COUNT_WAITING = f"""
SELECT count(*)
  FROM identity.document d
 WHERE d.affiliate_id = $1{_MAY_BE_CHECKED}
"""  # noqa: S608  (made of constants; values are parameters)

_DECIDE = """
UPDATE identity.document
   SET state = $3,
       reason = $4,
       decided_at = $5,
       purge_on = $6
 WHERE affiliate_id = $1
   AND id = $2
   AND state = 'waiting'
RETURNING id
"""

# Row by row locked, and passed over where another worker is at it.
_DUE = """
SELECT id, affiliate_id, shopper_id, media_key
  FROM identity.document
 WHERE purge_on <= $1
   AND media_key IS NOT NULL
 ORDER BY purge_on, id
 LIMIT $2
   FOR UPDATE SKIP LOCKED
"""


async def own_documents(scope: Scope) -> list[Record]:
    """One's own documents, the latest first, reasons sealed. Role.SHOPPER."""
    rows: list[Record] = await connection().fetch(_OWN, scope.affiliate_id, scope.shopper_id)
    return rows


async def file_of_own(scope: Scope, document_id: UUID) -> Record:
    """Name and format of the file of one's own document. Role.SHOPPER. Raises NotFound once it is gone."""
    row = await connection().fetchrow(
        "SELECT media_key, format FROM identity.document"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND id = $3 AND media_key IS NOT NULL",
        scope.affiliate_id,
        scope.shopper_id,
        document_id,
    )
    if row is None:
        raise NotFound("document")
    return row


async def count_since(scope: Scope, since: datetime) -> int:
    """How many documents one has sent since. Role.SHOPPER."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM identity.document WHERE affiliate_id = $1 AND shopper_id = $2 AND sent_at > $3",
        scope.affiliate_id,
        scope.shopper_id,
        since,
    )
    return found


async def require_own(scope: Scope, document_id: UUID) -> None:
    """Raises NotFound unless the document is one's own, whatever became of it. Role.SHOPPER."""
    found = await connection().fetchval(
        "SELECT id FROM identity.document WHERE affiliate_id = $1 AND shopper_id = $2 AND id = $3",
        scope.affiliate_id,
        scope.shopper_id,
        document_id,
    )
    if found is None:
        raise NotFound("document")


async def insert(
    scope: Scope, document_id: UUID, kind_id: UUID, what: tuple[str, Format, date | None], when: tuple[datetime, date]
) -> None:
    """A document that waits. what: its file, format, last day; when: now, and the day it goes. Role.SHOPPER."""
    await connection().execute(
        _INSERT, scope.affiliate_id, scope.shopper_id, document_id, kind_id, *what, *when
    )  # fmt: skip


async def withdraw(scope: Scope, *, document_id: UUID | None = None, kind_id: UUID | None = None) -> list[Record]:
    """Take back what waits, one's own: id and the name of the file. Role.SHOPPER."""
    rows: list[Record] = await connection().fetch(
        "WITH old AS (SELECT id, media_key FROM identity.document WHERE affiliate_id = $1 AND shopper_id = $2"
        " AND state = 'waiting' AND (id = $3 OR kind_id = $4) FOR UPDATE)"
        " UPDATE identity.document d SET state = 'withdrawn', media_key = NULL FROM old WHERE d.id = old.id"
        " RETURNING d.id, old.media_key",
        scope.affiliate_id,
        scope.shopper_id,
        document_id,
        kind_id,
    )
    return rows


async def waiting(scope: Scope, now: datetime, keyset: Keyset) -> Paged[Sent]:
    """What waits and may be looked at, the oldest first. Role.STAFF. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_WAITING, scope.affiliate_id, now, *after, keyset.rows_to_fetch)
    return paged([Sent(**row) for row in rows], keyset, lambda row: (row.sent_at, row.id))


async def count_waiting(scope: Scope, now: datetime) -> int:
    """How many wait and may be looked at. Role.STAFF."""
    found: int = await connection().fetchval(_COUNT_WAITING, scope.affiliate_id, now)
    return found


async def document_in(scope: Scope, document_id: UUID) -> Sent:
    """One document. Role.STAFF. Raises NotFound; one that was taken back is nobody's any more."""
    row = await connection().fetchrow(
        _SENT + " AND d.id = $2 AND d.state <> 'withdrawn'", scope.affiliate_id, document_id
    )
    if row is None:
        raise NotFound("document")
    return Sent(**row)


async def file_of(scope: Scope, document_id: UUID) -> str:
    """The name of a document's file. Role.STAFF. Raises NotFound once it is gone."""
    found: str | None = await connection().fetchval(
        "SELECT media_key FROM identity.document WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, document_id
    )
    if found is None:
        raise NotFound("file")
    return found


async def decide(
    scope: Scope, document_id: UUID, state: DocumentState, reason: bytes | None, when: tuple[datetime, date]
) -> bool:
    """Say what comes of it, once; False where somebody was faster. when: now, and the day it goes. Role.STAFF."""
    return await connection().fetchval(_DECIDE, scope.affiliate_id, document_id, state, reason, *when) is not None


async def due(here: Connection, today: date, limit: int) -> list[Record]:
    """Documents whose file is to go: id, affiliate_id, shopper_id, media_key; a batch, locked. Role.WORKER."""
    rows: list[Record] = await here.fetch(_DUE, today, limit)
    return rows


async def forget_files(here: Connection, document_ids: Sequence[UUID]) -> None:
    """Their files are gone; what nobody has looked at has lapsed. Role.WORKER."""
    await here.execute(
        "UPDATE identity.document SET media_key = NULL,"
        " state = CASE state WHEN 'waiting' THEN 'lapsed' ELSE state END WHERE id = ANY($1::uuid[])",
        list(document_ids),
    )


async def drop_of(here: Connection, shopper_ids: Sequence[UUID]) -> list[Record]:
    """Remove the documents of people who are gone: media_key. Role.WORKER."""
    rows: list[Record] = await here.fetch(
        "DELETE FROM identity.document WHERE shopper_id = ANY($1::uuid[]) RETURNING media_key", list(shopper_ids)
    )
    return rows


async def erased_with_files(here: Connection, limit: int) -> list[UUID]:
    """Erased shoppers of whom something is still there that they had shown; a batch. Role.WORKER."""
    rows = await here.fetch(
        "SELECT s.id FROM identity.shopper s WHERE s.status = 'erased'"
        " AND (EXISTS (SELECT FROM identity.portrait p WHERE p.shopper_id = s.id)"
        "   OR EXISTS (SELECT FROM identity.document d WHERE d.shopper_id = s.id)"
        "   OR EXISTS (SELECT FROM identity.profile_answer a WHERE a.shopper_id = s.id))"
        " ORDER BY s.id LIMIT $1",
        limit,
    )
    return [row["id"] for row in rows]
