"""What a wave's reports say by place and by question, as candour_client: below the viewer's node alone."""

from decimal import Decimal
from uuid import UUID

from survey.db import Scope, connection

from ..domain.drilling import Answer, PlaceScore, QuestionScore
from .narrowing import PATH_STEP, at_or_below

MOST_PLACES = 100
MOST_QUESTIONS = 200
MOST_ANSWERS = 200

# A place right below is what the paths of its reports begin with, one step longer. Stores right below are listed
# elsewhere, by their scores. What a place is called is looked up once, in a report of the wave.
_PLACES = f"""
WITH below AS (
    SELECT left(r.node_path, length($4) + {PATH_STEP}) AS path, avg(r.score) FILTER (WHERE r.wave_id = $2) AS score,
           avg(r.score) FILTER (WHERE r.wave_id = $3) AS before,
           (count(*) FILTER (WHERE r.wave_id = $2))::integer AS n
      FROM release.shop_report r
     WHERE r.client_id = $1
       AND r.wave_id IN ($2, $3)
       AND {at_or_below("$4")}
       AND length(r.node_path) > length($4) + {PATH_STEP}
     GROUP BY 1
    HAVING count(*) FILTER (WHERE r.wave_id = $2) > 0
)
SELECT (named.step->>0)::uuid AS id, named.step->>2 AS name, b.score, b.before, b.n
  FROM below b
 CROSS JOIN LATERAL (SELECT each.step
                       FROM release.shop_report r
                      CROSS JOIN LATERAL jsonb_array_elements(r.trail) AS each (step)
                      WHERE r.client_id = $1
                        AND r.wave_id = $2
                        AND {at_or_below("b.path")}
                        AND each.step->>1 = b.path
                      ORDER BY r.node_path COLLATE "C", r.report_ref
                      LIMIT 1) AS named
 ORDER BY b.score - b.before NULLS LAST, 2, 1
 LIMIT $5
"""  # noqa: S608 - constants of this module

# What each question earned stands beside the snapshot. What it is called is looked up once, in a report of the wave.
# Fifteen digits are told of a mean of machine numbers, so that it rounds as one of decimals would.
_QUESTIONS = f"""
WITH asked AS (
    SELECT part.id, (100 * avg(part.share) FILTER (WHERE r.wave_id = $2))::numeric AS score,
           (100 * avg(part.share) FILTER (WHERE r.wave_id = $3))::numeric AS before,
           (count(*) FILTER (WHERE r.wave_id = $2))::integer AS n, min(part.place) AS place
      FROM release.shop_report r
     CROSS JOIN LATERAL unnest(r.question_ids, r.question_shares) WITH ORDINALITY AS part (id, share, place)
     WHERE r.client_id = $1
       AND r.wave_id IN ($2, $3)
       AND {at_or_below("$4")}
     GROUP BY part.id
    HAVING count(*) FILTER (WHERE r.wave_id = $2) > 0
     ORDER BY min(part.place), part.id
     LIMIT $5
)
SELECT a.id, named.answer->>'title' AS title, named.answer->>'section' AS section, a.score, a.before, a.n
  FROM asked a
 CROSS JOIN LATERAL (SELECT each.answer
                       FROM (SELECT r.snapshot
                               FROM release.shop_report r
                              WHERE r.client_id = $1
                                AND r.wave_id = $2
                                AND {at_or_below("$4")}
                                AND a.id = ANY (r.question_ids)
                              ORDER BY r.node_path COLLATE "C", r.report_ref
                              LIMIT 1) AS one
                      CROSS JOIN LATERAL jsonb_array_elements(one.snapshot->'answers') AS each (answer)
                      WHERE each.answer->>'question_id' = a.id
                      LIMIT 1) AS named
 ORDER BY a.place, a.id
"""  # noqa: S608 - constants of this module

# Those that lost points first; nothing in the order tells when a visit was. Only what is shown is opened.
_GIVEN = f"""
WITH given AS (
    SELECT r.report_ref, r.node_name, r.node_code, r.time_shown, r.snapshot,
           r.question_shares[array_position(r.question_ids, $4)] AS share
      FROM release.shop_report r
     WHERE r.client_id = $1
       AND r.wave_id = $2
       AND {at_or_below("$3")}
       AND $4 = ANY (r.question_ids)
     ORDER BY share, r.node_name, r.report_ref
     LIMIT $5
)
SELECT g.report_ref, g.node_name, g.node_code, g.time_shown, each.answer->'lines' AS lines,
       each.answer->>'comment' AS comment, (each.answer->'points'->>0)::numeric AS earned,
       (each.answer->'points'->>1)::numeric AS possible
  FROM given g
 CROSS JOIN LATERAL jsonb_array_elements(g.snapshot->'answers') AS each (answer)
 WHERE each.answer->>'question_id' = $4
 ORDER BY g.share, g.node_name, g.report_ref
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
    rows = await connection().fetch(_GIVEN, scope.client_id, wave_id, place_path, question_id, MOST_ANSWERS)
    return [
        Answer(**(dict(row) | {"earned": Decimal(row["earned"]), "possible": Decimal(row["possible"])})) for row in rows
    ]
