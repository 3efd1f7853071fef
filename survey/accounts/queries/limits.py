"""For which clients an account works, where it does not work for all of them."""

from collections.abc import Collection
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection

# Those that are ticked stand first, so that a long list cuts off none of them; put away, they stay on it too.
_CHOICES = """
SELECT c.id,
       c.name
  FROM field.client c
  LEFT JOIN identity.account_client k ON k.account_id = $2 AND k.client_id = c.id
 WHERE c.affiliate_id = $1
   AND (c.status = 'active' OR k.client_id IS NOT NULL)
 ORDER BY k.client_id IS NULL, c.name, c.id
 LIMIT $3
"""

_INSERT = """
INSERT INTO identity.account_client (account_id, client_id, affiliate_id)
SELECT $2, c.id, c.affiliate_id
  FROM field.client c
 WHERE c.affiliate_id = $1
   AND c.id = ANY($3::uuid[])
RETURNING client_id
"""


def works_for(account: str, client: str) -> str:
    """The condition that an account works for a client. account: its table's name; client: an expression."""
    return (
        f"(NOT {account}.is_limited OR EXISTS (SELECT FROM identity.account_client k"
        f" WHERE k.account_id = {account}.id AND k.client_id = {client}))"
    )


def client_names(account_id: str) -> str:
    """What the clients are called that an account is limited to, as an array. account_id: an expression."""
    of_whom = f"k.account_id = {account_id} ORDER BY w.name, w.id"
    return (
        f"ARRAY(SELECT w.name FROM identity.account_client k JOIN field.client w ON w.id = k.client_id WHERE {of_whom})"  # noqa: S608
    )


async def limit_choices(scope: Scope, account_id: UUID | None, limit: int) -> list[Record]:
    """Clients that somebody may be limited to, or somebody new: `id`, `name`. Role.STAFF."""
    rows: list[Record] = await connection().fetch(_CHOICES, scope.affiliate_id, account_id, limit)
    return rows


async def count_clients(scope: Scope, client_ids: Collection[UUID]) -> int:
    """How many of these are clients of the affiliate. Role.STAFF."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM field.client WHERE affiliate_id = $1 AND id = ANY($2::uuid[])",
        scope.affiliate_id,
        list(client_ids),
    )
    return found


async def limited_to(account_id: UUID) -> list[UUID]:
    """The clients an account is limited to; says nothing of whether it is. Role.STAFF or GATE."""
    rows = await connection().fetch(
        "SELECT client_id FROM identity.account_client WHERE account_id = $1 ORDER BY client_id", account_id
    )
    return [row["client_id"] for row in rows]


async def limit_names(account_id: UUID) -> list[str]:
    """What those clients are called. Role.STAFF or GATE."""
    names: list[str] = await connection().fetchval(f"SELECT {client_names('$1::uuid')}", account_id)
    return names


async def put_limit(scope: Scope, account_id: UUID, client_ids: Collection[UUID] | None) -> int:
    """Another limit, or None: no limit any more; how many of the clients there are. Role.GATE."""
    await connection().execute(
        "UPDATE identity.account SET is_limited = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        account_id,
        client_ids is not None,
    )
    await connection().execute(
        "DELETE FROM identity.account_client WHERE affiliate_id = $1 AND account_id = $2",
        scope.affiliate_id,
        account_id,
    )
    if not client_ids:
        return 0
    return len(await connection().fetch(_INSERT, scope.affiliate_id, account_id, list(client_ids)))
