"""The staff's list of shoppers, by code: narrowed, in order, counted, and found by fingerprints. Role.STAFF."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from survey.db import Keyset, Paged, Scope, beyond_clients, connection, paged

from ..domain import Counts, Listed, ListFilter
from .restricting import stands_for

# The last shop is one that somebody took: an offer that they let pass says nothing of when they were last at work.
_LAST_SHOP = """
       SELECT max(v.assigned_at)
         FROM identity.assignment v
        WHERE v.shopper_id = s.id
          AND v.state IN ('held', 'done', 'given_back', 'flaked')
"""
_IS_CONTESTED = """
       EXISTS (SELECT FROM identity.deactivation d
                WHERE d.shopper_id = s.id AND d.contested_at IS NOT NULL AND d.outcome IS NULL)
"""
_ROW = f"""
SELECT s.id,
       s.display_code,
       s.status,
       s.region,
       s.grade_tenths,
       s.held_limit,
       s.created_at,
       {_IS_CONTESTED} AS is_contested,
       a.shop_count,
       a.held_count,
       ({_LAST_SHOP}) AS last_shop_at,
       q.qualification_count
  FROM identity.shopper s
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE v.state = 'done'), count(*) FILTER (WHERE v.state IN ('offered', 'held'))
         FROM identity.assignment v
        WHERE v.shopper_id = s.id
       ) AS a (shop_count, held_count)
 CROSS JOIN LATERAL (
       SELECT count(*) FROM identity.qualification h
        WHERE h.shopper_id = s.id AND h.status = 'held' AND (h.expires_on IS NULL OR h.expires_on >= $2::date)
       ) AS q (qualification_count)
"""  # noqa: S608  (made of constants)

# The order is by a number and then by code, so that a page begins where the one before has ended, whatever the order.
# What a row says beside that is looked up for the page alone. The number goes into the address of the next page: of the
# last shop it is the day, as on the page.
_LIST = f"""
WITH page AS (
    SELECT s.id, r.rank
      FROM identity.shopper s
     CROSS JOIN LATERAL (
           SELECT CASE $11
                  WHEN 'grade' THEN -coalesce(s.grade_tenths, -1)::float8
                  WHEN 'seen' THEN -coalesce(extract(epoch FROM date_trunc('day', ({_LAST_SHOP}), 'UTC')), 0)::float8
                  WHEN 'since' THEN -extract(epoch FROM s.created_at)::float8
                  ELSE 0::float8 END
           ) AS r (rank)
     WHERE s.affiliate_id = $1
       AND s.status <> 'erased'
       AND ($3 = '' OR s.status = $3)
       AND ($4 = '' OR starts_with(s.display_code, $4))
       AND ($5::integer IS NULL OR s.grade_tenths >= $5)
       AND ($6 = '' OR lower(s.region) = lower($6))
       AND ($7 = '' OR EXISTS (SELECT FROM identity.qualification h
                                WHERE h.shopper_id = s.id AND h.code = $7 AND h.status = 'held'
                                  AND (h.expires_on IS NULL OR h.expires_on >= $2::date)))
       AND (NOT $8 OR {_IS_CONTESTED})
       AND ($9::timestamptz IS NULL OR ({_LAST_SHOP}) >= $9)
       AND ($10::timestamptz IS NULL OR coalesce(({_LAST_SHOP}), '-infinity') < $10)
       AND ($12::float8 IS NULL OR (r.rank, s.display_code) > ($12, $13::text))
     ORDER BY r.rank, s.display_code
     LIMIT $14
)
SELECT l.*, page.rank
  FROM page
  JOIN ({_ROW}) AS l ON l.id = page.id
 ORDER BY page.rank, l.display_code
"""  # noqa: S608  (made of constants; values are parameters)

_COUNTS = """
SELECT count(*) AS every,
       count(*) FILTER (WHERE status = 'active') AS active,
       count(*) FILTER (WHERE status = 'paused') AS paused,
       count(*) FILTER (WHERE status = 'deactivated') AS deactivated,
       count(*) FILTER (WHERE status = 'pending') AS pending,
       (SELECT count(*) FROM identity.deactivation
         WHERE affiliate_id = $1 AND contested_at IS NOT NULL AND outcome IS NULL) AS contested,
       (SELECT count(*) FROM identity.mark WHERE affiliate_id = $1 AND state IN ('PROPOSED', 'CONTESTED')) AS proposed
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND status <> 'erased'
"""

_FOUND = f"""
{_ROW}
 WHERE s.affiliate_id = $1
   AND s.status <> 'erased'
   AND (s.email_index = ANY($3::bytea[])
        OR EXISTS (SELECT FROM identity.likeness k
                    WHERE k.shopper_id = s.id
                      AND (k.phone_index = ANY($3::bytea[]) OR k.family_index = ANY($3::bytea[]))))
   AND ($5::timestamptz IS NULL OR NOT {stands_for("s.id", "$5")})
 ORDER BY s.display_code
 LIMIT $4
"""


async def shoppers_of(scope: Scope, wanted: ListFilter, now: datetime, keyset: Keyset) -> Paged[Listed]:
    """One page of an affiliate's shoppers, in the order that is asked for. Raises BadCursor."""
    after = keyset.after_as(tuple[float, str]) or (None, None)
    # A limit of shops in hand, and whether somebody still works, are one for all clients; the row names none.
    async with beyond_clients():
        rows = await connection().fetch(
            _LIST, scope.affiliate_id, now.date(), wanted.status, wanted.code, wanted.least_grade_tenths,
            wanted.region, wanted.qualification, wanted.is_contested, _before(now, wanted.seen_days),
            _before(now, wanted.idle_days), wanted.sort, *after, keyset.rows_to_fetch,
        )  # fmt: skip
    page = paged(rows, keyset, lambda row: (row["rank"], row["display_code"]))
    listed = [Listed(**{name: value for name, value in row.items() if name != "rank"}) for row in page.rows]
    return Paged(listed, page.next_cursor)


async def found_by(
    scope: Scope, indexes: Sequence[bytes], now: datetime, limit: int, unrestricted_at: datetime | None
) -> list[Listed]:
    """Shoppers whom one of some fingerprints fits, by code.

    unrestricted_at: whose restriction stands at that time is left out; None: nobody is.
    """
    # They are the same people as in the list, and the same numbers.
    async with beyond_clients():
        rows = await connection().fetch(
            _FOUND, scope.affiliate_id, now.date(), list(indexes), limit, unrestricted_at
        )  # fmt: skip
    return [Listed(**row) for row in rows]


async def counts_of(scope: Scope, alike: int) -> Counts:
    """How many shoppers each tab holds. alike: how many pairs look alike."""
    row = await connection().fetchrow(_COUNTS, scope.affiliate_id)
    return Counts(**row, alike=alike)


async def regions_of(scope: Scope) -> list[str]:
    """The regions in which the affiliate has shoppers."""
    rows = await connection().fetch(
        "SELECT DISTINCT region FROM identity.shopper WHERE affiliate_id = $1 AND region <> '' ORDER BY region"
        " LIMIT 200",
        scope.affiliate_id,
    )
    return [row["region"] for row in rows]


async def ids_of(scope: Scope, shopper_ids: Sequence[UUID]) -> set[UUID]:
    """Which of some profiles are the affiliate's, and somebody's still; locked, so that one decides at a time."""
    rows = await connection().fetch(
        "SELECT id FROM identity.shopper WHERE affiliate_id = $1 AND id = ANY($2::uuid[]) AND status <> 'erased'"
        " ORDER BY id FOR NO KEY UPDATE",
        scope.affiliate_id,
        list(shopper_ids),
    )
    return {row["id"] for row in rows}


def _before(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else now - timedelta(days=days)
