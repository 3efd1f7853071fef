"""One shopper as staff see them: by code, and sealed. Role.STAFF."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import Listed, Status

_LISTED = """
SELECT s.id,
       s.display_code,
       s.status,
       s.region,
       s.grade_tenths,
       s.held_limit,
       s.created_at,
       EXISTS (SELECT FROM identity.deactivation d
                WHERE d.shopper_id = s.id AND d.contested_at IS NOT NULL AND d.outcome IS NULL) AS is_contested
  FROM identity.shopper s
 WHERE s.affiliate_id = $1
   AND s.status <> 'erased'
"""

_SEALED = """
SELECT id,
       display_code,
       status,
       email,
       name,
       phone,
       address
  FROM identity.shopper
 WHERE affiliate_id = $1
"""


async def shopper_in(scope: Scope, shopper_id: UUID) -> Listed:
    """One shopper, by code. Raises NotFound."""
    row = await connection().fetchrow(_LISTED + " AND s.id = $2", scope.affiliate_id, shopper_id)
    if row is None:
        raise NotFound("shopper")
    return Listed(**row)


async def lock(scope: Scope, shopper_id: UUID) -> None:
    """Let others wait who change the profile or add a row that belongs to it: what is read from now on stays so."""
    await connection().execute(
        "SELECT FROM identity.shopper WHERE affiliate_id = $1 AND id = $2 FOR UPDATE", scope.affiliate_id, shopper_id
    )


async def sealed_shoppers(scope: Scope, shopper_ids: Sequence[UUID]) -> list[Record]:
    """What is sealed of shoppers of the affiliate; of one that was erased nothing."""
    rows: list[Record] = await connection().fetch(
        _SEALED + " AND id = ANY($2::uuid[]) AND status <> 'erased' ORDER BY id", scope.affiliate_id, list(shopper_ids)
    )
    return rows


async def move_status(scope: Scope, shopper_id: UUID, olds: Sequence[Status], new: Status) -> bool:
    """Another status; False where the shopper is in none of the old ones."""
    return (
        await connection().fetchval(
            "UPDATE identity.shopper SET status = $4"
            " WHERE affiliate_id = $1 AND id = $2 AND status = ANY($3::text[]) RETURNING id",
            scope.affiliate_id,
            shopper_id,
            list(olds),
            new,
        )
        is not None
    )


async def put_held_limit(scope: Scope, shopper_id: UUID, limit: int) -> None:
    """How many shops somebody may hold at a time."""
    await connection().execute(
        "UPDATE identity.shopper SET held_limit = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shopper_id,
        limit,
    )
