"""What signing in asks, before a tenant is known. Role.GATE."""

from uuid import UUID

from survey.db import NotFound, connection

from ..domain import Credentials

_CREDENTIALS = """
SELECT a.id,
       a.affiliate_id,
       f.name AS affiliate_name,
       f.status AS affiliate_status,
       a.role,
       a.status,
       a.password_hash,
       a.totp_confirmed_at IS NOT NULL AS has_factor,
       f.require_totp
  FROM identity.account a
  JOIN field.affiliate f ON f.id = a.affiliate_id
"""
# One address may have accounts at several companies; nobody works for more than these.
ACCOUNTS_TRIED = 8


async def credentials_of(index: bytes) -> list[Credentials]:
    """The accounts of an address that have a password."""
    rows = await connection().fetch(
        _CREDENTIALS + " WHERE a.email_index = $1 AND a.password_hash IS NOT NULL ORDER BY f.name, a.id LIMIT $2",
        index,
        ACCOUNTS_TRIED,
    )
    return [Credentials(**row) for row in rows]


async def addressed_accounts(index: bytes) -> list[Credentials]:
    """The accounts of an address, also those that were invited and have no password yet."""
    rows = await connection().fetch(
        _CREDENTIALS + " WHERE a.email_index = $1 ORDER BY f.name, a.id LIMIT $2", index, ACCOUNTS_TRIED
    )
    return [Credentials(**row) for row in rows]


async def credentials_in(account_id: UUID) -> Credentials:
    """One account's. Raises NotFound."""
    row = await connection().fetchrow(_CREDENTIALS + " WHERE a.id = $1", account_id)
    if row is None:
        raise NotFound("account")
    return Credentials(**row)
