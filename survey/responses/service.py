"""Answering: open a door, save a page, send the answers, or leave.

All of it runs as candour_respondent and names the entry of the link (`app.link`). Beginning and saving are a statement
each, and transactions by themselves; sending and leaving write an audit event in the transaction of their request.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from privacy import crypto, vault
from privacy.audit import Event, record
from privacy.vault import KeyRing
from survey.db import Role, connection, is_open, transaction
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Compiled, Definition, Parsed
from survey.responses import queries
from survey.responses.domain import AnswersSent, Door, Face, PageToSave, SurveyGone, receipt_from

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


@asynccontextmanager
async def _behind(door: Door) -> AsyncIterator[Connection]:
    """The request's transaction if it has one; pages that only look open theirs when they have something to look up."""
    if is_open():
        yield connection()
        return
    async with transaction(Role.RESPONDENT, link=door.entry_id) as opened:
        yield opened


async def study_behind(door: Door) -> Study:
    """The study of a door. Kept in memory by its revision: whatever respondents may read of it raises that."""
    key = (door.study_id, door.study_revision)
    if key not in _studies:
        async with _behind(door) as here:
            face = await queries.face_of(here, door.study_id)
        definition = questionnaire.from_json(dict(face.definition))
        if len(_studies) >= STUDIES_KEPT:
            _studies.pop(next(iter(_studies)))
        _studies[key] = Study(face, questionnaire.compile_definition(definition))
    return _studies[key]


async def door_in(entry_id: UUID) -> Door:
    """The door with this id. Raises SurveyGone when its study closed, which takes all doors away."""
    door = await queries.find_door(entry_id)
    if door is None:
        raise SurveyGone
    return door


async def begin(door: Door, shown: str, now: datetime) -> str:
    """Open a response behind the door, once, and register the browser; returns the secret that its cookie carries.

    shown: the secret of a browser that has been here, which keeps it. A second tab finds the first one's response. Only
    a hash of the secret is stored. Starting leaves no audit event: nobody decides anything in it, and its time would
    tell in which order people came.
    """
    if shown and crypto.sha256(shown.encode()) in await queries.browsers_of(door.entry_id):
        return shown
    secret = crypto.random_bytes(24).hex()
    await queries.start(door.entry_id, now.date(), crypto.sha256(secret.encode()))
    return secret


async def other_browsers(door: Door, secret: str | None) -> bool:
    """Whether another browser than the one with this cookie has begun to answer behind the same door.

    One that refuses cookies is among them and cannot be told from the others: a single browser is taken for it.
    """
    browsers = await queries.browsers_of(door.entry_id)
    return bool(browsers - {crypto.sha256(secret.encode())}) if secret else len(browsers) > 1


async def save(ring: KeyRing, door: Door, study: Study, posted: "Posted") -> Parsed:
    """Keep what one posted section says, as far as it is valid; what is not comes back as errors.

    Raises AnswersSent when the response was finished in the meantime: then nothing is kept.
    """
    parsed = questionnaire.parse_section(study.compiled, posted.section, posted.form, door.coded, posted.now.date())
    is_saved, is_keyed = await queries.save_page(door, _page(ring, door, parsed, posted.section))
    if not is_saved:
        raise AnswersSent
    if not is_keyed:
        # Another tab wrote the first text at the same moment, and its key is the one that counts.
        door = await door_in(door.entry_id)
        is_saved, _ = await queries.save_page(door, _page(ring, door, parsed, posted.section))
        if not is_saved:
            raise AnswersSent
    return parsed


def first_missing(door: Door, study: Study) -> int | None:
    """The index of the first section that still lacks a required answer."""
    return questionnaire.unfinished(study.compiled, door.coded, door.texts.keys())


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted section: its index from 0, the form's fields, and when it came."""

    section: int
    form: Mapping[str, Sequence[str]]
    now: datetime


def texts_of(ring: KeyRing, door: Door) -> dict[str, str]:
    """The respondent's own free texts, opened for themselves."""
    if door.key is None:
        return {}
    key = vault.unwrap(ring, door.key)
    return {name: vault.unseal_text(key, _place(door.response_id, name), value) for name, value in door.texts.items()}


def missing_in(
    study: Study, section: int, values: Mapping[str, Sequence[str]], answers: Mapping[str, object]
) -> dict[str, str]:
    """What a section shown again still asks for: the messages its own form would have drawn."""
    return questionnaire.parse_section(study.compiled, section, values, answers).errors


def is_text(item: questionnaire.Item) -> bool:
    """Whether any part of the answer is free text."""
    return item.kind in questionnaire.TEXT_KINDS or questionnaire.other_choice(item) is not None


async def send(here: Connection, door: Door, now: datetime) -> str:
    """Finish the response; returns the receipt. Raises AnswersSent when another tab was faster."""
    receipt = receipt_from(crypto.random_bytes(8))
    if not await queries.finish(here, door, receipt, _event(door, "response.finished"), now):
        raise AnswersSent
    return receipt


async def leave(here: Connection, door: Door, now: datetime) -> None:
    """Remove the draft and stop reminders; the link opens again if its holder thinks better of it."""
    await queries.discard(here, door.entry_id, door.response_id)
    await record(here, _event(door, "response.discarded"), now)


def _page(ring: KeyRing, door: Door, parsed: Parsed, section: int) -> PageToSave:
    reached = section + 1 if parsed.is_complete else section
    page = PageToSave(frozenset(parsed.cleared), parsed.coded, reached)
    if not parsed.verbatims:
        return page
    key, new_key = (vault.unwrap(ring, door.key), None) if door.key else vault.new_data_key(ring, door.response_id)
    texts = [(_column(name), text.encode()) for name, text in parsed.verbatims.items()]
    sealed = dict(zip(parsed.verbatims, vault.seal_row(key, door.response_id, texts), strict=True))
    return replace(page, sealed=sealed, new_key=new_key)


def _place(response_id: UUID, field: str) -> vault.Place:
    return vault.Place(_column(field), response_id, response_id)


def _column(field: str) -> str:
    return f"field.verbatim.sealed#{field}"


def _event(door: Door, action: str) -> Event:
    # The study and nothing nearer: a time beside a response or an entry would order the arrivals.
    return Event(door.affiliate_id, "respondent", None, action, "study", door.study_id)
