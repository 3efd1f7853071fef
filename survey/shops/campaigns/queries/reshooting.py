"""Shops in the place of others: the one they come from, and the statement that makes them."""

from datetime import datetime
from uuid import UUID

from survey.db import NotFound, Scope, connection

from ..domain import Kin, Origin, bar_at
from .publishing import BARS

_ORIGIN = """
SELECT s.id, s.state, l.time_zone, s.daypart, s.window_start,
       coalesce(s.stretched_from, s.window_end) AS window_end, c.status = 'live' AS is_campaign_live,
       l.status = 'open' AS is_location_open, r.shop_id AS new_id, l.region, l.country, c.recording_mode,
       c.employee_id_mode, coalesce(n.jurisdictions, '{}') AS jurisdictions
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.staff_notice n ON n.id = c.staff_notice_id
  LEFT JOIN field.reshoot r ON r.origin_id = s.id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

_KIN = """
SELECT later.id AS new_id, later.public_ref AS new_ref, earlier.id AS origin_id, earlier.public_ref AS origin_ref
  FROM field.shop s
  LEFT JOIN field.reshoot again ON again.origin_id = s.id
  LEFT JOIN field.shop later ON later.id = again.shop_id
  LEFT JOIN field.reshoot instead ON instead.shop_id = s.id
  LEFT JOIN field.shop earlier ON earlier.id = instead.origin_id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

# What belongs to the visit is taken along, what belongs to its making is not; papers are those of today.
_MAKE = """
WITH made AS (
    INSERT INTO field.shop (affiliate_id, client_id, campaign_id, wave_id, location_id, scenario_id, guideline_id,
                            version_id, public_ref, daypart, window_start, window_end, fee_cents, bonus_cents,
                            reimbursement_cap_cents, currency, state, state_since, created_at)
    SELECT s.affiliate_id, s.client_id, s.campaign_id, s.wave_id, s.location_id, s.scenario_id, c.guideline_id,
           c.version_id, $3, s.daypart, $4, $5, s.fee_cents, s.bonus_cents, s.reimbursement_cap_cents, s.currency,
           'OPEN', $6, $6
      FROM field.shop s
      JOIN field.campaign c ON c.id = s.campaign_id
     WHERE s.affiliate_id = $1
       AND s.id = $2
    RETURNING id, affiliate_id, window_end
), timed AS (
    INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at)
    SELECT id, affiliate_id, 'window_ended', window_end FROM made
)
SELECT id FROM made
"""


async def origin_in(scope: Scope, shop_id: UUID) -> Origin:
    """A shop as far as making its visit anew needs it. Raises NotFound."""
    row = await connection().fetchrow(_ORIGIN, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("shop")
    found = dict(row)
    place = (found.pop("region"), found.pop("country"))
    bar = bar_at(place, *(found.pop(name) for name in BARS))
    return Origin(**found, bar=bar)


async def kin_of(scope: Scope, shop_id: UUID) -> Kin:
    """What stands in a shop's place, and in whose it stands. Raises NotFound."""
    row = await connection().fetchrow(_KIN, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("shop")
    return Kin(**dict(row))


async def make_reshoot(
    scope: Scope, origin_id: UUID, public_ref: str, window: tuple[datetime, datetime], now: datetime
) -> UUID:
    """An open shop like another, with its timer; its id. Whoever calls has locked the other one."""
    made: UUID = await connection().fetchval(_MAKE, scope.affiliate_id, origin_id, public_ref, *window, now)
    return made


async def untie_reshoot(scope: Scope, shop_id: UUID) -> None:
    """Forget in whose place a shop stood that is not made."""
    await connection().execute(
        "DELETE FROM field.reshoot WHERE affiliate_id = $1 AND shop_id = $2", scope.affiliate_id, shop_id
    )


async def tie_reshoot(scope: Scope, shop_id: UUID, origin_id: UUID, is_by_hand: bool, now: datetime) -> None:
    """Note in whose place a shop stands; a shop has one such at most."""
    await connection().execute(
        "INSERT INTO field.reshoot (shop_id, origin_id, affiliate_id, is_by_hand, made_at) VALUES ($1, $2, $3, $4, $5)",
        shop_id,
        origin_id,
        scope.affiliate_id,
        is_by_hand,
        now,
    )


async def write_fee(scope: Scope, shop_id: UUID, fee_cents: int) -> None:
    """What a shop pays that nobody has yet."""
    await connection().execute(
        "UPDATE field.shop SET fee_cents = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shop_id,
        fee_cents,
    )
