"""Pictures that look like those of other shops, and recordings that came before."""

from uuid import UUID

from survey.db import Scope, connection

from ..domain import ALIKE_BITS, ALIKE_DAYS, Alike

# Of each picture the nearest: the very same pixels, however old, or nearly the same look among the recent ones. Each
# way has an index of its own; OR would use neither. Slips of one till all look alike: of these only pixels count.
_ALIKE = """
SELECT e.id, a.shop_id, coalesce(s.public_ref, '') AS public_ref
  FROM field.evidence e
 CROSS JOIN LATERAL (
       SELECT r.shop_id
         FROM (SELECT o.report_id, -1 AS bits
                 FROM field.evidence o
                WHERE o.affiliate_id = e.affiliate_id
                  AND o.digest = e.digest
                UNION ALL
               SELECT o.report_id, bit_count((o.look # e.look)::bit(64))
                 FROM field.evidence o
                WHERE o.affiliate_id = e.affiliate_id
                  AND o.look IS NOT NULL
                  AND 'receipt' NOT IN (e.kind, o.kind)
                  AND o.created_at > e.created_at - make_interval(days => $4)
                  AND bit_count((o.look # e.look)::bit(64)) <= $3) near
         JOIN field.report r ON r.id = near.report_id
        WHERE near.report_id <> e.report_id
        ORDER BY near.bits, r.shop_id
        LIMIT 1) a
  LEFT JOIN field.shop s ON s.id = a.shop_id
 WHERE e.affiliate_id = $1
   AND e.report_id = $2
"""

# The very same file, also where it could not be read.
_HEARD_BEFORE = """
SELECT DISTINCT ON (c.id) c.id, r.shop_id, coalesce(s.public_ref, '') AS public_ref
  FROM field.recording c
  JOIN field.recording o
    ON o.affiliate_id = c.affiliate_id
   AND o.digest = c.digest
   AND o.report_id <> c.report_id
  JOIN field.report r ON r.id = o.report_id
  LEFT JOIN field.shop s ON s.id = r.shop_id
 WHERE c.affiliate_id = $1
   AND c.report_id = $2
 ORDER BY c.id, o.created_at, r.shop_id
"""


async def heard_before(scope: Scope, report_id: UUID) -> dict[UUID, Alike]:
    """Recordings of a report that came as the same file in another, by id. Role.STAFF or WORKER."""
    rows = await connection().fetch(_HEARD_BEFORE, scope.affiliate_id, report_id)
    return {row["id"]: Alike(row["shop_id"], row["public_ref"]) for row in rows}


async def alike(scope: Scope, report_id: UUID) -> dict[UUID, Alike]:
    """Pictures of a report that look like one of another shop of the affiliate, by id. Role.STAFF or WORKER."""
    rows = await connection().fetch(_ALIKE, scope.affiliate_id, report_id, ALIKE_BITS, ALIKE_DAYS)
    return {row["id"]: Alike(row["shop_id"], row["public_ref"]) for row in rows}
