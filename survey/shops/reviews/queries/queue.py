"""The editors' queue: what waits, by the clock, and how much of it."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, Paged, Scope, connection, paged
from survey.shops.visits.domain import State

from ..domain import IN_QUEUE, Counts, Queued, QueueFilter
from .clock import DECIDE_BY, ON_HOLD_FOR

_QUEUE = f"""
SELECT s.id AS shop_id, s.public_ref, s.state, k.name AS client_name, c.name AS campaign_name,
       l.code AS location_code, l.name AS location_name, r.submitted_at, s.editor_id, v.held_since,
       coalesce(v.flags, '{{}}') AS flags, s.score_percent, s.is_on_hold, s.is_legal_hold, v.proposed_by,
       r.id AS report_id, f.review_hours, {ON_HOLD_FOR} AS on_hold_for,
       {DECIDE_BY} AS decide_by
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
  JOIN field.client k ON k.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.affiliate f ON f.id = s.affiliate_id
  LEFT JOIN field.review v ON v.report_id = r.id
 WHERE s.affiliate_id = $1
   AND r.submitted_at IS NOT NULL
   AND s.state = ANY ($2::text[])
   AND ($3::timestamptz IS NULL OR (r.submitted_at, r.id) > ($3, $4::uuid))
"""  # noqa: S608  (made of constants)
_OLDEST = " ORDER BY r.submitted_at, r.id LIMIT $5"

# Few shops were ever on hold: how long is asked for those alone, a call for each would be felt.
_DUE = f"coalesce({DECIDE_BY}, r.submitted_at + make_interval(hours => f.review_hours))"
_COUNTS = f"""
SELECT s.state, count(*) AS reports,
       count(*) FILTER (WHERE s.state IN ('SUBMITTED', 'IN_REVIEW')
                              AND NOT s.is_on_hold
                              AND {_DUE} < $3
                              AND (s.id NOT IN (SELECT h.shop_id FROM field.hold_spell h WHERE h.affiliate_id = $1)
                                   OR {_DUE} + {ON_HOLD_FOR} < $3)) AS late
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
  JOIN field.affiliate f ON f.id = s.affiliate_id
  LEFT JOIN field.review v ON v.report_id = r.id AND v.decide_by IS NOT NULL
 WHERE s.affiliate_id = $1
   AND r.submitted_at IS NOT NULL
   AND s.state = ANY ($2::text[])
"""  # noqa: S608  (made of constants)
_BY_STATE = " GROUP BY s.state"
_FLAGGED = "EXISTS (SELECT FROM field.review w WHERE w.report_id = r.id AND {} = ANY (w.flags))"

# What has waited longest, so that nobody looks for it in the list.
_NEXT = """
SELECT s.id
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
 WHERE s.affiliate_id = $1
   AND s.state = 'SUBMITTED'
   AND NOT s.is_on_hold
   AND s.id <> $2
   AND r.submitted_at IS NOT NULL
 ORDER BY r.submitted_at, r.id
 LIMIT 1
"""

# What has been handed in since it was last looked through, whoever's it is.
_UNSEEN = """
SELECT s.id AS shop_id, s.affiliate_id
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
  LEFT JOIN field.review v ON v.report_id = r.id
 WHERE s.state = 'SUBMITTED'
   AND (v.flagged_at IS NULL OR v.flagged_at < greatest(r.submitted_at, s.state_since))
 ORDER BY r.submitted_at, r.id
 LIMIT $1
"""


async def queue_of(scope: Scope, wanted: QueueFilter, keyset: Keyset) -> Paged[Queued]:
    """One page of the queue, what has waited longest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    words, values = _narrowed(wanted, scope.affiliate_id, list(wanted.states), *after, keyset.rows_to_fetch)
    rows = await connection().fetch(_QUEUE + words + _OLDEST, *values)
    page = paged(rows, keyset, lambda row: (row["submitted_at"], row["report_id"]))
    return Paged([_queued(row) for row in page.rows], page.next_cursor)


async def counts_of(scope: Scope, wanted: QueueFilter, now: datetime) -> Counts:
    """How many of the narrowed reports stand where, whatever states are shown, and how many are late."""
    words, values = _narrowed(wanted, scope.affiliate_id, [state.value for state in IN_QUEUE], now)
    rows = await connection().fetch(_COUNTS + words + _BY_STATE, *values)
    return Counts({row["state"]: row["reports"] for row in rows}, sum(row["late"] for row in rows))


async def find_next_waiting(scope: Scope, shop_id: UUID) -> UUID | None:
    """The shop, another than this one, whose report has waited longest for an editor and is not on hold."""
    found: UUID | None = await connection().fetchval(_NEXT, scope.affiliate_id, shop_id)
    return found


async def unseen_reports(limit: int) -> list[tuple[UUID, UUID]]:
    """Affiliate and shop of reports that wait and were not looked through yet. Role.WORKER."""
    rows = await connection().fetch(_UNSEEN, limit)
    return [(row["affiliate_id"], row["shop_id"]) for row in rows]


async def campaigns_in_queue(scope: Scope) -> list[tuple[UUID, str]]:
    """Campaigns with reports that wait or are being read: id and name, by name."""
    rows = await connection().fetch(
        "SELECT DISTINCT c.id, c.name FROM field.campaign c JOIN field.shop s ON s.campaign_id = c.id"
        " WHERE c.affiliate_id = $1 AND s.state = ANY ($2::text[]) ORDER BY c.name, c.id LIMIT 200",
        scope.affiliate_id,
        [State.SUBMITTED.value, State.IN_REVIEW.value, State.RETURNED.value],
    )
    return [(row["id"], row["name"]) for row in rows]


def _narrowed(wanted: QueueFilter, *values: object) -> tuple[str, list[object]]:
    """Conditions for what is asked, with their values after those given.

    What is not asked is not written: a plan that serves whatever might be asked costs five times as much.
    """
    asked = {
        "s.client_id = {}": wanted.client_id,
        "s.campaign_id = {}": wanted.campaign_id,
        _FLAGGED: wanted.flag,
        "s.editor_id = {}": wanted.held_by,
    }
    found = {words: value for words, value in asked.items() if value}
    places = range(len(values) + 1, len(values) + len(found) + 1)
    words = "".join(f" AND {each.format(f'${place}')}" for each, place in zip(found, places, strict=True))
    return words, [*values, *found.values()]


def _queued(row: Record) -> Queued:
    return Queued(**{name: value for name, value in dict(row).items() if name != "report_id"})
