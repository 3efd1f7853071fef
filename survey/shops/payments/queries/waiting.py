"""Whoever is owed something and has not said where the money goes: who is to be told, and who was asked lately."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from survey.db import Scope, connection

from ..domain import REMIND_AFTER, WHERE_AGAIN_KIND, WHERE_KIND, WHERE_KINDS
from .items import WAITING

# The send log is the memory: one mail when somebody first waits, one reminder, and none after a colleague has asked.
# It is kept for two years; whoever waits for longer than that hears of their money once more.
_UNTOLD = f"""
SELECT i.affiliate_id, i.shopper_id, 'first' AS what
  FROM identity.pay_item i
 WHERE {WAITING}
   AND NOT EXISTS (SELECT FROM ops.delivery d WHERE d.recipient_id = i.shopper_id AND d.kind = ANY ($1::text[]))
 UNION
SELECT i.affiliate_id, i.shopper_id, 'again'
  FROM identity.pay_item i
 WHERE {WAITING}
   AND EXISTS (
       SELECT FROM ops.delivery d WHERE d.recipient_id = i.shopper_id AND d.kind = $2 AND d.not_before <= $4)
   AND NOT EXISTS (
       SELECT FROM ops.delivery d
        WHERE d.recipient_id = i.shopper_id AND d.kind = ANY ($1::text[]) AND (d.kind = $3 OR d.not_before > $4))
 ORDER BY affiliate_id, shopper_id
 LIMIT $5
"""  # noqa: S608  (made of constants)

_STILL_LACKING = f"""
SELECT DISTINCT i.shopper_id
  FROM identity.pay_item i
 WHERE i.shopper_id = ANY ($1::uuid[])
   AND {WAITING}
"""  # noqa: S608  (made of constants)

_CHOSEN = f"""
SELECT i.shopper_id, p.display_code,
       bool_or({WAITING}) AS is_lacking,
       EXISTS (
           SELECT FROM ops.delivery d
            WHERE d.affiliate_id = $1 AND d.recipient_id = i.shopper_id AND d.kind = ANY ($3::text[])
              AND d.not_before > $4) AS is_asked_lately
  FROM identity.pay_item i
  JOIN identity.shopper p ON p.id = i.shopper_id
 WHERE i.affiliate_id = $1
   AND i.id = ANY ($2::uuid[])
   AND p.status <> 'erased'
 GROUP BY i.shopper_id, p.display_code
 ORDER BY p.display_code
"""  # noqa: S608  (made of constants)


class Untold(NamedTuple):
    """Somebody who waits and is to be told. what: first, or again."""

    affiliate_id: UUID
    shopper_id: UUID
    what: str


class Chosen(NamedTuple):
    """Somebody of whose items staff have ticked some."""

    shopper_id: UUID
    display_code: str
    is_lacking: bool
    is_asked_lately: bool


async def untold(now: datetime, limit: int) -> list[Untold]:
    """Who waits and was not told, or only once and long ago. Role.WORKER."""
    rows = await connection().fetch(_UNTOLD, list(WHERE_KINDS), WHERE_KIND, WHERE_AGAIN_KIND, now - REMIND_AFTER, limit)
    return [Untold(*row) for row in rows]


async def still_lacking(here: Connection, shopper_ids: Sequence[UUID]) -> set[UUID]:
    """Those who are owed something and have not said where the money goes."""
    return {row["shopper_id"] for row in await here.fetch(_STILL_LACKING, list(shopper_ids))}


async def chosen_of(scope: Scope, item_ids: Sequence[UUID], since: datetime) -> list[Chosen]:
    """The people of some items, by code: whether they can be asked, and whether they were since."""
    rows = await connection().fetch(_CHOSEN, scope.affiliate_id, list(item_ids), list(WHERE_KINDS), since)
    return [Chosen(*row) for row in rows]


async def lock_shoppers(scope: Scope, shopper_ids: Sequence[UUID]) -> None:
    """Let nobody else ask the same people meanwhile."""
    await connection().execute(
        "SELECT id FROM identity.shopper WHERE affiliate_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE",
        scope.affiliate_id,
        list(shopper_ids),
    )
