"""Survey reports, as candour_client, who sees one client's release plane below one node."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Answers, NodeLine, QuestionLine, Ranked, ReleaseLine, TrendPoint, answers_in
from ..domain.facts import CellLine, question_line
from ..domain.overview import Standing
from ..domain.places import Listed
from .narrowing import PATH_STEP

MOST_POINTS = 12
MOST_IN_PICKER = 100
RANKED = 5

_RELEASES = """
SELECT r.id, r.client_name, r.title, r.fielded_from, r.fielded_until, r.threshold, r.released_at, n.people
  FROM release.release r
  LEFT JOIN release.node n ON n.release_id = r.id AND n.path = $3
 WHERE r.affiliate_id = $1
   AND r.client_id = $2
"""

_RELEASE_LIST = f"""{_RELEASES}
   AND ($4::timestamptz IS NULL OR (r.released_at, r.id) < ($4, $5::uuid))
 ORDER BY r.released_at DESC, r.id DESC
 LIMIT $6
"""

_BEFORE = f"""{_RELEASES}
   AND r.released_at < $4
   AND EXISTS (
        SELECT 1
          FROM release.question now
          JOIN release.question earlier ON earlier.question_id = now.question_id
                                       AND earlier.title = now.title
                                       AND earlier.kind = now.kind
         WHERE now.release_id = $5
           AND earlier.release_id = r.id
       )
 ORDER BY r.released_at DESC, r.id DESC
 LIMIT 1
"""  # noqa: S608 - the parts are constants of this module

_NODE = "SELECT node_id AS id, path, level, code, name, people FROM release.node WHERE release_id = $1"

_ABOVE = f"{_NODE} AND starts_with($2, path) AND path <> $2 ORDER BY length(path)"

_BELOW = f"""{_NODE}
   AND starts_with(path, $2)
   AND length(path) = length($2) + {PATH_STEP}
   AND ($3::text IS NULL OR (name, code) > ($3, $4))
 ORDER BY name, code
 LIMIT $5
"""

_BELOW_COUNTS = f"""
SELECT count(*) AS total,
       count(*) FILTER (WHERE people IS NULL) AS hidden
  FROM release.node
 WHERE release_id = $1
   AND starts_with(path, $2)
   AND length(path) = length($2) + {PATH_STEP}
"""  # noqa: S608 - a constant of this module

_BRANCHING = """
SELECT n.node_id
  FROM release.node n
 WHERE n.release_id = $1
   AND n.node_id = ANY ($2::uuid[])
   AND EXISTS (
        SELECT 1
          FROM release.node child
         WHERE child.release_id = $1
           AND starts_with(child.path, n.path)
           AND child.path <> n.path
       )
"""

_QUESTIONS = """
SELECT question_id, position, section, title, part, kind, choices
  FROM release.question
 WHERE release_id = $1
 ORDER BY position
"""

_CELLS = """
SELECT table_id, node_id, item, category, value
  FROM release.cell
 WHERE release_id = $1
   AND node_id = ANY ($2::uuid[])
   AND table_id IN ('answers', 'shares', 'scores')
"""

_DEMOGRAPHICS = """
SELECT item, category, value
  FROM release.cell
 WHERE release_id = $1
   AND node_id = $2
   AND table_id = 'demographics'
"""

_TREND = """
SELECT r.id AS release_id,
       r.fielded_until,
       score.value,
       total.value::integer AS n
  FROM release.release r
  JOIN release.question q ON q.release_id = r.id AND q.question_id = $3 AND q.kind = $4 AND q.title = $5
  LEFT JOIN release.cell score ON score.release_id = r.id
                              AND score.table_id = 'scores'
                              AND score.node_id = $2
                              AND score.item = $3
                              AND score.category = $6
  LEFT JOIN release.cell total ON total.release_id = r.id
                              AND total.table_id = 'answers'
                              AND total.node_id = $2
                              AND total.item = $3
                              AND total.category = 'total'
 WHERE r.client_id = $1
   AND r.released_at <= $7
 ORDER BY r.released_at DESC
 LIMIT $8
"""

_STORES = """
SELECT n.node_id AS id, n.path, n.level, n.code, n.name, n.people, score.value, total.value::integer AS n
  FROM release.node n
  JOIN release.cell score ON score.release_id = n.release_id
                         AND score.table_id = 'scores'
                         AND score.node_id = n.node_id
                         AND score.item = $3
                         AND score.category = $4
                         AND score.value IS NOT NULL
  LEFT JOIN release.cell total ON total.release_id = n.release_id
                              AND total.table_id = 'answers'
                              AND total.node_id = n.node_id
                              AND total.item = $3
                              AND total.category = 'total'
 WHERE n.release_id = $1
   AND starts_with(n.path, $2)
   AND n.path <> $2
   AND n.level = 'store'
"""

_HIGHEST = f"{_STORES} ORDER BY score.value DESC, n.name, n.code LIMIT $5"
_LOWEST = f"{_STORES} ORDER BY score.value, n.name, n.code LIMIT $5"

_STORE_COUNTS = """
SELECT count(*) AS total,
       count(score.value) AS ranked
  FROM release.node n
  LEFT JOIN release.cell score ON score.release_id = n.release_id
                              AND score.table_id = 'scores'
                              AND score.node_id = n.node_id
                              AND score.item = $3
                              AND score.category = $4
 WHERE n.release_id = $1
   AND starts_with(n.path, $2)
   AND n.path <> $2
   AND n.level = 'store'
"""


async def releases_of(scope: Scope, keyset: Keyset) -> Paged[ReleaseLine]:
    """What has been released to the client, the latest first, with the people at the viewer's own place."""
    after = keyset.after_as(tuple[str, UUID]) or (None, None)
    rows = await connection().fetch(
        _RELEASE_LIST, scope.affiliate_id, scope.client_id, scope.node_path, *after, keyset.rows_to_fetch
    )
    return paged([ReleaseLine(**row) for row in rows], keyset, lambda line: (line.released_at, line.id))


async def release_in(scope: Scope, release_id: UUID) -> ReleaseLine:
    """One release. Raises NotFound."""
    statement = f"{_RELEASES} AND r.id = $4"
    row = await connection().fetchrow(statement, scope.affiliate_id, scope.client_id, scope.node_path, release_id)
    if row is None:
        raise NotFound("report")
    return ReleaseLine(**row)


async def find_release_before(scope: Scope, release: ReleaseLine) -> ReleaseLine | None:
    """The latest earlier release that asked one of the same questions."""
    row = await connection().fetchrow(
        _BEFORE, scope.affiliate_id, scope.client_id, scope.node_path, release.released_at, release.id
    )
    return ReleaseLine(**row) if row else None


async def find_place_at(release_id: UUID, path: str) -> NodeLine | None:
    """The place with this path, if the release has it."""
    row = await connection().fetchrow(f"{_NODE} AND path = $2", release_id, path)
    return NodeLine(**row) if row else None


async def place_in(scope: Scope, release_id: UUID, place_id: UUID) -> NodeLine:
    """A place of the viewer's part of the tree. Raises NotFound."""
    statement = f"{_NODE} AND node_id = $2 AND starts_with(path, $3)"
    row = await connection().fetchrow(statement, release_id, place_id, scope.node_path)
    if row is None:
        raise NotFound("location")
    return NodeLine(**row)


async def places_above(release_id: UUID, place: NodeLine) -> list[NodeLine]:
    """The places that this one belongs to, as far up as the viewer can see, the highest first."""
    return [NodeLine(**row) for row in await connection().fetch(_ABOVE, release_id, place.path)]


async def some_places_below(release_id: UUID, place: NodeLine) -> list[NodeLine]:
    """Places right below this one, by name, as many as a picker can hold."""
    rows = await connection().fetch(_BELOW, release_id, place.path, None, None, MOST_IN_PICKER)
    return [NodeLine(**row) for row in rows]


async def places_below(release_id: UUID, place: NodeLine, keyset: Keyset) -> Listed:
    """A page of the places right below this one, by name."""
    after = keyset.after_as(tuple[str, str]) or (None, None)
    rows = await connection().fetch(_BELOW, release_id, place.path, *after, keyset.rows_to_fetch)
    page = paged([NodeLine(**row) for row in rows], keyset, lambda line: (line.name, line.code))
    counts = await connection().fetchrow(_BELOW_COUNTS, release_id, place.path)
    found = await connection().fetch(_BRANCHING, release_id, [node.id for node in page.rows])
    branching = frozenset(row["node_id"] for row in found)
    return Listed(page.rows, counts["total"], counts["hidden"], branching, page.next_cursor)


async def questions_of(release_id: UUID) -> list[QuestionLine]:
    """The release's questions, in the order asked."""
    return [question_line(row) for row in await connection().fetch(_QUESTIONS, release_id)]


async def answers_of(release_id: UUID, place_ids: Sequence[UUID]) -> dict[tuple[UUID, str], Answers]:
    """What is published of every question at these places; what is hidden is missing."""
    rows = await connection().fetch(_CELLS, release_id, list(place_ids))
    return answers_in(CellLine(*row) for row in rows)


async def demographics_of(release_id: UUID, place: NodeLine) -> dict[str, dict[str, Decimal | None]]:
    """Demographic cells by variable and band; there are some only at the head of the tree."""
    tables: dict[str, dict[str, Decimal | None]] = {}
    for row in await connection().fetch(_DEMOGRAPHICS, release_id, place.id):
        tables.setdefault(row["item"], {})[row["category"]] = row["value"]
    return tables


async def trend_of(scope: Scope, release: ReleaseLine, place: NodeLine, question: QuestionLine) -> list[TrendPoint]:
    """The question's score at the place in this release and those before it, the earliest first."""
    rows = await connection().fetch(
        _TREND,
        scope.client_id,
        place.id,
        question.id,
        question.kind,
        question.title,
        question.score,
        release.released_at,
        MOST_POINTS,
    )
    return [TrendPoint(**row) for row in reversed(rows)]


async def standing_of(release_id: UUID, place: NodeLine, question: QuestionLine) -> Standing | None:
    """How the stores below a place stand by a question's score; None where there is no store below."""
    asked = (release_id, place.path, question.id, question.score)
    counts = await connection().fetchrow(_STORE_COUNTS, *asked)
    if not counts["total"]:
        return None
    hidden = counts["total"] - counts["ranked"]
    if counts["ranked"] <= 2 * RANKED:
        every = await connection().fetch(_HIGHEST, *asked, 2 * RANKED)
        return Standing([_ranked(row) for row in every], [], counts["ranked"], hidden)
    highest = await connection().fetch(_HIGHEST, *asked, RANKED)
    lowest = await connection().fetch(_LOWEST, *asked, RANKED)
    return Standing([_ranked(row) for row in highest], [_ranked(row) for row in lowest], counts["ranked"], hidden)


def _ranked(row: Any) -> Ranked:
    fields = dict(row)
    value, n = fields.pop("value"), fields.pop("n")
    return Ranked(NodeLine(**fields), value, n)
