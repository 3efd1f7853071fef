"""Who is to hear of which new shops, as the worker; and the shopper's own wish."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from survey.db import NotFound, Scope, connection
from survey.shops.eligibility.domain import Known

from ..domain import FRESH, NEWS_KIND, PLACES, RADIUS_KM, Every, News, NewsWish, is_weekly_day, weekly_before

KM_PER_DEGREE = 110.57  # of latitude, at the equator, where degrees are shortest: a box that leaves nobody out

_AFFILIATES = """
SELECT DISTINCT p.affiliate_id
  FROM identity.shopper p
 WHERE p.wants_news
   AND p.status = 'active'
   AND p.latitude IS NOT NULL
 ORDER BY p.affiliate_id
"""

_READERS = """
SELECT p.id
  FROM identity.shopper p
 WHERE p.affiliate_id = $1
   AND p.wants_news
   AND p.status = 'active'
   AND p.latitude IS NOT NULL
   AND (coalesce(p.news_every, 'day') = 'day'
        OR coalesce((SELECT max(t.told_at) < $3 FROM identity.shop_told t WHERE t.shopper_id = p.id), $2))
   AND ($4::uuid IS NULL OR p.id > $4)
 ORDER BY p.id
 LIMIT $5
"""

# What came to the board late, or came back, has stood there since then. A box by latitude first, which an ordinary
# comparison decides; then the true distance. Nobody travels for what is done at home.
_FRESH = """
SELECT p.id AS shopper_id, s.id AS shop_id
  FROM identity.shopper p
  JOIN field.shop s ON s.affiliate_id = p.affiliate_id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.campaign c ON c.id = s.campaign_id
 WHERE p.affiliate_id = $1
   AND p.id = ANY ($2::uuid[])
   AND s.state = 'OPEN'
   AND NOT s.is_on_hold
   AND s.state_since > $3
   AND s.window_end > $4
   AND s.fee_cents + s.bonus_cents >= coalesce(p.news_least_cents, 0)
   AND (c.kind <> ALL ($5::text[])
        OR abs(l.latitude - p.latitude) <= coalesce(p.news_within_km, $6) / $7::float8
       AND 2 * 6371.0088 * asin(least(1, sqrt(
               sin(radians(l.latitude - p.latitude) / 2) ^ 2
               + cos(radians(p.latitude)) * cos(radians(l.latitude))
               * sin(radians(l.longitude - p.longitude) / 2) ^ 2)))
           <= coalesce(p.news_within_km, $6))
   AND NOT EXISTS (SELECT FROM identity.shop_told t WHERE t.shopper_id = p.id AND t.shop_id = s.id)
 ORDER BY p.id, s.id
"""

# Who was written to today hears of the rest on the next day.
_WRITTEN = """
SELECT d.campaign_id
  FROM ops.delivery d
 WHERE d.kind = $1
   AND d.campaign_id = ANY ($2::uuid[])
"""

_TOLD = """
SELECT t.occasion, t.shopper_id, t.shop_id
  FROM identity.shop_told t
  JOIN identity.shopper p ON p.id = t.shopper_id AND p.wants_news AND p.status = 'active'
 WHERE t.occasion = ANY ($1::uuid[])
"""

_TELL = """
INSERT INTO identity.shop_told (shopper_id, shop_id, affiliate_id, occasion, told_at)
SELECT told.shopper_id, told.shop_id, $4, told.occasion, $5
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS told (shopper_id, shop_id, occasion)
    ON CONFLICT DO NOTHING
"""

_CONFLICTS = """
SELECT shopper_id, client_id
  FROM identity.conflict
 WHERE affiliate_id = $1
   AND shopper_id = ANY ($2::uuid[])
   AND client_id IS NOT NULL
"""

_CERTIFIED = """
SELECT shopper_id, guideline_id
  FROM identity.certification
 WHERE affiliate_id = $1
   AND shopper_id = ANY ($2::uuid[])
"""

_WISH = """
SELECT wants_news, news_every, news_within_km, news_least_cents
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND id = $2
"""

_WANT = """
UPDATE identity.shopper
   SET wants_news = $3,
       news_every = $4,
       news_within_km = $5,
       news_least_cents = nullif($6, 0)
 WHERE affiliate_id = $1
   AND id = $2
   AND (wants_news, news_every, news_within_km, news_least_cents) IS DISTINCT FROM ($3, $4, $5, nullif($6, 0))
RETURNING id
"""


async def affiliates_with_readers(here: Connection) -> list[UUID]:
    """Affiliates with shoppers who want news."""
    return [row["affiliate_id"] for row in await here.fetch(_AFFILIATES)]


async def readers(scope: Scope, after: UUID | None, limit: int, now: datetime) -> list[UUID]:
    """A batch of shoppers who want news, by id: every day, or once a week where their week is over."""
    rows = await connection().fetch(
        _READERS, scope.affiliate_id, is_weekly_day(now), weekly_before(now), after, limit
    )  # fmt: skip
    return [row["id"] for row in rows]


async def fresh(scope: Scope, shopper_ids: Collection[UUID], now: datetime) -> list[tuple[UUID, UUID]]:
    """Shopper and shop, where a shop is new, as each shopper wishes it, and untold. What rules say is not in it."""
    rows = await connection().fetch(
        _FRESH, scope.affiliate_id, list(shopper_ids), now - FRESH, now, list(PLACES), RADIUS_KM, KM_PER_DEGREE
    )
    return [(row["shopper_id"], row["shop_id"]) for row in rows]


async def written(occasions: Collection[UUID]) -> set[UUID]:
    """Those of the occasions on which somebody was written to already."""
    return {row["campaign_id"] for row in await connection().fetch(_WRITTEN, NEWS_KIND, list(occasions))}


async def note_told(scope: Scope, news: Sequence[News], now: datetime) -> None:
    """Write down of which shops these shoppers are told."""
    rows = [(each.shopper_id, shop_id, each.occasion) for each in news for shop_id in each.shop_ids]
    await connection().execute(
        _TELL, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], scope.affiliate_id, now
    )


async def told(occasions: Collection[UUID]) -> list[News]:
    """What was to be told on these occasions, to those who still want to hear."""
    shops: dict[tuple[UUID, UUID], list[UUID]] = {}
    for row in await connection().fetch(_TOLD, list(occasions)):
        shops.setdefault((row["occasion"], row["shopper_id"]), []).append(row["shop_id"])
    return [News(occasion, shopper_id, ids) for (occasion, shopper_id), ids in shops.items()]


async def known_of(scope: Scope, shopper_ids: Collection[UUID]) -> Known:
    """Conflicts of interest and quizzes passed of some shoppers. Role.WORKER."""
    conflicts: dict[UUID, set[UUID]] = {}
    certified: dict[UUID, set[UUID]] = {}
    asked = scope.affiliate_id, list(shopper_ids)
    for shopper_id, client_id in await connection().fetch(_CONFLICTS, *asked):
        conflicts.setdefault(shopper_id, set()).add(client_id)
    for shopper_id, guideline_id in await connection().fetch(_CERTIFIED, *asked):
        certified.setdefault(shopper_id, set()).add(guideline_id)
    return Known(conflicts, certified)


async def wish_of(scope: Scope) -> NewsWish:
    """What news the shopper wants. Role.SHOPPER. Raises NotFound."""
    row = await connection().fetchrow(_WISH, scope.affiliate_id, scope.shopper_id)
    if row is None:
        raise NotFound("shopper")
    is_wanted, every, within_km, least_cents = row
    return NewsWish(is_wanted, Every(every or Every.DAY), within_km or RADIUS_KM, least_cents or 0)


async def want_news(scope: Scope, wish: NewsWish) -> bool:
    """Write what news the shopper wants; False where it was so before."""
    values = wish.is_wanted, wish.every.value, wish.within_km, wish.least_cents
    return await connection().fetchval(_WANT, scope.affiliate_id, scope.shopper_id, *values) is not None
