"""Shoppers as staff see them: a list of codes, and one sealed person. Role.STAFF."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Listed, ListFilter, Status

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

_LIST = (
    _LISTED  # noqa: S608  (made of constants; values are parameters)
    + """
   AND ($2 = '' OR s.status = $2)
   AND ($3 = '' OR starts_with(s.display_code, $3))
   AND ($4::integer IS NULL OR s.grade_tenths >= $4)
   AND ($5 = '' OR lower(s.region) = lower($5))
   AND ($6 = '' OR EXISTS (SELECT FROM identity.qualification q
                            WHERE q.shopper_id = s.id AND q.code = $6 AND q.status = 'held'
                              AND (q.expires_on IS NULL OR q.expires_on >= $8)))
   AND (NOT $7 OR EXISTS (SELECT FROM identity.deactivation d
                           WHERE d.shopper_id = s.id AND d.contested_at IS NOT NULL AND d.outcome IS NULL))
   AND ($9::text IS NULL OR s.display_code > $9)
 ORDER BY s.display_code
 LIMIT $10
"""
)

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


async def shoppers_of(scope: Scope, wanted: ListFilter, today: date, keyset: Keyset) -> Paged[Listed]:
    """One page of an affiliate's shoppers, in the order of their random codes. Raises BadCursor."""
    after = keyset.after_as(tuple[str])
    rows = await connection().fetch(
        _LIST,
        scope.affiliate_id,
        wanted.status,
        wanted.code,
        wanted.least_grade_tenths,
        wanted.region,
        wanted.qualification,
        wanted.is_contested,
        today,
        after[0] if after else None,
        keyset.rows_to_fetch,
    )
    return paged([Listed(**row) for row in rows], keyset, lambda row: (row.display_code,))


async def shopper_in(scope: Scope, shopper_id: UUID) -> Listed:
    """One shopper, by code. Raises NotFound."""
    row = await connection().fetchrow(_LISTED + " AND s.id = $2", scope.affiliate_id, shopper_id)
    if row is None:
        raise NotFound("shopper")
    return Listed(**row)


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


async def regions_of(scope: Scope) -> list[str]:
    """The regions in which the affiliate has shoppers."""
    rows = await connection().fetch(
        "SELECT DISTINCT region FROM identity.shopper WHERE affiliate_id = $1 AND region <> '' ORDER BY region"
        " LIMIT 200",
        scope.affiliate_id,
    )
    return [row["region"] for row in rows]
