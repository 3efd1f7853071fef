"""Who is to hear of an appeal that came in, or of an action plan: staff, and a client's people nearest the place."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from survey.accounts import service as accounts
from survey.db import connection

from ..domain import DUE_SOON_DAYS, OVERDUE_DAYS, PLAN_KIND, RAISED_KIND

_STANDING = """
EXISTS (
    SELECT FROM release.shop_report r
     WHERE r.report_ref = {table}.report_ref AND NOT r.is_superseded AND r.withdrawn_at IS NULL AND NOT r.is_on_hold)
"""

_RAISED = f"""
WITH fresh AS (
    SELECT a.id, a.affiliate_id, a.client_id, md5(a.id::text || 'raised')::uuid AS occasion
      FROM release.appeal a
     WHERE a.state = 'NEW'
       AND a.raised_at > $1
       AND {_STANDING.format(table="a")}
)
SELECT f.affiliate_id, v.id AS account_id, f.occasion, f.id AS about_id, 'NEW' AS what
  FROM fresh f
  JOIN identity.account v ON v.affiliate_id = f.affiliate_id AND v.role IN ('affiliate_admin', 'manager', 'editor')
   AND v.status = 'active'
 WHERE {accounts.works_for("v", "f.client_id")}
   AND NOT EXISTS (
       SELECT FROM ops.delivery d WHERE d.campaign_id = f.occasion AND d.recipient_id = v.id AND d.kind = $2)
 ORDER BY f.affiliate_id, f.occasion, v.id
 LIMIT $3
"""  # noqa: S608  (made of constants)

# What there is to say of plans now. A plan that gets another day may be due anew; one that was sent back is so once,
# however often its draft is saved since.
_NEWS = f"""
SELECT p.id, p.affiliate_id, p.client_id, p.node_path, handed.by_path, n.what,
       md5(p.id::text || n.what || n.stamp)::uuid AS occasion
  FROM release.action_plan p
  LEFT JOIN LATERAL (SELECT max(e.at) AS at
                       FROM release.action_plan_event e
                      WHERE e.plan_id = p.id AND e.event = 'return' AND p.state = 'RETURNED') AS back ON true
  LEFT JOIN LATERAL (SELECT e.by_path
                       FROM release.action_plan_event e
                      WHERE e.plan_id = p.id AND e.event = 'submit'
                      ORDER BY e.at DESC
                      LIMIT 1) AS handed ON true
 CROSS JOIN LATERAL (VALUES
       ('opened', p.state = 'OPEN' AND p.created_at > $1, p.created_at::text),
       ('handed_in', p.state = 'SUBMITTED' AND p.changed_at > $1, p.changed_at::text),
       ('returned', back.at > $1, back.at::text),
       ('due_soon', p.state IN ('OPEN', 'RETURNED') AND p.due_on BETWEEN $2::date AND $2::date + $3::integer,
        p.due_on::text),
       ('overdue', p.state IN ('OPEN', 'RETURNED') AND p.due_on BETWEEN $2::date - $4::integer AND $2::date - 1,
        p.due_on::text),
       ('closed', p.state = 'RESOLVED' AND p.changed_at > $1, p.changed_at::text)) AS n (what, is_so, stamp)
 WHERE n.is_so
   AND {_STANDING.format(table="p")}
"""  # noqa: S608  (made of constants)

# Of those who read the place and want such mail, whoever is nearest to it: the store's manager, or the next above.
# What was handed in is for the nearest above: nobody judges a plan of their own place, and whose people handed it in
# for a place below know of it.
_PLANS = f"""
WITH news AS ({_NEWS}),
reached AS (
    SELECT n.affiliate_id, v.id AS account_id, n.occasion, n.id AS about_id, n.what,
           rank() OVER (PARTITION BY n.occasion ORDER BY length(l.path) DESC) AS distance
      FROM news n
      JOIN identity.account v ON v.affiliate_id = n.affiliate_id AND v.client_id = n.client_id
       AND v.role = 'client_viewer' AND v.status = 'active' AND v.report_mail <> 'never'
      JOIN field.location l ON l.id = v.location_id AND starts_with(n.node_path, l.path)
       AND (n.what <> 'handed_in' OR (l.path <> n.node_path AND l.path IS DISTINCT FROM n.by_path))
)
SELECT t.affiliate_id, t.account_id, t.occasion, t.about_id, t.what
  FROM reached t
 WHERE t.distance = 1
   AND NOT EXISTS (
       SELECT FROM ops.delivery d WHERE d.campaign_id = t.occasion AND d.recipient_id = t.account_id AND d.kind = $5)
 ORDER BY t.affiliate_id, t.occasion, t.account_id
 LIMIT $6
"""  # noqa: S608  (made of constants)

_PLAN_NOW = f"""
SELECT p.id, p.report_ref, p.state, p.due_on
  FROM release.action_plan p
 WHERE p.id = ANY ($1::uuid[])
   AND {_STANDING.format(table="p")}
"""  # noqa: S608  (made of constants)


class News(NamedTuple):
    """Somebody who is to hear of something: an appeal or a plan, and what there is to say of it."""

    affiliate_id: UUID
    account_id: UUID
    occasion: UUID
    about_id: UUID
    what: str


class PlanNow(NamedTuple):
    """A plan as it is when its mail is written."""

    report_ref: UUID
    state: str
    due_on: date


async def raised_appeals(since: datetime, limit: int) -> list[News]:
    """Staff who can decide about an appeal that came in since, and have not been told. Role.WORKER."""
    return [News(*row) for row in await connection().fetch(_RAISED, since, RAISED_KIND, limit)]


async def plan_news(since: datetime, today: date, limit: int) -> list[News]:
    """A client's people who are to hear of a plan.

    It was opened, handed in, sent back or closed, or is due soon or overdue. Role.WORKER.
    """
    rows = await connection().fetch(_PLANS, since, today, DUE_SOON_DAYS, OVERDUE_DAYS, PLAN_KIND, limit)
    return [News(*row) for row in rows]


async def plans_now(here: Connection, plan_ids: Sequence[UUID]) -> dict[UUID, PlanNow]:
    """Plans whose reports still stand. Role.WORKER."""
    return {row["id"]: PlanNow(*row[1:]) for row in await here.fetch(_PLAN_NOW, list(plan_ids))}
