"""What the filters of the board can be set to."""

from uuid import UUID

from survey.db import Scope, connection

from ..domain import Choices, Filter, Owners

MOST = 300

_CLIENTS = "SELECT id, name FROM field.client WHERE affiliate_id = $1 ORDER BY name, id LIMIT $2"

_CAMPAIGNS = """
SELECT id, name
  FROM field.campaign
 WHERE affiliate_id = $1
   AND ($3::uuid IS NULL OR client_id = $3)
 ORDER BY created_at DESC, id DESC
 LIMIT $2
"""

_WAVES = """
SELECT id, label
  FROM field.wave
 WHERE affiliate_id = $1
   AND campaign_id = $3
 ORDER BY starts_on DESC, id DESC
 LIMIT $2
"""

_NODES = """
SELECT id, name
  FROM field.location
 WHERE affiliate_id = $1
   AND client_id = $3
   AND level IN ('region', 'district')
 ORDER BY path
 LIMIT $2
"""

_OWNERS = """
SELECT (SELECT client_id FROM field.campaign WHERE affiliate_id = $1 AND id = $2) AS campaign_client,
       w.campaign_id AS wave_campaign, c.client_id AS wave_client,
       (SELECT client_id FROM field.location WHERE affiliate_id = $1 AND id = $4) AS node_client
  FROM (SELECT $3::uuid AS id) AS asked
  LEFT JOIN field.wave w ON w.affiliate_id = $1 AND w.id = asked.id
  LEFT JOIN field.campaign c ON c.affiliate_id = $1 AND c.id = w.campaign_id
"""


async def owners_of(scope: Scope, wanted: Filter) -> Owners:
    """Whose the campaign, the wave and the region of a filter are."""
    row = await connection().fetchrow(_OWNERS, scope.affiliate_id, wanted.campaign, wanted.wave, wanted.node)
    return Owners(**dict(row))


async def choices(scope: Scope, wanted: Filter) -> Choices:
    """Clients, and campaigns of the chosen one; waves of the chosen campaign; regions of the chosen client."""
    return Choices(
        await _pairs(_CLIENTS, scope),
        await _pairs(_CAMPAIGNS, scope, wanted.client),
        await _pairs(_WAVES, scope, wanted.campaign) if wanted.campaign else (),
        await _pairs(_NODES, scope, wanted.client) if wanted.client else (),
    )


async def _pairs(statement: str, scope: Scope, *values: UUID | None) -> tuple[tuple[UUID, str], ...]:
    rows = await connection().fetch(statement, scope.affiliate_id, MOST, *values)
    return tuple((row[0], row[1]) for row in rows)
