"""What a wave's reports say by place and by question, as candour_client: below the viewer's node alone."""

from decimal import Decimal
from uuid import UUID

from survey.db import Scope, connection

from ..domain.drilling import Answer, PlaceScore, QuestionScore

MOST_PLACES = 100
MOST_QUESTIONS = 200
MOST_ANSWERS = 200

# Of each report the step of its trail that comes right below the place. Stores are listed elsewhere, by their scores.
_PLACES = """
SELECT (below.step->>0)::uuid AS id, below.step->>2 AS name,
       avg(r.score) FILTER (WHERE r.wave_id = $2) AS score, avg(r.score) FILTER (WHERE r.wave_id = $3) AS before,
       (count(*) FILTER (WHERE r.wave_id = $2))::integer AS n
  FROM release.shop_report r
 CROSS JOIN LATERAL (SELECT each.step
                       FROM jsonb_array_elements(r.trail) WITH ORDINALITY AS each (step, place)
                      WHERE starts_with(each.step->>1, $4)
                        AND each.step->>1 <> $4
                      ORDER BY length(each.step->>1)
                      LIMIT 1) AS below
 WHERE r.client_id = $1
   AND r.wave_id IN ($2, $3)
   AND starts_with(r.node_path, $4)
   AND below.step->>1 <> r.node_path
 GROUP BY 1, 2
HAVING count(*) FILTER (WHERE r.wave_id = $2) > 0
 ORDER BY avg(r.score) FILTER (WHERE r.wave_id = $2) - avg(r.score) FILTER (WHERE r.wave_id = $3) NULLS LAST, 2, 1
 LIMIT $5
"""

_ANSWERS = """
SELECT r.report_ref, r.node_name, r.node_code, r.time_shown, r.wave_id, place,
       answer->>'question_id' AS question_id, answer->>'title' AS title, answer->>'section' AS section,
       answer->'lines' AS lines, answer->>'comment' AS comment,
       (answer->'points'->>0)::numeric AS earned, (answer->'points'->>1)::numeric AS possible
  FROM release.shop_report r
 CROSS JOIN LATERAL jsonb_array_elements(r.snapshot->'answers') WITH ORDINALITY AS each (answer, place)
 WHERE r.client_id = $1
   AND r.wave_id IN ($2, $3)
   AND starts_with(r.node_path, $4)
   AND jsonb_typeof(answer->'points') = 'array'
   AND (answer->'points'->>1)::numeric > 0
"""

_QUESTIONS = f"""
SELECT question_id AS id, (array_agg(title ORDER BY wave_id = $2 DESC))[1] AS title,
       (array_agg(section ORDER BY wave_id = $2 DESC))[1] AS section,
       100 * avg(earned / possible) FILTER (WHERE wave_id = $2) AS score,
       100 * avg(earned / possible) FILTER (WHERE wave_id = $3) AS before,
       (count(*) FILTER (WHERE wave_id = $2))::integer AS n
  FROM ({_ANSWERS}) AS given
 GROUP BY question_id
HAVING count(*) FILTER (WHERE wave_id = $2) > 0
 ORDER BY min(place), question_id
 LIMIT $5
"""  # noqa: S608 - constants of this module

# Those that lost points first; nothing in the order tells when a visit was.
_GIVEN = f"""
SELECT report_ref, node_name, node_code, time_shown, lines, comment, earned, possible
  FROM ({_ANSWERS}) AS given
 WHERE question_id = $5
   AND wave_id = $2
 ORDER BY earned / possible, node_name, report_ref
 LIMIT $6
"""  # noqa: S608 - constants of this module


async def places_of(scope: Scope, wave_id: UUID, before_id: UUID | None, place_path: str) -> list[PlaceScore]:
    """Mean scores of the places right below one, now and in the wave before; what fell furthest comes first."""
    rows = await connection().fetch(_PLACES, scope.client_id, wave_id, before_id, place_path, MOST_PLACES)
    return [PlaceScore(**dict(row)) for row in rows]


async def questions_of_wave(
    scope: Scope, wave_id: UUID, before_id: UUID | None, place_path: str
) -> list[QuestionScore]:  # fmt: skip
    """The share of points that each question earned, now and in the wave before, in the questionnaire's order."""
    rows = await connection().fetch(_QUESTIONS, scope.client_id, wave_id, before_id, place_path, MOST_QUESTIONS)
    return [QuestionScore(**dict(row)) for row in rows]


async def answers_to(scope: Scope, wave_id: UUID, place_path: str, question_id: str) -> list[Answer]:
    """What the visits of a wave answered to one question; what lost points comes first."""
    rows = await connection().fetch(
        _GIVEN, scope.client_id, wave_id, None, place_path, question_id, MOST_ANSWERS
    )  # fmt: skip
    return [
        Answer(**(dict(row) | {"earned": Decimal(row["earned"]), "possible": Decimal(row["possible"])})) for row in rows
    ]
