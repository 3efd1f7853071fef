"""Guidelines as rows, and who has read them and passed their quiz."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import Guideline, Question

_GUIDELINE = """
SELECT g.id, g.campaign_id, g.number, g.body, g.quiz, g.pass_percent, g.created_at
  FROM field.guideline g
 WHERE g.affiliate_id = $1
"""

_WITH_READERS = """
SELECT g.id, g.campaign_id, g.number, g.body, g.quiz, g.pass_percent, g.created_at,
       (SELECT count(*) FROM identity.guideline_reading r WHERE r.guideline_id = g.id) AS readers,
       (SELECT count(*) FROM identity.certification c WHERE c.guideline_id = g.id) AS passed
  FROM field.guideline g
 WHERE g.affiliate_id = $1
   AND g.campaign_id = $2
"""


async def guideline_in(scope: Scope, guideline_id: UUID) -> Guideline:
    """A version by its id, for staff and for shoppers. Raises NotFound."""
    return _guideline(await connection().fetchrow(_GUIDELINE + " AND g.id = $2", scope.affiliate_id, guideline_id))


async def numbered(scope: Scope, campaign_id: UUID, number: int) -> Guideline:
    """A version by its number, with how many have read it. Raises NotFound."""
    return _guideline(
        await connection().fetchrow(_WITH_READERS + " AND g.number = $3", scope.affiliate_id, campaign_id, number)
    )


async def guidelines_of(scope: Scope, campaign_id: UUID, before: int | None, limit: int) -> list[Guideline]:
    """The versions of a campaign, the latest first, with how many have read them; from below a number on."""
    rows = await connection().fetch(
        _WITH_READERS + " AND ($3::int IS NULL OR g.number < $3) ORDER BY g.number DESC LIMIT $4",
        scope.affiliate_id,
        campaign_id,
        before,
        limit,
    )
    return [_guideline(row) for row in rows]


async def insert_guideline(
    scope: Scope, campaign_id: UUID, body: str, quiz: Sequence[Question], given: tuple[int, datetime]
) -> tuple[UUID, int]:
    """The next version; its id and number. given: pass_percent, now. The campaign is locked by the caller."""
    row = await connection().fetchrow(
        "INSERT INTO field.guideline (affiliate_id, campaign_id, number, body, quiz, pass_percent, created_at)"
        " SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6"
        "   FROM field.guideline WHERE affiliate_id = $1 AND campaign_id = $2"
        " RETURNING id, number",
        scope.affiliate_id,
        campaign_id,
        body,
        list(quiz),
        *given,
    )
    return row["id"], row["number"]


async def insert_reading(scope: Scope, guideline_id: UUID, now: datetime) -> bool:
    """Note that the shopper has read a version; False where that was noted before."""
    is_new: bool | None = await connection().fetchval(
        "INSERT INTO identity.guideline_reading (shopper_id, guideline_id, affiliate_id, read_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true",
        scope.shopper_id,
        guideline_id,
        scope.affiliate_id,
        now,
    )
    return is_new is True


async def insert_certification(scope: Scope, guideline_id: UUID, percent: int, now: datetime) -> bool:
    """Note that the shopper has passed a version's quiz; False where that was noted before."""
    is_new: bool | None = await connection().fetchval(
        "INSERT INTO identity.certification (shopper_id, guideline_id, affiliate_id, passed_at, percent)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true",
        scope.shopper_id,
        guideline_id,
        scope.affiliate_id,
        now,
        percent,
    )
    return is_new is True


async def standing_of(scope: Scope, guideline_id: UUID) -> tuple[datetime | None, datetime | None]:
    """When the shopper has read a version and when passed its quiz, if so."""
    row = await connection().fetchrow(
        "SELECT (SELECT read_at FROM identity.guideline_reading WHERE shopper_id = $1 AND guideline_id = $2),"
        " (SELECT passed_at FROM identity.certification WHERE shopper_id = $1 AND guideline_id = $2)",
        scope.shopper_id,
        guideline_id,
    )
    return row["read_at"], row["passed_at"]


def _guideline(row: Record | None) -> Guideline:
    if row is None:
        raise NotFound("guideline")
    return Guideline(**(dict(row) | {"quiz": msgspec.convert(row["quiz"], tuple[Question, ...])}))
