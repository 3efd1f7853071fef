"""Building a release: statements that run as candour_releaser, who has no way to a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from survey.db import connection
from survey.questionnaires.domain import from_json
from survey.releases.domain import Cell, Fieldwork, NodeRow, Place, QuestionRow, Release, Reply, TableId

# The lock makes a second builder wait here, and then find the release of the first.
_STUDY = """
SELECT s.id AS study_id,
       s.affiliate_id,
       s.client_id,
       s.version_id,
       s.title,
       s.opens_at,
       s.closed_at
  FROM field.study s
 WHERE s.affiliate_id = $1
   AND s.id = $2
   AND s.status IN ('closed', 'released')
   FOR NO KEY UPDATE
"""

_FRAME = """
SELECT c.name AS client_name,
       v.definition
  FROM field.client c
  JOIN field.questionnaire_version v ON v.affiliate_id = c.affiliate_id AND v.id = $3
 WHERE c.affiliate_id = $1
   AND c.id = $2
"""

_PLACES = """
SELECT id, parent_id, level, code, name, path
  FROM field.location
 WHERE affiliate_id = $1
   AND client_id = $2
"""

_REPLIES = """
SELECT id, location_id, coded, demographics
  FROM field.response
 WHERE affiliate_id = $1
   AND study_id = $2
   AND state = 'finished'
"""

_INSERT_RELEASE = """
INSERT INTO release.release (id, affiliate_id, client_id, client_name, study_id, title, fielded_from, fielded_until,
                             threshold, manifest, digest, released_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

_INSERT_NODES = """
INSERT INTO release.node (release_id, affiliate_id, client_id, node_id, path, level, code, name, people)
SELECT $1, $2, $3, n.*
  FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[]) AS n
"""

_INSERT_QUESTIONS = """
INSERT INTO release.question (release_id, affiliate_id, client_id, question_id, position, section, title, part, kind,
                              choices)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

_INSERT_CELLS = """
INSERT INTO release.cell (release_id, affiliate_id, client_id, table_id, node_id, node_path, item, category, value,
                          is_hidden)
SELECT $1, $2, $3, c.table_id, c.node_id, c.node_path, c.item, c.category, c.value, c.value IS NULL
  FROM unnest($4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::numeric[])
    AS c (table_id, node_id, node_path, item, category, value)
"""

_STORED_NODES = "SELECT node_id, path, level, code, name, people FROM release.node WHERE release_id = $1"
_STORED_QUESTIONS = """
SELECT question_id, position, section, title, part, kind, choices
  FROM release.question
 WHERE release_id = $1
 ORDER BY position
"""
_STORED_CELLS = "SELECT table_id, node_id, node_path, item, category, value FROM release.cell WHERE release_id = $1"


async def find_study_to_build(affiliate_id: UUID, study_id: UUID) -> Fieldwork | None:
    """The closed study with its questionnaire and the client's tree, locked; None unless it is closed."""
    study = await connection().fetchrow(_STUDY, affiliate_id, study_id)
    if study is None:
        return None
    frame = await connection().fetchrow(_FRAME, affiliate_id, study["client_id"], study["version_id"])
    return Fieldwork(
        study_id=study["study_id"],
        affiliate_id=study["affiliate_id"],
        client_id=study["client_id"],
        client_name=frame["client_name"],
        version_id=study["version_id"],
        title=study["title"],
        opened_on=study["opens_at"].date(),
        closed_on=study["closed_at"].date(),
        definition=from_json(frame["definition"]),
        places=await places_of(affiliate_id, study["client_id"]),
    )


async def places_of(affiliate_id: UUID, client_id: UUID) -> tuple[Place, ...]:
    """The client's tree, whole."""
    return tuple(Place(**row) for row in await connection().fetch(_PLACES, affiliate_id, client_id))


async def finished_replies(affiliate_id: UUID, study_id: UUID) -> list[Reply]:
    """Every finished response of the study."""
    return [Reply(**row) for row in await connection().fetch(_REPLIES, affiliate_id, study_id)]


async def find_release_of(affiliate_id: UUID, study_id: UUID) -> UUID | None:
    """The study's release, if it has been built."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM release.release WHERE affiliate_id = $1 AND study_id = $2", affiliate_id, study_id
    )
    return found


async def insert_release(release_id: UUID, fieldwork: Fieldwork, release: Release, now: datetime) -> None:
    """Write everything that leaves."""
    owner = (release_id, fieldwork.affiliate_id, fieldwork.client_id)
    await connection().execute(
        _INSERT_RELEASE,
        *owner,
        fieldwork.client_name,
        fieldwork.study_id,
        fieldwork.title,
        fieldwork.opened_on,
        fieldwork.closed_on,
        release.manifest["threshold"],
        dict(release.manifest),
        release.digest,
        now,
    )
    await _insert_rows(owner, release)


async def _insert_rows(owner: tuple[UUID, UUID, UUID], release: Release) -> None:
    await connection().execute(
        _INSERT_NODES,
        *owner,
        *_columns(release.nodes, ("node_id", "path", "level", "code", "name", "people")),
    )
    await connection().executemany(
        _INSERT_QUESTIONS,
        [
            (*owner, row.question_id, row.position, row.section, row.title, row.part, row.kind, list(row.choices))
            for row in release.questions
        ],
    )
    await connection().execute(
        _INSERT_CELLS,
        *owner,
        *_columns(release.cells, ("table_id", "node_id", "node_path", "item", "category", "value")),
    )


async def seal_of(release_id: UUID) -> tuple[dict[str, Any], bytes]:
    """A release's manifest and digest."""
    row = await connection().fetchrow("SELECT manifest, digest FROM release.release WHERE id = $1", release_id)
    return row["manifest"], row["digest"]


async def stored_rows(release_id: UUID) -> tuple[list[NodeRow], list[QuestionRow], list[Cell]]:
    """What has been written, read back."""
    nodes = [NodeRow(**row) for row in await connection().fetch(_STORED_NODES, release_id)]
    questions = [_question(row) for row in await connection().fetch(_STORED_QUESTIONS, release_id)]
    return nodes, questions, [_cell(row) for row in await connection().fetch(_STORED_CELLS, release_id)]


async def mark_released(affiliate_id: UUID, study_id: UUID) -> None:
    """Say that the study has been released."""
    await connection().execute(
        "UPDATE field.study SET status = 'released' WHERE affiliate_id = $1 AND id = $2 AND status = 'closed'",
        affiliate_id,
        study_id,
    )


def _columns(rows: Sequence[object], names: Sequence[str]) -> list[list[object]]:
    return [[getattr(row, name) for row in rows] for name in names]


def _question(row: Record) -> QuestionRow:
    fields = dict(row)
    return QuestionRow(**fields | {"choices": tuple(fields["choices"])})


def _cell(row: Record) -> Cell:
    fields = dict(row)
    return Cell(**fields | {"table_id": TableId(fields["table_id"])})
