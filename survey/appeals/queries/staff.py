"""Appeals as staff: the queue, the relay, the decision."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import OPEN, OURS, Appeal, AppealState
from .client import appeal_of

_LINE = """
SELECT a.id, a.report_ref, a.node_path, a.question_id, a.issue, a.state, a.raised_at, a.changed_at, a.decided_on,
       a.outcome, a.score_before, a.score_after, r.shop_id, r.node_name, r.node_code, r.client_name, r.campaign_name,
       r.wave_label, r.score, s.is_legal_hold, s.is_on_hold,
       t.since + make_interval(hours => f.review_hours) + field.time_held(s.id, t.since) AS due_at, r.snapshot
  FROM release.appeal a
  JOIN release.shop_report r ON r.report_ref = a.report_ref AND NOT r.is_superseded
  JOIN field.shop s ON s.id = r.shop_id
  JOIN field.affiliate f ON f.id = a.affiliate_id
 CROSS JOIN LATERAL (SELECT coalesce(a.turn_since, a.raised_at) AS since) AS t
"""

_QUEUE = f"""{_LINE}
 WHERE a.affiliate_id = $1
   AND a.state = ANY ($2::text[])
   AND (r.withdrawn_at IS NULL OR a.state = 'RECALLED')
   AND ($3::timestamptz IS NULL OR (a.raised_at, a.id) > ($3, $4::uuid))
 ORDER BY a.raised_at, a.id
 LIMIT $5
"""

# What waits for the affiliate, by when it should have answered; before: only what should have been by then.
_BY_DUE = f"""
SELECT q.*
  FROM ({_LINE}
 WHERE a.affiliate_id = $1
   AND a.state = ANY ($2::text[])
   AND r.withdrawn_at IS NULL) q
 WHERE ($6::timestamptz IS NULL OR q.due_at < $6 AND NOT q.is_on_hold)
   AND ($3::timestamptz IS NULL OR (q.due_at, q.id) > ($3, $4::uuid))
 ORDER BY q.due_at, q.id
 LIMIT $5
"""  # noqa: S608  (made of constants)

_COUNT_LATE = f"""
SELECT count(*)
  FROM ({_LINE}
 WHERE a.affiliate_id = $1
   AND a.state = ANY ($2::text[])
   AND r.withdrawn_at IS NULL) q
 WHERE q.due_at < $3
   AND NOT q.is_on_hold
"""  # noqa: S608  (made of constants)

_MOVE = """
UPDATE release.appeal
   SET state = $3, changed_at = $4
 WHERE affiliate_id = $1
   AND id = $2
"""

_DECIDE = """
UPDATE release.appeal
   SET state = $3, changed_at = $4, decided_on = $5, outcome = $6, score_before = $7, score_after = $8
 WHERE affiliate_id = $1
   AND id = $2
"""

# A shop stays open as long as one appeal against it is; nobody can close over one that has not been taken in yet.
_RELEASE_SHOP = """
UPDATE field.shop s
   SET is_appeal_open = EXISTS (
           SELECT FROM release.appeal a
             JOIN release.shop_report r ON r.report_ref = a.report_ref
            WHERE r.shop_id = s.id AND r.withdrawn_at IS NULL AND a.state = ANY ($3::text[])),
       revision = revision + 1
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""


class Line(NamedTuple):
    """An appeal with the shop it is about, and what the client reads of the question. Staff alone know the shop.

    due_at: until when the affiliate should answer, from when it was its turn, without what holds took.
    """

    appeal: Appeal
    shop_id: UUID
    node_name: str
    node_code: str
    client_name: str
    campaign_name: str
    wave_label: str
    score: Decimal | None
    is_legal_hold: bool
    is_on_hold: bool
    due_at: datetime
    answer: dict[str, Any]

    @property
    def is_ours(self) -> bool:
        """Whether it waits for the affiliate, whose clock runs."""
        return self.appeal.state in OURS

    def is_late(self, now: datetime) -> bool:
        """Whether the affiliate should have answered by now. What is on hold waits for nobody."""
        return self.is_ours and not self.is_on_hold and self.due_at < now


async def queue_of(scope: Scope, states: Sequence[str], keyset: Keyset) -> Paged[Line]:
    """Appeals in these states, the longest waiting first."""
    at, last_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_QUEUE, scope.affiliate_id, list(states), at, last_id, keyset.rows_to_fetch)
    return paged([_line(row) for row in rows], keyset, lambda line: (line.appeal.raised_at, line.appeal.id))


async def queue_by_due(scope: Scope, late_at: datetime | None, keyset: Keyset) -> Paged[Line]:
    """Appeals that wait for the affiliate, by when it should answer; late_at: only those that are late by then."""
    at, last_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        _BY_DUE, scope.affiliate_id, list(OURS), at, last_id, keyset.rows_to_fetch, late_at
    )  # fmt: skip
    return paged([_line(row) for row in rows], keyset, lambda line: (line.due_at, line.appeal.id))


async def count_late(scope: Scope, now: datetime) -> int:
    """How many appeals the affiliate should have answered by now."""
    found: int = await connection().fetchval(_COUNT_LATE, scope.affiliate_id, list(OURS), now)
    return found


async def line_in(scope: Scope, appeal_id: UUID, *, lock: bool = False) -> Line:
    """One appeal; locked, nobody else decides it meanwhile. Raises NotFound."""
    end = " FOR UPDATE OF a" if lock else ""
    row = await connection().fetchrow(
        f"{_LINE} WHERE a.affiliate_id = $1 AND a.id = $2{end}", scope.affiliate_id, appeal_id
    )
    if row is None:
        raise NotFound("appeal")
    return _line(row)


async def move(scope: Scope, appeal_id: UUID, state: AppealState, now: datetime) -> None:
    """Write where an appeal stands."""
    await connection().execute(_MOVE, scope.affiliate_id, appeal_id, state, now)


async def decide(
    scope: Scope, appeal: Appeal, outcome: str, scores: tuple[Decimal | None, Decimal | None], now: datetime
) -> None:
    """Write how an appeal ended; appeal: as it is now. scores: before and after, where it changed something."""
    decided_on: date = now.date()
    await connection().execute(
        _DECIDE, scope.affiliate_id, appeal.id, appeal.state, now, decided_on, outcome, *scores
    )  # fmt: skip


async def write_appeal_flag(scope: Scope, shop_id: UUID) -> None:
    """Whether an appeal against the shop is open."""
    await connection().execute(_RELEASE_SHOP, scope.affiliate_id, shop_id, list(OPEN))


async def approver_of(scope: Scope, shop_id: UUID) -> UUID | None:
    """The account that approved a shop's report."""
    found: UUID | None = await connection().fetchval(
        "SELECT decided_by FROM field.review WHERE affiliate_id = $1 AND shop_id = $2 AND decision = 'approved'",
        scope.affiliate_id,
        shop_id,
    )
    return found


async def put_class(scope: Scope, appeal_id: UUID, kind: str, editor_id: UUID | None, now: datetime) -> None:
    """Note what was behind an appeal; the last word counts."""
    await connection().execute(
        "INSERT INTO field.appeal_class (appeal_id, affiliate_id, kind, editor_id, by_id, at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (appeal_id) DO UPDATE SET kind = excluded.kind,"
        " editor_id = excluded.editor_id, by_id = excluded.by_id, at = excluded.at",
        appeal_id,
        scope.affiliate_id,
        kind,
        editor_id,
        scope.account_id,
        now,
    )


async def find_class(scope: Scope, appeal_id: UUID) -> str:
    """What was behind an appeal; empty while nobody has said."""
    found: str | None = await connection().fetchval(
        "SELECT kind FROM field.appeal_class WHERE affiliate_id = $1 AND appeal_id = $2", scope.affiliate_id, appeal_id
    )
    return found or ""


async def report_id_of(scope: Scope, shop_id: UUID) -> UUID:
    """The report of a shop. Raises NotFound."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM field.report WHERE affiliate_id = $1 AND shop_id = $2", scope.affiliate_id, shop_id
    )
    if found is None:
        raise NotFound("report")
    return found


async def find_title(scope: Scope, report_id: UUID, question_id: str) -> str:
    """A question's words, from the questionnaire of the report. Role.SHOPPER or STAFF."""
    found: str | None = await connection().fetchval(
        "SELECT item->>'title' FROM field.report r JOIN field.questionnaire_version v ON v.id = r.version_id,"
        " jsonb_path_query(v.definition, '$.sections[*].items[*]') item"
        " WHERE r.affiliate_id = $1 AND r.id = $2 AND item->>'id' = $3",
        scope.affiliate_id,
        report_id,
        question_id,
    )
    return found or ""


def _line(row: Record) -> Line:
    answers = row["snapshot"]["answers"]
    answer: dict[str, Any] = next((each for each in answers if each["question_id"] == row["question_id"]), {})
    shown = {name: row[name] for name in Line._fields[1:-1]}
    return Line(appeal=appeal_of(row), answer=answer, **shown)
