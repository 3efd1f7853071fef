"""Clients and their permissions as rows."""

from datetime import datetime
from uuid import UUID

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Authorisation, Client

_CLIENTS = """
SELECT c.id,
       c.name,
       c.status,
       c.created_at,
       (SELECT count(*) FROM field.location l WHERE l.client_id = c.id AND l.level = 'store'
           AND NOT l.is_competitor) AS location_count
  FROM field.client c
 WHERE c.affiliate_id = $1
"""


async def clients_of(scope: Scope, words: str, status: str, keyset: Keyset) -> Paged[Client]:
    """One page of clients by name. Raises BadCursor."""
    after = keyset.after_as(tuple[str, UUID]) or (None, None)
    rows = await connection().fetch(
        _CLIENTS + " AND c.status = $2 AND ($3 = '' OR strpos(lower(c.name), lower($3)) > 0)"
        " AND ($4::text IS NULL OR (lower(c.name), c.id) > ($4, $5::uuid)) ORDER BY lower(c.name), c.id LIMIT $6",
        scope.affiliate_id,
        status,
        words,
        *after,
        keyset.rows_to_fetch,
    )
    return paged([Client(**row) for row in rows], keyset, lambda client: (client.name.lower(), client.id))


async def client_in(scope: Scope, client_id: UUID) -> Client:
    """A client. Raises NotFound."""
    row = await connection().fetchrow(_CLIENTS + " AND c.id = $2", scope.affiliate_id, client_id)
    if row is None:
        raise NotFound("client")
    return Client(**row)


async def client_names(scope: Scope) -> list[tuple[UUID, str]]:
    """Ids and names of the clients that are not archived, by name: what a form offers to choose from."""
    rows = await connection().fetch(
        "SELECT id, name FROM field.client WHERE affiliate_id = $1 AND status = 'active' ORDER BY lower(name), id",
        scope.affiliate_id,
    )
    return [(row["id"], row["name"]) for row in rows]


async def insert_client(scope: Scope, client_id: UUID, name: str, now: datetime) -> bool:
    """Enter a client; False where one of that name is there already."""
    status: str = await connection().execute(
        "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (affiliate_id, name) DO NOTHING",
        client_id,
        scope.affiliate_id,
        name,
        now,
    )
    return status.endswith(" 1")


async def lock_client(scope: Scope, client_id: UUID) -> None:
    """Let nobody else add to the client until this transaction ends."""
    await connection().execute(
        "SELECT FROM field.client WHERE affiliate_id = $1 AND id = $2 FOR NO KEY UPDATE", scope.affiliate_id, client_id
    )


async def name_is_taken(scope: Scope, name: str, but: UUID) -> bool:
    """Whether another client has this name."""
    taken: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT 1 FROM field.client WHERE affiliate_id = $1 AND name = $2 AND id <> $3)",
        scope.affiliate_id,
        name,
        but,
    )
    return taken


async def rename_client(scope: Scope, client_id: UUID, name: str) -> None:
    """Give a client another name."""
    await connection().execute(
        "UPDATE field.client SET name = $3 WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, client_id, name
    )


async def set_client_status(scope: Scope, client_id: UUID, status: str) -> None:
    """Archive a client, or bring it back."""
    await connection().execute(
        "UPDATE field.client SET status = $3 WHERE affiliate_id = $1 AND id = $2", scope.affiliate_id, client_id, status
    )


async def authorisations_of(scope: Scope, client_id: UUID) -> list[Authorisation]:
    """A client's permissions for identified studies, the latest first. A client gives few."""
    rows = await connection().fetch(
        "SELECT id, reference, valid_until, recorded_at FROM field.identified_authorisation"
        " WHERE affiliate_id = $1 AND client_id = $2 ORDER BY valid_until DESC, id LIMIT 100",
        scope.affiliate_id,
        client_id,
    )
    return [Authorisation(**row) for row in rows]


async def insert_authorisation(scope: Scope, client_id: UUID, given: Authorisation) -> None:
    """Enter a permission."""
    await connection().execute(
        "INSERT INTO field.identified_authorisation"
        " (id, affiliate_id, client_id, reference, valid_until, recorded_by, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        given.id,
        scope.affiliate_id,
        client_id,
        given.reference,
        given.valid_until,
        scope.account_id,
        given.recorded_at,
    )
