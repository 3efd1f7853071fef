"""Which shops an act is about, and what they are before it."""

# ruff: noqa: S608  (statements are put together from the constants here; every value is a parameter)

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection
from survey.shops.visits.domain import State

from ..domain import MOST_SHOPS, Chosen, Filter
from .narrowing import Asked, where

_CHOSEN = """
SELECT s.id, s.public_ref, s.state, s.revision, s.is_on_hold, s.planned_on, s.fee_cents, s.bonus_cents,
       s.currency, s.unassign_count, s.window_end, c.bonus_ladder::text
  FROM field.shop s
  JOIN field.campaign c ON c.id = s.campaign_id
 WHERE s.affiliate_id = $1
   AND s.id = ANY($2::uuid[])
 ORDER BY s.window_end, s.id
"""

_REVISIONS = "SELECT id, revision FROM field.shop WHERE affiliate_id = $1 AND id = ANY($2::uuid[])"

_SHOPPER = "SELECT id FROM identity.shopper WHERE affiliate_id = $1 AND display_code = $2"


async def matching(scope: Scope, wanted: Filter, now: datetime) -> list[UUID]:
    """Shops that a filter leaves, one more than an act may take at most."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    rows = await connection().fetch(
        f"SELECT s.id FROM field.shop s WHERE {condition} ORDER BY s.window_end, s.id LIMIT {MOST_SHOPS + 1}",
        *asked.values,
    )
    return [row["id"] for row in rows]


async def coded(scope: Scope, wanted: Filter, codes: Sequence[str], now: datetime) -> tuple[list[UUID], set[str]]:
    """Shops with these references, or at locations with these codes, within a filter; and the codes that were found."""
    asked = Asked()
    condition = where(asked, scope.affiliate_id, wanted, now)
    given = asked(list(codes))
    rows = await connection().fetch(
        "SELECT s.id, s.public_ref, l.code FROM field.shop s JOIN field.location l ON l.id = s.location_id"
        f" WHERE {condition} AND (upper(s.public_ref) = ANY({given}::text[]) OR upper(l.code) = ANY({given}::text[]))"
        f" ORDER BY s.window_end, s.id LIMIT {MOST_SHOPS + 1}",
        *asked.values,
    )
    return [row["id"] for row in rows], {value.upper() for row in rows for value in (row["public_ref"], row["code"])}


async def chosen_shops(scope: Scope, shop_ids: Sequence[UUID], *, lock: bool = False) -> list[Chosen]:
    """Those of the shops that are the affiliate's, the most urgent first."""
    statement = _CHOSEN + (" FOR NO KEY UPDATE OF s" if lock else "")
    return [_chosen(row) for row in await connection().fetch(statement, scope.affiliate_id, list(shop_ids))]


async def revisions_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The revision of each of the shops."""
    rows = await connection().fetch(_REVISIONS, scope.affiliate_id, list(shop_ids))
    return {row["id"]: row["revision"] for row in rows}


async def shopper_called(scope: Scope, code: str) -> UUID:
    """The shopper with a display code. Raises NotFound."""
    found: UUID | None = await connection().fetchval(_SHOPPER, scope.affiliate_id, code.upper())
    if found is None:
        raise NotFound("shopper")
    return found


def _chosen(row: Record) -> Chosen:
    ladder = tuple((int(days), int(cents)) for days, cents in json.loads(row["bonus_ladder"]))
    return Chosen(**(dict(row) | {"state": State(row["state"]), "bonus_ladder": ladder}))
