"""One report with everything that stands beside it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection
from survey.shops.visits.domain import State

from ..domain import IN_VAIN_DAYS, Picture, Report
from .clock import DECIDE_BY, ON_HOLD_FOR

_REPORT = f"""
SELECT r.id, s.id AS shop_id, s.public_ref, s.state, s.is_on_hold, s.is_legal_hold, s.client_id, k.name AS client_name,
       s.campaign_id, c.name AS campaign_name, s.location_id, l.code AS location_code, l.name AS location_name,
       l.country, l.time_zone, l.opening_hours, s.daypart, s.window_start, s.window_end,
       sc.name AS scenario_name, sc.body AS scenario_body, g.number AS guideline_number, g.body AS guideline_body,
       r.version_id, q.definition, c.scoring, r.coded, r.outcome, r.reason AS not_done, r.time_in, r.time_out,
       r.receipt_cents, s.reimbursement_cap_cents, s.currency, r.started_at, r.submitted_at, s.editor_id, v.held_since,
       s.score_percent, s.grade, c.employee_id_mode, c.time_precision, l.is_single_staffed,
       c.is_narrative_shown, c.picture_mode, c.receipt_mode, v.coaching, v.proposed_words, s.revision AS shop_revision,
       coalesce(v.flags, '{{}}') AS flags, coalesce(v.proposed_reason, '') AS proposed_reason, v.proposed_by,
       coalesce(v.decision, '') AS decision, coalesce(v.reason, '') AS reason, v.decided_at, f.review_hours,
       coalesce(v.breakdown, '{{}}') AS breakdown, {ON_HOLD_FOR} AS on_hold_for, {DECIDE_BY} AS decide_by
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
  JOIN field.client k ON k.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.questionnaire_version q ON q.id = r.version_id
  JOIN field.affiliate f ON f.id = s.affiliate_id
  LEFT JOIN field.scenario sc ON sc.id = s.scenario_id
  LEFT JOIN field.guideline g ON g.id = s.guideline_id
  LEFT JOIN field.review v ON v.report_id = r.id
 WHERE s.affiliate_id = $1
   AND s.id = $2
   AND r.submitted_at IS NOT NULL
"""  # noqa: S608  (made of constants)

_PICTURES = """
SELECT e.id, e.kind, e.media_key, e.client_key, e.width, e.height, e.boxes, coalesce(p.state, '') AS review
  FROM field.evidence e
  LEFT JOIN field.picture_review p ON p.evidence_id = e.id
 WHERE e.affiliate_id = $1
   AND e.report_id = $2
 ORDER BY e.created_at, e.id
"""

# The place's last visits: what a score is compared with.
_EARLIER = """
SELECT s.public_ref, s.id AS shop_id, r.submitted_at, s.score_percent, s.state
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
 WHERE s.affiliate_id = $1
   AND s.location_id = $2
   AND s.id <> $3
   AND r.submitted_at < $4
 ORDER BY r.submitted_at DESC, s.id
 LIMIT 5
"""

# Whether the address that an editor signs in with is the one that the shopper gave this affiliate.
_MADE_BY = """
SELECT EXISTS (
    SELECT FROM identity.assignment a
      JOIN identity.shopper p ON p.id = a.shopper_id
     WHERE a.affiliate_id = $1 AND a.shop_id = $2 AND a.state IN ('offered', 'held', 'done') AND p.email_index = $3)
"""

# Once a report is handed in, one assignment stands; it outlives the profile's names. What a client was shown of a visit
# outlives the report: then the shop stands for it.
_WHOSE = """
SELECT coalesce(r.id, s.id) AS id, a.shopper_id
  FROM field.shop s
  LEFT JOIN field.report r ON r.shop_id = s.id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

_SAME_TEXT = """
SELECT EXISTS (
    SELECT FROM field.text_fingerprint f
     WHERE f.affiliate_id = $1 AND f.fingerprint = ANY ($2::bytea[]) AND f.report_id <> $3)
"""

# A report that went back (-1) has not come back by that. One that was approved, with which its first is forgotten, goes
# back as 0; what comes then is a first again.
# Of coming in vain rotation counts nothing, so that the same place may be taken again at once, with fee and costs.
_EVENTS = """
SELECT (SELECT coalesce(max(n.number) > 1 OR max(n.number) = 1 AND bool_or(n.number = 0), FALSE)
          FROM field.report_submission n
         WHERE n.report_id = $1) AS is_resent,
       i.latitude, i.longitude, i.accuracy_m, l.latitude AS place_latitude, l.longitude AS place_longitude,
       s.state IN ('SUBMITTED', 'IN_REVIEW') AND v.decision = 'returned' AND r.submitted_at < v.decided_at
       AS is_overdue,
       (SELECT a.assigned_at FROM identity.assignment a WHERE a.shop_id = s.id AND a.state IN ('held', 'done'))
       AS taken_at,
       EXISTS (
           SELECT FROM identity.assignment a
             JOIN identity.assignment b ON b.shopper_id = a.shopper_id AND b.shop_id <> a.shop_id AND b.state = 'done'
             JOIN field.shop o ON o.id = b.shop_id
            WHERE a.shop_id = s.id
              AND a.state IN ('held', 'done')
              AND o.location_id = s.location_id
              AND o.is_attempt
              AND o.state <> 'REJECTED'
              AND coalesce(a.planned_on, s.planned_on, s.last_day) - coalesce(b.planned_on, o.planned_on, o.last_day)
                  BETWEEN 0 AND coalesce(nullif((c.rotation ->> 'location_days')::integer, 0), $3)) AS has_come_in_vain
  FROM field.report r
  JOIN field.shop s ON s.id = r.shop_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.check_in i ON i.report_id = r.id
  LEFT JOIN field.review v ON v.report_id = r.id
 WHERE r.affiliate_id = $2
   AND r.id = $1
"""


class Around(NamedTuple):
    """What the flags need beside the report: where it was checked in, whether it came back in time.

    taken_at: when the shop became its shopper's. has_come_in_vain: whether the same person had an attempt accepted here
    not long before.
    """

    is_resent: bool
    latitude: Decimal | None
    longitude: Decimal | None
    accuracy_m: int | None
    place_latitude: float | None
    place_longitude: float | None
    is_overdue: bool | None
    taken_at: datetime | None
    has_come_in_vain: bool


class Maker(NamedTuple):
    """Who made a shop; name and address sealed."""

    id: UUID
    name: bytes
    email: bytes


class Earlier(NamedTuple):
    """An earlier visit to the same place."""

    public_ref: str
    shop_id: UUID
    submitted_at: datetime
    score_percent: Decimal | None
    state: str


async def report_in(scope: Scope, shop_id: UUID) -> Report:
    """The report of a shop that has been handed in at least once. Raises NotFound."""
    row = await connection().fetchrow(_REPORT, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("report")
    return Report(**(dict(row) | {"state": State(row["state"])}))


async def sealed_texts(scope: Scope, report_id: UUID) -> dict[str, bytes]:
    """The sealed words of a report by field."""
    rows = await connection().fetch(
        "SELECT question_id, sealed FROM field.report_text WHERE affiliate_id = $1 AND report_id = $2"
        " ORDER BY question_id",
        scope.affiliate_id,
        report_id,
    )
    return {row["question_id"]: row["sealed"] for row in rows}


async def pictures_of(scope: Scope, report_id: UUID) -> list[Picture]:
    """The pictures of a report, in their order."""
    rows = await connection().fetch(_PICTURES, scope.affiliate_id, report_id)
    return [Picture(**dict(row)) for row in rows]


async def edits_of(scope: Scope, report_id: UUID) -> list[Record]:
    """The changes to a report, the oldest first, sealed. Role.STAFF, or SHOPPER for one's own (without by_id)."""
    rows: list[Record] = await connection().fetch(
        "SELECT question_id, n, at, origin, old_coded, new_coded, old_sealed, new_sealed, reason"
        " FROM field.report_edit WHERE affiliate_id = $1 AND report_id = $2 ORDER BY at, question_id, n",
        scope.affiliate_id,
        report_id,
    )
    return rows


async def notes_of(scope: Scope, report_id: UUID) -> list[Record]:
    """The notes on a report, the oldest first, sealed."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, question_id, note, at, sent_at FROM field.report_note"
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY at, id",
        scope.affiliate_id,
        report_id,
    )
    return rows


async def mentions_of(scope: Scope, report_id: UUID) -> list[Record]:
    """The people of a report by token, sealed."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, token, role, name, description, purge_after FROM field.employee_mention"
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY length(token), token",
        scope.affiliate_id,
        report_id,
    )
    return rows


async def left_findings(scope: Scope, report_id: UUID) -> dict[tuple[str, bytes], Record]:
    """Findings that somebody has read and left, by question and fingerprint; the reason sealed."""
    rows = await connection().fetch(
        "SELECT question_id, fingerprint, by_id, left_at, reason FROM field.finding_left"
        " WHERE affiliate_id = $1 AND report_id = $2",
        scope.affiliate_id,
        report_id,
    )
    return {(row["question_id"], row["fingerprint"]): row for row in rows}


async def around(scope: Scope, report_id: UUID) -> Around:
    """What the flags need beside the report. Raises NotFound."""
    row = await connection().fetchrow(_EVENTS, report_id, scope.affiliate_id, IN_VAIN_DAYS)
    if row is None:
        raise NotFound("report")
    return Around(**dict(row))


async def has_same_text(scope: Scope, report_id: UUID, fingerprints: Sequence[bytes]) -> bool:
    """Whether another report of the affiliate tells one of the stories."""
    found: bool = await connection().fetchval(_SAME_TEXT, scope.affiliate_id, list(fingerprints), report_id)
    return found


async def earlier_at(scope: Scope, report: Report) -> list[Earlier]:
    """The last visits to the place before this one."""
    rows = await connection().fetch(
        _EARLIER, scope.affiliate_id, report.location_id, report.shop_id, report.submitted_at
    )
    return [Earlier(**dict(row)) for row in rows]


async def is_made_by(scope: Scope, shop_id: UUID, email_index: bytes) -> bool:
    """Whether the shop was made by whoever has this address, as the affiliate's shoppers are found by it."""
    found: bool = await connection().fetchval(_MADE_BY, scope.affiliate_id, shop_id, email_index)
    return found


async def whose(scope: Scope, shop_id: UUID) -> tuple[UUID, UUID | None]:
    """The report of a shop (the shop, once that is gone), and whose it is, if anybody's still. Raises NotFound."""
    row = await connection().fetchrow(_WHOSE, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("report")
    return row["id"], row["shopper_id"]


async def maker_of(scope: Scope, shop_id: UUID) -> Maker | None:
    """Whoever made the shop, sealed; None once the person is gone."""
    row = await connection().fetchrow(
        "SELECT p.id, p.name, p.email FROM identity.assignment a JOIN identity.shopper p ON p.id = a.shopper_id"
        " WHERE a.affiliate_id = $1 AND a.shop_id = $2 AND a.state IN ('held', 'done')",
        scope.affiliate_id,
        shop_id,
    )
    return Maker(**dict(row)) if row else None


async def sealed_editors(scope: Scope, account_ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, bytes]]:
    """Sealed address and name of colleagues, by account."""
    rows = await connection().fetch(
        "SELECT id, email, name FROM identity.account WHERE affiliate_id = $1 AND id = ANY ($2::uuid[])",
        scope.affiliate_id,
        list(account_ids),
    )
    return {row["id"]: (row["email"], row["name"]) for row in rows}


async def decision_of(scope: Scope, shop_id: UUID) -> Mapping[str, object] | None:
    """What was decided of a shopper's own report, sealed; no decision while nobody has decided. Role.SHOPPER."""
    row = await connection().fetchrow(
        "SELECT r.id AS report_id, coalesce(v.decision, '') AS decision, coalesce(v.reason, '') AS reason,"
        " v.decided_at, coalesce(v.breakdown, '{}') AS breakdown, v.coaching, s.grade, s.public_ref, s.state,"
        " s.currency, s.is_on_hold, coalesce(field.time_held(s.id, v.decided_at), '0') AS on_hold_for, q.definition,"
        " l.time_zone FROM field.report r JOIN field.shop s ON s.id = r.shop_id JOIN field.location l"
        " ON l.id = s.location_id"
        " JOIN field.questionnaire_version q ON q.id = r.version_id LEFT JOIN field.review v ON v.report_id = r.id"
        " WHERE r.affiliate_id = $1 AND r.shop_id = $2 AND r.submitted_at IS NOT NULL",
        scope.affiliate_id,
        shop_id,
    )
    return dict(row) if row else None
