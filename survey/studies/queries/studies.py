"""Studies as rows: the list, one of them, and every change to one."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import AudienceKind, Draft, IdentityMode, Listed, ListFilter, Narrowing, Status, Study

_STUDY = """
SELECT s.id,
       s.client_id,
       c.name AS client_name,
       s.version_id,
       v.questionnaire_id,
       q.name AS questionnaire_name,
       v.number AS version_number,
       s.name,
       s.title,
       s.audience_kind,
       s.panel_id,
       p.name AS panel_name,
       s.audience AS narrowing,
       s.identity_mode,
       s.authorisation_id,
       g.valid_until AS authorised_until,
       s.opens_at,
       s.closes_at,
       s.time_zone,
       s.invitation_subject,
       s.invitation_body,
       s.reminder_subject,
       s.reminder_body,
       s.reminder_days,
       s.confirmed,
       s.status,
       s.revision,
       s.created_at,
       s.launched_at,
       s.closed_at
  FROM field.study s
  JOIN field.client c ON c.id = s.client_id
  JOIN field.questionnaire_version v ON v.id = s.version_id
  JOIN field.questionnaire q ON q.id = v.questionnaire_id
  LEFT JOIN field.panel p ON p.id = s.panel_id
  LEFT JOIN field.identified_authorisation g ON g.id = s.authorisation_id AND g.client_id = s.client_id
 WHERE s.affiliate_id = $1
"""

_LISTED = """
SELECT s.id, s.name, s.client_id, c.name AS client_name, s.status, s.opens_at, s.closes_at, s.created_at
  FROM field.study s
  JOIN field.client c ON c.id = s.client_id
 WHERE s.affiliate_id = $1
   AND ($2 = '' OR strpos(lower(s.name), lower($2)) > 0 OR strpos(lower(s.title), lower($2)) > 0)
   AND ($3::text IS NULL OR s.status = $3)
   AND ($4::uuid IS NULL OR s.client_id = $4)
   AND ($5::timestamptz IS NULL OR (s.created_at, s.id) < ($5, $6::uuid))
 ORDER BY s.created_at DESC, s.id DESC
 LIMIT $7
"""

_INSERT = """
INSERT INTO field.study (affiliate_id, client_id, version_id, name, title, audience_kind, opens_at, closes_at,
       time_zone, invitation_subject, invitation_body, reminder_subject, reminder_body, created_at)
VALUES ($1, $2, $3, $4, $5, 'contacts', $6, $7, $8, $9, $10, $11, $12, $13)
RETURNING id
"""

# Answers are never copied, and neither is what a person has confirmed: it was confirmed of other words.
_COPY = """
INSERT INTO field.study (affiliate_id, client_id, version_id, name, title, audience_kind, panel_id, audience,
       identity_mode, authorisation_id, opens_at, closes_at, time_zone, invitation_subject, invitation_body,
       reminder_subject, reminder_body, reminder_days, created_at)
SELECT s.affiliate_id, s.client_id, s.version_id, $3, s.title, s.audience_kind, s.panel_id, s.audience,
       s.identity_mode, s.authorisation_id, $4, $5, s.time_zone, s.invitation_subject, s.invitation_body,
       s.reminder_subject, s.reminder_body, s.reminder_days, $6
  FROM field.study s
 WHERE s.affiliate_id = $1
   AND s.id = $2
RETURNING id
"""

# What a page may change, and as what.
COLUMNS: Mapping[str, str] = {
    "version_id": "uuid", "name": "text", "title": "text", "audience_kind": "text", "panel_id": "uuid",
    "audience": "jsonb", "identity_mode": "text", "authorisation_id": "uuid", "opens_at": "timestamptz",
    "closes_at": "timestamptz", "time_zone": "text", "invitation_subject": "text", "invitation_body": "text",
    "reminder_subject": "text", "reminder_body": "text", "reminder_days": "integer[]", "confirmed": "text[]",
}  # fmt: skip


async def studies_of(scope: Scope, wanted: ListFilter, keyset: Keyset) -> Paged[Listed]:
    """One page of studies, the newest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        _LISTED,
        scope.affiliate_id,
        wanted.words,
        wanted.status,
        wanted.client_id,
        *after,
        keyset.rows_to_fetch,
    )
    listed = [Listed(**(dict(row) | {"status": Status(row["status"])})) for row in rows]
    return paged(listed, keyset, lambda study: (study.created_at, study.id))


async def study_in(scope: Scope, study_id: UUID, *, lock: bool = False) -> Study:
    """A study; with `lock` nobody else changes it until this transaction ends. Raises NotFound."""
    row = await connection().fetchrow(_STUDY + " AND s.id = $2" + _locking(lock), scope.affiliate_id, study_id)
    if row is None:
        raise NotFound("study")
    return _study(row)


async def studies_by_id(here: Connection, affiliate_id: UUID, study_ids: list[UUID]) -> dict[UUID, Study]:
    """Studies by id, for a composer."""
    rows = await here.fetch(_STUDY + " AND s.id = ANY($2::uuid[])", affiliate_id, study_ids)
    return {row["id"]: _study(row) for row in rows}


async def panel_names(scope: Scope) -> list[tuple[UUID, str]]:
    """Ids and names of the affiliate's panels, by name: what a form offers to choose from."""
    rows = await connection().fetch(
        "SELECT id, name FROM field.panel WHERE affiliate_id = $1 ORDER BY lower(name), id LIMIT 200",
        scope.affiliate_id,
    )
    return [(row["id"], row["name"]) for row in rows]


async def insert(
    scope: Scope, draft: Draft, dates: tuple[datetime, datetime, str], words: tuple[str, str, str, str], now: datetime
) -> UUID:
    """Begin a study. dates: opening, closing, time zone; words: invitation and reminder, subject and body each."""
    created: UUID = await connection().fetchval(
        _INSERT, scope.affiliate_id, draft.client_id, draft.version_id, draft.name, draft.title, *dates, *words, now
    )
    return created


async def copy(scope: Scope, study_id: UUID, name: str, dates: tuple[datetime, datetime], now: datetime) -> UUID:
    """A new draft with the audience and the words of a study. Raises NotFound."""
    created: UUID | None = await connection().fetchval(_COPY, scope.affiliate_id, study_id, name, *dates, now)
    if created is None:
        raise NotFound("study")
    return created


async def write(scope: Scope, study_id: UUID, revision: int, changes: Mapping[str, object]) -> bool:
    """Change columns of a draft that is still at this revision; False where it is not."""
    sets = ", ".join(f"{name} = ${place}::{COLUMNS[name]}" for place, name in enumerate(changes, start=4))
    return await connection().fetchval(
        f"UPDATE field.study SET revision = revision + 1, {sets}"  # noqa: S608  (names of the table above)
        " WHERE affiliate_id = $1 AND id = $2 AND revision = $3 AND status = 'draft' RETURNING true",
        scope.affiliate_id,
        study_id,
        revision,
        *changes.values(),
    ) is True  # fmt: skip


async def set_status(scope: Scope, study_id: UUID, status: Status) -> None:
    """Pause a study, or go on with it."""
    await connection().execute(
        "UPDATE field.study SET status = $3, revision = revision + 1 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        study_id,
        status,
    )


async def mark_launched(scope: Scope, study_id: UUID, version_id: UUID, now: datetime) -> None:
    """From a draft to a study in the field."""
    await connection().execute(
        "UPDATE field.study SET status = 'live', launched_at = $4, version_id = $3, revision = revision + 1"
        " WHERE affiliate_id = $1 AND id = $2 AND status = 'draft'",
        scope.affiliate_id,
        study_id,
        version_id,
        now,
    )


async def set_closing(scope: Scope, study_id: UUID, closes_at: datetime) -> None:
    """Keep a study open for longer; mail that waits may go out until then."""
    await connection().execute(
        "UPDATE field.study SET closes_at = $3, revision = revision + 1 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        study_id,
        closes_at,
    )
    await connection().execute(
        "UPDATE ops.delivery SET not_after = $3"
        " WHERE affiliate_id = $1 AND campaign_id = $2 AND is_bulk AND state IN ('queued', 'held')",
        scope.affiliate_id,
        study_id,
        closes_at,
    )


async def delete_draft(scope: Scope, study_id: UUID) -> bool:
    """Remove a study that was never launched; False where it was."""
    return await connection().fetchval(
        "DELETE FROM field.study WHERE affiliate_id = $1 AND id = $2 AND status = 'draft' RETURNING true",
        scope.affiliate_id,
        study_id,
    ) is True  # fmt: skip


def _locking(lock: bool) -> str:
    return " FOR UPDATE OF s" if lock else ""


def _study(row: Record) -> Study:
    values = dict(row)
    return Study(
        **values
        | {
            "audience_kind": AudienceKind(values["audience_kind"]),
            "identity_mode": IdentityMode(values["identity_mode"]),
            "status": Status(values["status"]),
            "narrowing": msgspec.convert(values["narrowing"], Narrowing, strict=False),
            "reminder_days": tuple(values["reminder_days"]),
            "confirmed": frozenset(values["confirmed"]),
        }
    )
