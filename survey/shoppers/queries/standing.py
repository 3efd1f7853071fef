"""Qualifications and decisions: each shopper's, in the tenant. Role.SHOPPER for one's own, or STAFF."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import Recorded

_QUALIFICATIONS = """
SELECT q.id,
       q.code,
       coalesce(k.label, q.code) AS label,
       q.source,
       q.status,
       q.expires_on,
       q.reason
  FROM identity.qualification q
  LEFT JOIN field.qualification_kind k ON k.affiliate_id = q.affiliate_id AND k.code = q.code
 WHERE q.affiliate_id = $1
   AND q.shopper_id = $2
 ORDER BY lower(coalesce(k.label, q.code)), q.code
"""

_PUT_QUALIFICATION = """
UPDATE identity.qualification
   SET source = $3,
       status = $4,
       expires_on = $5,
       reason = $6,
       decided_at = $7
 WHERE affiliate_id = $1
   AND id = $2
"""


async def clients_of(scope: Scope) -> list[tuple[UUID, str]]:
    """The affiliate's clients, by name."""
    rows = await connection().fetch(
        "SELECT id, name FROM field.client WHERE affiliate_id = $1 AND status = 'active'"
        " ORDER BY lower(name), id LIMIT 1000",
        scope.affiliate_id,
    )
    return [(row["id"], row["name"]) for row in rows]


async def require_client(scope: Scope, client_id: UUID) -> None:
    """Raises NotFound unless the client is the affiliate's."""
    found = await connection().fetchval(
        "SELECT id FROM field.client WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, client_id
    )
    if found is None:
        raise NotFound("client")


async def qualifications_of(scope: Scope, shopper_id: UUID) -> list[Record]:
    """What a shopper has, asks for, or was refused; reasons sealed."""
    rows: list[Record] = await connection().fetch(_QUALIFICATIONS, scope.affiliate_id, shopper_id)
    return rows


async def ask_qualification(scope: Scope, code: str, now: datetime) -> bool:
    """Ask to have one recorded; False where it was asked or decided before. Role.SHOPPER."""
    return (
        await connection().fetchval(
            "INSERT INTO identity.qualification (affiliate_id, shopper_id, code, source, status, created_at)"
            " VALUES ($1, $2, $3, 'document', 'asked', $4) ON CONFLICT (shopper_id, code) DO NOTHING RETURNING id",
            scope.affiliate_id,
            scope.shopper_id,
            code,
            now,
        )
        is not None
    )


async def qualification_row(scope: Scope, shopper_id: UUID, code: str, now: datetime) -> Record:
    """The row of a qualification, made where there is none: id, status, expires_on; locked. Role.STAFF."""
    await connection().execute(
        "INSERT INTO identity.qualification (affiliate_id, shopper_id, code, source, status, created_at)"
        " VALUES ($1, $2, $3, 'hand', 'asked', $4) ON CONFLICT (shopper_id, code) DO NOTHING",
        scope.affiliate_id,
        shopper_id,
        code,
        now,
    )
    row = await connection().fetchrow(
        "SELECT id, status, expires_on FROM identity.qualification"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND code = $3 FOR UPDATE",
        scope.affiliate_id,
        shopper_id,
        code,
    )
    if row is None:
        raise NotFound("qualification")
    return row


async def put_qualification(
    scope: Scope, qualification_id: UUID, one: Recorded, reason: bytes | None, now: datetime
) -> None:  # fmt: skip
    """Record a decision; reason: sealed. Role.STAFF."""
    await connection().execute(
        _PUT_QUALIFICATION, scope.affiliate_id, qualification_id, one.source, one.status, one.expires_on, reason, now
    )


async def insert_decision(scope: Scope, shopper_id: UUID, one: tuple[UUID, str, bytes], now: datetime) -> None:
    """A deactivation. one: its id, code and sealed reason. Role.STAFF."""
    await connection().execute(
        "INSERT INTO identity.deactivation (id, affiliate_id, shopper_id, code, reason, decided_by, decided_at)"
        " VALUES ($3, $1, $2, $4, $5, $6, $7)",
        scope.affiliate_id,
        shopper_id,
        *one,
        scope.account_id,
        now,
    )


async def decisions_of(scope: Scope, shopper_id: UUID) -> list[Record]:
    """Decisions about a shopper, the latest first, sealed. Role.STAFF."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, code, reason, decided_at, contest, contested_at, outcome FROM identity.deactivation"
        " WHERE affiliate_id = $1 AND shopper_id = $2 ORDER BY decided_at DESC, id LIMIT 50",
        scope.affiliate_id,
        shopper_id,
    )
    return rows


async def close_decision(scope: Scope, shopper_id: UUID, outcome: str, now: datetime) -> UUID | None:
    """Decide again about the deactivation that stands: its id, None where there is none to decide. Role.STAFF."""
    found: UUID | None = await connection().fetchval(
        "UPDATE identity.deactivation SET outcome = $3, closed_at = $4"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND outcome IS DISTINCT FROM 'lifted'"
        " AND ($3 = 'lifted' OR outcome IS NULL) RETURNING id",
        scope.affiliate_id,
        shopper_id,
        outcome,
        now,
    )
    return found
