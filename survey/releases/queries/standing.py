"""What stands of shops' reports, what stood before, who reads it, and what may be released. As staff."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from survey.db import Keyset, Paged, Scope, connection, paged

_STANDING = """
SELECT id, report_ref, version, client_id, node_path, score, is_failed, snapshot, time_shown, released_on,
       appeal_until, is_on_hold
  FROM release.shop_report
 WHERE affiliate_id = $1
   AND shop_id = $2
   AND withdrawn_at IS NULL
   AND NOT is_superseded
"""

_VERSIONS = """
SELECT id, report_ref, version, score, released_on, is_superseded, withdrawn_at
  FROM release.shop_report
 WHERE affiliate_id = $1
   AND shop_id = $2
 ORDER BY released_on DESC, version DESC, id
"""

_READY = """
SELECT s.id, s.public_ref, s.state, s.state_since, k.name AS client_name, c.name AS campaign_name,
       w.label AS wave_label, l.code AS location_code, l.name AS location_name, s.score_percent, s.is_on_hold,
       s.is_legal_hold, s.is_appeal_open, t.due_at AS leaves_at,
       s.state = 'APPROVED' AND c.release_hours IS NOT NULL AND t.due_at IS NULL AS is_kept
  FROM field.shop s
  JOIN field.client k ON k.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.wave w ON w.id = s.wave_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.shop_timer t ON t.shop_id = s.id AND t.kind = 'release'
 WHERE s.affiliate_id = $1
   AND s.state = ANY ($2::text[])
   AND ($3::timestamptz IS NULL OR (s.state_since, s.id) > ($3, $4::uuid))
 ORDER BY s.state_since, s.id
 LIMIT $5
"""

# Viewers whose place holds the report's: the head of the tree down to the store itself.
_VIEWERS = """
SELECT a.id, a.email
  FROM identity.account a
  JOIN field.location l ON l.id = a.location_id
 WHERE a.affiliate_id = $1
   AND a.client_id = $2
   AND a.role = 'client_viewer'
   AND a.status = 'active'
   AND starts_with($3, l.path)
 ORDER BY a.id
"""

# A shop that the law holds keeps who is named in it.
_PURGE = """
UPDATE release.shop_employee e
   SET name = NULL, description = NULL, salt = NULL
  FROM release.shop_report r
  JOIN field.shop s ON s.id = r.shop_id
 WHERE r.id = e.report_id
   AND e.purge_after <= $1
   AND (e.name IS NOT NULL OR e.description IS NOT NULL)
   AND NOT s.is_legal_hold
RETURNING e.affiliate_id
"""


class Standing(NamedTuple):
    """The version that the client reads now. score: per cent."""

    id: UUID
    report_ref: UUID
    version: int
    client_id: UUID
    node_path: str
    score: Decimal | None
    is_failed: bool
    snapshot: Mapping[str, Any]
    time_shown: str
    released_on: date
    appeal_until: datetime
    is_on_hold: bool


class Version(NamedTuple):
    """One version of a report, as staff list them."""

    id: UUID
    report_ref: UUID
    version: int
    score: Decimal | None
    released_on: date
    is_superseded: bool
    withdrawn_at: datetime | None


class Ready(NamedTuple):
    """A shop in the list of what may be released, or has been. is_kept: others of its campaign leave by themselves."""

    id: UUID
    public_ref: str
    state: str
    state_since: datetime
    client_name: str
    campaign_name: str
    wave_label: str
    location_code: str
    location_name: str
    score_percent: Decimal | None
    is_on_hold: bool
    is_legal_hold: bool
    is_appeal_open: bool
    leaves_at: datetime | None
    is_kept: bool


async def find_standing(scope: Scope, shop_id: UUID) -> Standing | None:
    """The version that stands."""
    row = await connection().fetchrow(_STANDING, scope.affiliate_id, shop_id)
    return Standing(*row) if row else None


async def supersede(scope: Scope, version_id: UUID) -> None:
    """A newer version takes this one's place; it is kept, and the client reads it no more."""
    await connection().execute(
        "UPDATE release.shop_report SET is_superseded = true WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        version_id,
    )


async def versions_of(scope: Scope, shop_id: UUID) -> list[Version]:
    """Every version of a shop's report, the newest first."""
    return [Version(*row) for row in await connection().fetch(_VERSIONS, scope.affiliate_id, shop_id)]


async def shops_in(scope: Scope, states: Sequence[str], keyset: Keyset) -> Paged[Ready]:
    """Shops in these states, the longest there first."""
    at, last_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_READY, scope.affiliate_id, list(states), at, last_id, keyset.rows_to_fetch)
    return paged([Ready(*row) for row in rows], keyset, lambda row: (row.state_since, row.id))


async def viewers_of(scope: Scope, client_id: UUID, node_path: str) -> list[tuple[UUID, bytes]]:
    """Active viewers who may read a place: account and sealed address."""
    rows = await connection().fetch(_VIEWERS, scope.affiliate_id, client_id, node_path)
    return [(row["id"], row["email"]) for row in rows]


async def purge_employees(today: date) -> list[UUID]:
    """Remove names and descriptions whose time is over; of each person the affiliate. Role.WORKER."""
    return [row["affiliate_id"] for row in await connection().fetch(_PURGE, today)]
