"""Approved reports that leave by themselves: which are due, and on whose word each leaves."""

from datetime import datetime
from uuid import UUID

from survey.accounts import service as accounts
from survey.db import Scope, connection

# A shop on hold waits; its timer is given the time back when the hold is lifted.
_DUE = """
SELECT t.affiliate_id, t.shop_id
  FROM field.shop_timer t
  JOIN field.shop s ON s.id = t.shop_id
 WHERE t.kind = 'release'
   AND t.due_at <= $1
   AND s.state = 'APPROVED'
   AND NOT s.is_on_hold
 ORDER BY t.due_at, t.shop_id
 LIMIT $2
"""

_FOUND = """
SELECT c.release_hours IS NOT NULL AS is_wanted, v.decided_by
  FROM field.shop_timer t
  JOIN field.shop s ON s.id = t.shop_id
  JOIN field.campaign c ON c.id = s.campaign_id
  LEFT JOIN field.review v ON v.shop_id = s.id AND v.decision = 'approved'
 WHERE t.affiliate_id = $1
   AND t.shop_id = $2
   AND t.kind = 'release'
   AND t.due_at <= $3
   FOR UPDATE OF t
"""

# The editor who approved it; where that editor works here no more, or not for this client, whoever manages.
_WHOM = f"""
SELECT a.id, a.email
  FROM identity.account a
  JOIN field.shop s ON s.id = $4 AND s.affiliate_id = a.affiliate_id
 WHERE a.affiliate_id = $1
   AND a.status = 'active'
   AND {accounts.works_for("a", "s.client_id")}
   AND (a.id = $2 AND a.role IN ('affiliate_admin', 'manager', 'editor')
        OR a.role IN ('affiliate_admin', 'manager') AND NOT EXISTS (
           SELECT FROM identity.account e
            WHERE e.affiliate_id = $1 AND e.id = $2 AND e.status = 'active'
              AND e.role IN ('affiliate_admin', 'manager', 'editor')
              AND {accounts.works_for("e", "s.client_id")}))
 ORDER BY a.id
 LIMIT $3
"""  # noqa: S608  (made of constants)


async def due_releases(now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Affiliate and shop of reports whose delay is over, the longest first. Role.WORKER."""
    return [(row["affiliate_id"], row["shop_id"]) for row in await connection().fetch(_DUE, now, limit)]


async def find_due_release(scope: Scope, shop_id: UUID, now: datetime) -> tuple[bool, UUID | None] | None:
    """Whether the campaign still wants it, and who had approved the report; None where nothing is due any more."""
    row = await connection().fetchrow(_FOUND, scope.affiliate_id, shop_id, now)
    return (row["is_wanted"], row["decided_by"]) if row else None


async def drop_release_timer(scope: Scope, shop_id: UUID) -> None:
    """A report that stays until a person releases it."""
    await connection().execute(
        "DELETE FROM field.shop_timer WHERE affiliate_id = $1 AND shop_id = $2 AND kind = 'release'",
        scope.affiliate_id,
        shop_id,
    )


async def whom_to_tell(scope: Scope, shop_id: UUID, editor_id: UUID, most: int) -> list[tuple[UUID, bytes]]:
    """Who hears that a report did not leave by itself: account and sealed address."""
    rows = await connection().fetch(_WHOM, scope.affiliate_id, editor_id, most, shop_id)
    return [(row["id"], row["email"]) for row in rows]


async def find_release_moment(scope: Scope, shop_id: UUID) -> datetime | None:
    """When a report leaves by itself; None where it does not."""
    found: datetime | None = await connection().fetchval(
        "SELECT due_at FROM field.shop_timer WHERE affiliate_id = $1 AND shop_id = $2 AND kind = 'release'",
        scope.affiliate_id,
        shop_id,
    )
    return found
