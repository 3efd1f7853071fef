"""Closing a study: statements that run as staff of the affiliate."""

from datetime import datetime
from uuid import UUID

from survey.db import NotFound, Scope, connection
from survey.releases.domain import Closable, Place, Published

_STUDY = """
SELECT s.id,
       s.client_id,
       s.name,
       s.title,
       s.status,
       s.opens_at,
       s.closes_at,
       s.closed_at,
       c.name AS client_name
  FROM field.study s
  JOIN field.client c ON c.id = s.client_id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

_PLACES = """
SELECT id, parent_id, level, code, name, path
  FROM field.location
 WHERE affiliate_id = $1
   AND client_id = $2
 ORDER BY code
"""

_FINISHED_BY_LOCATION = """
SELECT location_id, count(*) AS people
  FROM field.response
 WHERE affiliate_id = $1
   AND study_id = $2
   AND state = 'finished'
 GROUP BY location_id
"""

_CLOSE = """
UPDATE field.study
   SET status = 'closed',
       closed_at = $3,
       revision = revision + 1
 WHERE affiliate_id = $1
   AND id = $2
   AND status IN ('live', 'paused')
RETURNING id
"""

_CUT = """
WITH links AS (
    DELETE FROM identity.response_link WHERE affiliate_id = $1 AND study_id = $2 RETURNING 1
), doors AS (
    DELETE FROM field.entry WHERE affiliate_id = $1 AND study_id = $2 RETURNING 1
)
SELECT (SELECT count(*) FROM links) AS links, (SELECT count(*) FROM doors) AS doors
"""

_CANCEL_DELIVERIES = """
UPDATE ops.delivery
   SET state = 'skipped',
       reason = 'the study has closed'
 WHERE affiliate_id = $1
   AND campaign_id = $2
   AND state IN ('queued', 'held')
"""

_RELEASE = """
SELECT id, threshold, manifest, digest, released_at
  FROM release.release
 WHERE affiliate_id = $1
   AND study_id = $2
"""


async def study_in(scope: Scope, study_id: UUID) -> Closable:
    """The study with its client's name. Raises NotFound."""
    row = await connection().fetchrow(_STUDY, scope.affiliate_id, study_id)
    if row is None:
        raise NotFound("study")
    return Closable(**row)


async def places_in(scope: Scope, client_id: UUID) -> tuple[Place, ...]:
    """The client's tree, whole."""
    return tuple(Place(**row) for row in await connection().fetch(_PLACES, scope.affiliate_id, client_id))


async def finished_by_location(scope: Scope, study_id: UUID) -> dict[UUID | None, int]:
    """How many finished responses each location has."""
    rows = await connection().fetch(_FINISHED_BY_LOCATION, scope.affiliate_id, study_id)
    return {row["location_id"]: row["people"] for row in rows}


async def close(scope: Scope, study_id: UUID, now: datetime) -> bool:
    """Close a study that is in the field; False when it is not."""
    return await connection().fetchval(_CLOSE, scope.affiliate_id, study_id, now) is not None


async def cut_links(scope: Scope, study_id: UUID) -> tuple[int, int]:
    """Remove what ties people to answers: the links, and the doors. Returns how many of each there were."""
    row = await connection().fetchrow(_CUT, scope.affiliate_id, study_id)
    return row["links"], row["doors"]


async def cancel_deliveries(scope: Scope, study_id: UUID) -> None:
    """Stop invitations and reminders that have not gone out."""
    await connection().execute(_CANCEL_DELIVERIES, scope.affiliate_id, study_id)


async def find_release(scope: Scope, study_id: UUID) -> Published | None:
    """The study's release, if it has one."""
    row = await connection().fetchrow(_RELEASE, scope.affiliate_id, study_id)
    return Published(**row) if row else None
