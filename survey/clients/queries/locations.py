"""Locations as rows: the tree, lists and points of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import STATUS_WORDS, Box, Location, LocationDraft, Point

KIND_OF: Mapping[str, str] = {"open": "", "temporarily_closed": "attention", "closed": "quiet"}

LOCATION = """
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
       l.status,
       l.is_single_staffed,
       l.latitude,
       l.longitude,
       l.opening_hours,
       l.is_competitor
  FROM field.location l
 WHERE l.affiliate_id = $1
"""

_LISTED = """
SELECT l.id, l.client_id, l.parent_id, l.level, l.code, l.name, l.path, l.city, l.country, l.status, l.is_competitor,
       (SELECT count(*)
          FROM field.location b
         WHERE b.client_id = l.client_id
           AND b.path LIKE l.path || '%'
           AND b.level = 'store'
           AND NOT b.is_competitor
           AND b.id <> l.id) AS below
  FROM field.location l
 WHERE l.affiliate_id = $1
   AND l.client_id = $2
   AND ($3::uuid IS NULL OR l.parent_id = $3)
   AND ($4 = '' OR strpos(lower(l.name), lower($4)) > 0 OR lower(l.code) = lower($4)
        OR strpos(lower(l.city), lower($4)) > 0)
   AND ($5::text IS NULL OR (lower(l.name), l.id) > ($5, $6::uuid))
   AND ($8::float8[] IS NULL OR l.level = 'store' AND l.latitude BETWEEN $8[1] AND $8[3]
        AND CASE WHEN $8[2] <= $8[4] THEN l.longitude BETWEEN $8[2] AND $8[4]
                 ELSE l.longitude >= $8[2] OR l.longitude <= $8[4] END)
 ORDER BY lower(l.name), l.id
 LIMIT $7
"""

# The client's own stores of a branch that have a point, for the map beside the list; as many as a drawing can say
# anything about.
_POINTS = """
SELECT l.id, l.name, l.city, l.status, l.latitude, l.longitude
  FROM field.location l
 WHERE l.affiliate_id = $1
   AND l.client_id = $2
   AND l.level = 'store'
   AND NOT l.is_competitor
   AND l.latitude IS NOT NULL
   AND starts_with(l.path, $3)
   AND ($4 = '' OR strpos(lower(l.name), lower($4)) > 0 OR lower(l.code) = lower($4)
        OR strpos(lower(l.city), lower($4)) > 0)
   AND ($5::float8[] IS NULL OR l.latitude BETWEEN $5[1] AND $5[3]
        AND CASE WHEN $5[2] <= $5[4] THEN l.longitude BETWEEN $5[2] AND $5[4]
                 ELSE l.longitude >= $5[2] OR l.longitude <= $5[4] END)
 ORDER BY l.path
 LIMIT 10000
"""

_MOVE = """
UPDATE field.location
   SET path = $4 || substr(path, length($3) + 1)
 WHERE affiliate_id = $1
   AND client_id = $2
   AND path LIKE $3 || '%'
"""


async def location_in(scope: Scope, location_id: UUID) -> Location:
    """A location. Raises NotFound."""
    row = await connection().fetchrow(LOCATION + " AND l.id = $2", scope.affiliate_id, location_id)
    if row is None:
        raise NotFound("location")
    return Location(**row)


async def root_of(scope: Scope, client_id: UUID) -> Location:
    """A client's headquarters. Raises NotFound."""
    row = await connection().fetchrow(
        LOCATION + " AND l.client_id = $2 AND l.parent_id IS NULL", scope.affiliate_id, client_id
    )
    if row is None:
        raise NotFound("client")
    return Location(**row)


async def usual_zone(scope: Scope) -> str:
    """The time zone of most of the affiliate's places; UTC where there are none."""
    zone: str | None = await connection().fetchval(
        "SELECT time_zone FROM field.location WHERE affiliate_id = $1"
        " GROUP BY time_zone ORDER BY count(*) FILTER (WHERE level = 'store') DESC, count(*) DESC, time_zone LIMIT 1",
        scope.affiliate_id,
    )
    return zone or "UTC"


async def locations_of(scope: Scope, client_id: UUID) -> list[Location]:
    """A client's whole tree, parents before children: for planning an import, never for a page."""
    rows = await connection().fetch(
        LOCATION + " AND l.client_id = $2 ORDER BY length(l.path), l.code", scope.affiliate_id, client_id
    )
    return [Location(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of a client's locations shows: what hangs below a place, what words find, what lies in a box."""

    here: Location
    words: str = ""
    box: Box | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether the whole tree is searched."""
        return bool(self.words or self.box)


async def listed(scope: Scope, client_id: UUID, wanted: Wanted, keyset: Keyset) -> Paged[Location]:
    """One page of the locations that are wanted, by name. Raises BadCursor."""
    after = keyset.after_as(tuple[str, UUID]) or (None, None)
    below = None if wanted.is_everywhere else wanted.here.id
    rows = await connection().fetch(
        _LISTED, scope.affiliate_id, client_id, below, wanted.words, *after, keyset.rows_to_fetch, wanted.box
    )
    return paged([Location(**row) for row in rows], keyset, lambda place: (place.name.lower(), place.id))


async def points_of(scope: Scope, client_id: UUID, wanted: Wanted) -> list[Point]:
    """The client's own stores that are wanted, at any depth, as points of a map."""
    path = "/" if wanted.is_everywhere else wanted.here.path
    rows = await connection().fetch(_POINTS, scope.affiliate_id, client_id, path, wanted.words, wanted.box)
    return [
        Point(row["latitude"], row["longitude"], _said(row["name"], row["status"]), f"/locations/{row['id']}",
              KIND_OF[row["status"]], row["city"] or "")
        for row in rows
    ]  # fmt: skip


def _said(name: str, status: str) -> str:
    return name if status == "open" else f"{name} ({STATUS_WORDS[status].lower()})"


async def line_to(scope: Scope, location: Location) -> list[Location]:
    """The location and everything above it, from the root down."""
    rows = await connection().fetch(
        LOCATION + " AND l.client_id = $2 AND starts_with($3, l.path) ORDER BY length(l.path)",
        scope.affiliate_id,
        location.client_id,
        location.path,
    )
    return [Location(**row) for row in rows]


async def possible_parents(scope: Scope, client_id: UUID) -> list[Location]:
    """Everything that is not a store, in the order of the tree."""
    rows = await connection().fetch(
        LOCATION + " AND l.client_id = $2 AND l.level <> 'store' ORDER BY length(l.path), lower(l.name), l.id"
        " LIMIT 2000",
        scope.affiliate_id,
        client_id,
    )
    return [Location(**row) for row in rows]


async def insert_locations(scope: Scope, client_id: UUID, locations: Sequence[Location], now: datetime) -> None:
    """Enter locations, parents before children."""
    await connection().executemany(
        "INSERT INTO field.location (id, affiliate_id, client_id, parent_id, level, code, name, path, street, city,"
        " region, postal_code, country, time_zone, created_at, status, is_single_staffed, latitude, longitude,"
        " opening_hours, is_competitor)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        [
            (
                place.id, scope.affiliate_id, client_id, place.parent_id, place.level, place.code, place.name,
                place.path, place.street, place.city, place.region, place.postal_code, place.country,
                place.time_zone, now, place.status, place.is_single_staffed, place.latitude, place.longitude,
                place.opening_hours, place.is_competitor,
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
        " postal_code = $9, country = $10, time_zone = $11, status = $12, is_single_staffed = $13, latitude = $14,"
        " longitude = $15, opening_hours = $16, is_competitor = $17 WHERE affiliate_id = $1 AND id = $2",
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
        draft.status,
        draft.is_single_staffed,
        draft.latitude,
        draft.longitude,
        draft.opening_hours,
        draft.is_competitor,
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
    """Open or close a location, for good or for a time."""
    await connection().execute(
        "UPDATE field.location SET status = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        location_id,
        status,
    )


class ShopsOut(NamedTuple):
    """Shops at a location that may still be made. free: nobody has them; held: somebody has them, or an offer."""

    free: int
    held: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.free + self.held


async def shops_out_at(scope: Scope, location_id: UUID) -> ShopsOut:
    """How many shops at a location may still be made: somebody has to decide about them when it closes."""
    row = await connection().fetchrow(
        "SELECT count(*) FILTER (WHERE state IN ('DRAFT', 'OPEN')) AS free,"
        " count(*) FILTER (WHERE state IN ('OFFERED', 'ASSIGNED', 'IN_PROGRESS')) AS held"
        " FROM field.shop WHERE affiliate_id = $1 AND location_id = $2",
        scope.affiliate_id,
        location_id,
    )
    return ShopsOut(**dict(row))


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
