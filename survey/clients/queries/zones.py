"""Stores to which nobody has given a time zone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from survey.db import Keyset, Paged, Scope, connection, paged

from ..domain import Location
from .locations import LOCATION

_ZONELESS = " AND l.client_id = $2 AND l.level = 'store' AND l.time_zone = 'UTC' AND l.status <> 'closed'"
_PAGE = f"""{LOCATION}{_ZONELESS}
   AND ($3::text IS NULL OR (lower(l.name), l.id) > ($3, $4::uuid))
 ORDER BY lower(l.name), l.id
 LIMIT $5
"""
_STILL = LOCATION + _ZONELESS + " AND l.id = ANY($3::uuid[]) ORDER BY l.id FOR NO KEY UPDATE"


async def without_zone(scope: Scope, client_id: UUID, keyset: Keyset) -> Paged[Location]:
    """One page of the stores to which nobody has given a time zone, by name. Closed ones do not matter.

    Raises BadCursor.
    """
    after = keyset.after_as(tuple[str, UUID]) or (None, None)
    rows = await connection().fetch(_PAGE, scope.affiliate_id, client_id, *after, keyset.rows_to_fetch)
    return paged([Location(**row) for row in rows], keyset, lambda place: (place.name.lower(), place.id))


async def still_without_zone(scope: Scope, client_id: UUID, location_ids: Sequence[UUID]) -> list[Location]:
    """Those of some stores to which nobody has given a time zone yet; locked."""
    rows = await connection().fetch(_STILL, scope.affiliate_id, client_id, list(location_ids))
    return [Location(**row) for row in rows]


async def count_without_zone(scope: Scope, client_id: UUID) -> int:
    """How many they are."""
    count: int = await connection().fetchval(
        "SELECT count(*) FROM field.location l WHERE l.affiliate_id = $1" + _ZONELESS,  # noqa: S608  (constants)
        scope.affiliate_id,
        client_id,
    )
    return count


async def put_zones(scope: Scope, zones: Mapping[UUID, str]) -> None:
    """Give locations their zones."""
    await connection().execute(
        "UPDATE field.location l SET time_zone = given.zone FROM unnest($2::uuid[], $3::text[]) AS given (id, zone)"
        " WHERE l.affiliate_id = $1 AND l.id = given.id",
        scope.affiliate_id,
        list(zones),
        list(zones.values()),
    )
