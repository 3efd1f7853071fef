"""What an affiliate decides about its shoppers as a whole: the way in, the agreement, what is asked. Role.STAFF."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain import Agreement, BandQuestion, QualificationKind, Use

_KINDS = """
SELECT id,
       code,
       label,
       created_at,
       takes_documents,
       instructions,
       valid_months,
       retired_at
  FROM field.qualification_kind
 WHERE affiliate_id = $1
"""

_HOLDERS = """
SELECT q.code,
       count(*) FILTER (WHERE q.status = 'held' AND (q.expires_on IS NULL OR q.expires_on >= $2)) AS holders,
       count(*) FILTER (WHERE q.status = 'asked') AS asked
  FROM identity.qualification q
  JOIN identity.shopper s ON s.id = q.shopper_id
 WHERE q.affiliate_id = $1
   AND s.status <> 'erased'
 GROUP BY q.code
"""

_WANTED_BY = """
SELECT id, name
  FROM field.campaign
 WHERE affiliate_id = $1
   AND status <> 'closed'
   AND requirements -> 'qualifications' ? $2
 ORDER BY lower(name), id
 LIMIT 100
"""


class Entrance(NamedTuple):
    """The way in, as the affiliate has set it."""

    slug: str
    takes_shoppers: bool
    least_age: int


async def entrance_of(scope: Scope) -> Entrance:
    """The way in. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT slug, takes_shoppers, least_shopper_age AS least_age FROM field.affiliate WHERE id = $1 FOR UPDATE",
        scope.affiliate_id,
    )
    if row is None:
        raise NotFound("affiliate")
    return Entrance(**row)


async def seen_entrance(scope: Scope) -> Entrance:
    """The same without a lock, for pages. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT slug, takes_shoppers, least_shopper_age AS least_age FROM field.affiliate WHERE id = $1",
        scope.affiliate_id,
    )
    if row is None:
        raise NotFound("affiliate")
    return Entrance(**row)


async def put_entrance(scope: Scope, takes_shoppers: bool, least_age: int) -> None:
    """Open or close the way in, and say from which age on."""
    await connection().execute(
        "UPDATE field.affiliate SET takes_shoppers = $2, least_shopper_age = $3 WHERE id = $1",
        scope.affiliate_id,
        takes_shoppers,
        least_age,
    )


async def agreements_of(scope: Scope) -> list[Agreement]:
    """Every version, the latest first."""
    rows = await connection().fetch(
        "SELECT number, body, created_at FROM field.agreement WHERE affiliate_id = $1 ORDER BY number DESC LIMIT 100",
        scope.affiliate_id,
    )
    return [Agreement(**row) for row in rows]


async def insert_agreement(scope: Scope, number: int, body: str, now: datetime) -> bool:
    """The next version; False where it is there already."""
    return (
        await connection().fetchval(
            "INSERT INTO field.agreement (affiliate_id, number, body, created_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (affiliate_id, number) DO NOTHING RETURNING id",
            scope.affiliate_id,
            number,
            body,
            now,
        )
        is not None
    )


async def questions_of(scope: Scope) -> list[BandQuestion]:
    """Every question, in the order in which they were added. Role.STAFF or SHOPPER."""
    rows = await connection().fetch(
        "SELECT id, code, label, bands, is_required, reason, is_asked FROM field.band_question"
        " WHERE affiliate_id = $1 ORDER BY created_at, id LIMIT 200",
        scope.affiliate_id,
    )
    return [_question(row) for row in rows]


async def question_in(scope: Scope, question_id: UUID) -> BandQuestion:
    """One question. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT id, code, label, bands, is_required, reason, is_asked FROM field.band_question"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        question_id,
    )
    if row is None:
        raise NotFound("question")
    return _question(row)


async def insert_question(scope: Scope, one: BandQuestion, now: datetime) -> bool:
    """A new question; False where its code is taken."""
    return (
        await connection().fetchval(
            "INSERT INTO field.band_question (id, affiliate_id, code, label, bands, is_required, reason, created_at)"
            " SELECT CASE WHEN EXISTS (SELECT FROM field.qualification_kind k WHERE k.id = $1) THEN gen_random_uuid()"
            "        ELSE $1 END, $2, $3, $4, $5, $6, $7, $8 ON CONFLICT DO NOTHING RETURNING id",
            one.id,
            scope.affiliate_id,
            one.code,
            one.label,
            [list(band) for band in one.bands],
            one.is_required,
            one.reason,
            now,
        )
        is not None
    )


async def put_question(scope: Scope, one: BandQuestion) -> None:
    """Change its words, its answers, and whether it is asked; never its code, under which answers are filed."""
    await connection().execute(
        "UPDATE field.band_question SET label = $3, bands = $4, is_required = $5, reason = $6, is_asked = $7"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        one.id,
        one.label,
        [list(band) for band in one.bands],
        one.is_required,
        one.reason,
        one.is_asked,
    )


async def kinds_of(scope: Scope) -> list[QualificationKind]:
    """What can be recorded of a shopper, by name. Role.STAFF or SHOPPER."""
    rows = await connection().fetch(_KINDS + " ORDER BY lower(label), id LIMIT 200", scope.affiliate_id)
    return [QualificationKind(**row) for row in rows]


async def kind_in(scope: Scope, kind_id: UUID) -> QualificationKind:
    """One of them. Role.STAFF or SHOPPER. Raises NotFound."""
    row = await connection().fetchrow(_KINDS + " AND id = $2", scope.affiliate_id, kind_id)
    if row is None:
        raise NotFound("qualification")
    return QualificationKind(**row)


async def insert_kind(scope: Scope, one: QualificationKind) -> UUID | None:
    """Something more that can be recorded; its id, another where its own is in use. None where its code is taken."""
    created: UUID | None = await connection().fetchval(
        "INSERT INTO field.qualification_kind"
        " (id, affiliate_id, code, label, created_at, takes_documents, instructions, valid_months)"
        " SELECT CASE WHEN EXISTS (SELECT FROM field.qualification_kind k WHERE k.id = $1::uuid)"
        "        THEN gen_random_uuid() ELSE $1::uuid END, $2, $3, $4, $5, $6, $7, $8"
        " ON CONFLICT DO NOTHING RETURNING id",
        one.id,
        scope.affiliate_id,
        one.code,
        one.label,
        one.created_at,
        one.takes_documents,
        one.instructions,
        one.valid_months,
    )
    return created


async def put_kind(scope: Scope, one: QualificationKind) -> None:
    """Change its words and whether documents are taken; never its code."""
    await connection().execute(
        "UPDATE field.qualification_kind SET label = $3, takes_documents = $4, instructions = $5, valid_months = $6"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        one.id,
        one.label,
        one.takes_documents,
        one.instructions,
        one.valid_months,
    )


async def retire_kind(scope: Scope, kind_id: UUID, now: datetime) -> bool:
    """Let nobody new get it; False where that is so already."""
    found = await connection().fetchval(
        "UPDATE field.qualification_kind SET retired_at = $3"
        " WHERE affiliate_id = $1 AND id = $2 AND retired_at IS NULL RETURNING id",
        scope.affiliate_id,
        kind_id,
        now,
    )
    return found is not None


async def restore_kind(scope: Scope, kind_id: UUID) -> bool:
    """Let people get it again; False where they may already."""
    found = await connection().fetchval(
        "UPDATE field.qualification_kind SET retired_at = NULL"
        " WHERE affiliate_id = $1 AND id = $2 AND retired_at IS NOT NULL RETURNING id",
        scope.affiliate_id,
        kind_id,
    )
    return found is not None


async def holders_of(scope: Scope, today: date) -> dict[str, Use]:
    """How many hold each qualification, and ask for it, by its code. Role.STAFF."""
    rows = await connection().fetch(_HOLDERS, scope.affiliate_id, today)
    return {row["code"]: Use(row["holders"], row["asked"]) for row in rows}


async def campaigns_wanting(scope: Scope, code: str) -> tuple[tuple[UUID, str], ...]:
    """The campaigns that are not closed and ask for a qualification, by name. Role.STAFF."""
    rows = await connection().fetch(_WANTED_BY, scope.affiliate_id, code)
    return tuple((row["id"], row["name"]) for row in rows)


def _question(row: Record) -> BandQuestion:
    return BandQuestion(**dict(row) | {"bands": tuple((code, words) for code, words in row["bands"])})
