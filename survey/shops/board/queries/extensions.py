"""Wishes for another day as rows."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record, UniqueViolationError

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged, savepoint

from ..domain import Extension, Wish

_COLUMNS = """
SELECT e.id, e.shop_id, e.shopper_id, p.display_code AS shopper_code, s.public_ref AS shop_ref, l.name AS place,
       s.planned_on, s.window_end, s.due_at, l.time_zone, e.wanted_on, e.reason, e.state, e.answer, e.asked_at,
       e.decided_at, e.note IS NOT NULL AS has_words, a.state = 'held' AS is_current, e.note
  FROM identity.extension e
  JOIN identity.shopper p ON p.id = e.shopper_id
  JOIN field.shop s ON s.id = e.shop_id
  JOIN field.location l ON l.id = s.location_id
  JOIN identity.assignment a ON a.id = e.assignment_id
 WHERE e.affiliate_id = $1
"""

# What has come back to the board, or was handed in, waits for nobody.
_WAITING = f"""{_COLUMNS}
   AND e.state = 'ASKED'
   AND a.state = 'held'
   AND s.state IN ('ASSIGNED', 'IN_PROGRESS')
   AND ($2::timestamptz IS NULL OR (e.asked_at, e.id) > ($2, $3::uuid))
 ORDER BY e.asked_at, e.id
 LIMIT $4
"""

_OF_SHOP = f"""{_COLUMNS}
   AND e.shop_id = $2
   AND e.shopper_id = $3
 ORDER BY e.asked_at DESC, e.id DESC
 LIMIT 20
"""

_INSERT = """
INSERT INTO identity.extension
       (id, affiliate_id, shop_id, shopper_id, assignment_id, wanted_on, reason, note, asked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

_DECIDE = """
UPDATE identity.extension
   SET state = $3, answer = $4, decided_by = $5, decided_at = $6
 WHERE affiliate_id = $1
   AND id = $2
"""

# Of what has come back to the board meanwhile there is nothing to say.
_DECIDED = """
SELECT e.id, e.state, s.id AS shop_id
  FROM identity.extension e
  JOIN field.shop s ON s.id = e.shop_id
  JOIN identity.assignment a ON a.id = e.assignment_id AND a.state = 'held'
 WHERE e.id = ANY($1::uuid[])
   AND e.state IN ('GRANTED', 'DECLINED')
"""

# A visit on a later day needs a window that reaches so far; whoever may grant the day may grant the window. It is
# longer for this shopper alone: `field.keep_window` gives the campaign's back with the shop.
_STRETCH = """
UPDATE field.shop s
   SET window_end = ($3::date + 1)::timestamp AT TIME ZONE l.time_zone,
       stretched_from = coalesce(s.stretched_from, s.window_end),
       revision = s.revision + 1
  FROM field.location l
 WHERE l.id = s.location_id
   AND s.affiliate_id = $1
   AND s.id = $2
   AND s.window_end < ($3::date + 1)::timestamp AT TIME ZONE l.time_zone
RETURNING s.window_end
"""


async def insert_extension(
    scope: Scope, about: tuple[UUID, UUID, UUID], wish: tuple[date, str, bytes | None], now: datetime
) -> bool:
    """A new wish. about: its id, shop, assignment; wish: day, reason, sealed words. False where one waits already."""
    extension_id, shop_id, assignment_id = about
    try:
        async with savepoint():
            await connection().execute(
                _INSERT, extension_id, scope.affiliate_id, shop_id, scope.shopper_id, assignment_id, *wish, now
            )
    except UniqueViolationError:
        return False
    return True


async def extension_in(scope: Scope, extension_id: UUID, *, lock: bool = False) -> Extension:
    """A wish. Raises NotFound."""
    row = await connection().fetchrow(
        f"{_COLUMNS} AND e.id = $2{' FOR NO KEY UPDATE OF e' if lock else ''}", scope.affiliate_id, extension_id
    )
    if row is None:
        raise NotFound("extension")
    return _extension(row)


async def extensions_of(scope: Scope, shop_id: UUID) -> list[Extension]:
    """The shopper's own wishes for one shop, the latest first."""
    rows = await connection().fetch(_OF_SHOP, scope.affiliate_id, shop_id, scope.shopper_id)
    return [_extension(row) for row in rows]


async def waiting_extensions(scope: Scope, keyset: Keyset) -> Paged[Extension]:
    """One page of wishes that wait for a person, the oldest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_WAITING, scope.affiliate_id, *after, keyset.rows_to_fetch)
    return paged([_extension(row) for row in rows], keyset, lambda wish: (wish.asked_at, wish.id))


async def decide_extension(scope: Scope, extension_id: UUID, state: Wish, answer: str, now: datetime) -> None:
    """Write what staff decided."""
    await connection().execute(_DECIDE, scope.affiliate_id, extension_id, state, answer, scope.account_id, now)


async def decided_wishes(here: Connection, extension_ids: Sequence[UUID]) -> dict[UUID, tuple[Wish, UUID]]:
    """What was decided about which shop, by wish, for whoever still has it. Role.WORKER."""
    rows = await here.fetch(_DECIDED, list(extension_ids))
    return {row["id"]: (Wish(row["state"]), row["shop_id"]) for row in rows}


async def withdraw_extensions(scope: Scope, shop_id: UUID, now: datetime) -> list[UUID]:
    """The shopper's wishes for a shop wait no more; which did."""
    rows = await connection().fetch(
        "UPDATE identity.extension SET state = 'WITHDRAWN', decided_at = $4"
        " WHERE affiliate_id = $1 AND shop_id = $2 AND shopper_id = $3 AND state = 'ASKED' RETURNING id",
        scope.affiliate_id,
        shop_id,
        scope.shopper_id,
        now,
    )
    return [row["id"] for row in rows]


async def stretch_window(scope: Scope, shop_id: UUID, day: date) -> datetime | None:
    """Let a shop's window reach to the end of a day; where it ends now, or None where it did before."""
    end: datetime | None = await connection().fetchval(_STRETCH, scope.affiliate_id, shop_id, day)
    return end


def _extension(row: Record) -> Extension:
    return Extension(**(dict(row) | {"state": Wish(row["state"])}))
