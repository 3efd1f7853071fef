"""The copy that a person takes: which one there is, and the rows it is made of. Role.SHOPPER, but for the sweep.

Row-level security shows a shopper nobody else's rows; each statement asks for the person's own all the same.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection

from ..domain.copies import Copy

_COPY = "id, state, parts_done, media_key, size_bytes, asked_at, made_at, taken_at"

_FIND = f"""
SELECT {_COPY}
  FROM identity.data_copy
 WHERE affiliate_id = $1
   AND shopper_id = $2
"""  # noqa: S608  (names of this file)

_ASK = f"""
INSERT INTO identity.data_copy (id, affiliate_id, shopper_id, media_key, asked_at)
VALUES ($3, $1, $2, $4, $5)
ON CONFLICT (shopper_id) DO NOTHING
RETURNING {_COPY}
"""  # noqa: S608

_PROGRESS = """
UPDATE identity.data_copy
   SET parts_done = $4
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND id = $3
   AND state = 'making'
RETURNING id
"""

_FINISH = """
UPDATE identity.data_copy
   SET state = 'ready',
       size_bytes = $4,
       made_at = $5
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND id = $3
   AND state = 'making'
RETURNING id
"""

_DROP = """
DELETE FROM identity.data_copy
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND id = $3
RETURNING media_key
"""

_DUE = """
SELECT id, affiliate_id, shopper_id, media_key
  FROM identity.data_copy
 WHERE coalesce(made_at, asked_at) <= $1
 ORDER BY coalesce(made_at, asked_at), id
 LIMIT $2
"""

# A report that was handed in is its shop's, a draft its writer's.
OWN_REPORTS = """
SELECT r.id
  FROM identity.assignment a
  JOIN field.report r ON r.shop_id = a.shop_id
 WHERE a.affiliate_id = $1
   AND a.shopper_id = $2
   AND a.state IN ('held', 'done')
 UNION
SELECT d.report_id
  FROM identity.draft d
 WHERE d.affiliate_id = $1
   AND d.shopper_id = $2
"""

_FOUND_BY: Mapping[str, str] = {
    "report": f"t.id IN ({OWN_REPORTS})",
    "report_id": f"t.report_id IN ({OWN_REPORTS})",
    # In two parts, each with an index of its own: mail of lists is counted in millions.
    "recipient_id": """t.id IN (
        SELECT d.id FROM ops.delivery d WHERE d.recipient_id = $2 AND NOT d.is_bulk
         UNION ALL
        SELECT d.id FROM ops.delivery d WHERE d.recipient_id = $2 AND d.is_bulk AND d.client_id IS NULL)""",
}

_READABLE = """
SELECT n.nspname || '.' || c.relname AS relation, a.attname AS name
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname || '.' || c.relname = ANY($1::text[])
   AND a.attnum > 0
   AND NOT a.attisdropped
   AND has_column_privilege(c.oid, a.attnum, 'SELECT')
"""

_SHOPS = """
SELECT s.id, s.public_ref, l.name, l.city, s.currency
  FROM field.shop s
  JOIN field.location l ON l.id = s.location_id
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
"""

_REPORTS = """
SELECT r.id, r.version_id, coalesce(r.shop_id, d.shop_id) AS shop_id
  FROM field.report r
  LEFT JOIN identity.draft d ON d.report_id = r.id
 WHERE r.affiliate_id = $1
   AND r.id = ANY($2::uuid[])
"""

# What an id of this name leads to, as people call it.
_NAMES: Mapping[str, str] = {
    "client_id": "SELECT t.id, t.name FROM field.client t",
    "field_id": "SELECT t.id, t.label AS name FROM field.profile_field t",
    "kind_id": "SELECT t.id, t.label AS name FROM field.qualification_kind t",
}

# What is read in place of a column. Whose client a company is that somebody typed, they are not told (`WITHOUT`).
_INSTEAD: Mapping[str, str] = {
    "identity.conflict.client_id": "CASE WHEN t.company IS NULL THEN t.client_id END AS client_id",
}


class Wanted(NamedTuple):
    """What is read of a table. link: by what a person's rows are found; only: a further condition."""

    table: str
    link: str
    columns: Sequence[str]
    order: Sequence[str]
    only: str = ""


async def find_copy(scope: Scope) -> Copy | None:
    """The person's copy, if there is one."""
    row = await connection().fetchrow(_FIND, scope.affiliate_id, scope.shopper_id)
    return None if row is None else Copy(**row)


async def ask_copy(scope: Scope, copy_id: UUID, media_key: str, now: datetime) -> Copy | None:
    """Note that a copy is wanted; None where there is one already."""
    row = await connection().fetchrow(_ASK, scope.affiliate_id, scope.shopper_id, copy_id, media_key, now)
    return None if row is None else Copy(**row)


async def note_progress(scope: Scope, copy_id: UUID, parts_done: int) -> bool:
    """How far it has come; False where nobody waits for it any more."""
    done = await connection().fetchval(_PROGRESS, scope.affiliate_id, scope.shopper_id, copy_id, parts_done)
    return done is not None


async def finish_copy(scope: Scope, copy_id: UUID, size_bytes: int, now: datetime) -> bool:
    """It is ready; False where nobody waits for it any more."""
    done = await connection().fetchval(_FINISH, scope.affiliate_id, scope.shopper_id, copy_id, size_bytes, now)
    return done is not None


async def note_taken(scope: Scope, copy_id: UUID, now: datetime) -> None:
    """It was fetched."""
    await connection().execute(
        "UPDATE identity.data_copy SET taken_at = $4 WHERE affiliate_id = $1 AND shopper_id = $2 AND id = $3",
        scope.affiliate_id, scope.shopper_id, copy_id, now,
    )  # fmt: skip


async def drop_copy(scope: Scope, copy_id: UUID) -> str | None:
    """Let it go; the name of its file, None where it is gone already."""
    found: str | None = await connection().fetchval(_DROP, scope.affiliate_id, scope.shopper_id, copy_id)
    return found


async def files_of_copies(shopper_id: UUID) -> list[str]:
    """The file of a person's copy. Role.WORKER."""
    rows = await connection().fetch("SELECT media_key FROM identity.data_copy WHERE shopper_id = $1", shopper_id)
    return [row["media_key"] for row in rows]


async def copies_due(before: datetime, limit: int) -> list[Record]:
    """Copies whose time is over: id, affiliate_id, shopper_id, media_key. Role.WORKER."""
    rows: list[Record] = await connection().fetch(_DUE, before, limit)
    return rows


async def count_due(before: datetime) -> int:
    """How many copies are older than that. Role.WORKER."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM identity.data_copy WHERE coalesce(made_at, asked_at) <= $1", before
    )
    return found


async def delete_copies(copy_ids: Sequence[UUID]) -> None:
    """Remove them. Role.WORKER."""
    await connection().execute("DELETE FROM identity.data_copy WHERE id = ANY($1::uuid[])", list(copy_ids))


async def readable_columns(tables: Sequence[str]) -> set[tuple[str, str]]:
    """What the role of this transaction may read, as table and column."""
    return {(row["relation"], row["name"]) for row in await connection().fetch(_READABLE, list(tables))}


async def rows_of(scope: Scope, wanted: Wanted, batch: int) -> AsyncGenerator[list[Record], None]:
    """The person's rows of a table in batches, in order, never more than one batch in memory."""
    cursor = await connection().cursor(_select(wanted), scope.affiliate_id, scope.shopper_id)
    while rows := await cursor.fetch(batch):
        yield rows


async def count_rows(scope: Scope, wanted: Sequence[Wanted]) -> dict[str, int]:
    """How many rows each table has of the person, in one statement."""
    counts = [f"SELECT '{one.table}' AS name, count(*) AS n {_from(one)}" for one in wanted]
    rows = await connection().fetch(" UNION ALL ".join(counts), scope.affiliate_id, scope.shopper_id)
    return {row["name"]: row["n"] for row in rows}


async def shops_named(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Shops as people know them (reference, place, town), each with its currency."""
    rows = await connection().fetch(_SHOPS, scope.affiliate_id, list(shop_ids))
    named = {row["id"]: filter(None, (row["public_ref"], row["name"], row["city"])) for row in rows}
    return {row["id"]: (", ".join(named[row["id"]]), row["currency"]) for row in rows}


async def reports_placed(scope: Scope, report_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, UUID | None]]:
    """The questionnaire's version and the shop of reports."""
    rows = await connection().fetch(_REPORTS, scope.affiliate_id, list(report_ids))
    return {row["id"]: (row["version_id"], row["shop_id"]) for row in rows}


async def names_of(scope: Scope, column: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What ids in a column of this name lead to; nothing for a column of another name."""
    if column not in _NAMES or not ids:
        return {}
    statement = f"{_NAMES[column]} WHERE t.affiliate_id = $1 AND t.id = ANY($2::uuid[])"
    return {row["id"]: row["name"] for row in await connection().fetch(statement, scope.affiliate_id, list(ids))}


async def definition_of(scope: Scope, version_id: UUID) -> Mapping[str, object]:
    """A frozen questionnaire, as it is stored; empty where it is gone."""
    found: Mapping[str, object] | None = await connection().fetchval(
        "SELECT definition FROM field.questionnaire_version WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id, version_id,
    )  # fmt: skip
    return found or {}


def _select(wanted: Wanted) -> str:
    columns = ", ".join(_INSTEAD.get(f"{wanted.table}.{name}", f"t.{name}") for name in wanted.columns)
    order = ", ".join(f"t.{name}" for name in wanted.order)
    return f"SELECT {columns} {_from(wanted)} ORDER BY {order}"


def _from(wanted: Wanted) -> str:
    found = _FOUND_BY.get(wanted.link, f"t.{wanted.link} = $2")
    only = f" AND {wanted.only}" if wanted.only else ""
    return f"FROM {wanted.table} t WHERE t.affiliate_id = $1 AND {found}{only}"
