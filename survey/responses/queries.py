"""Every statement of answering. All run as candour_respondent, who sees only what lies behind the one link."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Connection

from survey.responses.domain import Door, Face

_DOOR = """
SELECT e.id AS entry_id,
       e.affiliate_id,
       e.study_id,
       s.revision AS study_revision,
       e.state AS entry_state,
       s.status AS study_status,
       s.opens_at,
       s.closes_at,
       e.location_id,
       e.language,
       e.demographics,
       e.response_id,
       coalesce(r.coded, '{}') AS coded,
       coalesce(r.section, 0) AS section,
       r.receipt
  FROM field.entry e
  JOIN field.study s ON s.id = e.study_id
  LEFT JOIN field.response r ON r.id = e.response_id
 WHERE e.id = $1
"""

_FACE = """
SELECT s.id AS study_id,
       s.revision,
       s.title,
       c.name AS client,
       a.name AS affiliate,
       a.postal_address,
       a.contact_email,
       s.identity_mode = 'identified' AS is_identified,
       s.closes_at,
       v.definition
  FROM field.study s
  JOIN field.client c ON c.id = s.client_id
  JOIN field.affiliate a ON a.id = s.affiliate_id
  JOIN field.questionnaire_version v ON v.id = s.version_id
 WHERE s.id = $1
"""

_START = """
UPDATE field.entry
   SET response_id = $2,
       state = 'started'
 WHERE id = $1
   AND response_id IS NULL
   AND state IN ('new', 'declined')
RETURNING id
"""

_BEGIN_RESPONSE = """
INSERT INTO field.response (id, affiliate_id, study_id, version_id, location_id, language, demographics, started_on)
SELECT $2, e.affiliate_id, e.study_id, s.version_id, e.location_id, e.language, e.demographics, $3
  FROM field.entry e
  JOIN field.study s ON s.id = e.study_id
 WHERE e.id = $1
"""

_SAVE = """
UPDATE field.response
   SET coded = (coded - $2::text[]) || $3::jsonb,
       section = greatest(section, $4),
       revision = revision + 1
 WHERE id = $1
   AND state = 'open'
RETURNING revision
"""

_PUT_VERBATIMS = """
INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)
SELECT $1, v.question_id, $2, $3, v.sealed
  FROM unnest($4::text[], $5::bytea[]) AS v (question_id, sealed)
ON CONFLICT (response_id, question_id) DO UPDATE SET sealed = excluded.sealed
"""

_FINISH = """
UPDATE field.response
   SET state = 'finished',
       receipt = $2,
       finished_on = $3
 WHERE id = $1
   AND state = 'open'
RETURNING receipt
"""


async def find_door(connection: Connection, entry_id: UUID) -> Door | None:
    """The door with this id, or None when it never was or went with its study."""
    row = await connection.fetchrow(_DOOR, entry_id)
    return Door(**row) if row else None


async def face_of(connection: Connection, study_id: UUID) -> Face:
    """What the study shows to all its respondents."""
    row = await connection.fetchrow(_FACE, study_id)
    return Face(**row)


async def start(connection: Connection, entry_id: UUID, response_id: UUID, today: date) -> bool:
    """Open a response behind the door; False when another tab was faster."""
    if not await connection.fetchval(_START, entry_id, response_id):
        return False
    await connection.execute(_BEGIN_RESPONSE, entry_id, response_id, today)
    return True


async def save_page(
    connection: Connection, response_id: UUID, cleared: Iterable[str], coded: Mapping[str, Any], section: int
) -> bool:
    """Merge one page of coded answers; False when the response is no longer open."""
    return await connection.fetchval(_SAVE, response_id, list(cleared), dict(coded), section) is not None


async def verbatims_of(connection: Connection, response_id: UUID) -> dict[str, bytes]:
    """The sealed free texts by question."""
    rows = await connection.fetch("SELECT question_id, sealed FROM field.verbatim WHERE response_id = $1", response_id)
    return {row["question_id"]: row["sealed"] for row in rows}


async def put_verbatims(
    connection: Connection, response_id: UUID, affiliate_id: UUID, study_id: UUID, sealed: Mapping[str, bytes]
) -> None:
    """Write or replace sealed free texts."""
    await connection.execute(_PUT_VERBATIMS, response_id, affiliate_id, study_id, list(sealed), list(sealed.values()))


async def remove_verbatims(connection: Connection, response_id: UUID, question_ids: Iterable[str]) -> None:
    """Remove free texts that were emptied or whose question is hidden now."""
    await connection.execute(
        "DELETE FROM field.verbatim WHERE response_id = $1 AND question_id = ANY($2::text[])",
        response_id,
        list(question_ids),
    )


async def finish(connection: Connection, entry_id: UUID, response_id: UUID, receipt: str, today: date) -> bool:
    """Close the response and its door, and forget its browser sessions; False when it was closed already."""
    if not await connection.fetchval(_FINISH, response_id, receipt, today):
        return False
    await connection.execute("UPDATE field.entry SET state = 'finished' WHERE id = $1", entry_id)
    await connection.execute("DELETE FROM ops.answer_session WHERE entry_id = $1", entry_id)
    return True


async def remember_browser(connection: Connection, entry_id: UUID, id_hash: bytes) -> None:
    """Note that this browser answers here."""
    await connection.execute("INSERT INTO ops.answer_session (id_hash, entry_id) VALUES ($1, $2)", id_hash, entry_id)


async def browsers_of(connection: Connection, entry_id: UUID) -> set[bytes]:
    """The hashes of the cookies of the browsers that answer here."""
    rows = await connection.fetch("SELECT id_hash FROM ops.answer_session WHERE entry_id = $1", entry_id)
    return {row["id_hash"] for row in rows}


async def discard(connection: Connection, entry_id: UUID, response_id: UUID) -> None:
    """Remove a draft with its texts and their key, and leave the door as declined: no reminder follows."""
    await connection.execute("DELETE FROM vault.subject_key WHERE id = $1", response_id)
    await connection.execute("DELETE FROM field.response WHERE id = $1 AND state = 'open'", response_id)
    await leave(connection, entry_id)


async def leave(connection: Connection, entry_id: UUID) -> None:
    """Mark the door as declined and forget its browsers."""
    await connection.execute(
        "UPDATE field.entry SET state = 'declined', response_id = NULL WHERE id = $1 AND state <> 'finished'", entry_id
    )
    await connection.execute("DELETE FROM ops.answer_session WHERE entry_id = $1", entry_id)
