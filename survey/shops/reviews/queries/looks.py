"""Pictures that look like those of other shops."""

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


async def alike(scope: Scope, report_id: UUID) -> dict[UUID, Alike]:
    """Pictures of a report that look like one of another shop of the affiliate, by id. Role.STAFF or WORKER."""
    rows = await connection().fetch(_ALIKE, scope.affiliate_id, report_id, ALIKE_BITS, ALIKE_DAYS)
    return {row["id"]: Alike(row["shop_id"], row["public_ref"]) for row in rows}
