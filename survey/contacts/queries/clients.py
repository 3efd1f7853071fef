"""What contacts need to know of their client: its name and its stores."""

from typing import NamedTuple
from uuid import UUID

from survey.db import NotFound, Scope, connection


class Client(NamedTuple):
    """A client, by the name staff know it under."""

    id: UUID
    name: str


class Location(NamedTuple):
    """A place to narrow a list to."""

    id: UUID
    code: str
    name: str
    path: str


MOST_LOCATIONS = 2000

CLIENT = """
    SELECT id, name
    FROM field.client
    WHERE affiliate_id = $1 AND id = $2
"""
STORES = """
    SELECT id, code
    FROM field.location
    WHERE affiliate_id = $1 AND client_id = $2
"""
LOCATIONS = """
    SELECT id, code, name, path
    FROM field.location
    WHERE affiliate_id = $1 AND client_id = $2
    ORDER BY path
    LIMIT $3
"""


async def client_in(scope: Scope, client_id: UUID) -> Client:
    """The client. Raises NotFound."""
    row = await connection().fetchrow(CLIENT, scope.affiliate_id, client_id)
    if row is None:
        raise NotFound("client")
    return Client(*row)


async def stores_of(scope: Scope, client_id: UUID) -> dict[str, UUID]:
    """Every location by its case-folded code; closed ones too, for people have visited them.

    A spreadsheet that takes codes for numbers drops their leading zeros: where that leads to one location only, it
    is found without them as well.
    """
    rows = await connection().fetch(STORES, scope.affiliate_id, client_id)
    shortened: dict[str, set[UUID]] = {}
    for location_id, code in rows:
        shortened.setdefault(code.casefold().lstrip("0"), set()).add(location_id)
    stores = {code: next(iter(found)) for code, found in shortened.items() if code.isdigit() and len(found) == 1}
    return stores | {code.casefold(): location_id for location_id, code in rows}


async def locations_of(scope: Scope, client_id: UUID) -> list[Location]:
    """The first of the client's locations in the order of the tree, for a choice of places."""
    rows = await connection().fetch(LOCATIONS, scope.affiliate_id, client_id, MOST_LOCATIONS)
    return [Location(*row) for row in rows]
