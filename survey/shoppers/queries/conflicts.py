"""Conflicts of interest as rows: each shopper's, in the tenant. Role.SHOPPER for one's own, or STAFF."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import ConflictKind
from .restricting import stands_for

_CONFLICTS = """
SELECT c.id,
       c.client_id,
       l.name AS client_name,
       c.kind,
       c.source,
       c.created_at,
       c.checked_at,
       c.company
  FROM identity.conflict c
  LEFT JOIN field.client l ON l.id = c.client_id
 WHERE c.affiliate_id = $1
   AND c.shopper_id = $2
   AND ($3::uuid IS NULL OR c.id = $3)
 ORDER BY c.created_at, c.id
"""

_RECORD = """
INSERT INTO identity.conflict (affiliate_id, shopper_id, client_id, kind, source, created_at)
VALUES ($1, $2, $3, $4, 'staff', $5)
ON CONFLICT (shopper_id, client_id) WHERE company IS NULL DO UPDATE SET kind = excluded.kind
"""

_DECLARE = """
INSERT INTO identity.conflict (id, affiliate_id, shopper_id, client_id, kind, source, created_at, company)
VALUES ($1, $2, $3, $4, $5, 'self', $6, $7)
"""

# What a shopper has typed stays shut while their restriction stands: nobody can say anything of it.
_UNTIED = f"""
SELECT c.id, c.shopper_id, p.display_code, c.kind, c.created_at
  FROM identity.conflict c
  JOIN identity.shopper p ON p.id = c.shopper_id
 WHERE c.affiliate_id = $1
   AND c.client_id IS NULL
   AND c.checked_at IS NULL
   AND NOT {stands_for("c.shopper_id", "$2")}
   AND ($3::timestamptz IS NULL OR (c.created_at, c.id) > ($3, $4::uuid))
 ORDER BY c.created_at, c.id
 LIMIT $5
"""  # noqa: S608  (made of constants; values are parameters)

_COUNT_UNTIED = f"""
SELECT count(*)
  FROM identity.conflict c
 WHERE c.affiliate_id = $1
   AND c.client_id IS NULL
   AND c.checked_at IS NULL
   AND NOT {stands_for("c.shopper_id", "$2")}
"""  # noqa: S608  (made of constants; values are parameters)


@dataclass(frozen=True, slots=True)
class Untied:
    """A business that a shopper typed, of which nobody has said whose client it is. By code; the name stays sealed."""

    id: UUID
    shopper_id: UUID
    display_code: str
    kind: str
    created_at: datetime


async def conflicts_of(scope: Scope, shopper_id: UUID) -> list[Record]:
    """A shopper's conflicts of interest, the oldest first; what was typed is sealed."""
    rows: list[Record] = await connection().fetch(_CONFLICTS, scope.affiliate_id, shopper_id, None)
    return rows


async def conflict_in(scope: Scope, shopper_id: UUID, conflict_id: UUID) -> Record:
    """One of them. Raises NotFound."""
    row = await connection().fetchrow(_CONFLICTS, scope.affiliate_id, shopper_id, conflict_id)
    if row is None:
        raise NotFound("conflict")
    return row


async def clients_in_conflict(scope: Scope, shopper_id: UUID) -> set[UUID]:
    """The clients of which a shopper is offered nothing, as far as they are known."""
    rows = await connection().fetch(
        "SELECT client_id FROM identity.conflict WHERE affiliate_id = $1 AND shopper_id = $2 AND client_id IS NOT NULL",
        scope.affiliate_id,
        shopper_id,
    )
    return {row["client_id"] for row in rows}


async def declare(
    scope: Scope, conflict_id: UUID, said: tuple[bytes, ConflictKind], client_id: UUID | None, now: datetime
) -> None:
    """A new one of the scope's shopper. said: the sealed name, and why."""
    company, kind = said
    await connection().execute(
        _DECLARE, conflict_id, scope.affiliate_id, scope.shopper_id, client_id, kind, now, company
    )


async def put_kind(scope: Scope, conflict_id: UUID, kind: ConflictKind) -> None:
    """Another reason for the same business."""
    await connection().execute(
        "UPDATE identity.conflict SET kind = $4 WHERE affiliate_id = $1 AND shopper_id = $2 AND id = $3",
        scope.affiliate_id,
        scope.shopper_id,
        conflict_id,
        kind,
    )


async def record(scope: Scope, shopper_id: UUID, client_id: UUID, kind: ConflictKind, now: datetime) -> None:
    """Record or change one of staff. The caller has seen that the client is the affiliate's."""
    await connection().execute(_RECORD, scope.affiliate_id, shopper_id, client_id, kind, now)


async def tie(scope: Scope, conflict_id: UUID, client_id: UUID | None, now: datetime) -> None:
    """Say whose client a typed business is; None: nobody's."""
    await connection().execute(
        "UPDATE identity.conflict SET client_id = $3, checked_at = $4 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        conflict_id,
        client_id,
        now,
    )


async def delete(scope: Scope, shopper_id: UUID, conflict_id: UUID, source: str) -> bool:
    """Take one back that came from the same side; False where there is none such."""
    return (
        await connection().fetchval(
            "DELETE FROM identity.conflict"
            " WHERE affiliate_id = $1 AND shopper_id = $2 AND id = $3 AND source = $4 RETURNING id",
            scope.affiliate_id,
            shopper_id,
            conflict_id,
            source,
        )
        is not None
    )


async def untied(scope: Scope, now: datetime, keyset: Keyset) -> Paged[Untied]:
    """One page of what waits and may be tied, the oldest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_UNTIED, scope.affiliate_id, now, *after, keyset.rows_to_fetch)
    return paged([Untied(**row) for row in rows], keyset, lambda row: (row.created_at, row.id))


async def count_untied(scope: Scope, now: datetime) -> int:
    """How many wait and may be tied."""
    count: int = await connection().fetchval(_COUNT_UNTIED, scope.affiliate_id, now)
    return count
