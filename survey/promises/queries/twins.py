"""What the two views of one visit need beside report and snapshot. Role.STAFF."""

from uuid import UUID

from asyncpg import Connection, Record

from survey.db import NotFound, Scope

_BESIDE = """
SELECT s.fee_cents, s.reimbursement_cap_cents, s.currency, p.display_code, c.time_precision, c.is_narrative_shown,
       c.employee_id_mode, c.picture_mode, c.receipt_mode, l.is_single_staffed,
       EXISTS (SELECT FROM field.check_in i WHERE i.report_id = n.id) AS is_checked_in,
       (SELECT count(*) FROM field.recording v WHERE v.report_id = n.id)::integer AS recordings
  FROM field.shop s
  JOIN field.report n ON n.shop_id = s.id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
  LEFT JOIN identity.shopper p ON p.id = a.shopper_id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

# Of the newest, those in which an editor has changed most come first: there is most to see.
_EXAMPLES = """
SELECT s.id AS shop_id, s.public_ref, l.name AS location_name, k.name AS client_name,
       (SELECT count(*) FROM field.report_edit e WHERE e.report_id = n.id AND e.origin = 'editor')::integer AS changes
  FROM (SELECT shop_id, released_at
          FROM release.shop_report
         WHERE affiliate_id = $1
           AND NOT is_superseded
           AND NOT is_on_hold
           AND withdrawn_at IS NULL
         ORDER BY released_at DESC
         LIMIT 200) AS r
  JOIN field.shop s ON s.id = r.shop_id
  JOIN field.report n ON n.shop_id = s.id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.client k ON k.id = s.client_id
 ORDER BY changes DESC, r.released_at DESC, s.id
 LIMIT $2
"""


async def beside(here: Connection, scope: Scope, shop_id: UUID) -> Record:
    """Pay, who made it, and what the campaign lets out. Raises NotFound."""
    row = await here.fetchrow(_BESIDE, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("report")
    return row


async def employees(here: Connection, scope: Scope, report_id: UUID) -> list[Record]:
    """The people of a version as the client reads them."""
    rows: list[Record] = await here.fetch(
        "SELECT token, role, name, description FROM release.shop_employee"
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY length(token), token",
        scope.affiliate_id, report_id,
    )  # fmt: skip
    return rows


async def count_pictures(here: Connection, scope: Scope, report_id: UUID) -> int:
    """How many pictures of a version the client has."""
    found: int = await here.fetchval(
        "SELECT count(*) FROM release.shop_picture WHERE affiliate_id = $1 AND report_id = $2",
        scope.affiliate_id, report_id,
    )  # fmt: skip
    return found


async def examples(here: Connection, scope: Scope, limit: int) -> list[Record]:
    """Some visits that a client reads now."""
    rows: list[Record] = await here.fetch(_EXAMPLES, scope.affiliate_id, limit)
    return rows
