"""Every statement of answering. All run as candour_respondent, who sees only what lies behind the one link."""

from datetime import date
from uuid import UUID

from asyncpg import Connection, Record

from privacy.vault import Wrapped
from survey.db import Role, connection, fetch_alone, is_open
from survey.responses.domain import Door, Face, PageToSave

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
           r.receipt,
           k.kek_version,
           k.wrapped,
           t.fields,
           t.sealed
      FROM field.entry e
      JOIN field.study s ON s.id = e.study_id
      LEFT JOIN field.response r ON r.id = e.response_id
      LEFT JOIN vault.subject_key k ON k.id = e.response_id
      LEFT JOIN LATERAL (
        SELECT array_agg(v.question_id) AS fields, array_agg(v.sealed) AS sealed
          FROM field.verbatim v
         WHERE v.response_id = e.response_id
      ) AS t ON true
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

# The page, its texts, what was emptied and, with the first text, the key they are sealed with: one round trip.
_SAVE = """
WITH saved AS (
    UPDATE field.response
       SET coded = (coded - $2::text[]) || $3::jsonb,
           section = greatest(section, $4),
           revision = revision + 1
     WHERE id = $1
       AND state = 'open'
    RETURNING id, affiliate_id, study_id
), emptied AS (
    DELETE FROM field.verbatim
     WHERE response_id = $1
       AND question_id = ANY($2::text[])
       AND NOT question_id = ANY($5::text[])
       AND EXISTS (SELECT FROM saved)
), keyed AS (
    INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped)
    SELECT id, affiliate_id, $7, $8
      FROM saved
     WHERE $8::bytea IS NOT NULL
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), written AS (
    INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)
    SELECT s.id, v.question_id, s.affiliate_id, s.study_id, v.sealed
      FROM saved s, unnest($5::text[], $6::bytea[]) AS v (question_id, sealed)
    ON CONFLICT (response_id, question_id) DO UPDATE SET sealed = excluded.sealed
)
SELECT EXISTS (SELECT FROM saved) AS is_saved,
       $8::bytea IS NULL OR EXISTS (SELECT FROM keyed) AS is_keyed
"""

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
    return _door(row) if row else None


def _door(row: Record) -> Door:
    values = dict(row)
    kek_version, wrapped = values.pop("kek_version"), values.pop("wrapped")
    texts = dict(zip(values.pop("fields") or (), values.pop("sealed") or (), strict=True))
    key = Wrapped(values["response_id"], kek_version, wrapped) if wrapped else None
    return Door(**values, key=key, texts=texts)


async def face_of(here: Connection, study_id: UUID) -> Face:
    """What the study shows to all its respondents."""
    row = await here.fetchrow(_FACE, study_id)
    return Face(**row)


async def start(here: Connection, entry_id: UUID, today: date, id_hash: bytes) -> None:
    """Open the response behind the door unless another tab has, and note the browser that answers."""
    await here.execute(_START, entry_id, today, id_hash)


async def save_page(here: Connection, response_id: UUID, page: PageToSave) -> tuple[bool, bool]:
    """Merge one page. Returns whether the response was open, and whether a new key became the response's."""
    key = page.new_key
    row = await here.fetchrow(
        _SAVE,
        response_id,
        list(page.cleared),
        dict(page.coded),
        page.reached,
        list(page.sealed),
        list(page.sealed.values()),
        key.kek_version if key else None,
        key.wrapped if key else None,
    )
    return row["is_saved"], row["is_keyed"]


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
