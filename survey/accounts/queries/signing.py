"""What signing in asks, before a tenant is known. Role.GATE."""

from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, connection

from ..domain import Credentials

# What the provider asks of its own people binds no shopper, whose sign-in is only kept with it.
_CREDENTIALS = """
SELECT a.id,
       a.affiliate_id,
       f.name AS affiliate_name,
       f.status AS affiliate_status,
       a.role,
       a.status,
       a.password_hash,
       a.totp_confirmed_at IS NOT NULL AS has_factor,
       f.require_totp AND a.role <> 'shopper' AS require_totp
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


async def provider_tenant() -> UUID:
    """The platform's own tenant, which holds the sign-ins of shoppers. Raises NotFound."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM field.affiliate WHERE kind = 'provider' ORDER BY created_at, id LIMIT 1"
    )
    if found is None:
        raise NotFound("provider")
    return found


async def lock_address(index: bytes) -> None:
    """Let one registration of an address at a time through, to the end of the transaction."""
    await connection().execute("SELECT pg_advisory_xact_lock($1)", int.from_bytes(index[:8], signed=True))


async def account_at(affiliate_id: UUID, index: bytes) -> Record | None:
    """Id, role, status and has_password of the tenant's account with this address."""
    return await connection().fetchrow(
        "SELECT id, role, status, password_hash IS NOT NULL AS has_password FROM identity.account"
        " WHERE affiliate_id = $1 AND email_index = $2",
        affiliate_id,
        index,
    )
