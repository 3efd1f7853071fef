"""The shopper's own applications with their shops."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, Paged, Scope, connection, paged
from survey.shops.scheduling.domain import UNDO
from survey.shops.visits.domain import ApplicationState, State

from ..domain import Asked

MOST_WAITING = 50


def state_shown(now: str) -> str:
    """SQL: how application `p` for shop `s` stands to its shopper. now: a parameter.

    What ended because the shop was given to somebody waits until nobody can undo that any more.
    """
    return (
        "CASE WHEN p.state IN ('APPROVED', 'SUPERSEDED') AND s.state = 'ASSIGNED' AND p.decided_at = s.state_since"
        f" AND p.decided_at > {now}::timestamptz - interval '{UNDO.seconds} seconds'"
        " THEN 'SUBMITTED' ELSE p.state END"
    )


_ASKED = f"""
SELECT p.id, s.id AS shop_id, s.public_ref, s.state AS shop_state, k.name AS client, l.name AS place, l.street, l.city,
       l.time_zone, s.window_end, s.fee_cents + s.bonus_cents AS pay_cents, s.currency, p.proposed_on,
       {state_shown("$3")} AS state, p.reason, p.created_at, coalesce(i.waiting, 0) AS waiting
  FROM identity.application p
  JOIN field.shop s ON s.id = p.shop_id
  JOIN field.client k ON k.id = s.client_id
  JOIN field.location l ON l.id = s.location_id
  LEFT JOIN field.shop_interest i ON i.shop_id = s.id
 WHERE p.affiliate_id = $1
   AND p.shopper_id = $2
"""  # noqa: S608

_WAITING = f"""{_ASKED}
   AND {state_shown("$3")} = 'SUBMITTED'
 ORDER BY p.created_at DESC, p.id DESC
 LIMIT $4
"""

_ALL = f"""{_ASKED}
   AND ($4::timestamptz IS NULL OR (p.created_at, p.id) < ($4, $5::uuid))
 ORDER BY p.created_at DESC, p.id DESC
 LIMIT $6
"""


async def waiting(scope: Scope, now: datetime) -> list[Asked]:
    """Applications that nobody has decided for good, the latest first; as many as a page holds."""
    rows = await connection().fetch(_WAITING, scope.affiliate_id, scope.shopper_id, now, MOST_WAITING)
    return [_asked(row) for row in rows]


async def has_asked(scope: Scope) -> bool:
    """Whether the shopper has ever asked for a shop."""
    found: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM identity.application WHERE affiliate_id = $1 AND shopper_id = $2)",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return found


async def all_asked(scope: Scope, keyset: Keyset, now: datetime) -> Paged[Asked]:
    """One page of all applications, the latest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_ALL, scope.affiliate_id, scope.shopper_id, now, *after, keyset.rows_to_fetch)
    return paged([_asked(row) for row in rows], keyset, lambda asked: (asked.created_at, asked.id))


def _asked(row: Record) -> Asked:
    states = {"state": ApplicationState(row["state"]), "shop_state": State(row["shop_state"])}
    return Asked(**(dict(row) | states))
