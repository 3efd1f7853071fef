"""What the worker does around closing: finding studies that are over, and removing drafts."""

from datetime import datetime
from uuid import UUID

from survey.db import connection

_DUE = """
SELECT affiliate_id, id
  FROM field.study
 WHERE status IN ('live', 'paused')
   AND closes_at <= $1
 ORDER BY closes_at, id
"""

_DISCARD = """
WITH drafts AS (
    SELECT r.id
      FROM field.response r
      JOIN field.study s ON s.id = r.study_id AND s.status IN ('closed', 'released')
     WHERE r.affiliate_id = $1
       AND r.study_id = $2
       AND r.state = 'open'
), keys AS (
    DELETE FROM vault.subject_key WHERE id IN (SELECT id FROM drafts)
), gone AS (
    DELETE FROM field.response WHERE id IN (SELECT id FROM drafts) RETURNING 1
)
SELECT count(*) FROM gone
"""


async def due_to_close(now: datetime) -> list[tuple[UUID, UUID]]:
    """Affiliate and study of every study in the field whose closing time has passed."""
    return [(row["affiliate_id"], row["id"]) for row in await connection().fetch(_DUE, now)]


async def discard_drafts(affiliate_id: UUID, study_id: UUID) -> int:
    """Remove the open responses of a closed study, their verbatims and their keys; returns how many there were."""
    removed: int = await connection().fetchval(_DISCARD, affiliate_id, study_id)
    return removed
