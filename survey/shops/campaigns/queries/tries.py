"""Tries at a quiz: each a row with its number, and the ones that staff have added."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

_TRYING = """
SELECT s.id AS shopper_id,
       s.display_code,
       count(*)::integer AS made,
       max(t.percent) AS best_percent,
       max(t.tried_at) AS last_at,
       (SELECT count(*)::integer
          FROM identity.quiz_grant x
         WHERE x.guideline_id = $2
           AND x.shopper_id = s.id) AS granted,
       (SELECT coalesce(max(x.after_try), 0)
          FROM identity.quiz_grant x
         WHERE x.guideline_id = $2
           AND x.shopper_id = s.id) AS granted_after
  FROM identity.quiz_try t
  JOIN identity.shopper s ON s.id = t.shopper_id
 WHERE t.affiliate_id = $1
   AND t.guideline_id = $2
   AND s.status <> 'erased'
   AND NOT EXISTS (SELECT
                     FROM identity.certification k
                    WHERE k.guideline_id = $2
                      AND k.shopper_id = s.id)
   AND ($3::text IS NULL OR s.display_code > $3)
 GROUP BY s.id, s.display_code
 ORDER BY s.display_code
 LIMIT $4
"""


class Trying(NamedTuple):
    """A shopper, by code, who has tried and not passed."""

    shopper_id: UUID
    display_code: str
    made: int
    best_percent: int
    last_at: datetime
    granted: int
    granted_after: int


async def insert_try(scope: Scope, guideline_id: UUID, number: int, percent: int, now: datetime) -> bool:
    """Count a try; False where it was counted before. Role.SHOPPER."""
    is_new: bool | None = await connection().fetchval(
        "INSERT INTO identity.quiz_try (shopper_id, guideline_id, number, affiliate_id, percent, tried_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING true",
        scope.shopper_id,
        guideline_id,
        number,
        scope.affiliate_id,
        percent,
        now,
    )
    return is_new is True


async def trying(scope: Scope, guideline_id: UUID, keyset: Keyset) -> Paged[Trying]:
    """Those who have tried and not passed, by code. Role.STAFF. Raises BadCursor."""
    after = keyset.after_as(tuple[str])
    rows = await connection().fetch(
        _TRYING, scope.affiliate_id, guideline_id, after[0] if after else None, keyset.rows_to_fetch
    )
    return paged([Trying(**row) for row in rows], keyset, lambda row: (row.display_code,))


async def tries_made(scope: Scope, guideline_id: UUID, shopper_id: UUID) -> int:
    """How often a shopper has tried. Role.STAFF. Raises NotFound where nobody has, and for whoever is none of ours."""
    made: int = await connection().fetchval(
        "SELECT count(*) FROM identity.quiz_try WHERE affiliate_id = $1 AND guideline_id = $2 AND shopper_id = $3",
        scope.affiliate_id,
        guideline_id,
        shopper_id,
    )
    if not made:
        raise NotFound("tries")
    return made


async def insert_grant(scope: Scope, guideline_id: UUID, shopper_id: UUID, after_try: int, now: datetime) -> bool:
    """One more try; False where one was added after this try before. Role.STAFF."""
    is_new: bool | None = await connection().fetchval(
        "INSERT INTO identity.quiz_grant (affiliate_id, shopper_id, guideline_id, after_try, granted_by, granted_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shopper_id, guideline_id, after_try) DO NOTHING RETURNING true",
        scope.affiliate_id,
        shopper_id,
        guideline_id,
        after_try,
        scope.account_id,
        now,
    )
    return is_new is True
