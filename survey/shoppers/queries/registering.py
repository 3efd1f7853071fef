"""Registering, before anybody is signed in. Role.GATE; what nobody confirmed goes as Role.WORKER."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import NotFound, connection
from survey.web.brands import Brand

from ..domain import Agreement, Door, Pending

_DOOR = """
SELECT f.id,
       f.name,
       f.slug,
       f.least_shopper_age AS least_age,
       f.takes_shoppers,
       field.brand_of(f) AS brand,
       a.number,
       a.body
  FROM field.affiliate f
  LEFT JOIN LATERAL (
       SELECT number, body FROM field.agreement WHERE affiliate_id = f.id ORDER BY number DESC LIMIT 1
       ) a ON true
 WHERE f.slug = $1
   AND f.kind = 'affiliate'
   AND f.status = 'active'
"""

_INSERT = """
INSERT INTO identity.shopper
       (id, affiliate_id, account_id, display_code, name, phone, address, email, email_index, household_index, region,
        time_zone, units, agreement_version, agreed_at, status, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'pending', $15)
"""

_REPLACE = """
UPDATE identity.shopper
   SET name = $2,
       phone = $3,
       address = $4,
       household_index = $5,
       region = $6,
       time_zone = $7,
       units = $8,
       agreement_version = $9,
       agreed_at = $10
 WHERE id = $1
   AND status = 'pending'
"""

_PENDING = """
SELECT s.id,
       s.affiliate_id,
       field.brand_of(f) AS brand,
       f.status AS affiliate_status,
       s.account_id,
       s.status,
       s.agreement_version,
       s.agreed_at
  FROM identity.shopper s
  JOIN field.affiliate f ON f.id = s.affiliate_id
 WHERE s.id = $1
"""

_ORPHANED = """
DELETE FROM identity.account a
 WHERE a.id = ANY($1::uuid[])
   AND a.role = 'shopper'
   AND a.status = 'invited'
   AND NOT EXISTS (SELECT FROM identity.shopper s WHERE s.account_id = a.id)
RETURNING a.id
"""


class SealedDetails(NamedTuple):
    """What is typed at registration, sealed or indexed."""

    name: bytes
    phone: bytes
    address: bytes
    household_index: bytes
    region: str
    time_zone: str
    units: str
    agreement_version: int
    agreed_at: datetime


async def door_called(slug: str) -> Door:
    """The way in to an affiliate. Raises NotFound, also for one that is suspended."""
    row = await connection().fetchrow(_DOOR, slug)
    if row is None:
        raise NotFound("affiliate")
    fields = dict(row)
    number, body, brand = fields.pop("number"), fields.pop("body"), Brand(**fields.pop("brand"))
    return Door(**fields, brand=brand, agreement=Agreement(number, body) if number else None)


async def find_profile(affiliate_id: UUID, account_id: UUID, email_index: bytes) -> Record | None:
    """Id and status of the profile that the account, or the address, has at the affiliate."""
    return await connection().fetchrow(
        "SELECT id, status FROM identity.shopper WHERE affiliate_id = $1 AND (account_id = $2 OR email_index = $3)"
        " ORDER BY account_id = $2 DESC LIMIT 1",
        affiliate_id,
        account_id,
        email_index,
    )


async def insert_profile(
    ids: tuple[UUID, UUID, UUID], display_code: str, email: tuple[bytes, bytes], sealed: SealedDetails
) -> None:
    """A profile that is not confirmed. ids: its own, the affiliate's, the account's; email: sealed, and its index."""
    await connection().execute(
        _INSERT, *ids, display_code, sealed.name, sealed.phone, sealed.address, *email, *sealed[3:]
    )


async def replace_pending(shopper_id: UUID, sealed: SealedDetails) -> None:
    """What was typed later counts, as long as nobody has confirmed."""
    await connection().execute(_REPLACE, shopper_id, *sealed)


async def pending_behind(shopper_id: UUID) -> Pending:
    """The registration behind a link. Raises NotFound once it was forgotten."""
    row = await connection().fetchrow(_PENDING, shopper_id)
    if row is None:
        raise NotFound("registration")
    fields = dict(row)
    return Pending(**fields | {"brand": Brand(**fields["brand"])})


async def confirm(shopper_id: UUID) -> bool:
    """Make a profile active; False when it was done before."""
    return (
        await connection().fetchval(
            "UPDATE identity.shopper SET status = 'active' WHERE id = $1 AND status = 'pending' RETURNING id",
            shopper_id,
        )
        is not None
    )


async def agreement_words(affiliate_id: UUID, number: int) -> str:
    """The words of a version. Role.GATE or SHOPPER. Raises NotFound."""
    body: str | None = await connection().fetchval(
        "SELECT body FROM field.agreement WHERE affiliate_id = $1 AND number = $2", affiliate_id, number
    )
    if body is None:
        raise NotFound("agreement")
    return body


async def unconfirmed(here: Connection, before: datetime, limit: int) -> list[Record]:
    """Profiles that nobody confirmed in time, with their accounts; a batch. Role.WORKER."""
    rows: list[Record] = await here.fetch(
        "SELECT id, affiliate_id, account_id FROM identity.shopper WHERE status = 'pending' AND created_at < $1"
        " ORDER BY id LIMIT $2",
        before,
        limit,
    )
    return rows


async def delete_unconfirmed(here: Connection, ids: Sequence[UUID], account_ids: Sequence[UUID]) -> list[UUID]:
    """Remove them, and the accounts that nobody has taken up; returns which accounts went. Role.WORKER."""
    await here.execute("DELETE FROM identity.shopper WHERE id = ANY($1::uuid[]) AND status = 'pending'", list(ids))
    return [row["id"] for row in await here.fetch(_ORPHANED, list(account_ids))]
