"""The library of phrases."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged, savepoint

from ..domain import NameTaken, Phrase, PhraseDraft

MOST_CHOICES = 100
_PHRASE = "SELECT id, kind, name, text, use_count, changed_at, retired_at FROM field.phrase WHERE affiliate_id = $1"


async def phrases_for(scope: Scope, kind: str) -> list[Phrase]:
    """What can be put in, the most used first."""
    rows = await connection().fetch(
        f"{_PHRASE} AND kind = $2 AND retired_at IS NULL ORDER BY use_count DESC, id DESC LIMIT {MOST_CHOICES}",
        scope.affiliate_id,
        kind,
    )
    return [_of(row) for row in rows]


async def phrases_of(scope: Scope, wanted: tuple[str, str, bool], keyset: Keyset) -> Paged[Phrase]:
    """A page of the library, the most used first. wanted: kind (or empty for all), words, whether retired."""
    kind, words, is_retired = wanted
    uses, last_id = keyset.after_as(tuple[int, UUID]) or (None, None)
    rows = await connection().fetch(
        f"{_PHRASE} AND ($2 = '' OR kind = $2) AND (retired_at IS NOT NULL) = $4"
        " AND ($3 = '' OR position(lower($3) IN lower(name || ' ' || text)) > 0)"
        " AND ($5::integer IS NULL OR (use_count, id) < ($5, $6::uuid)) ORDER BY use_count DESC, id DESC LIMIT $7",
        scope.affiliate_id,
        kind,
        words,
        is_retired,
        uses,
        last_id,
        keyset.rows_to_fetch,
    )
    return paged([_of(row) for row in rows], keyset, lambda phrase: (phrase.use_count, phrase.id))


async def phrase_in(scope: Scope, phrase_id: UUID) -> Phrase:
    """One phrase. Raises NotFound."""
    row = await connection().fetchrow(f"{_PHRASE} AND id = $2", scope.affiliate_id, phrase_id)
    if row is None:
        raise NotFound("phrase")
    return _of(row)


async def insert_phrase(scope: Scope, phrase_id: UUID, draft: PhraseDraft, now: datetime) -> None:
    """Add a phrase. Raises NameTaken."""
    await _write(
        "INSERT INTO field.phrase (id, affiliate_id, kind, name, text, created_at, changed_at)"
        " VALUES ($2, $1, $3, $4, $5, $6, $6)",
        scope, phrase_id, draft, now,
    )  # fmt: skip


async def write_phrase(scope: Scope, phrase_id: UUID, draft: PhraseDraft, now: datetime) -> None:
    """Change a phrase. Raises NameTaken."""
    await _write(
        "UPDATE field.phrase SET kind = $3, name = $4, text = $5, changed_at = $6 WHERE affiliate_id = $1 AND id = $2",
        scope, phrase_id, draft, now,
    )  # fmt: skip


async def retire_phrase(scope: Scope, phrase_id: UUID, now: datetime) -> bool:
    """Take a phrase out of the choices; False where it was already."""
    done: str = await connection().execute(
        "UPDATE field.phrase SET retired_at = $3, changed_at = $3"
        " WHERE affiliate_id = $1 AND id = $2 AND retired_at IS NULL",
        scope.affiliate_id,
        phrase_id,
        now,
    )
    return done == "UPDATE 1"


async def use_phrase(scope: Scope, phrase_id: UUID, kind: str) -> str | None:
    """Count that a phrase is used; its text, None where there is none to choose."""
    found: str | None = await connection().fetchval(
        "UPDATE field.phrase SET use_count = use_count + 1"
        " WHERE affiliate_id = $1 AND id = $2 AND kind = $3 AND retired_at IS NULL RETURNING text",
        scope.affiliate_id,
        phrase_id,
        kind,
    )
    return found


async def _write(statement: str, scope: Scope, phrase_id: UUID, draft: PhraseDraft, now: datetime) -> None:
    try:
        async with savepoint():
            await connection().execute(
                statement, scope.affiliate_id, phrase_id, draft.kind, draft.name, draft.text, now
            )  # fmt: skip
    except UniqueViolationError:
        raise NameTaken from None


def _of(row: Record) -> Phrase:
    return Phrase(**dict(row))
