"""The shopper's own shops, but none that can still be undone.

A household's visits are visible to its members for rotation: each statement names one.
"""

from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.shops.visits.domain import State

from ..domain import Mine

MOST = 200

_MINE = """
SELECT a.id AS assignment_id, s.id AS shop_id, s.public_ref, s.state, s.is_on_hold, k.name AS client, c.kind,
       l.name AS place, l.street, l.city, l.time_zone, s.planned_on, s.window_start, s.window_end, s.stretched_from,
       s.due_at, c.grace_hours, s.fee_cents + s.bonus_cents AS pay_cents, s.bonus_cents, s.reimbursement_cap_cents,
       s.currency, c.pay_days, i.state AS pay_state, i.promised_on, i.paid_on,
       i.reimbursement_cents AS paid_back_cents,
       t.due_at AS answer_by, a.round_id, a.round_place,
       s.state IN ('ASSIGNED', 'IN_PROGRESS')
           AND EXISTS (SELECT FROM identity.extension e WHERE e.assignment_id = a.id AND e.state = 'ASKED')
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
   AND (a.shown_from IS NULL OR a.shown_from <= $3)
"""

_OPEN = f"""{_MINE}
   AND s.state IN ('OFFERED', 'ASSIGNED', 'IN_PROGRESS', 'RETURNED', 'SUBMITTED', 'IN_REVIEW')
 ORDER BY s.window_end, s.id
 LIMIT $4
"""

_DONE = f"""{_MINE}
   AND s.state IN ('APPROVED', 'RELEASED', 'CLOSED', 'EXCLUDED', 'REJECTED')
   AND ($4::date IS NULL OR (coalesce(s.planned_on, s.last_day), s.id) < ($4, $5::uuid))
 ORDER BY coalesce(s.planned_on, s.last_day) DESC, s.id DESC
 LIMIT $6
"""


async def open_shops(scope: Scope, now: datetime) -> list[Mine]:
    """What is offered, to be made, back again or with the editors. Nobody holds more than the limit of a profile."""
    rows = await connection().fetch(_OPEN, scope.affiliate_id, scope.shopper_id, now, MOST)
    return [_mine(row) for row in rows]


async def done_shops(scope: Scope, keyset: Keyset, now: datetime) -> Paged[Mine]:
    """One page of what is decided, the latest visit first. Raises BadCursor."""
    after = keyset.after_as(tuple[date, UUID]) or (None, None)
    rows = await connection().fetch(_DONE, scope.affiliate_id, scope.shopper_id, now, *after, keyset.rows_to_fetch)
    return paged([_mine(row) for row in rows], keyset, _place)


async def own_shop(scope: Scope, shop_id: UUID, now: datetime) -> Mine:
    """A shop that the shopper has or made. Raises NotFound."""
    row = await connection().fetchrow(f"{_MINE} AND s.id = $4", scope.affiliate_id, scope.shopper_id, now, shop_id)
    if row is None:
        raise NotFound("shop")
    return _mine(row)


def _place(mine: Mine) -> tuple[date, UUID]:
    """Where a shop stands in the order."""
    return mine.day, mine.shop_id


def _mine(row: Record) -> Mine:
    return Mine(**(dict(row) | {"state": State(row["state"])}))
