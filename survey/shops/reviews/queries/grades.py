"""Decisions as they are kept, grades of a shopper's reports, and the shopper's own grade that follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection

from ..domain import Graded, Verdict

# A shopper's graded shops, the newest decision first, and no more than so many.
_SHOPS = """
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  LEFT JOIN field.review v ON v.shop_id = s.id
"""
_LAST = """
 WHERE a.affiliate_id = $1
   AND a.shopper_id = $2
   AND a.state IN ('held', 'done')
   AND s.grade IS NOT NULL
 ORDER BY coalesce(v.decided_at, s.state_since) DESC, s.id
 LIMIT $3
"""
_LAST_GRADES = f"SELECT s.grade {_SHOPS} {_LAST}"

_INSERT = """
INSERT INTO field.review_decision (report_id, n, affiliate_id, shop_id, kind, reason, old_grade, new_grade, words,
       by_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

# Reports that were graded before decisions were kept one by one have the grade that stands as their first. Opening one
# again moves no grade.
_GRADED = """
WITH own AS (
    SELECT s.id AS shop_id, s.public_ref, s.grade, coalesce(v.decided_at, s.state_since) AS decided_at
      FROM identity.assignment a
      JOIN field.shop s ON s.id = a.shop_id
      LEFT JOIN field.review v ON v.shop_id = s.id
     WHERE a.affiliate_id = $1
       AND a.shopper_id = $2
       AND a.state IN ('held', 'done')
     ORDER BY decided_at DESC
     LIMIT $3
)
SELECT o.shop_id, o.public_ref, d.kind, d.old_grade, d.new_grade, d.at
  FROM own o
  JOIN field.review_decision d ON d.shop_id = o.shop_id AND d.kind <> 'reopened'
 UNION ALL
SELECT o.shop_id, o.public_ref, 'approved', NULL, o.grade, o.decided_at
  FROM own o
 WHERE o.grade IS NOT NULL
   AND NOT EXISTS (
       SELECT FROM field.review_decision d
        WHERE d.shop_id = o.shop_id AND d.kind <> 'reopened' AND d.new_grade IS NOT NULL)
 ORDER BY at, shop_id
"""

_REPORTS = f"""
SELECT r.id AS report_id, s.id AS shop_id, s.public_ref, c.name AS campaign_name, s.grade,
       coalesce(v.decided_at, s.state_since) AS decided_at, coalesce(v.breakdown, '{{}}') AS breakdown, v.coaching
  {_SHOPS}
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.report r ON r.shop_id = s.id
  {_LAST}
"""


class Standing(NamedTuple):
    """A shopper as the page of grades calls them, with the own grade in tenths."""

    id: UUID
    display_code: str
    grade_tenths: int | None


async def next_decision(report_id: UUID) -> int:
    """The number of a report's next decision; the shop is locked by whoever decides."""
    found: int = await connection().fetchval(
        "SELECT coalesce(max(n), 0) + 1 FROM field.review_decision WHERE report_id = $1", report_id
    )
    return found


async def insert_decision(
    scope: Scope, report: tuple[UUID, UUID, int], verdict: Verdict, words: bytes | None, now: datetime
) -> None:
    """Keep a decision. report: its id, its shop's, the decision's number; words: sealed."""
    report_id, shop_id, n = report
    await connection().execute(
        _INSERT, report_id, n, scope.affiliate_id, shop_id, verdict.kind, verdict.reason, verdict.old_grade,
        verdict.new_grade, words, scope.account_id, now,
    )  # fmt: skip


async def decisions_of(scope: Scope, report_id: UUID) -> list[Record]:
    """What was decided about a report, the oldest first, sealed. Role.STAFF, or SHOPPER for one's own."""
    rows: list[Record] = await connection().fetch(
        "SELECT n, kind, reason, old_grade, new_grade, words, at FROM field.review_decision"
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY n",
        scope.affiliate_id,
        report_id,
    )
    return rows


async def maker_standing(scope: Scope, shop_id: UUID) -> Standing | None:
    """Whoever made a shop, locked, with the own grade as it stands; None once the person is gone."""
    row = await connection().fetchrow(
        "SELECT p.id, p.display_code, p.grade_tenths FROM identity.shopper p JOIN identity.assignment a"
        " ON a.shopper_id = p.id WHERE a.affiliate_id = $1 AND a.shop_id = $2"
        " AND a.state IN ('held', 'done') FOR UPDATE OF p",
        scope.affiliate_id,
        shop_id,
    )
    return Standing(*row) if row else None


async def find_standing(scope: Scope, shopper_id: UUID) -> Standing | None:
    """A shopper's code and own grade. Role.STAFF, or SHOPPER for one's own."""
    row = await connection().fetchrow(
        "SELECT id, display_code, grade_tenths FROM identity.shopper WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shopper_id,
    )
    return Standing(*row) if row else None


async def last_grades(scope: Scope, shopper_id: UUID, last: int) -> list[int]:
    """The grades of a shopper's last reports, the newest first."""
    return [row["grade"] for row in await connection().fetch(_LAST_GRADES, scope.affiliate_id, shopper_id, last)]


async def write_average(scope: Scope, shopper_id: UUID, tenths: int | None) -> None:
    """Keep a shopper's own grade."""
    await connection().execute(
        "UPDATE identity.shopper SET grade_tenths = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shopper_id,
        tenths,
    )


async def write_shop_grade(scope: Scope, shop_id: UUID, grade: int) -> None:
    """Give a report another grade; the shop stays where it is."""
    await connection().execute(
        "UPDATE field.shop SET grade = $3, revision = revision + 1 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shop_id,
        grade,
    )


async def graded_of(scope: Scope, shopper_id: UUID, reports: int) -> list[Graded]:
    """What was decided about a shopper's last so many reports, the oldest first. Role.STAFF or SHOPPER."""
    rows = await connection().fetch(_GRADED, scope.affiliate_id, shopper_id, reports)
    return [Graded(**dict(row)) for row in rows]


async def graded_reports(scope: Scope, shopper_id: UUID, last: int) -> Sequence[dict[str, Any]]:
    """A shopper's last graded reports, the newest first; coaching sealed. Role.STAFF or SHOPPER."""
    return [dict(row) for row in await connection().fetch(_REPORTS, scope.affiliate_id, shopper_id, last)]
