"""Where a shopper starts from, and the affiliate's own places by which it is found. Role.SHOPPER.

Row policies let a shopper read the places of the one affiliate, as the job board does.
"""

from survey.db import Scope, connection

from ..domain import Coordinates, Sought, Spot, Town

MOST_TOWNS = 400
MOST_SPOTS = 2000

_TOWNS = """
SELECT avg(l.latitude) AS latitude,
       avg(l.longitude) AS longitude,
       l.city,
       count(*) AS places
  FROM field.location l
  JOIN field.client k ON k.id = l.client_id
 WHERE l.affiliate_id = $1
   AND l.status = 'open'
   AND k.status = 'active'
   AND l.latitude IS NOT NULL
 GROUP BY l.country, l.region, l.city, floor(l.latitude), floor(l.longitude)
 ORDER BY places DESC, city, 1, 2
 LIMIT $2
"""

# Two characters in common or the same town: what the rules then compare exactly.
_SPOTS = """
SELECT l.latitude, l.longitude, l.city, l.region, l.postal_code, l.country
  FROM field.location l
  JOIN field.client k ON k.id = l.client_id
 WHERE l.affiliate_id = $1
   AND l.status = 'open'
   AND k.status = 'active'
   AND l.latitude IS NOT NULL
   AND l.country IN ($2, '')
   AND (lower(l.city) = lower($4)
        OR $3 <> '' AND left(regexp_replace(upper(l.postal_code), '[^0-9A-Z]+', '', 'g'), 2) = left($3, 2))
 ORDER BY lower(l.city) = lower($4) DESC, l.id
 LIMIT $5
"""

_PUT = """
UPDATE identity.shopper
   SET latitude = $3,
       longitude = $4
 WHERE affiliate_id = $1
   AND id = $2
   AND (latitude, longitude) IS DISTINCT FROM ($3::float8, $4::float8)
RETURNING id
"""


async def towns_of(scope: Scope) -> list[Town]:
    """Where the affiliate has open places, a row a town and degree: a town of one name may lie in two valleys."""
    rows = await connection().fetch(_TOWNS, scope.affiliate_id, MOST_TOWNS)
    return [Town(**dict(row)) for row in rows]


async def spots_like(scope: Scope, sought: Sought, code: str) -> list[Spot]:
    """Open places that may match. code: the postal code in one spelling."""
    rows = await connection().fetch(
        _SPOTS, scope.affiliate_id, sought.country, code.replace(" ", ""), sought.city, MOST_SPOTS
    )
    return [Spot(**dict(row)) for row in rows]


async def put_point(scope: Scope, point: Coordinates | None) -> bool:
    """Keep about where one starts from, or nothing; False when it is so already."""
    changed = await connection().fetchval(_PUT, scope.affiliate_id, scope.shopper_id, *(point or (None, None)))
    return changed is not None
