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
from privacy.vault import KeyRing, Wrapped
from survey.db import Role, connection, is_open, transaction
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Compiled, Definition, Parsed
from survey.responses import queries
from survey.responses.domain import (
    AnswersSent,
    Door,
    DoorMoved,
    DoorState,
    Face,
    Kept,
    PageToSave,
    Remembered,
    SurveyGone,
    receipt_from,
)

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
_remembered = Remembered()


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


async def door_in(entry_id: UUID, *, with_texts: bool = True) -> Door:
    """The door with this id. Raises SurveyGone when its study closed, which takes all doors away."""
    door = await queries.find_door(entry_id, with_texts=with_texts)
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


async def door_to_write(entry_id: UUID, now: datetime) -> Door:
    """The door for keeping a page: as this process saw it last, which spares a look, or as it is, without its texts."""
    return _remembered.take(entry_id, now) or await door_in(entry_id, with_texts=False)


def remember(door: Door, now: datetime) -> None:
    """Keep a door that is being answered at hand, without its texts, for the page that is sent next."""
    if door.state(now) is DoorState.STARTED:
        _remembered.put(replace(door, texts={}, is_remembered=True), now)


async def save(ring: KeyRing, door: Door, study: Study, posted: "Posted") -> Parsed:
    """Keep what one posted section says, as far as it is valid; what is not comes back as errors.

    Raises AnswersSent when the response was finished in the meantime, and DoorMoved when the door was remembered and
    something has changed since: then nothing is kept.
    """
    parsed = questionnaire.parse_section(study.compiled, posted.section, posted.form, door.coded, posted.now.date())
    page = _page(ring, door, study, parsed, posted.section)
    kept = await queries.save_page(door, page)
    if kept is Kept.UNKEYED:
        # Another tab wrote the first text at the same moment, and its key is the one that counts.
        door = await door_in(door.entry_id, with_texts=False)
        page = _page(ring, door, study, parsed, posted.section)
        kept = await queries.save_page(door, page)
    if kept is Kept.CLOSED:
        raise DoorMoved if door.is_remembered else AnswersSent
    _remembered.put(_after(door, page, questionnaire.merged(door.coded, parsed)), posted.now)
    return parsed


def _after(door: Door, page: PageToSave, coded: Mapping[str, object]) -> Door:
    """The door as the page has left it, if no other tab wrote as well: then its revision is another one."""
    return replace(
        door,
        coded=coded,
        section=max(door.section, page.reached),
        revision=door.revision + 1,
        key=page.new_key or door.key,
        texts={},
        is_remembered=True,
    )


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
    _remembered.forget(door.entry_id)
    if not await queries.finish(here, door, receipt, _event(door, "response.finished"), now):
        raise AnswersSent
    return receipt


async def leave(here: Connection, door: Door, now: datetime) -> None:
    """Remove the draft and stop reminders; the link opens again if its holder thinks better of it."""
    _remembered.forget(door.entry_id)
    await queries.discard(here, door.entry_id, door.response_id)
    await record(here, _event(door, "response.discarded"), now)


def _page(ring: KeyRing, door: Door, study: Study, parsed: Parsed, section: int) -> PageToSave:
    sealed, new_key = _sealed(ring, door, parsed.verbatims) if parsed.verbatims else ({}, None)
    return PageToSave(
        cleared=frozenset(parsed.cleared),
        emptied=study.compiled.text_fields & parsed.cleared - sealed.keys(),
        coded=parsed.coded,
        reached=section + 1 if parsed.is_complete else section,
        sealed=sealed,
        new_key=new_key,
    )


def _sealed(ring: KeyRing, door: Door, texts: Mapping[str, str]) -> tuple[dict[str, bytes], Wrapped | None]:
    """Texts under the response's key; a first one brings a new key with it."""
    key, new_key = (vault.unwrap(ring, door.key), None) if door.key else vault.new_data_key(ring, door.response_id)
    named = [(_column(name), text.encode()) for name, text in texts.items()]
    return dict(zip(texts, vault.seal_row(key, door.response_id, named), strict=True)), new_key


def _place(response_id: UUID, field: str) -> vault.Place:
    return vault.Place(_column(field), response_id, response_id)


def _column(field: str) -> str:
    return f"field.verbatim.sealed#{field}"


def _event(door: Door, action: str) -> Event:
    # The study and nothing nearer: a time beside a response or an entry would order the arrivals.
    return Event(door.affiliate_id, "respondent", None, action, "study", door.study_id)
