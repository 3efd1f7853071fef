"""What the reports of a wave add up to, as candour_client: below the viewer's node alone."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection

from ..domain.shops import BINS, MOST_RANKED
from ..domain.visits import MakerLine, SectionLine, StoreLine
from .narrowing import at_or_below

_SECTIONS = f"""
SELECT part.title, avg(part.score) FILTER (WHERE r.wave_id = $2) AS score,
       avg(part.score) FILTER (WHERE r.wave_id = $3) AS before, min(part.place) AS place
  FROM release.shop_report r
 CROSS JOIN LATERAL unnest(r.section_titles, r.section_scores) WITH ORDINALITY AS part (title, score, place)
 WHERE r.client_id = $1
   AND r.wave_id IN ($2, $3)
   AND {at_or_below("$4")}
 GROUP BY part.title
HAVING count(*) FILTER (WHERE r.wave_id = $2) > 0
 ORDER BY min(part.place), part.title
"""  # noqa: S608 - constants of this module

# Which report it was is looked up for those that are shown alone: the index of scores does not say it.
_STORES = f"""
WITH stores AS (
    SELECT r.node_path AS path, r.node_name AS name, r.node_code AS code, avg(r.score) AS score,
           count(*)::integer AS n, (count(*) FILTER (WHERE r.is_failed))::integer AS failed
      FROM release.shop_report r
     WHERE r.client_id = $1
       AND r.wave_id = $2
       AND r.score IS NOT NULL
       AND {at_or_below("$3")}
     GROUP BY r.node_path, r.node_name, r.node_code
), ranked AS (
    SELECT s.*, row_number() OVER (ORDER BY score DESC, name, code) AS from_top,
           row_number() OVER (ORDER BY score, name, code) AS from_bottom, (count(*) OVER ())::integer AS total
      FROM stores s
), shown AS (
    SELECT * FROM ranked WHERE from_top <= $4 OR from_bottom <= $4 OR total <= 2 * $4
)
SELECT right(rtrim(s.path, '/'), 32)::uuid AS id, one.report_ref, s.name, s.code, s.score, s.n, s.failed, s.from_top,
       s.from_bottom, s.total
  FROM shown s
 CROSS JOIN LATERAL (SELECT r.report_ref
                       FROM release.shop_report r
                      WHERE r.client_id = $1
                        AND r.wave_id = $2
                        AND r.node_path COLLATE "C" = s.path
                        AND r.score IS NOT NULL
                      ORDER BY r.report_ref
                      LIMIT 1) AS one
 ORDER BY s.from_top
"""  # noqa: S608 - constants of this module

_SPREAD = f"""
SELECT CASE WHEN r.score IS NOT NULL THEN least(floor(r.score / 10), $4 - 1)::integer END AS bin,
       count(*)::integer AS n, (count(*) FILTER (WHERE r.is_failed))::integer AS failed
  FROM release.shop_report r
 WHERE r.client_id = $1
   AND r.wave_id = $2
   AND {at_or_below("$3")}
 GROUP BY 1
"""  # noqa: S608 - constants of this module


async def sections_of(scope: Scope, wave_id: UUID, before_id: UUID | None, place_path: str) -> list[SectionLine]:
    """Mean score by section, now and in the wave before, in the order of the questionnaire."""
    rows = await connection().fetch(_SECTIONS, scope.client_id, wave_id, before_id, place_path)
    return [SectionLine(row["title"], row["score"], row["before"]) for row in rows]


async def stores_of(
    scope: Scope, wave_id: UUID, place_path: str
) -> tuple[Sequence[StoreLine], Sequence[StoreLine], int]:
    """Locations by score: the highest, the lowest (none where all fit into the first), how many there are."""
    rows = await connection().fetch(_STORES, scope.client_id, wave_id, place_path, MOST_RANKED)
    total = rows[0]["total"] if rows else 0
    if total <= 2 * MOST_RANKED:
        return [_store(row) for row in rows], (), total
    best = [_store(row) for row in rows if row["from_top"] <= MOST_RANKED]
    lowest = [_store(row) for row in reversed(rows) if row["from_bottom"] <= MOST_RANKED]
    return best, lowest, total


async def makers_of(scope: Scope, wave_id: UUID) -> list[MakerLine]:
    """Who made the visits of a wave, in counts; empty for whoever does not read the whole tree."""
    rows = await connection().fetch(
        "SELECT question, band, people FROM release.wave_makeup WHERE client_id = $1 AND wave_id = $2"
        " ORDER BY position LIMIT 500",
        scope.client_id,
        wave_id,
    )
    return [MakerLine(**row) for row in rows]


async def spread_of(scope: Scope, wave_id: UUID, place_path: str) -> tuple[list[int], int]:
    """How many visits of a wave lie in each step of ten per cent, and how many failed, with a score or without."""
    rows = await connection().fetch(_SPREAD, scope.client_id, wave_id, place_path, BINS)
    found = {row["bin"]: row["n"] for row in rows}
    return [found.get(at, 0) for at in range(BINS)], sum(row["failed"] for row in rows)


def _store(row: Record) -> StoreLine:
    return StoreLine(**{name: row[name] for name in StoreLine.__slots__})
