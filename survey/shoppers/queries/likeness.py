"""Fingerprints of shoppers: written by whoever tells something, and by the worker where they are missing."""

from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Scope, connection

from ..domain import Traits

_MISSING = """
SELECT s.id,
       s.affiliate_id,
       s.email,
       s.name,
       s.phone,
       s.address,
       p.kind AS payout_kind,
       p.handle AS payout_handle
  FROM identity.shopper s
  LEFT JOIN identity.likeness l ON l.shopper_id = s.id
  LEFT JOIN identity.payout p ON p.shopper_id = s.id
 WHERE s.status <> 'erased'
   AND s.id > $1
   AND (l.family_index IS NULL OR l.payout_index IS NULL AND p.shopper_id IS NOT NULL)
 ORDER BY s.id
 LIMIT $2
"""

_PUT_ALL = """
UPDATE identity.likeness
   SET phone_index = $2,
       family_index = $3,
       namesake_index = $4,
       payout_index = $5
 WHERE shopper_id = $1
"""

_BEGIN = """
INSERT INTO identity.likeness (shopper_id, affiliate_id) VALUES ($1, $2) ON CONFLICT (shopper_id) DO NOTHING
"""


async def put_traits(affiliate_id: UUID, shopper_id: UUID, traits: Traits) -> None:
    """What somebody is like from now on. Role.GATE for whoever registers, SHOPPER for oneself."""
    await connection().execute(_BEGIN, shopper_id, affiliate_id)
    await connection().execute(
        "UPDATE identity.likeness SET phone_index = $3, family_index = $4, namesake_index = $5"
        " WHERE affiliate_id = $1 AND shopper_id = $2",
        affiliate_id,
        shopper_id,
        *traits,
    )


async def put_payout(scope: Scope, index: bytes | None) -> None:
    """By what one's own account is compared from now on. Role.SHOPPER."""
    await connection().execute(_BEGIN, scope.shopper_id, scope.affiliate_id)
    await connection().execute(
        "UPDATE identity.likeness SET payout_index = $3 WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        scope.shopper_id,
        index,
    )


async def without_traits(here: Connection, after: UUID, limit: int) -> list[Record]:
    """Shoppers whose fingerprints are missing, sealed, by id; a batch. Role.WORKER."""
    rows: list[Record] = await here.fetch(_MISSING, after, limit)
    return rows


async def put_many(here: Connection, found: list[tuple[UUID, UUID, Traits, bytes | None]]) -> None:
    """Fingerprints of many: shopper, affiliate, traits, account. Role.WORKER."""
    await here.executemany(_BEGIN, [(one, affiliate_id) for one, affiliate_id, _, _ in found])
    await here.executemany(_PUT_ALL, [(one, *traits, account) for one, _, traits, account in found])
