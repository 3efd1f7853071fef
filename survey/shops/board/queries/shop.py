"""What one shop and one shopper have to do with one another."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from survey.db import NotFound, Scope, connection

from .asked import state_shown

_STANDING = f"""
SELECT s.state,
       s.planned_on,
       l.latitude,
       l.longitude,
       a.state AS assignment,
       coalesce(a.is_override, false) AS is_override,
       (SELECT t.due_at FROM field.shop_timer t WHERE t.shop_id = s.id AND t.kind = 'offer_timeout') AS answer_by,
       p.id AS application_id,
       {state_shown("$4")} AS application,
       p.proposed_on,
       p.reason
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.shopper_id = $3 AND a.state IN ('offered', 'held', 'done')
   AND (a.shown_from IS NULL OR a.shown_from <= $4)
  LEFT JOIN LATERAL (
       SELECT id, state, proposed_on, reason, decided_at
         FROM identity.application
        WHERE shop_id = s.id AND shopper_id = $3
        ORDER BY (state = 'SUBMITTED') DESC, created_at DESC, id DESC
        LIMIT 1) AS p ON true
 WHERE s.affiliate_id = $1
   AND s.id = $2
   AND s.state <> 'DRAFT'
"""  # noqa: S608

# What two requests at once must not both count as free: the place's days, and those of the household. In one order.
_LOCKS = """
SELECT pg_advisory_xact_lock(each.key)
  FROM (SELECT hashtextextended('shops at ' || s.location_id, 0) AS key
          FROM field.shop s
         WHERE s.affiliate_id = $1 AND s.id = $2
         UNION
        SELECT hashtextextended('shops of ' || coalesce(encode(p.household_index, 'hex'), p.id::text), 0)
          FROM identity.shopper p
         WHERE p.affiliate_id = $1 AND p.id = $3
         UNION
        SELECT hashtextextended('shops of ' || $3::text, 0)
         ORDER BY 1) AS each
"""

_HAD = """
SELECT EXISTS (SELECT FROM identity.assignment a
                WHERE a.affiliate_id = $1 AND a.shop_id = $2 AND a.shopper_id = $3
                  AND (a.shown_from IS NULL OR a.shown_from <= $4 AND coalesce(a.ended_at >= a.shown_from, true)))
    OR EXISTS (SELECT FROM identity.application WHERE affiliate_id = $1 AND shop_id = $2 AND shopper_id = $3)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a shop stands to a shopper. assignment: offered, held, done, or None; is_override: staff set rules aside for
    it; the application that counts.
    """

    state: str
    planned_on: date | None
    latitude: float | None
    longitude: float | None
    assignment: str | None
    is_override: bool
    answer_by: datetime | None
    application_id: UUID | None
    application: str | None
    proposed_on: date | None
    reason: str | None


async def standing_of(scope: Scope, shop_id: UUID, now: datetime) -> Standing:
    """How a shop stands to the shopper, who sees nothing that can still be undone.

    Raises NotFound, also for what is not published.
    """
    row = await connection().fetchrow(_STANDING, scope.affiliate_id, shop_id, scope.shopper_id, now)
    if row is None:
        raise NotFound("shop")
    return Standing(**dict(row))


async def wait_in_line(scope: Scope, shop_id: UUID) -> None:
    """Let nobody else count the same place's or the same household's shops until this transaction ends."""
    await connection().execute(_LOCKS, scope.affiliate_id, shop_id, scope.shopper_id)


async def had_to_do_with(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Whether the shopper has or had the shop, or asked for it."""
    had: bool = await connection().fetchval(_HAD, scope.affiliate_id, shop_id, scope.shopper_id, now)
    return had


async def client_of(scope: Scope, shop_id: UUID) -> UUID | None:
    """Whose place a shop is at."""
    found: UUID | None = await connection().fetchval(
        "SELECT client_id FROM field.shop WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, shop_id
    )
    return found
