"""An affiliate's own fields of a profile, and what shoppers tell in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import NotFound, Scope, connection

from ..domain import FieldKind, ProfileField

_FIELDS = """
SELECT id,
       label,
       kind,
       choices,
       is_required,
       reason,
       is_asked
  FROM field.profile_field
 WHERE affiliate_id = $1
"""

_PUT_ANSWERS = """
INSERT INTO identity.profile_answer (shopper_id, field_id, affiliate_id, sealed, updated_at)
SELECT $2, told.field_id, $1, told.sealed, $5
  FROM unnest($3::uuid[], $4::bytea[]) AS told (field_id, sealed)
ON CONFLICT (shopper_id, field_id) DO UPDATE
   SET sealed = excluded.sealed,
       updated_at = excluded.updated_at
"""


async def fields_of(scope: Scope) -> list[ProfileField]:
    """Every field, in the order in which they were added. Role.STAFF or SHOPPER."""
    rows = await connection().fetch(_FIELDS + " ORDER BY created_at, id LIMIT 200", scope.affiliate_id)
    return [_field(row) for row in rows]


async def field_in(scope: Scope, field_id: UUID) -> ProfileField:
    """One field. Role.STAFF. Raises NotFound."""
    row = await connection().fetchrow(_FIELDS + " AND id = $2", scope.affiliate_id, field_id)
    if row is None:
        raise NotFound("field")
    return _field(row)


async def lock(scope: Scope) -> None:
    """Let nobody else add fields of the affiliate at this moment, so that none is one too many. Role.STAFF."""
    await connection().execute("SELECT FROM field.affiliate WHERE id = $1 FOR UPDATE", scope.affiliate_id)


async def insert(scope: Scope, one: ProfileField, now: datetime) -> None:
    """A new field. Role.STAFF."""
    await connection().execute(
        "INSERT INTO field.profile_field (id, affiliate_id, label, kind, choices, is_required, reason, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        one.id,
        scope.affiliate_id,
        one.label,
        one.kind,
        list(one.choices),
        one.is_required,
        one.reason,
        now,
    )


async def put(scope: Scope, one: ProfileField) -> None:
    """Change its words, its answers, and whether it is asked; never its kind. Role.STAFF."""
    await connection().execute(
        "UPDATE field.profile_field SET label = $3, choices = $4, is_required = $5, reason = $6, is_asked = $7"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        one.id,
        one.label,
        list(one.choices),
        one.is_required,
        one.reason,
        one.is_asked,
    )


async def drop_answers(scope: Scope, field_id: UUID) -> int:
    """Remove what was told in a field; how many had. Role.STAFF."""
    status: str = await connection().execute(
        "DELETE FROM identity.profile_answer WHERE affiliate_id = $1 AND field_id = $2", scope.affiliate_id, field_id
    )
    return int(status.removeprefix("DELETE "))


async def answers_of(scope: Scope, shopper_id: UUID) -> dict[UUID, bytes]:
    """What a shopper tells, sealed, by field. Role.SHOPPER for one's own, or STAFF."""
    rows = await connection().fetch(
        "SELECT field_id, sealed FROM identity.profile_answer WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        shopper_id,
    )
    return {row["field_id"]: row["sealed"] for row in rows}


async def replace_answers(scope: Scope, sealed: Mapping[UUID, bytes], now: datetime) -> None:
    """Tell this, and nothing else. Role.SHOPPER."""
    await connection().execute(
        "DELETE FROM identity.profile_answer"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND field_id <> ALL($3::uuid[])",
        scope.affiliate_id,
        scope.shopper_id,
        list(sealed),
    )
    await connection().execute(
        _PUT_ANSWERS, scope.affiliate_id, scope.shopper_id, list(sealed), list(sealed.values()), now
    )


async def drop_of(here: Connection, shopper_ids: Sequence[UUID]) -> None:
    """Remove what people told who are gone. Role.WORKER."""
    await here.execute("DELETE FROM identity.profile_answer WHERE shopper_id = ANY($1::uuid[])", list(shopper_ids))


def _field(row: Record) -> ProfileField:
    return ProfileField(**dict(row) | {"kind": FieldKind(row["kind"]), "choices": tuple(row["choices"])})
