"""The people of one affiliate: the list and invitations as staff, changes of role and status as the gate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import AccountRole, Listed, ListFilter, Place, Status, TakenAddress
from .limits import client_names

_PERSON = f"""
SELECT a.id,
       a.role,
       a.status,
       a.email,
       a.name,
       a.totp_confirmed_at IS NOT NULL AS has_factor,
       a.created_at,
       a.client_id,
       a.location_id,
       a.is_limited,
       c.name AS client_name,
       l.name AS location_name,
       {client_names("a.id")} AS works_for
  FROM identity.account a
  LEFT JOIN field.client c ON c.id = a.client_id
  LEFT JOIN field.location l ON l.id = a.location_id
 WHERE a.affiliate_id = $1
"""  # noqa: S608  (made of constants)

_LIST = (
    _PERSON
    + """
   AND ($2 = '' OR a.role = $2)
   AND ($3 = '' OR a.status = $3)
   AND ($4::bytea IS NULL OR a.email_index = $4)
   AND ($5::timestamptz IS NULL OR (a.created_at, a.id) < ($5, $6::uuid))
 ORDER BY a.created_at DESC, a.id DESC
 LIMIT $7
"""
)

_INSERT = """
INSERT INTO identity.account
       (id, affiliate_id, role, client_id, location_id, email, email_index, name, password_hash, status, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
# Staff alone may write that column; whoever registers, and the platform, leave it out.
_INSERT_LIMITED = """
INSERT INTO identity.account
       (id, affiliate_id, role, client_id, location_id, email, email_index, name, password_hash, status, created_at,
        is_limited)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, true)
"""

# Whoever changes somebody first locks the administrators, so that two cannot remove one another at once.
_LOCK_ADMINISTRATORS = """
SELECT id
  FROM identity.account
 WHERE affiliate_id = $1
   AND ((role = 'affiliate_admin' AND status = 'active') OR id = $2)
 ORDER BY id
   FOR UPDATE
"""

_CURRENT = """
SELECT a.role,
       a.status,
       a.client_id,
       a.location_id,
       a.is_limited,
       a.password_hash IS NOT NULL AS has_password,
       (SELECT count(*)
          FROM identity.account o
         WHERE o.affiliate_id = $1
           AND o.id <> $2
           AND o.role = 'affiliate_admin'
           AND o.status = 'active') AS other_administrators
  FROM identity.account a
 WHERE a.affiliate_id = $1
   AND a.id = $2
"""

# A code or a name is what people know of a place; ids are looked up.
_LOCATIONS = """
SELECT id,
       name,
       code,
       level
  FROM field.location
 WHERE affiliate_id = $1
   AND client_id = $2
   AND (lower(code) = lower($3) OR strpos(lower(name), lower($3)) > 0)
 ORDER BY lower(code) = lower($3) DESC, char_length(path), name, id
 LIMIT $4
"""


async def people_of(scope: Scope, wanted: ListFilter, keyset: Keyset) -> Paged[Listed]:
    """One page of an affiliate's people, the latest first, sealed. Role.STAFF. Raises BadCursor."""
    after, after_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        _LIST, scope.affiliate_id, wanted.role, wanted.status, wanted.index, after, after_id, keyset.rows_to_fetch
    )
    return paged([Listed(**row) for row in rows], keyset, lambda row: (row.created_at, row.id))


async def person_in(scope: Scope, account_id: UUID) -> Listed:
    """One person of the affiliate, sealed. Role.STAFF. Raises NotFound."""
    row = await connection().fetchrow(_PERSON + " AND a.id = $2", scope.affiliate_id, account_id)
    if row is None:
        raise NotFound("account")
    return Listed(**row)


async def insert_account(  # noqa: PLR0913  (one row, each word named)
    account_id: UUID,
    affiliate_id: UUID,
    *,
    role: AccountRole,
    place: Place | None,
    email: bytes,
    email_index: bytes,
    name: bytes,
    password_hash: str | None,
    now: datetime,
    is_limited: bool = False,
) -> None:
    """A new account: active with a password, invited without. Role.STAFF or PROVIDER. Raises TakenAddress.

    is_limited: it works for no client until somebody says for which. Role.STAFF alone.
    """
    status = Status.ACTIVE if password_hash else Status.INVITED
    client_id, location_id = (place.client_id, place.location_id) if place else (None, None)
    values = (role, client_id, location_id, email, email_index, name, password_hash, status, now)
    try:
        await connection().execute(_INSERT_LIMITED if is_limited else _INSERT, account_id, affiliate_id, *values)
    except asyncpg.UniqueViolationError:
        raise TakenAddress from None


async def locked_person(scope: Scope, account_id: UUID) -> Record:
    """A person to be changed, with the number of other administrators; locked. Role.GATE. Raises NotFound."""
    await connection().fetch(_LOCK_ADMINISTRATORS, scope.affiliate_id, account_id)
    row = await connection().fetchrow(_CURRENT, scope.affiliate_id, account_id)
    if row is None:
        raise NotFound("account")
    return row


async def put_role(scope: Scope, account_id: UUID, role: AccountRole, place: Place | None) -> None:
    """Another role, and for a viewer another place. Role.GATE."""
    client_id, location_id = (place.client_id, place.location_id) if place else (None, None)
    await connection().execute(
        "UPDATE identity.account SET role = $3, client_id = $4, location_id = $5 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        account_id,
        role,
        client_id,
        location_id,
    )


async def set_status(scope: Scope, account_id: UUID, status: Status) -> None:
    """Disable or enable. Role.GATE."""
    await connection().execute(
        "UPDATE identity.account SET status = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        account_id,
        status,
    )


async def forget_disabled(account_ids: Sequence[UUID], before: datetime) -> list[Record]:
    """Remove accounts that were disabled before that: id and affiliate_id of each. Role.WORKER.

    Whom somebody has let in again meanwhile stays.
    """
    rows: list[Record] = await connection().fetch(
        "DELETE FROM identity.account WHERE id = ANY($1::uuid[]) AND status = 'disabled' AND disabled_at < $2"
        " RETURNING id, affiliate_id",
        list(account_ids),
        before,
    )
    return rows


async def clients_of(scope: Scope, limit: int) -> list[Record]:
    """Clients to choose from, by name. Role.STAFF."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, name FROM field.client WHERE affiliate_id = $1 AND status = 'active' ORDER BY name, id LIMIT $2",
        scope.affiliate_id,
        limit,
    )
    return rows


async def locations_like(scope: Scope, client_id: UUID, words: str, limit: int) -> list[Record]:
    """The client's places with this code or these words in their name, the highest first. Role.STAFF."""
    rows: list[Record] = await connection().fetch(_LOCATIONS, scope.affiliate_id, client_id, words, limit)
    return rows


async def root_of(scope: Scope, client_id: UUID) -> UUID | None:
    """The top of the client's tree, from which everything is seen; None where the client has no tree yet."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM field.location WHERE affiliate_id = $1 AND client_id = $2 AND parent_id IS NULL",
        scope.affiliate_id,
        client_id,
    )
    return found


async def sealed_addresses(here: Connection, account_ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, bytes]]:
    """The sealed address and name of accounts that are to be written to. Role.WORKER."""
    rows = await here.fetch(
        "SELECT id, email, name FROM identity.account WHERE id = ANY($1::uuid[])", list(account_ids)
    )
    return {row["id"]: (row["email"], row["name"]) for row in rows}


async def require_place(scope: Scope, place: Place) -> None:
    """Raises NotFound unless the place is the client's and the client the affiliate's. Role.STAFF or GATE."""
    found = await connection().fetchval(
        "SELECT id FROM field.location WHERE affiliate_id = $1 AND client_id = $2 AND id = $3",
        scope.affiliate_id,
        place.client_id,
        place.location_id,
    )
    if found is None:
        raise NotFound("location")
