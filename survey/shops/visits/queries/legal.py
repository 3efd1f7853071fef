"""Legal holds as rows, and the flag on the shop that the sweeps read."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, Paged, Scope, connection, paged

from ..domain import LegalHold

_HOLDS = """
SELECT h.id, h.shop_id, h.reason, h.reference, h.placed_by, h.placed_at, h.lifted_by, h.lifted_at, h.lift_reason,
       s.public_ref, l.code, l.name AS place, c.name AS client
  FROM field.legal_hold h
  JOIN field.shop s ON s.id = h.shop_id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.client c ON c.id = s.client_id
 WHERE h.affiliate_id = $1
"""

_PLACE = """
INSERT INTO field.legal_hold (id, affiliate_id, shop_id, reason, reference, placed_by, placed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_LIFT = """
UPDATE field.legal_hold
   SET lifted_by = $3, lifted_at = $4, lift_reason = $5
 WHERE affiliate_id = $1
   AND shop_id = $2
   AND lifted_at IS NULL
RETURNING id
"""


class HoldLine(NamedTuple):
    """A hold in the list, with its shop and place."""

    hold: LegalHold
    public_ref: str
    code: str
    place: str
    client: str


async def legal_holds_of(scope: Scope, shop_id: UUID) -> list[LegalHold]:
    """The holds of a shop, the latest first."""
    rows = await connection().fetch(
        f"{_HOLDS} AND h.shop_id = $2 ORDER BY h.placed_at DESC, h.id DESC", scope.affiliate_id, shop_id
    )
    return [_hold(row) for row in rows]


async def has_legal_hold(scope: Scope, shop_id: UUID) -> bool:
    """Whether the law holds a shop."""
    found: bool | None = await connection().fetchval(
        "SELECT is_legal_hold FROM field.shop WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, shop_id
    )
    return bool(found)


async def legal_holds(scope: Scope, is_lifted: bool, words: str, keyset: Keyset) -> Paged[HoldLine]:
    """Holds that stand, or that were lifted, the latest first. words: part of a reference, of a shop or a file."""
    at, last_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        f"{_HOLDS} AND (h.lifted_at IS NOT NULL) = $2"
        " AND ($3 = '' OR position(lower($3) IN lower(h.reference)) > 0"
        "      OR position(lower($3) IN lower(s.public_ref)) > 0)"
        " AND ($4::timestamptz IS NULL OR (h.placed_at, h.id) < ($4, $5::uuid))"
        " ORDER BY h.placed_at DESC, h.id DESC LIMIT $6",
        scope.affiliate_id,
        is_lifted,
        words,
        at,
        last_id,
        keyset.rows_to_fetch,
    )
    lines = [HoldLine(_hold(row), row["public_ref"], row["code"], row["place"], row["client"]) for row in rows]
    return paged(lines, keyset, lambda line: (line.hold.placed_at, line.hold.id))


async def place_legal_hold(scope: Scope, shop_id: UUID, hold_id: UUID, why: Sequence[str], now: datetime) -> None:
    """Write a hold down, and the flag. why: reason and reference. Whoever calls has locked the shop."""
    reason, reference = why
    await connection().execute(
        _PLACE, hold_id, scope.affiliate_id, shop_id, reason, reference, scope.account_id, now
    )  # fmt: skip
    await _flag(scope, shop_id, True)


async def lift_legal_hold(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> UUID | None:
    """Write down that a hold was lifted, and take the flag away; its id, None where none stood."""
    hold_id: UUID | None = await connection().fetchval(
        _LIFT, scope.affiliate_id, shop_id, scope.account_id, now, reason
    )
    await _flag(scope, shop_id, False)
    return hold_id


async def _flag(scope: Scope, shop_id: UUID, is_held: bool) -> None:
    await connection().execute(
        "UPDATE field.shop SET is_legal_hold = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        shop_id,
        is_held,
    )


def _hold(row: Record) -> LegalHold:
    return LegalHold(**{name: row[name] for name in LegalHold.__slots__})
