"""Every statement of questionnaires. All run as staff of one affiliate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.db.errors import BadCursor

from .domain import Definition, Listed, ListFilter, Sort, Usable, Version, VersionLine, from_json, to_json

_QUESTIONS = "jsonb_array_length(jsonb_path_query_array(v.definition, '$.sections[*].items[*]'))"

_LIST = f"""
SELECT q.id,
       q.name,
       q.is_archived,
       q.created_at,
       q.changed_at,
       v.number,
       v.frozen_at,
       {_QUESTIONS} AS questions
  FROM field.questionnaire q
  JOIN LATERAL (SELECT number, frozen_at, definition
                  FROM field.questionnaire_version
                 WHERE questionnaire_id = q.id
                 ORDER BY number DESC
                 LIMIT 1) v ON true
 WHERE q.affiliate_id = $1
   AND q.is_archived = $2
   AND ($3 = '' OR strpos(lower(q.name), lower($3)) > 0)
"""  # noqa: S608 - the parts are constants of this module

_ORDERS: Mapping[Sort, str] = {
    Sort.CHANGED: """
   AND ($4::timestamptz IS NULL OR (q.changed_at, q.id) < ($4, $5))
 ORDER BY q.changed_at DESC, q.id DESC
 LIMIT $6""",
    Sort.CREATED: """
   AND ($4::timestamptz IS NULL OR (q.created_at, q.id) < ($4, $5))
 ORDER BY q.created_at DESC, q.id DESC
 LIMIT $6""",
    Sort.NAME: """
   AND ($4::text IS NULL OR (lower(q.name), q.id) > (lower($4), $5))
 ORDER BY lower(q.name), q.id
 LIMIT $6""",
}

_VERSION = """
SELECT v.id,
       v.questionnaire_id,
       q.name,
       q.is_archived,
       v.number,
       v.revision,
       v.frozen_at,
       v.created_at,
       v.definition
  FROM field.questionnaire_version v
  JOIN field.questionnaire q ON q.id = v.questionnaire_id
 WHERE v.affiliate_id = $1
"""

_USABLE = f"""
SELECT DISTINCT ON (v.questionnaire_id)
       v.id AS version_id,
       v.questionnaire_id,
       q.name,
       v.number,
       v.frozen_at IS NOT NULL AS is_frozen,
       {_QUESTIONS} AS questions
  FROM field.questionnaire_version v
  JOIN field.questionnaire q ON q.id = v.questionnaire_id
 WHERE v.affiliate_id = $1
   AND NOT q.is_archived
 ORDER BY v.questionnaire_id, v.number DESC
"""  # noqa: S608 - as above


async def questionnaires_of(scope: Scope, wanted: ListFilter, keyset: Keyset) -> Paged[Listed]:
    """One page of the list. Raises BadCursor."""
    after, after_id = _place(wanted.sort, keyset)
    rows = await connection().fetch(
        _LIST + _ORDERS[wanted.sort],
        scope.affiliate_id,
        wanted.is_archived,
        wanted.words,
        after,
        after_id,
        keyset.rows_to_fetch,
    )
    return paged([Listed(**row) for row in rows], keyset, lambda row: _key(wanted.sort, row))


def _key(sort: Sort, row: Listed) -> tuple[object, UUID]:
    by = {Sort.NAME: row.name, Sort.CHANGED: row.changed_at, Sort.CREATED: row.created_at}
    return by[sort], row.id


def _place(sort: Sort, keyset: Keyset) -> tuple[object, UUID | None]:
    if keyset.after is None:
        return None, None
    try:
        value, row_id = (str(part) for part in keyset.after)
        return (value if sort is Sort.NAME else datetime.fromisoformat(value)), UUID(row_id)
    except ValueError as error:
        raise BadCursor("not a cursor of this list") from error


async def latest_version_in(scope: Scope, questionnaire_id: UUID, *, lock: bool = False) -> Version:
    """The newest version of a questionnaire, locked against other writers if asked. Raises NotFound."""
    if lock:
        await _lock(scope, questionnaire_id)
    row = await connection().fetchrow(
        _VERSION + " AND v.questionnaire_id = $2 ORDER BY v.number DESC LIMIT 1", scope.affiliate_id, questionnaire_id
    )
    return _version(row)


async def _lock(scope: Scope, questionnaire_id: UUID) -> None:
    """Writers of one questionnaire take turns."""
    await connection().execute(
        "SELECT id FROM field.questionnaire WHERE affiliate_id = $1 AND id = $2 FOR UPDATE",
        scope.affiliate_id,
        questionnaire_id,
    )


async def version_in(scope: Scope, version_id: UUID, *, lock: bool = False) -> Version:
    """A version by its id. Raises NotFound."""
    ending = " AND v.id = $2 FOR UPDATE OF v" if lock else " AND v.id = $2"
    return _version(await connection().fetchrow(_VERSION + ending, scope.affiliate_id, version_id))


async def numbered_version_in(scope: Scope, questionnaire_id: UUID, number: int) -> Version:
    """A version by its number. Raises NotFound."""
    row = await connection().fetchrow(
        _VERSION + " AND v.questionnaire_id = $2 AND v.number = $3", scope.affiliate_id, questionnaire_id, number
    )
    return _version(row)


def _version(row: Mapping[str, Any] | None) -> Version:
    if row is None:
        raise NotFound("questionnaire")
    return Version(**(dict(row) | {"definition": from_json(row["definition"])}))


async def versions_of(scope: Scope, questionnaire_id: UUID) -> list[VersionLine]:
    """Every version of a questionnaire, newest first; a questionnaire has few."""
    rows = await connection().fetch(
        f"SELECT v.id, v.number, v.revision, v.frozen_at, v.created_at, {_QUESTIONS} AS questions"  # noqa: S608
        " FROM field.questionnaire_version v"
        " WHERE v.affiliate_id = $1 AND v.questionnaire_id = $2"
        " ORDER BY v.number DESC",
        scope.affiliate_id,
        questionnaire_id,
    )
    return [VersionLine(**row) for row in rows]


async def usable_versions(scope: Scope) -> list[Usable]:
    """The newest version of every questionnaire that is not put away, by name."""
    rows = await connection().fetch(_USABLE, scope.affiliate_id)
    return sorted((Usable(**row) for row in rows), key=lambda usable: usable.name.casefold())


async def insert_questionnaire(scope: Scope, name: str, definition: Definition, now: datetime) -> UUID:
    """A questionnaire with its first version; its id."""
    created: UUID = await connection().fetchval(
        "INSERT INTO field.questionnaire (affiliate_id, name, created_at, changed_at) VALUES ($1, $2, $3, $3)"
        " RETURNING id",
        scope.affiliate_id,
        name,
        now,
    )
    await insert_version(scope, created, (1, 1), definition, now)
    return created


async def insert_version(
    scope: Scope, questionnaire_id: UUID, number_and_revision: tuple[int, int], definition: Definition, now: datetime
) -> UUID:
    """One more version; its id."""
    created: UUID = await connection().fetchval(
        "INSERT INTO field.questionnaire_version"
        " (affiliate_id, questionnaire_id, number, revision, definition, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)"
        " RETURNING id",
        scope.affiliate_id,
        questionnaire_id,
        *number_and_revision,
        to_json(definition),
        now,
    )
    return created


async def write_definition(scope: Scope, version_id: UUID, revision: int, definition: Definition) -> bool:
    """Replace a draft's questions; False when it is frozen or no longer at this revision."""
    row = await connection().fetchrow(
        "UPDATE field.questionnaire_version"
        " SET definition = $4, revision = revision + 1"
        " WHERE affiliate_id = $1 AND id = $2 AND revision = $3 AND frozen_at IS NULL"
        " RETURNING id",
        scope.affiliate_id,
        version_id,
        revision,
        to_json(definition),
    )
    return row is not None


async def freeze_version(scope: Scope, version_id: UUID, definition: Definition, now: datetime) -> bool:
    """Close a draft for good; False when it was closed before."""
    row = await connection().fetchrow(
        "UPDATE field.questionnaire_version"
        " SET definition = $3, frozen_at = $4"
        " WHERE affiliate_id = $1 AND id = $2 AND frozen_at IS NULL"
        " RETURNING id",
        scope.affiliate_id,
        version_id,
        to_json(definition),
        now,
    )
    return row is not None


async def touch(scope: Scope, questionnaire_id: UUID, now: datetime) -> None:
    """Note that a questionnaire was changed."""
    await connection().execute(
        "UPDATE field.questionnaire SET changed_at = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        questionnaire_id,
        now,
    )


async def rename(scope: Scope, questionnaire_id: UUID, name: str) -> None:
    """Give a questionnaire another name."""
    await connection().execute(
        "UPDATE field.questionnaire SET name = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        questionnaire_id,
        name,
    )


async def put_away(scope: Scope, questionnaire_id: UUID, *, is_archived: bool) -> None:
    """Take a questionnaire out of the list, or bring it back. Raises NotFound."""
    row = await connection().fetchrow(
        "UPDATE field.questionnaire SET is_archived = $3 WHERE affiliate_id = $1 AND id = $2 RETURNING id",
        scope.affiliate_id,
        questionnaire_id,
        is_archived,
    )
    if row is None:
        raise NotFound("questionnaire")
