"""What a review writes. Whoever calls has locked the shop's row: two editors never write at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from survey.db import Scope, connection

_OPEN = """
INSERT INTO field.review (report_id, affiliate_id, shop_id, held_since)
VALUES ($1, $2, $3, $4)
ON CONFLICT (report_id) DO UPDATE SET held_since = excluded.held_since, revision = review.revision + 1
"""

_FLAG = """
INSERT INTO field.review (report_id, affiliate_id, shop_id, flags, flagged_at)
SELECT r.id, $2, $3, $4, greatest($5::timestamptz, r.submitted_at, s.state_since)
  FROM field.report r
  JOIN field.shop s ON s.id = r.shop_id
 WHERE r.id = $1
ON CONFLICT (report_id) DO UPDATE SET flags = excluded.flags, flagged_at = excluded.flagged_at
"""

_EDIT = """
INSERT INTO field.report_edit (report_id, question_id, n, affiliate_id, by_id, at, origin, old_coded, new_coded,
       old_sealed, new_sealed, reason)
SELECT $1, $2, coalesce(max(e.n), 0) + 1, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10, $11
  FROM field.report_edit e
 WHERE e.report_id = $1
   AND e.question_id = $2
"""

# What a decision writes, and as what.
COLUMNS: Mapping[str, str] = {
    "held_since": "timestamptz", "proposed_reason": "text", "proposed_by": "uuid", "proposed_at": "timestamptz",
    "decision": "text", "reason": "text", "decided_by": "uuid", "decided_at": "timestamptz", "breakdown": "jsonb",
    "coaching": "bytea", "proposed_words": "bytea", "reopened_at": "timestamptz", "decide_by": "timestamptz",
}  # fmt: skip


class EditRow(NamedTuple):
    """A change as it is stored: coded answers as they are, words sealed."""

    question_id: str
    by_id: UUID | None
    origin: str
    old_coded: object
    new_coded: object
    old_sealed: bytes | None
    new_sealed: bytes | None
    reason: bytes


async def open_review(scope: Scope, report_id: UUID, shop_id: UUID, now: datetime) -> None:
    """Begin the review of a report, or go on with it: since when somebody has it."""
    await connection().execute(_OPEN, report_id, scope.affiliate_id, shop_id, now)


async def set_editor(scope: Scope, shop_id: UUID, editor_id: UUID) -> None:
    """Hand a shop in review to another editor."""
    await connection().execute(
        "UPDATE field.shop SET editor_id = $3, revision = revision + 1 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shop_id,
        editor_id,
    )


async def put_flags(scope: Scope, report_id: UUID, shop_id: UUID, flags: Sequence[str], now: datetime) -> None:
    """Keep what a look at the report found."""
    await connection().execute(_FLAG, report_id, scope.affiliate_id, shop_id, list(flags), now)


async def put_fingerprints(scope: Scope, report_id: UUID, fingerprints: Mapping[str, bytes]) -> None:
    """Keep the fingerprints of a report's texts, and no others."""
    await connection().execute("DELETE FROM field.text_fingerprint WHERE report_id = $1", report_id)
    await connection().execute(
        "INSERT INTO field.text_fingerprint (report_id, question_id, affiliate_id, fingerprint)"
        " SELECT $1, q, $2, f FROM unnest($3::text[], $4::bytea[]) AS given (q, f)",
        report_id,
        scope.affiliate_id,
        list(fingerprints),
        list(fingerprints.values()),
    )


async def write_review(scope: Scope, report_id: UUID, changes: Mapping[str, Any]) -> None:
    """Write columns of COLUMNS and count the change."""
    sets = "".join(f", {name} = ${place}::{COLUMNS[name]}" for place, name in enumerate(changes, start=3))
    await connection().execute(
        f"UPDATE field.review SET revision = revision + 1{sets}"  # noqa: S608  (names of the table above)
        " WHERE affiliate_id = $1 AND report_id = $2",
        scope.affiliate_id,
        report_id,
        *changes.values(),
    )


async def write_answer(scope: Scope, report_id: UUID, question_id: str, value: object) -> None:
    """Put a coded answer in; None takes it out."""
    await connection().execute(
        "UPDATE field.report SET coded = CASE WHEN $4::jsonb IS NULL THEN coded - $3::text"
        " ELSE coded || jsonb_build_object($3::text, $4::jsonb) END, revision = revision + 1"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        report_id,
        question_id,
        _as_json(value),
    )


async def write_text(scope: Scope, report_id: UUID, question_id: str, sealed: bytes | None) -> None:
    """Put sealed words in; None takes them out."""
    if sealed is None:
        await connection().execute(
            "DELETE FROM field.report_text WHERE affiliate_id = $1 AND report_id = $2 AND question_id = $3",
            scope.affiliate_id,
            report_id,
            question_id,
        )
        return
    await connection().execute(
        "INSERT INTO field.report_text (report_id, question_id, affiliate_id, sealed) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (report_id, question_id) DO UPDATE SET sealed = excluded.sealed",
        report_id,
        question_id,
        scope.affiliate_id,
        sealed,
    )


async def write_score(scope: Scope, report_id: UUID, percent: object) -> None:
    """Keep the report's score beside it."""
    await connection().execute(
        "UPDATE field.report SET score_percent = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        report_id,
        percent,
    )


async def insert_edit(scope: Scope, report_id: UUID, edit: EditRow, now: datetime) -> None:
    """Add a change; its number is the next of its question."""
    await connection().execute(
        _EDIT, report_id, edit.question_id, scope.affiliate_id, edit.by_id, now, edit.origin,
        _as_json(edit.old_coded), _as_json(edit.new_coded), edit.old_sealed, edit.new_sealed, edit.reason,
    )  # fmt: skip


async def insert_note(scope: Scope, report_id: UUID, question_id: str, note: bytes, now: datetime) -> UUID:
    """A note, not sent yet."""
    made: UUID = await connection().fetchval(
        "INSERT INTO field.report_note (affiliate_id, report_id, question_id, note, by_id, at)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        scope.affiliate_id,
        report_id,
        question_id,
        note,
        scope.account_id,
        now,
    )
    return made


async def delete_note(scope: Scope, report_id: UUID, note_id: UUID) -> bool:
    """Take a note back that was not sent; False where there is none."""
    gone: bool | None = await connection().fetchval(
        "DELETE FROM field.report_note WHERE affiliate_id = $1 AND report_id = $2 AND id = $3 AND sent_at IS NULL"
        " RETURNING true",
        scope.affiliate_id,
        report_id,
        note_id,
    )
    return gone is True


async def send_notes(scope: Scope, report_id: UUID, now: datetime) -> int:
    """Let the shopper read the notes that were not sent; how many."""
    rows = await connection().fetch(
        "UPDATE field.report_note SET sent_at = $3 WHERE affiliate_id = $1 AND report_id = $2 AND sent_at IS NULL"
        " RETURNING id",
        scope.affiliate_id,
        report_id,
        now,
    )
    return len(rows)


async def write_picture(
    scope: Scope, picture_id: UUID, state: str, copy: tuple[str | None, Sequence[Sequence[int]]], now: datetime
) -> None:
    """What a client may see of a picture. copy: the key of the redacted copy, and the boxes of it."""
    client_key, boxes = copy
    await connection().execute(
        "UPDATE field.evidence SET client_key = $3, boxes = $4::jsonb WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        picture_id,
        client_key,
        [list(box) for box in boxes],
    )
    await connection().execute(
        "INSERT INTO field.picture_review (evidence_id, affiliate_id, state, by_id, reviewed_at)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (evidence_id) DO UPDATE"
        " SET state = excluded.state, by_id = excluded.by_id, reviewed_at = excluded.reviewed_at",
        picture_id,
        scope.affiliate_id,
        state,
        scope.account_id,
        now,
    )


async def keep_submission(scope: Scope, report_id: UUID, kept: tuple[int, bytes], now: datetime) -> None:
    """Keep the whole report under seal, as the latest of its number."""
    await connection().execute(
        "DELETE FROM field.report_submission WHERE affiliate_id = $1 AND report_id = $2 AND number = $3",
        scope.affiliate_id, report_id, kept[0],
    )  # fmt: skip
    await connection().execute(
        "INSERT INTO field.report_submission (report_id, number, affiliate_id, sealed, submitted_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        report_id, kept[0], scope.affiliate_id, kept[1], now,
    )  # fmt: skip


async def forget_submissions(scope: Scope, report_id: UUID) -> None:
    """Remove the report as it was handed in: it served to compare, and holds what has been taken out since."""
    await connection().execute(
        "DELETE FROM field.report_submission WHERE affiliate_id = $1 AND report_id = $2", scope.affiliate_id, report_id
    )


def _as_json(value: object) -> object:
    """An answer for a jsonb column, where a string would be taken as JSON text that is ready to store."""
    return msgspec.json.encode(value).decode() if isinstance(value, str) else value
