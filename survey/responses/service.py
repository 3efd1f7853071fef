"""Answering: open a door, save a page, send the answers, or leave.

All of it runs in one transaction of candour_respondent that names the entry of the link (`app.link`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from asyncpg import Connection

from privacy import crypto, vault
from privacy.audit import Event, record
from privacy.errors import KeyShredded
from privacy.vault import KeyRing
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Compiled, Definition, Parsed
from survey.responses import queries
from survey.responses.domain import AnswersSent, Door, Face, SurveyGone, receipt_from

STUDIES_KEPT = 200
SECONDS_A_QUESTION = 12


@dataclass(frozen=True, slots=True)
class Study:
    """What all respondents of a study share, ready to run."""

    face: Face
    compiled: Compiled

    @property
    def definition(self) -> Definition:
        """The frozen questionnaire."""
        return self.compiled.definition

    @property
    def question_count(self) -> int:
        """How many questions there are at the most."""
        return sum(1 for _ in self.definition.items())

    @property
    def minutes(self) -> int:
        """An honest guess of the time: twelve seconds a question, rounded up."""
        return -(-self.question_count * SECONDS_A_QUESTION // 60)


_studies: dict[tuple[UUID, int], Study] = {}


async def study_behind(connection: Connection, door: Door) -> Study:
    """The study of a door. Kept in memory by its revision: whatever respondents may read of it raises that."""
    key = (door.study_id, door.study_revision)
    if key not in _studies:
        face = await queries.face_of(connection, door.study_id)
        definition = questionnaire.from_json(dict(face.definition))
        if len(_studies) >= STUDIES_KEPT:
            _studies.pop(next(iter(_studies)))
        _studies[key] = Study(face, questionnaire.compile_definition(definition))
    return _studies[key]


async def door_in(connection: Connection, entry_id: UUID) -> Door:
    """The door with this id. Raises SurveyGone when its study closed, which takes all doors away."""
    door = await queries.find_door(connection, entry_id)
    if door is None:
        raise SurveyGone
    return door


async def begin(connection: Connection, door: Door, now: datetime) -> Door:
    """Open a response behind the door, once; a second tab finds the first one's."""
    if door.response_id is None and await queries.start(connection, door.entry_id, uuid4(), now.date()):
        await _note(connection, door, "response.started", now)
    return await queries.find_door(connection, door.entry_id) or door


async def admit_browser(connection: Connection, door: Door) -> str:
    """Register the browser at the door; returns the secret that its cookie carries (only a hash is stored)."""
    secret = crypto.random_bytes(24).hex()
    await queries.remember_browser(connection, door.entry_id, crypto.sha256(secret.encode()))
    return secret


async def other_browsers(connection: Connection, door: Door, secret: str | None) -> bool:
    """Whether another browser than the one with this cookie is answering behind the same door."""
    own = crypto.sha256(secret.encode()) if secret else b""
    return bool(await queries.browsers_of(connection, door.entry_id) - {own})


async def save(connection: Connection, ring: KeyRing, door: Door, study: Study, posted: "Posted") -> Parsed:
    """Keep what one posted section says, as far as it is valid; what is not comes back as errors.

    Raises AnswersSent when the response was finished in the meantime: then nothing is kept.
    """
    assert door.response_id is not None
    parsed = questionnaire.parse_section(study.compiled, posted.section, posted.form, door.coded, posted.now.date())
    reached = posted.section + 1 if parsed.is_complete else posted.section
    if not await queries.save_page(connection, door.response_id, parsed.cleared, parsed.coded, reached):
        raise AnswersSent
    if parsed.verbatims:
        await _seal_verbatims(connection, ring, door, parsed.verbatims)
    if gone := (parsed.cleared & _text_fields(study.compiled)) - parsed.verbatims.keys():
        await queries.remove_verbatims(connection, door.response_id, gone)
    return parsed


async def first_missing(connection: Connection, door: Door, study: Study) -> int | None:
    """The index of the first section that still lacks a required answer."""
    assert door.response_id is not None
    written = await queries.verbatims_of(connection, door.response_id)
    return questionnaire.unfinished(study.compiled, door.coded, written.keys())


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted section: its index from 0, the form's fields, and when it came."""

    section: int
    form: Mapping[str, Sequence[str]]
    now: datetime


async def texts_of(connection: Connection, ring: KeyRing, door: Door) -> dict[str, str]:
    """The respondent's own free texts, opened for themselves."""
    if door.response_id is None or not (sealed := await queries.verbatims_of(connection, door.response_id)):
        return {}
    key = await vault.data_key(connection, ring, door.response_id)
    return {field: vault.unseal_text(key, _place(door.response_id, field), value) for field, value in sealed.items()}


def missing_in(
    study: Study, section: int, values: Mapping[str, Sequence[str]], answers: Mapping[str, object]
) -> dict[str, str]:
    """What a section shown again still asks for: the messages its own form would have drawn."""
    return questionnaire.parse_section(study.compiled, section, values, answers).errors


def is_text(item: questionnaire.Item) -> bool:
    """Whether any part of the answer is free text."""
    return item.kind in questionnaire.TEXT_KINDS or questionnaire.other_choice(item) is not None


async def send(connection: Connection, door: Door, now: datetime) -> str:
    """Finish the response; returns the receipt. Sending twice gives the first receipt again."""
    if door.receipt:
        return door.receipt
    assert door.response_id is not None
    receipt = receipt_from(crypto.random_bytes(8))
    if not await queries.finish(connection, door.entry_id, door.response_id, receipt, now.date()):
        again = await queries.find_door(connection, door.entry_id)
        return (again and again.receipt) or receipt
    await _note(connection, door, "response.finished", now)
    return receipt


async def leave(connection: Connection, door: Door, now: datetime) -> None:
    """Remove the draft and stop reminders; the link opens again if its holder thinks better of it."""
    if door.response_id is not None:
        await queries.discard(connection, door.entry_id, door.response_id)
    else:
        await queries.leave(connection, door.entry_id)
    await _note(connection, door, "response.discarded", now)


async def _seal_verbatims(connection: Connection, ring: KeyRing, door: Door, verbatims: Mapping[str, str]) -> None:
    assert door.response_id is not None
    try:
        key = await vault.data_key(connection, ring, door.response_id)
    except KeyShredded:
        key = await vault.create_subject(connection, ring, door.affiliate_id, door.response_id)
    sealed = {field: vault.seal(key, _place(door.response_id, field), text) for field, text in verbatims.items()}
    await queries.put_verbatims(connection, door.response_id, door.affiliate_id, door.study_id, sealed)


def _place(response_id: UUID, field: str) -> vault.Place:
    return vault.Place(f"field.verbatim.sealed#{field}", response_id, response_id)


def _text_fields(compiled: Compiled) -> set[str]:
    """Fields whose answers are kept as verbatims."""
    fields = set()
    for item in compiled.definition.items():
        if is_text(item):
            fields |= {item.id, questionnaire.field_of(item.id, "other")}
    return fields


async def _note(connection: Connection, door: Door, action: str, now: datetime) -> None:
    # The study and nothing nearer: a time beside a response or an entry would order the arrivals.
    event = Event(door.affiliate_id, "respondent", None, action, "study", door.study_id)
    await record(connection, event, now)
