"""Every statement of answering. All run as candour_respondent, who sees only what lies behind the one link."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import Connection

from survey.db import Role, connection, fetch_alone, is_open
from survey.responses.domain import Door, Face

# One statement, one round trip, no transaction around it: OFFSET 0 keeps PostgreSQL from reading anything of the inner
# part before the outer one has named the link to the policies, for as long as this statement runs.
_DOOR = """
SELECT d.*
  FROM (SELECT set_config('app.link', $1, true) AS link OFFSET 0) AS named
 CROSS JOIN LATERAL (
    SELECT e.id AS entry_id,
           e.affiliate_id,
           e.study_id,
           s.revision AS study_revision,
           e.state AS entry_state,
           s.status AS study_status,
           s.opens_at,
           s.closes_at,
           e.response_id,
           coalesce(r.coded, '{}') AS coded,
           coalesce(r.section, 0) AS section,
           r.receipt
      FROM field.entry e
      JOIN field.study s ON s.id = e.study_id
      LEFT JOIN field.response r ON r.id = e.response_id
     WHERE e.id = named.link::uuid
    OFFSET 0
 ) AS d
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
WITH entered AS (
    UPDATE field.entry
       SET state = 'started'
     WHERE id = $1
       AND state IN ('new', 'declined')
    RETURNING affiliate_id, study_id, response_id, location_id, language, demographics
), begun AS (
    INSERT INTO field.response
           (id, affiliate_id, study_id, version_id, location_id, language, demographics, started_on)
    SELECT e.response_id, e.affiliate_id, e.study_id, s.version_id, e.location_id, e.language, e.demographics, $2
      FROM entered e
      JOIN field.study s ON s.id = e.study_id
)
INSERT INTO ops.answer_session (id_hash, entry_id)
VALUES ($3, $1)
"""

_SAVE = """
WITH emptied AS (
    DELETE FROM field.verbatim
     WHERE response_id = $1
       AND question_id = ANY($2::text[])
)
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

# The door first: its row is what closing the study removes, so that nobody's answers arrive after the count.
_FINISH = """
WITH shut AS (
    UPDATE field.entry
       SET state = 'finished'
     WHERE id = $1
       AND EXISTS (SELECT 1 FROM field.response WHERE id = $2 AND state = 'open')
    RETURNING id
), sent AS (
    UPDATE field.response
       SET state = 'finished',
           receipt = $3,
           finished_on = $4
     WHERE id = $2
       AND state = 'open'
       AND EXISTS (SELECT 1 FROM shut)
    RETURNING id
), forgotten AS (
    DELETE FROM ops.answer_session
     WHERE entry_id = $1
)
SELECT id FROM sent
"""


async def find_door(entry_id: UUID) -> Door | None:
    """The door with this id, or None when it never was or went with its study.

    Within a transaction it uses that one's connection: waiting for a second one while holding the first would let a
    full pool wait for itself.
    """
    if is_open():
        row = await connection().fetchrow(_DOOR, str(entry_id))
    else:
        row = await fetch_alone(Role.RESPONDENT, _DOOR, str(entry_id))
    return Door(**row) if row else None


async def face_of(here: Connection, study_id: UUID) -> Face:
    """What the study shows to all its respondents."""
    row = await here.fetchrow(_FACE, study_id)
    return Face(**row)


async def start(here: Connection, entry_id: UUID, today: date, id_hash: bytes) -> None:
    """Open the response behind the door unless another tab has, and note the browser that answers."""
    await here.execute(_START, entry_id, today, id_hash)


async def save_page(
    here: Connection, response_id: UUID, cleared: Iterable[str], coded: Mapping[str, Any], section: int
) -> bool:
    """Merge one page of coded answers and drop what was emptied; False when the response is no longer open."""
    return await here.fetchval(_SAVE, response_id, list(cleared), dict(coded), section) is not None


async def verbatims_of(here: Connection, response_id: UUID) -> dict[str, bytes]:
    """The sealed free texts by question."""
    rows = await here.fetch("SELECT question_id, sealed FROM field.verbatim WHERE response_id = $1", response_id)
    return {row["question_id"]: row["sealed"] for row in rows}


async def put_verbatims(
    here: Connection, response_id: UUID, affiliate_id: UUID, study_id: UUID, sealed: Mapping[str, bytes]
) -> None:
    """Write or replace sealed free texts."""
    await here.execute(_PUT_VERBATIMS, response_id, affiliate_id, study_id, list(sealed), list(sealed.values()))


async def finish(here: Connection, door: Door, receipt: str, today: date) -> bool:
    """Close the response and its door, and forget its browser sessions; False when it was closed already."""
    return await here.fetchval(_FINISH, door.entry_id, door.response_id, receipt, today) is not None


async def browsers_of(here: Connection, entry_id: UUID) -> set[bytes]:
    """The hashes of the cookies of the browsers that answer here."""
    rows = await here.fetch("SELECT id_hash FROM ops.answer_session WHERE entry_id = $1", entry_id)
    return {row["id_hash"] for row in rows}


async def discard(here: Connection, entry_id: UUID, response_id: UUID) -> None:
    """Remove a draft with its texts and their key, and leave the door as declined: no reminder follows."""
    await here.execute("DELETE FROM vault.subject_key WHERE id = $1", response_id)
    await here.execute("DELETE FROM field.response WHERE id = $1 AND state = 'open'", response_id)
    await leave(here, entry_id)


async def leave(here: Connection, entry_id: UUID) -> None:
    """Mark the door as declined and forget its browsers."""
    await here.execute(
        "UPDATE field.entry SET state = 'declined', response_id = gen_random_uuid()"
        " WHERE id = $1 AND state <> 'finished'",
        entry_id,
    )
    await here.execute("DELETE FROM ops.answer_session WHERE entry_id = $1", entry_id)
