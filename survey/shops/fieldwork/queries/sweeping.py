"""Drafts that nobody will hand in any more. Runs as candour_worker."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import connection

# A draft of a shop that its writer still holds stays, however old it is.
_OLD = """
SELECT d.report_id,
       d.affiliate_id,
       array(SELECT e.media_key FROM field.evidence e WHERE e.report_id = d.report_id
              UNION ALL
             SELECT unnest(array_remove(ARRAY[c.original_key, c.media_key], NULL))
               FROM field.recording c WHERE c.report_id = d.report_id) AS media_keys
  FROM identity.draft d
  JOIN field.shop s ON s.id = d.shop_id
 WHERE d.changed_at < $1
   AND NOT s.is_legal_hold
   AND NOT EXISTS (
    SELECT FROM identity.assignment a
     WHERE a.shop_id = d.shop_id
       AND a.shopper_id = d.shopper_id
       AND a.state IN ('offered', 'held', 'done')
   )
 ORDER BY d.changed_at
 LIMIT $2
"""


async def old_drafts(before: datetime, limit: int) -> list[Record]:
    """Drafts not changed since, of shops their writers no longer hold: report_id, affiliate_id, media_keys."""
    rows: list[Record] = await connection().fetch(_OLD, before, limit)
    return rows


async def delete_drafts(report_ids: Sequence[UUID]) -> None:
    """Remove drafts with all that belongs to them."""
    await connection().execute(
        "DELETE FROM field.report WHERE id = ANY($1::uuid[]) AND shop_id IS NULL", list(report_ids)
    )
