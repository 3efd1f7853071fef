"""The shop that a shopper holds, with all that their pages say of it."""

from uuid import UUID

import msgspec

from survey.db import NotFound, Scope, connection
from survey.shops.campaigns.domain import Scoring
from survey.shops.visits.domain import State

from ..domain import Held

# Theirs is a shop with an assignment that stands, and one of which only a draft is left.
_HELD = """
SELECT s.id,
       s.affiliate_id,
       s.public_ref,
       s.state,
       s.is_on_hold,
       a.id IS NOT NULL AS holds,
       c.name AS campaign,
       c.kind,
       k.name AS client,
       l.name AS location,
       array_remove(ARRAY[l.street, l.city, l.region, l.postal_code], '') AS address,
       l.time_zone,
       l.opening_hours,
       s.daypart,
       s.window_start,
       s.window_end,
       coalesce(s.planned_on, a.planned_on) AS planned_on,
       s.due_at,
       c.grace_hours,
       s.fee_cents,
       s.bonus_cents,
       s.reimbursement_cap_cents,
       c.attempt_fee_cents,
       c.is_attempt_repaid,
       s.currency,
       c.pay_days,
       i.state AS pay_state,
       i.promised_on,
       i.paid_on,
       i.reimbursement_cents AS paid_back_cents,
       coalesce(p.name, '') AS scenario,
       coalesce(p.body, '') AS scenario_body,
       s.guideline_id,
       c.guideline_id AS guideline_in_force_id,
       EXISTS (SELECT FROM identity.guideline_reading y WHERE y.guideline_id = c.guideline_id AND y.shopper_id = $3)
           AS has_read_in_force,
       c.recording_mode,
       l.region,
       l.country,
       coalesce(s.version_id, c.version_id) AS version_id,
       coalesce(d.report_id, r.id) AS report_id,
       a.shown_from,
       t.due_at AS return_by,
       c.scoring,
       c.employee_id_mode,
       c.time_precision,
       c.is_narrative_shown,
       l.is_single_staffed
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.client k ON k.id = s.client_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.scenario p ON p.id = s.scenario_id
  LEFT JOIN identity.assignment a
    ON a.shop_id = s.id AND a.shopper_id = $3 AND a.state IN ('offered', 'held', 'done')
  LEFT JOIN identity.pay_item i ON i.shop_id = s.id AND i.shopper_id = $3
  LEFT JOIN identity.draft d ON d.shop_id = s.id AND d.shopper_id = $3
  LEFT JOIN field.report r ON r.shop_id = s.id AND a.id IS NOT NULL
  LEFT JOIN field.shop_timer t ON t.shop_id = s.id AND t.kind = 'return_timeout'
 WHERE s.affiliate_id = $1
   AND s.id = $2
   AND (a.id IS NOT NULL OR d.report_id IS NOT NULL)
"""


async def held_in(scope: Scope, shop_id: UUID) -> Held:
    """A shop that the shopper holds, has made, or has a draft of. Raises NotFound."""
    row = await connection().fetchrow(_HELD, scope.affiliate_id, shop_id, scope.shopper_id)
    if row is None:
        raise NotFound("shop")
    values = dict(row)
    values["scoring"] = msgspec.convert(values["scoring"], Scoring)
    values["address"] = tuple(values["address"])
    return Held(**values | {"state": State(values["state"])})
