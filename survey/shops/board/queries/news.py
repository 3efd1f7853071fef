"""Who is to hear of new shops, as the worker; and the shopper's own wish."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Connection

from survey.db import Scope, connection

from ..domain import NEWS_KIND, RADIUS_KM, News

DAY = timedelta(days=1)
KM_PER_DEGREE = 110.57  # of latitude, at the equator, where degrees are shortest: a box that leaves nobody out

# A box by latitude first, which an ordinary comparison decides; then the true distance.
_NEWS = """
WITH fresh AS (
    SELECT s.affiliate_id, l.latitude, l.longitude, count(*) AS shops
      FROM field.shop s
      JOIN field.location l ON l.id = s.location_id
     WHERE s.state = 'OPEN'
       AND NOT s.is_on_hold
       AND s.created_at > $1
       AND s.window_end > $2
       AND l.latitude IS NOT NULL
     GROUP BY s.affiliate_id, l.latitude, l.longitude
)
SELECT md5(p.id::text || 'news' || ($2 AT TIME ZONE 'UTC')::date::text)::uuid AS occasion,
       p.affiliate_id, p.id AS shopper_id, sum(f.shops)::integer AS count
  FROM identity.shopper p
  JOIN fresh f ON f.affiliate_id = p.affiliate_id
   AND abs(f.latitude - p.latitude) <= $3::float8 / $4::float8
   AND 2 * 6371.0088 * asin(least(1, sqrt(
           sin(radians(f.latitude - p.latitude) / 2) ^ 2
           + cos(radians(p.latitude)) * cos(radians(f.latitude)) * sin(radians(f.longitude - p.longitude) / 2) ^ 2)))
       <= $3
 WHERE p.wants_news
   AND p.status = 'active'
   AND p.latitude IS NOT NULL
   AND ($5::uuid[] IS NULL OR p.id = ANY ($5))
 GROUP BY p.affiliate_id, p.id
HAVING NOT EXISTS (
       SELECT FROM ops.delivery d
        WHERE d.recipient_id = p.id AND d.kind = $6
          AND d.campaign_id = md5(p.id::text || 'news' || ($2 AT TIME ZONE 'UTC')::date::text)::uuid)
    OR $5::uuid[] IS NOT NULL
 ORDER BY p.affiliate_id, p.id
 LIMIT $7
"""


async def news(here: Connection, now: datetime, limit: int, shopper_ids: Sequence[UUID] | None = None) -> list[News]:
    """What there is to tell, for those who want it and have not been asked about today; or for these shoppers."""
    chosen = None if shopper_ids is None else list(shopper_ids)
    rows = await here.fetch(_NEWS, now - DAY, now, RADIUS_KM, KM_PER_DEGREE, chosen, NEWS_KIND, limit)
    return [News(**dict(row)) for row in rows]


async def want_news(scope: Scope, *, is_wanted: bool) -> bool:
    """Write whether the shopper wants news of shops; False where it was so before."""
    return (
        await connection().fetchval(
            "UPDATE identity.shopper SET wants_news = $3"
            " WHERE affiliate_id = $1 AND id = $2 AND wants_news <> $3 RETURNING id",
            scope.affiliate_id,
            scope.shopper_id,
            is_wanted,
        )
        is not None
    )
