"""What pasted lines mean, and who is near the shops that somebody has chosen."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from survey.db import Scope, connection

from ..domain import Match

# A location may have had thousands of shops: those that can be given, and one of the others to say that there are some.
_SHOPS = """
SELECT s.id AS shop_id, g.code, s.public_ref, upper(s.public_ref) = g.code AS is_ref, s.is_free
  FROM unnest($2::text[]) AS g (code)
  JOIN field.location l ON l.affiliate_id = $1 AND upper(l.code) = g.code
 CROSS JOIN LATERAL (
       SELECT x.id, x.public_ref, true AS is_free
         FROM field.shop x
        WHERE x.location_id = l.id AND x.affiliate_id = $1 AND x.state = 'OPEN' AND NOT x.is_on_hold
        UNION ALL
      (SELECT x.id, x.public_ref, false
         FROM field.shop x
        WHERE x.location_id = l.id AND x.affiliate_id = $1 AND NOT (x.state = 'OPEN' AND NOT x.is_on_hold)
        LIMIT 1)) AS s
 UNION
SELECT s.id, g.code, s.public_ref, true, s.state = 'OPEN' AND NOT s.is_on_hold
  FROM unnest($2::text[]) AS g (code)
  JOIN field.shop s ON s.affiliate_id = $1 AND upper(s.public_ref) = g.code
 ORDER BY public_ref
"""

_SHOPPERS = """
SELECT id, display_code AS code
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND display_code = ANY($2::text[])
"""

# Flat enough between neighbours: only the order matters, the distance that people read is computed elsewhere.
_NEAR = """
SELECT s.id AS shop_id, s.public_ref, l.code, l.name AS place, l.latitude, l.longitude, n.id AS shopper_id,
       n.display_code, n.latitude AS their_latitude, n.longitude AS their_longitude
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
 CROSS JOIN LATERAL (
       SELECT p.id, p.display_code, p.latitude, p.longitude,
              power(p.latitude - l.latitude, 2)
              + power((p.longitude - l.longitude) * cos(radians(l.latitude)), 2) AS far
         FROM identity.shopper p
        WHERE p.affiliate_id = $1
          AND p.status = 'active'
          AND p.latitude IS NOT NULL
        ORDER BY far, p.display_code
        LIMIT $3) AS n
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
   AND s.state = 'OPEN'
   AND NOT s.is_on_hold
   AND l.latitude IS NOT NULL
 ORDER BY s.window_end, s.id, n.far, n.display_code
"""


class Near(NamedTuple):
    """A shop that can be given, and somebody at work who lives near it."""

    shop_id: UUID
    public_ref: str
    code: str
    place: str
    latitude: float
    longitude: float
    shopper_id: UUID
    display_code: str
    their_latitude: float
    their_longitude: float


async def shops_meant(scope: Scope, codes: Collection[str]) -> list[Match]:
    """Shops with these references, or at locations with these codes, there at most one that is not free.

    codes: in capitals.
    """
    rows = await connection().fetch(_SHOPS, scope.affiliate_id, list(set(codes)))
    return [Match(**dict(row)) for row in rows]


async def shoppers_called(scope: Scope, codes: Collection[str]) -> dict[str, UUID]:
    """Shoppers by display code, in capitals."""
    rows = await connection().fetch(_SHOPPERS, scope.affiliate_id, list(set(codes)))
    return {row["code"]: row["id"] for row in rows}


async def near(scope: Scope, shop_ids: Sequence[UUID], each: int) -> list[Near]:
    """For each of the shops that are open, so many shoppers at work who live nearest, the nearest first."""
    rows = await connection().fetch(_NEAR, scope.affiliate_id, list(shop_ids), each)
    return [Near(*row) for row in rows]
