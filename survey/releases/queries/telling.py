"""Who is to hear of new reports of visits, as the worker: up to a moment at which nothing is still being written."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from survey.db import connection

from ..domain import NEWS_HOUR, NEWS_LOOK_BACK, NEWS_SETTLE

# Up to the last full hour, or the last morning where the viewer's place is. Failed visits have had a mail of their own.
_DUE = """
WITH viewer AS (
    SELECT a.id, a.affiliate_id, a.client_id, l.path,
           greatest(a.reports_told_at, $1::timestamptz - $3::interval) AS since,
           CASE a.report_mail
               WHEN 'hourly' THEN date_trunc('hour', $1::timestamptz - $2::interval)
               ELSE (date_trunc('day', ($1::timestamptz - $2::interval) AT TIME ZONE coalesce(l.time_zone, 'UTC')
                        - make_interval(hours => $4)) + make_interval(hours => $4))
                    AT TIME ZONE coalesce(l.time_zone, 'UTC')
           END AS until
      FROM identity.account a
      JOIN field.location l ON l.id = a.location_id
     WHERE a.role = 'client_viewer'
       AND a.status = 'active'
       AND a.report_mail <> 'never'
)
SELECT v.id AS account_id, v.affiliate_id, v.since, v.until,
       md5(v.id::text || extract(epoch FROM v.until)::text)::uuid AS occasion
  FROM viewer v
 WHERE EXISTS (
       SELECT FROM release.shop_report r
        WHERE r.affiliate_id = v.affiliate_id
          AND r.client_id = v.client_id
          AND r.version = 1
          AND r.released_at > v.since
          AND r.released_at <= v.until
          AND NOT r.is_failed
          AND starts_with(r.node_path, v.path))
 ORDER BY v.affiliate_id, v.id
 LIMIT $5
"""

_MARK = """
UPDATE identity.account a
   SET reports_told_at = given.until
  FROM unnest($1::uuid[], $2::timestamptz[]) AS given (id, until)
 WHERE a.id = given.id
"""

# What was taken back since is not counted; a version that an appeal has replaced is still the same report.
_COUNTS = """
SELECT a.id, given.occasion, count(*) AS reports
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS given (id, occasion, since, until)
  JOIN identity.account a ON a.id = given.id AND a.status = 'active' AND a.report_mail <> 'never'
  JOIN field.location l ON l.id = a.location_id
  JOIN release.shop_report r ON r.affiliate_id = a.affiliate_id AND r.client_id = a.client_id AND r.version = 1
   AND r.released_at > given.since AND r.released_at <= given.until AND NOT r.is_failed
   AND starts_with(r.node_path, l.path)
 WHERE EXISTS (
       SELECT FROM release.shop_report s
        WHERE s.report_ref = r.report_ref AND NOT s.is_superseded AND s.withdrawn_at IS NULL AND NOT s.is_on_hold)
 GROUP BY a.id, given.occasion
"""


class Due(NamedTuple):
    """A viewer for whom there is something new: after `since`, up to `until`."""

    account_id: UUID
    affiliate_id: UUID
    since: datetime
    until: datetime
    occasion: UUID


async def due_viewers(now: datetime, limit: int) -> list[Due]:
    """Viewers for whom something was released since they were last told, at the pace that each has chosen."""
    rows = await connection().fetch(_DUE, now, NEWS_SETTLE, NEWS_LOOK_BACK, NEWS_HOUR, limit)
    return [Due(**dict(row)) for row in rows]


async def mark_told(told: Sequence[Due]) -> None:
    """They have been told up to there."""
    await connection().execute(_MARK, [each.account_id for each in told], [each.until for each in told])


async def counts_of(
    here: Connection, told: Sequence[tuple[UUID, UUID, datetime, datetime]]
) -> dict[tuple[UUID, UUID], int]:
    """How many reports there are to tell of now; told: account, occasion, since, until."""
    columns = list(zip(*told, strict=True))
    rows = await here.fetch(_COUNTS, *(list(column) for column in columns))
    return {(row["id"], row["occasion"]): row["reports"] for row in rows}
