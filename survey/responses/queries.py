"""Every statement of answering. All run as candour_respondent, who sees only what lies behind the one link."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

from privacy.audit import Event, insertion, values_of
from privacy.vault import Wrapped
from survey.db import Role, connection, fetch_alone, is_open, write_alone
from survey.responses.domain import Door, Face, Kept, PageToSave
from survey.web.brands import Brand

Ask = Callable[..., Awaitable[Record | None]]

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
           coalesce(r.coded, '{{}}') AS coded,
           coalesce(r.section, 0) AS section,
           coalesce(r.revision, 0) AS revision,
           r.receipt,
           k.kek_version,
           k.wrapped{texts}
      FROM field.entry e
      JOIN field.study s ON s.id = e.study_id
      LEFT JOIN field.response r ON r.id = e.response_id
      LEFT JOIN vault.subject_key k ON k.id = e.response_id{their_place}
     WHERE e.id = named.link::uuid
    OFFSET 0
 ) AS d
"""

_WITH_TEXTS = _DOOR.format(
    texts=", t.fields, t.sealed",
    their_place="""
      LEFT JOIN LATERAL (
        SELECT array_agg(v.question_id) AS fields, array_agg(v.sealed) AS sealed
          FROM field.verbatim v
         WHERE v.response_id = e.response_id
      ) AS t ON true""",
)
# Keeping a page writes texts without a look at those that were there.
_WITHOUT_TEXTS = _DOOR.format(texts="", their_place="")

_FACE = """
SELECT s.id AS study_id,
       s.revision,
       s.title,
       c.name AS client,
       a.name AS affiliate,
       s.identity_mode = 'identified' AS is_identified,
       s.closes_at,
       v.definition,
       field.brand_of(a) AS brand
  FROM field.study s
  JOIN field.client c ON c.id = s.client_id
  JOIN field.affiliate a ON a.id = s.affiliate_id
  JOIN field.questionnaire_version v ON v.id = s.version_id
 WHERE s.id = $1
"""

# Looking up what else lies behind the link, in the same way.
_BROWSERS = """
SELECT d.*
  FROM (SELECT set_config('app.link', $1, true) AS link OFFSET 0) AS named
 CROSS JOIN LATERAL (
    SELECT array_agg(b.id_hash) AS hashes
      FROM ops.answer_session b
     WHERE b.entry_id = named.link::uuid
    OFFSET 0
 ) AS d
"""

# Functions of ours, in migrations/survey/…_answering.py: each names the link to the policies and writes. No outer query
# could see to that order in a statement that writes; a function can, and is still one round trip without BEGIN.
_START = "SELECT field.start_response($1, $2, $3)"
_SAVE = "SELECT field.keep_page($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"

# What was done and its audit event, in one round trip: the event is there exactly when a row was closed.
_FINISH = f"""
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
), noted AS (
    {insertion(first=5)}
      FROM sent
)
SELECT id FROM sent
"""  # noqa: S608 - made of constants


async def find_door(entry_id: UUID, *, with_texts: bool = True) -> Door | None:
    """The door with this id, or None when it never was or went with its study."""
    row = await _one(fetch_alone, _WITH_TEXTS if with_texts else _WITHOUT_TEXTS, str(entry_id))
    return _door(row) if row else None


async def _one(ask: Ask, statement: str, *arguments: object) -> Record | None:
    """The statement's row. Within a transaction it uses that one's connection.

    Waiting for a second one while holding the first would let a full pool wait for itself.
    """
    if is_open():
        row: Record | None = await connection().fetchrow(statement, *arguments)
        return row
    return await ask(Role.RESPONDENT, statement, *arguments)


def _door(row: Record) -> Door:
    values = dict(row)
    kek_version, wrapped = values.pop("kek_version"), values.pop("wrapped")
    texts = dict(zip(values.pop("fields", None) or (), values.pop("sealed", None) or (), strict=True))
    key = Wrapped(values["response_id"], kek_version, wrapped) if wrapped else None
    return Door(**values, key=key, texts=texts)


async def face_of(here: Connection, study_id: UUID) -> Face:
    """What the study shows to all its respondents."""
    row = await here.fetchrow(_FACE, study_id)
    fields = dict(row)
    return Face(**fields | {"brand": Brand(**fields["brand"])})


async def start(entry_id: UUID, today: date, id_hash: bytes) -> None:
    """Open the response behind the door unless another tab has, and note the browser that answers."""
    await _one(write_alone, _START, entry_id, today, id_hash)


async def save_page(door: Door, page: PageToSave) -> Kept:
    """Merge one page into the response."""
    key = page.new_key
    row = await _one(
        write_alone,
        _SAVE,
        door.entry_id,
        door.response_id,
        # What is said anew need not be taken out before; asyncpg is slow with long arrays.
        list(page.cleared - page.coded.keys()),
        dict(page.coded),
        page.reached,
        list(page.emptied),
        list(page.sealed),
        list(page.sealed.values()),
        key.kek_version if key else None,
        key.wrapped if key else None,
        # What was looked up a moment ago is merged with what another tab wrote since; what is remembered must be so.
        door.revision if door.is_remembered else None,
        door.study_revision if door.is_remembered else None,
    )
    return Kept(row[0]) if row else Kept.CLOSED


async def finish(here: Connection, door: Door, receipt: str, event: Event, now: datetime) -> bool:
    """Close the response and its door, forget its browser sessions, record the event; False when it was closed."""
    parameters = (door.entry_id, door.response_id, receipt, now.date(), *values_of(event, now))
    return await here.fetchval(_FINISH, *parameters) is not None


async def browsers_of(entry_id: UUID) -> set[bytes]:
    """The hashes of the cookies of the browsers that answer here."""
    row = await _one(fetch_alone, _BROWSERS, str(entry_id))
    return set(row["hashes"] or ()) if row else set()


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
