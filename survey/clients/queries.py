"""Every statement of clients and locations. All run as staff of one affiliate."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.clients.domain import Authorisation, Client, Location, LocationDraft
from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

_CLIENTS = """
SELECT c.id,
       c.name,
       c.status,
       c.created_at,
       (SELECT count(*) FROM field.location l WHERE l.client_id = c.id AND l.level = 'store') AS location_count
  FROM field.client c
 WHERE c.affiliate_id = $1
"""

_LOCATION = """
SELECT l.id,
       l.client_id,
       l.parent_id,
       l.level,
       l.code,
       l.name,
       l.path,
       l.street,
       l.city,
       l.region,
       l.postal_code,
       l.country,
       l.time_zone,
       l.status
  FROM field.location l
 WHERE l.affiliate_id = $1
"""

_LISTED = """
SELECT l.id, l.client_id, l.parent_id, l.level, l.code, l.name, l.path, l.city, l.country, l.status,
       (SELECT count(*)
          FROM field.location b
         WHERE b.client_id = l.client_id
           AND b.path LIKE l.path || '%'
           AND b.level = 'store'
           AND b.id <> l.id) AS below
  FROM field.location l
 WHERE l.affiliate_id = $1
   AND l.client_id = $2
   AND ($3::uuid IS NULL OR l.parent_id = $3)
   AND ($4 = '' OR strpos(lower(l.name), lower($4)) > 0 OR lower(l.code) = lower($4)
        OR strpos(lower(l.city), lower($4)) > 0)
   AND ($5::text IS NULL OR (lower(l.name), l.id) > ($5, $6::uuid))
 ORDER BY lower(l.name), l.id
 LIMIT $7
"""

_MOVE = """
UPDATE field.location
   SET path = $4 || substr(path, length($3) + 1)
 WHERE affiliate_id = $1
   AND client_id = $2
   AND path LIKE $3 || '%'
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


async def location_in(scope: Scope, location_id: UUID) -> Location:
    """A location. Raises NotFound."""
    row = await connection().fetchrow(_LOCATION + " AND l.id = $2", scope.affiliate_id, location_id)
    if row is None:
        raise NotFound("location")
    return Location(**row)


async def root_of(scope: Scope, client_id: UUID) -> Location:
    """A client's headquarters. Raises NotFound."""
    row = await connection().fetchrow(
        _LOCATION + " AND l.client_id = $2 AND l.parent_id IS NULL", scope.affiliate_id, client_id
    )
    if row is None:
        raise NotFound("client")
    return Location(**row)


async def locations_of(scope: Scope, client_id: UUID) -> list[Location]:
    """A client's whole tree, parents before children: for planning an import, never for a page."""
    rows = await connection().fetch(
        _LOCATION + " AND l.client_id = $2 ORDER BY length(l.path), l.code", scope.affiliate_id, client_id
    )
    return [Location(**row) for row in rows]


async def listed(scope: Scope, client_id: UUID, below: UUID | None, words: str, keyset: Keyset) -> Paged[Location]:
    """One page of what hangs directly below a location, or of the whole tree when searching. Raises BadCursor."""
    after = keyset.after_as(tuple[str, UUID]) or (None, None)
    rows = await connection().fetch(_LISTED, scope.affiliate_id, client_id, below, words, *after, keyset.rows_to_fetch)
    return paged([Location(**row) for row in rows], keyset, lambda place: (place.name.lower(), place.id))


async def line_to(scope: Scope, location: Location) -> list[Location]:
    """The location and everything above it, from the root down."""
    rows = await connection().fetch(
        _LOCATION + " AND l.client_id = $2 AND starts_with($3, l.path) ORDER BY length(l.path)",
        scope.affiliate_id,
        location.client_id,
        location.path,
    )
    return [Location(**row) for row in rows]


async def possible_parents(scope: Scope, client_id: UUID) -> list[Location]:
    """Everything that is not a store, in the order of the tree."""
    rows = await connection().fetch(
        _LOCATION + " AND l.client_id = $2 AND l.level <> 'store' ORDER BY length(l.path), lower(l.name), l.id"
        " LIMIT 2000",
        scope.affiliate_id,
        client_id,
    )
    return [Location(**row) for row in rows]


async def insert_locations(scope: Scope, client_id: UUID, locations: Sequence[Location], now: datetime) -> None:
    """Enter locations, parents before children."""
    await connection().executemany(
        "INSERT INTO field.location (id, affiliate_id, client_id, parent_id, level, code, name, path, street, city,"
        " region, postal_code, country, time_zone, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        [
            (
                place.id, scope.affiliate_id, client_id, place.parent_id, place.level, place.code, place.name,
                place.path, place.street, place.city, place.region, place.postal_code, place.country,
                place.time_zone, now,
            )
            for place in locations
        ],
    )  # fmt: skip


async def code_is_taken(scope: Scope, client_id: UUID, code: str, but: UUID | None = None) -> bool:
    """Whether another location of the client has this code."""
    taken: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT 1 FROM field.location"
        " WHERE affiliate_id = $1 AND client_id = $2 AND code = $3 AND id IS DISTINCT FROM $4)",
        scope.affiliate_id,
        client_id,
        code,
        but,
    )
    return taken


async def update_location(scope: Scope, location_id: UUID, draft: LocationDraft) -> None:
    """Write what a form or a row says; where it hangs is `move`."""
    await connection().execute(
        "UPDATE field.location SET code = $3, name = $4, level = $5, street = $6, city = $7, region = $8,"
        " postal_code = $9, country = $10, time_zone = $11 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        location_id,
        draft.code,
        draft.name,
        draft.level,
        draft.street,
        draft.city,
        draft.region,
        draft.postal_code,
        draft.country,
        draft.time_zone,
    )


async def move(scope: Scope, place: Location, parent: Location, path: str) -> None:
    """Hang a location and all its branches below another one, in one statement for all the paths."""
    await connection().execute(
        "UPDATE field.location SET parent_id = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        place.id,
        parent.id,
    )
    await connection().execute(_MOVE, scope.affiliate_id, place.client_id, place.path, path)


async def set_status(scope: Scope, location_id: UUID, status: str) -> None:
    """Open or close a location."""
    await connection().execute(
        "UPDATE field.location SET status = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        location_id,
        status,
    )


async def highest_below(scope: Scope, place: Location) -> str | None:
    """The highest level that hangs below a location, or None where nothing does."""
    found: str | None = await connection().fetchval(
        "SELECT level FROM field.location WHERE affiliate_id = $1 AND client_id = $2 AND path LIKE $3 || '_%'"
        " ORDER BY array_position(ARRAY['hq', 'region', 'district', 'store'], level) LIMIT 1",
        scope.affiliate_id,
        place.client_id,
        place.path,
    )
    return found
