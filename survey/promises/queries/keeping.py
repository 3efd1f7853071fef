"""What closing a study should have taken along."""

from datetime import datetime

from asyncpg import Connection

_STILL_OPEN = "SELECT count(*) FROM field.study WHERE status IN ('live', 'paused') AND closes_at < $1"

_STILL_BEGUN = """
SELECT count(*)
  FROM field.response r
  JOIN field.study s ON s.id = r.study_id
 WHERE s.status IN ('closed', 'released')
   AND s.closed_at < $1
   AND r.state = 'open'
"""


async def still_open(here: Connection, before: datetime) -> int:
    """Studies whose last day was before that, and that are open."""
    found: int = await here.fetchval(_STILL_OPEN, before)
    return found


async def still_begun(here: Connection, before: datetime) -> int:
    """Answers that nobody sent, of studies that closed before that."""
    found: int = await here.fetchval(_STILL_BEGUN, before)
    return found
