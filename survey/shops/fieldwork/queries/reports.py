"""A report as it is begun, written and handed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from privacy.vault.domain import Wrapped
from survey.db import NotFound, Scope, connection

from ..domain import Outcome, Report

_REPORT = """
SELECT r.id,
       r.shop_id,
       r.version_id,
       r.coded,
       r.section,
       r.outcome,
       r.reason,
       r.time_in,
       r.time_out,
       r.receipt_cents,
       r.started_at,
       r.submitted_at,
       k.kek_version,
       k.wrapped
  FROM field.report r
  LEFT JOIN vault.subject_key k ON k.id = r.id
 WHERE r.affiliate_id = $1
   AND r.id = $2
"""

# The draft comes first: it is by this row that the new report is the shopper's own.
_BEGIN = """
INSERT INTO identity.draft (report_id, affiliate_id, shop_id, shopper_id, changed_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shop_id, shopper_id) DO NOTHING
RETURNING report_id
"""

# A page, what was emptied in it and its words, in one round trip; a draft's age begins anew.
_SAVE = """
WITH saved AS (
    UPDATE field.report
       SET coded = (coded - $2::text[]) || $3::jsonb,
           section = greatest(section, $4),
           outcome = coalesce($7, outcome),
           reason = coalesce($8, reason),
           revision = revision + 1
     WHERE id = $1
    RETURNING id, affiliate_id
), emptied AS (
    DELETE FROM field.report_text
     WHERE report_id = $1
       AND question_id = ANY($2::text[])
       AND NOT question_id = ANY($5::text[])
), touched AS (
    UPDATE identity.draft
       SET changed_at = $9
     WHERE report_id = $1
)
INSERT INTO field.report_text (report_id, question_id, affiliate_id, sealed)
SELECT s.id, t.question_id, s.affiliate_id, t.sealed
  FROM saved s, unnest($5::text[], $6::bytea[]) AS t (question_id, sealed)
ON CONFLICT (report_id, question_id) DO UPDATE SET sealed = excluded.sealed
"""

_VISIT = """
WITH touched AS (
    UPDATE identity.draft
       SET changed_at = $5
     WHERE report_id = $1
)
UPDATE field.report
   SET time_in = $2,
       time_out = $3,
       receipt_cents = $4,
       revision = revision + 1
 WHERE id = $1
"""

# From here on the report belongs to its shop, and the assignment says whose it is.
_HAND_IN = """
WITH kept AS (
    INSERT INTO field.report_submission (report_id, number, affiliate_id, sealed, submitted_at)
    VALUES ($1, $4, $2, $5, $6)
), ours AS (
    DELETE FROM identity.draft
     WHERE report_id = $1
)
UPDATE field.report
   SET shop_id = $3,
       submitted_at = $6,
       revision = revision + 1
 WHERE id = $1
"""

_NOTES = """
SELECT n.question_id,
       n.note,
       n.at
  FROM field.report_note n
 WHERE n.affiliate_id = $1
   AND n.report_id = $2
   AND n.sent_at = (SELECT max(m.sent_at) FROM field.report_note m WHERE m.report_id = $2)
 ORDER BY n.at, n.id
"""


@dataclass(frozen=True, slots=True)
class PageToSave:
    """What a posted page changes. cleared: fields to forget; sealed: words by field; None leaves what is there."""

    reached: int
    cleared: frozenset[str] = frozenset()
    coded: Mapping[str, Any] = field(default_factory=dict)
    sealed: Mapping[str, bytes] = field(default_factory=dict)
    outcome: Outcome | None = None
    reason: str | None = None


async def report_in(scope: Scope, report_id: UUID, *, lock: bool = False) -> Report:
    """A report with its words under seal; with `lock` nobody hands it in meanwhile. Raises NotFound."""
    statement = _REPORT + (" FOR NO KEY UPDATE OF r" if lock else "")
    row = await connection().fetchrow(statement, scope.affiliate_id, report_id)
    if row is None:
        raise NotFound("report")
    texts = await connection().fetch(
        "SELECT question_id, sealed FROM field.report_text WHERE report_id = $1", report_id
    )
    return _report(row, {text["question_id"]: text["sealed"] for text in texts})


def _report(row: Record, texts: Mapping[str, bytes]) -> Report:
    values = dict(row)
    kek_version, wrapped = values.pop("kek_version"), values.pop("wrapped")
    key = Wrapped(values["id"], kek_version, wrapped) if wrapped else None
    return Report(**values | {"outcome": Outcome(values["outcome"])}, key=key, texts=texts)


async def definition_of(scope: Scope, version_id: UUID) -> Mapping[str, Any]:
    """The frozen questionnaire, as it is stored. Raises NotFound."""
    found: Mapping[str, Any] | None = await connection().fetchval(
        "SELECT definition FROM field.questionnaire_version WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        version_id,
    )
    if found is None:
        raise NotFound("questionnaire")
    return found


async def find_draft(scope: Scope, shop_id: UUID) -> UUID | None:
    """The shopper's draft of a shop."""
    found: UUID | None = await connection().fetchval(
        "SELECT report_id FROM identity.draft WHERE affiliate_id = $1 AND shop_id = $2 AND shopper_id = $3",
        scope.affiliate_id,
        shop_id,
        scope.shopper_id,
    )
    return found


async def insert_draft(scope: Scope, report_id: UUID, shop: tuple[UUID, UUID], now: datetime) -> bool:
    """Begin a report of a shop (its id and the questionnaire version's); False where another tab has begun one."""
    shop_id, version_id = shop
    begun = await connection().fetchval(_BEGIN, report_id, scope.affiliate_id, shop_id, scope.shopper_id, now)
    if begun is None:
        return False
    await connection().execute(
        "INSERT INTO field.report (id, affiliate_id, version_id, started_at) VALUES ($1, $2, $3, $4)",
        report_id,
        scope.affiliate_id,
        version_id,
        now,
    )
    return True


async def save_page(report_id: UUID, page: PageToSave, now: datetime) -> None:
    """Keep one page of a report that is locked."""
    await connection().execute(
        _SAVE,
        report_id,
        list(page.cleared),
        dict(page.coded),
        page.reached,
        list(page.sealed),
        list(page.sealed.values()),
        page.outcome,
        page.reason,
        now,
    )


async def save_visit(
    report_id: UUID, times: tuple[datetime | None, datetime | None], receipt_cents: int | None, now: datetime
) -> None:
    """Keep the times and the amount of the receipt of a report that is locked."""
    await connection().execute(_VISIT, report_id, *times, receipt_cents, now)


async def times_handed_in(report_id: UUID) -> int:
    """How often a report that is locked was handed in so far."""
    count: int = await connection().fetchval(
        "SELECT count(*) FROM field.report_submission WHERE report_id = $1 AND number > 0", report_id
    )
    return count


async def hand_in(scope: Scope, report_id: UUID, shop_id: UUID, whole: tuple[int, bytes], now: datetime) -> None:
    """Give a report to its shop and keep it as it is now; whole: which time, from 1, and all of it under seal."""
    await connection().execute(_HAND_IN, report_id, scope.affiliate_id, shop_id, *whole, now)


async def note_day(scope: Scope, shop_id: UUID, day: date | None) -> None:
    """Rotation counts from the day on which somebody went, not from the one that was planned."""
    await connection().execute(
        "UPDATE identity.assignment SET planned_on = coalesce($4, planned_on)"
        " WHERE affiliate_id = $1 AND shop_id = $2 AND shopper_id = $3 AND state = 'done'",
        scope.affiliate_id,
        shop_id,
        scope.shopper_id,
        day,
    )


async def notes_of(scope: Scope, report_id: UUID) -> list[Record]:
    """What an editor asked when the report came back last: question_id, note (sealed), at. Theirs is the table."""
    if await connection().fetchval("SELECT to_regclass('field.report_note')") is None:
        return []
    rows: list[Record] = await connection().fetch(_NOTES, scope.affiliate_id, report_id)
    return rows
