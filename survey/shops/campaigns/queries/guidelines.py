"""Guidelines as rows, and who has read them and passed their quiz."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import Briefing, Guideline, Question, Tries, TryRule

_GUIDELINE = """
SELECT g.id, g.campaign_id, g.number, g.body, g.quiz, g.pass_percent, g.created_at, g.most_tries,
       g.wait_hours
  FROM field.guideline g
 WHERE g.affiliate_id = $1
"""

_WITH_READERS = """
SELECT g.id, g.campaign_id, g.number, g.body, g.quiz, g.pass_percent, g.created_at, g.most_tries,
       g.wait_hours,
       (SELECT count(*) FROM identity.guideline_reading r WHERE r.guideline_id = g.id) AS readers,
       (SELECT count(*) FROM identity.certification c WHERE c.guideline_id = g.id) AS passed
  FROM field.guideline g
 WHERE g.affiliate_id = $1
   AND g.campaign_id = $2
"""


_BRIEFING = """
SELECT g.id, g.campaign_id, g.number, g.body, g.quiz, g.pass_percent, g.created_at, g.most_tries,
       g.wait_hours,
       c.name AS campaign_name, c.guideline_id AS current_id, r.read_at, k.passed_at, s.time_zone,
       t.made, t.last_at, x.granted, x.granted_after
  FROM field.guideline g
  JOIN identity.shopper s ON s.id = $3
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS made, max(tried_at) AS last_at
         FROM identity.quiz_try
        WHERE guideline_id = g.id
          AND shopper_id = $3) AS t
 CROSS JOIN LATERAL (
       SELECT count(*)::integer AS granted, coalesce(max(after_try), 0) AS granted_after
         FROM identity.quiz_grant
        WHERE guideline_id = g.id
          AND shopper_id = $3) AS x
  JOIN field.campaign c ON c.id = g.campaign_id
  LEFT JOIN identity.guideline_reading r ON r.guideline_id = g.id AND r.shopper_id = $3
  LEFT JOIN identity.certification k ON k.guideline_id = g.id AND k.shopper_id = $3
 WHERE g.affiliate_id = $1
   AND g.id = $2
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
    scope: Scope, campaign_id: UUID, body: str, quiz: Sequence[Question], given: tuple[int, datetime, TryRule]
) -> tuple[UUID, int]:
    """The next version; its id and number. given: pass_percent, now, tries. The campaign is locked by the caller."""
    pass_percent, now, rule = given
    row = await connection().fetchrow(
        "INSERT INTO field.guideline (affiliate_id, campaign_id, number, body, quiz, pass_percent, created_at,"
        " most_tries, wait_hours)"
        " SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8"
        "   FROM field.guideline WHERE affiliate_id = $1 AND campaign_id = $2"
        " RETURNING id, number",
        scope.affiliate_id,
        campaign_id,
        body,
        list(quiz),
        pass_percent,
        now,
        rule.most,
        rule.wait_hours,
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


async def read_before(scope: Scope, guideline: Guideline) -> Guideline | None:
    """The latest version before this one that the shopper has read."""
    row = await connection().fetchrow(
        _GUIDELINE + " AND g.campaign_id = $2 AND g.number < $3 AND EXISTS (SELECT FROM identity.guideline_reading r"
        " WHERE r.guideline_id = g.id AND r.shopper_id = $4) ORDER BY g.number DESC LIMIT 1",
        scope.affiliate_id,
        guideline.campaign_id,
        guideline.number,
        scope.shopper_id,
    )
    return _guideline(row) if row else None


async def briefing_of(scope: Scope, guideline_id: UUID) -> Briefing:
    """A version with its campaign and what the shopper did with it. Raises NotFound."""
    row = await connection().fetchrow(_BRIEFING, scope.affiliate_id, guideline_id, scope.shopper_id)
    if row is None:
        raise NotFound("guideline")
    own, counted = ("campaign_name", "current_id", "read_at", "passed_at", "time_zone"), Tries.__slots__
    rest = {name: value for name, value in row.items() if name not in (*own, *counted)}
    tries = Tries(**{name: row[name] for name in counted})
    return Briefing(_guideline(rest), tries=tries, **{name: row[name] for name in own})


def _guideline(row: Record | Mapping[str, Any] | None) -> Guideline:
    if row is None:
        raise NotFound("guideline")
    return Guideline(**(dict(row) | {"quiz": msgspec.convert(row["quiz"], tuple[Question, ...])}))
