"""How a study fares in the field: counts, never rows."""

from uuid import UUID

from survey.db import Scope, connection

from ..domain import Progress

# Fewer people of one store than this are not shown apart, not even to staff.
FEWEST_SHOWN = 10

_PROGRESS = """
WITH mail AS (
    SELECT count(*) AS invited,
           count(*) FILTER (WHERE state IN ('queued', 'sending', 'held')) AS waiting,
           count(*) FILTER (WHERE state = 'sent') AS sent,
           count(*) FILTER (WHERE state IN ('failed', 'bounced')) AS failed,
           count(*) FILTER (WHERE state = 'skipped') AS passed_over
      FROM ops.delivery
     WHERE affiliate_id = $1
       AND campaign_id = $2
       AND kind = 'invitation'
), answers AS (
    SELECT count(*) FILTER (WHERE state = 'open') AS started,
           count(*) FILTER (WHERE state = 'finished') AS finished
      FROM field.response
     WHERE affiliate_id = $1
       AND study_id = $2
)
SELECT * FROM mail, answers
"""

_STORES = """
SELECT l.name, count(*) AS finished
  FROM field.response r
  JOIN field.location l ON l.id = r.location_id
 WHERE r.affiliate_id = $1
   AND r.study_id = $2
   AND r.state = 'finished'
 GROUP BY l.id, l.name
HAVING count(*) >= $3
 ORDER BY count(*) DESC, l.name, l.id
 LIMIT 50
"""


async def progress_of(scope: Scope, study_id: UUID) -> Progress:
    """Mail and answers, counted."""
    return Progress(**await connection().fetchrow(_PROGRESS, scope.affiliate_id, study_id))


async def stores_with_answers(scope: Scope, study_id: UUID) -> list[tuple[str, int]]:
    """The places with ten finished answers or more, the most first; the first fifty of them."""
    rows = await connection().fetch(_STORES, scope.affiliate_id, study_id, FEWEST_SHOWN)
    return [(row["name"], row["finished"]) for row in rows]
