"""The shopper's own shops. A household's visits are visible to its members for rotation: each statement names one."""

from datetime import UTC, date
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.shops.visits.domain import State

from ..domain import Mine

MOST = 200

_MINE = """
SELECT a.id AS assignment_id, s.id AS shop_id, s.public_ref, s.state, s.is_on_hold, k.name AS client, c.kind,
       l.name AS place, l.street, l.city, l.time_zone, s.planned_on, s.window_start, s.window_end, s.due_at,
       c.grace_hours, s.fee_cents + s.bonus_cents AS pay_cents, s.bonus_cents, s.reimbursement_cap_cents,
       s.currency, c.pay_days, i.state AS pay_state, i.promised_on, i.paid_on,
       t.due_at AS answer_by, a.round_id, a.round_place,
       EXISTS (SELECT FROM identity.extension e WHERE e.assignment_id = a.id AND e.state = 'ASKED')
           AS is_extension_asked
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
  JOIN field.client k ON k.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN identity.pay_item i ON i.shop_id = s.id AND i.shopper_id = a.shopper_id
  LEFT JOIN field.shop_timer t ON t.shop_id = s.id AND t.kind IN ('offer_timeout', 'return_timeout')
 WHERE a.affiliate_id = $1
   AND a.shopper_id = $2
   AND a.state IN ('offered', 'held', 'done')
"""

_OPEN = f"""{_MINE}
   AND s.state IN ('OFFERED', 'ASSIGNED', 'IN_PROGRESS', 'RETURNED', 'SUBMITTED', 'IN_REVIEW')
 ORDER BY s.window_end, s.id
 LIMIT $3
"""

_DONE = f"""{_MINE}
   AND s.state IN ('APPROVED', 'RELEASED', 'CLOSED', 'EXCLUDED', 'REJECTED')
   AND ($3::date IS NULL OR (coalesce(s.planned_on, (s.window_end AT TIME ZONE 'UTC')::date), s.id) < ($3, $4::uuid))
 ORDER BY coalesce(s.planned_on, (s.window_end AT TIME ZONE 'UTC')::date) DESC, s.id DESC
 LIMIT $5
"""


async def open_shops(scope: Scope) -> list[Mine]:
    """What is offered, to be made, back again or with the editors. Nobody holds more than the limit of a profile."""
    rows = await connection().fetch(_OPEN, scope.affiliate_id, scope.shopper_id, MOST)
    return [_mine(row) for row in rows]


async def done_shops(scope: Scope, keyset: Keyset) -> Paged[Mine]:
    """One page of what is decided, the latest visit first. Raises BadCursor."""
    after = keyset.after_as(tuple[date, UUID]) or (None, None)
    rows = await connection().fetch(_DONE, scope.affiliate_id, scope.shopper_id, *after, keyset.rows_to_fetch)
    return paged([_mine(row) for row in rows], keyset, _place)


async def own_shop(scope: Scope, shop_id: UUID) -> Mine:
    """A shop that the shopper has or made. Raises NotFound."""
    row = await connection().fetchrow(f"{_MINE} AND s.id = $3", scope.affiliate_id, scope.shopper_id, shop_id)
    if row is None:
        raise NotFound("shop")
    return _mine(row)


def _place(mine: Mine) -> tuple[date, UUID]:
    """Where a shop stands in the order."""
    return mine.planned_on or mine.window_end.astimezone(UTC).date(), mine.shop_id


def _mine(row: Record) -> Mine:
    return Mine(**(dict(row) | {"state": State(row["state"])}))
