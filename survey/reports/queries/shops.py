"""Reports of visits, as candour_client: row-level security leaves those that stand, below the viewer's node."""

from datetime import date
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain.shops import (
    BANDS,
    PlaceLine,
    ShopEmployee,
    ShopLine,
    ShopPicture,
    ShopReport,
    ShopsWanted,
    Tombstone,
    WaveLine,
)
from .narrowing import at_or_below

MOST_IN_PICKER = 200
MOST_WAVES = 24
MOST_TOMBSTONES = 20
LINE = """r.report_ref, r.node_name, r.node_code, r.campaign_name, r.wave_label, r.wave_starts_on, r.time_shown,
       r.score, r.is_failed, r.version, r.is_competitor"""

# A text of its own for each depth of the tree: a pooled connection keeps one plan a text, and the plan that suits a
# store's dozen reports read all 20,000 of a head office for its first page.
_OF_DEPTH = "/* a place {depth} deep */"

# Nothing in the order tells when a report was made: by wave, then by name of the place. starts_with keeps PostgreSQL to
# the index of that order; a range looks like so few reports that it would fetch and sort them all.
_LIST = f"""
SELECT {LINE}
  FROM release.shop_report r
 WHERE r.client_id = $1
   AND ($2::uuid IS NULL OR r.wave_id = $2)
   AND starts_with(r.node_path, $3)
   AND ($4::numeric IS NULL OR (r.score >= $4 AND r.score < $5))
   AND (NOT $6::boolean OR r.is_failed)
   AND r.is_competitor = $11
   AND ($7::date IS NULL OR r.wave_starts_on < $7
        OR (r.wave_starts_on = $7 AND (r.node_name, r.report_ref) > ($8, $9::uuid)))
 ORDER BY r.wave_starts_on DESC, r.node_name, r.report_ref
 LIMIT $10
"""  # noqa: S608 - a constant of this module

_TOMBSTONES = """
SELECT report_ref, node_name, campaign_name, wave_label, withdrawn_on
  FROM release.shop_tombstone
 WHERE client_id = $1
   AND starts_with(node_path, $2)
 ORDER BY withdrawn_on DESC, report_ref
 LIMIT $3
"""

_REPORT = f"""
SELECT {LINE}, r.id, r.client_name, r.score_before, r.released_on, r.appeal_until, r.snapshot
  FROM release.shop_report r
 WHERE r.client_id = $1
   AND r.report_ref = $2
"""  # noqa: S608 - a constant of this module

_CLIENT_NAME = "SELECT client_name FROM release.shop_report WHERE client_id = $1 ORDER BY released_on DESC, id LIMIT 1"
_PICTURE = """
SELECT p.id, p.kind, p.media_key, p.width, p.height
  FROM release.shop_picture p
  JOIN release.shop_report r ON r.id = p.report_id
 WHERE r.client_id = $1
   AND r.report_ref = $2
   AND p.id = $3
"""

# All waves are counted before the newest are chosen: looking for those first would read every report. What they are
# called is looked up for the chosen alone.
_WAVES = f"""
SELECT w.id, named.campaign_id, named.campaign_name, named.wave_label AS label, w.starts_on, w.score, w.n
  FROM (SELECT r.wave_id AS id, max(r.wave_starts_on) AS starts_on, avg(r.score) AS score, count(*)::integer AS n
          FROM release.shop_report r
         WHERE r.client_id = $1
           AND {at_or_below("$2")}
           AND r.is_competitor = $4
         GROUP BY r.wave_id
         ORDER BY max(r.wave_starts_on) DESC, r.wave_id
         LIMIT $3) AS w
 CROSS JOIN LATERAL (SELECT r.campaign_id, r.campaign_name, r.wave_label
                       FROM release.shop_report r
                      WHERE r.client_id = $1
                        AND r.wave_id = w.id
                        AND starts_with(r.node_path, $2)
                      LIMIT 1) AS named
 ORDER BY w.starts_on DESC, w.id
"""  # noqa: S608 - constants of this module

# Places that hold reports or lie above them, as far as the viewer's own, each by its latest name. In the order of the
# paths every next location brings at least one place that those before it did not: as many locations as places do.
_PLACES = f"""
WITH RECURSIVE reached AS (
    (SELECT r.node_path COLLATE "C" AS node_path, r.trail, r.wave_starts_on, 1 AS number
       FROM release.shop_report r
      WHERE r.client_id = $1
        AND {at_or_below("$2")}
        AND r.is_competitor = $4
      ORDER BY r.node_path COLLATE "C", r.wave_starts_on DESC
      LIMIT 1)
    UNION ALL
    SELECT onward.node_path, onward.trail, onward.wave_starts_on, reached.number + 1
      FROM reached
     CROSS JOIN LATERAL (
        SELECT r.node_path COLLATE "C" AS node_path, r.trail, r.wave_starts_on
          FROM release.shop_report r
         WHERE r.client_id = $1
           AND {at_or_below("$2")}
           AND r.is_competitor = $4
           AND r.node_path COLLATE "C" > reached.node_path
         ORDER BY r.node_path COLLATE "C", r.wave_starts_on DESC
         LIMIT 1) AS onward
     WHERE reached.number < $3
)
SELECT DISTINCT ON ((step->>1) COLLATE "C") step->>0 AS id, step->>1 AS path, step->>2 AS name
  FROM reached
 CROSS JOIN LATERAL jsonb_array_elements(reached.trail) AS each (step)
 WHERE starts_with(step->>1, $2)
 ORDER BY (step->>1) COLLATE "C", reached.wave_starts_on DESC, reached.number
 LIMIT $3
"""  # noqa: S608 - constants of this module


async def has_shops(scope: Scope) -> bool:
    """Whether the viewer has any report of a visit to read, or had."""
    found: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM release.shop_report WHERE client_id = $1)"
        " OR EXISTS (SELECT FROM release.shop_tombstone WHERE client_id = $1)",
        scope.client_id,
    )
    return found


async def has_competitors(scope: Scope) -> bool:
    """Whether the viewer has any report of a visit to a competitor to read."""
    found: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM release.shop_report WHERE client_id = $1 AND is_competitor)", scope.client_id
    )
    return found


async def shops_of(scope: Scope, wanted: ShopsWanted, place_path: str, keyset: Keyset) -> Paged[ShopLine]:
    """A page of reports below a place."""
    starts_on, name, last_ref = keyset.after_as(tuple[date, str, UUID]) or (None, None, None)
    least, most = BANDS.get(wanted.band, (None, None))
    statement = _OF_DEPTH.format(depth=(scope.node_path or "").count("/")) + _LIST
    rows = await connection().fetch(
        statement, scope.client_id, wanted.wave_id, place_path, least, most, wanted.band == "failed", starts_on, name,
        last_ref, keyset.rows_to_fetch, wanted.is_theirs,
    )  # fmt: skip
    return paged([_line(row) for row in rows], keyset, lambda row: (row.wave_starts_on, row.node_name, row.report_ref))


async def tombstones_of(scope: Scope, place_path: str) -> list[Tombstone]:
    """What was withdrawn last below a place."""
    rows = await connection().fetch(_TOMBSTONES, scope.client_id, place_path, MOST_TOMBSTONES)
    return [Tombstone(*row) for row in rows]


async def find_tombstone(scope: Scope, report_ref: UUID) -> Tombstone | None:
    """That a report was withdrawn."""
    row = await connection().fetchrow(
        "SELECT report_ref, node_name, campaign_name, wave_label, withdrawn_on FROM release.shop_tombstone"
        " WHERE client_id = $1 AND report_ref = $2",
        scope.client_id,
        report_ref,
    )
    return Tombstone(*row) if row else None


async def shop_in(scope: Scope, report_ref: UUID) -> ShopReport:
    """One report. Raises NotFound."""
    row = await connection().fetchrow(_REPORT, scope.client_id, report_ref)
    if row is None:
        raise NotFound("report")
    pictures = await connection().fetch(
        "SELECT id, kind, media_key, width, height FROM release.shop_picture WHERE report_id = $1 ORDER BY position",
        row["id"],
    )
    employees = await connection().fetch(
        "SELECT token, role, name, description FROM release.shop_employee WHERE report_id = $1"
        " ORDER BY length(token), token",
        row["id"],
    )
    return ShopReport(
        _line(row), row["client_name"], row["score_before"], row["released_on"], row["appeal_until"], row["snapshot"],
        [ShopPicture(*each) for each in pictures], [ShopEmployee(*each) for each in employees],
    )  # fmt: skip


async def picture_in(scope: Scope, report_ref: UUID, picture_id: UUID) -> ShopPicture:
    """One picture of one report. Raises NotFound."""
    row = await connection().fetchrow(_PICTURE, scope.client_id, report_ref, picture_id)
    if row is None:
        raise NotFound("picture")
    return ShopPicture(*row)


async def waves_of(scope: Scope, place_path: str, *, is_theirs: bool) -> list[WaveLine]:
    """Waves with reports below a place, the newest first: at the client's own locations, or at competitors'."""
    rows = await connection().fetch(_WAVES, scope.client_id, place_path, MOST_WAVES, is_theirs)
    return [WaveLine(**dict(row)) for row in rows]


async def client_name_of(scope: Scope) -> str:
    """What the client of the scope was called when its latest report of a visit left; empty before the first."""
    return await connection().fetchval(_CLIENT_NAME, scope.client_id) or ""


async def places_with_shops(scope: Scope, *, is_theirs: bool) -> list[PlaceLine]:
    """Places that have reports, or have some below, in the order of the tree; the client's own, or competitors'."""
    rows = await connection().fetch(_PLACES, scope.client_id, scope.node_path or "", MOST_IN_PICKER, is_theirs)
    return [PlaceLine(UUID(row["id"]), row["path"], row["name"]) for row in rows]


def _line(row: Record) -> ShopLine:
    return ShopLine(**{name: row[name] for name in ShopLine.__slots__})
