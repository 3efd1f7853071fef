"""Studies of the demo world: drafted, launched, delivered, answered, closed and released by the product's services."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from uuid import UUID

from privacy.optouts import Source
from survey.contacts import service as contacts
from survey.db import Role, Scope, connection, transaction
from survey.invitations import service as invitations
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import Definition, merged
from survey.releases import service as releases
from survey.responses import service as responses
from survey.rights import service as rights
from survey.rights.domain import Wish
from survey.studies import service as studies
from survey.studies.domain import PURPOSE, Draft

from . import queries
from .opinions import Respondent, filled, respondent
from .postbox import deliver
from .stage import Stage

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Wave:
    """One study. Days are counted back from today; number: how many waves of the same kind came before.

    answers: how many answer to the end; leave: how many more turn round half-way.
    """

    name: str
    title: str
    opens_days_ago: int
    closes_days_ago: int
    number: int
    answers: int
    leave: int = 0
    changes: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a study's door. stays: whether they answer to the end."""

    entry_id: UUID
    person: Respondent
    stays: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """For whom and with what a study is made. codes: of the client's locations, for the simulated answers."""

    scope: Scope
    client_id: UUID
    version_id: UUID
    codes: dict[UUID, str]


async def questionnaire(
    scope: Scope, name: str, definition: Definition, now: datetime, earlier: Sequence[Definition] = ()
) -> UUID:
    """A questionnaire; the id of its newest version. earlier: those before it, each in use for a month."""
    versions = [*earlier, definition]
    began = [now - timedelta(days=30 * months) for months in reversed(range(len(versions)))]
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        created = await questionnaires.create(scope, name, versions[0], began[0])
        for wanted, at in zip(versions[1:], began[1:], strict=True):
            await questionnaires.freeze(scope, await _newest(scope, created), at)
            await questionnaires.arrange(scope, created, _becomes(wanted), at)
        return await _newest(scope, created)


def _becomes(wanted: Definition) -> Callable[[Definition], Definition]:
    """An operation that puts other questions in the place of those that are there."""
    return lambda _: wanted


async def _newest(scope: Scope, questionnaire_id: UUID) -> UUID:
    usable = await questionnaires.usable_versions(scope)
    return next(each.version_id for each in usable if each.questionnaire_id == questionnaire_id)


async def launch(stage: Stage, ground: Ground, wave: Wave) -> UUID:
    """Draft a study, launch it on the day it opens, and deliver its invitations; its id."""
    scope, opens = ground.scope, stage.day(wave.opens_days_ago)
    ready = {"opens_at": opens, "closes_at": stage.day(wave.closes_days_ago), "confirmed": [PURPOSE]}
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        draft = Draft(ground.client_id, ground.version_id, wave.name, wave.title)
        study_id = await studies.create(scope, draft, stage.day(wave.opens_days_ago + 3))
        study = await studies.study_in(scope, study_id)
        await studies.edit(scope, study_id, study.revision, ready | dict(wave.changes), opens)
        study = await studies.study_in(scope, study_id)
        launched = await invitations.launch(scope, study_id, study.revision, opens)
    with stage.step(f"sending {launched.queued:,} invitations of “{wave.name}” to the mailbox"):
        await deliver(stage, opens, partial(queries.unsent, [study_id]))
    return study_id


async def opt_outs(stage: Stage, ground: Ground, study_id: UUID, who: Sequence[str], now: datetime) -> None:
    """Some of those who were invited stop the mail, by address: half of them everybody's, half this client's."""
    scope, safe = ground.scope, contacts.safe_of(stage.settings)
    indexes = [contacts.email_index(safe, scope.affiliate_id, address) for address in who]
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        links = await queries.opt_out_links(scope, study_id, indexes)
    for place, index in enumerate(indexes):
        async with transaction(Role.DESK):
            wish = Wish.CLIENT if place % 2 else Wish.EVERYTHING
            await rights.wish(links[index], wish, Source.PAGE, now)


async def answer(stage: Stage, ground: Ground, study_id: UUID, wave: Wave) -> None:
    """So many people answer, and some more begin; they come in no order that means anything."""
    async with transaction(Role.STAFF, affiliate=ground.scope.affiliate_id):
        doors = await queries.doors_of(ground.scope, study_id)
    now = stage.day(wave.opens_days_ago - 2)
    visits = []
    for place, (entry_id, location_id) in enumerate(doors[: wave.answers + wave.leave]):
        code = ground.codes.get(location_id, "") if location_id else ""
        visits.append(Visitor(entry_id, respondent(code, wave.number, place, now.date()), place < wave.answers))
    with stage.step(f"{wave.answers:,} people answer “{wave.name}”"):
        waiting = iter(visits)
        await asyncio.gather(*(_queue(stage, waiting, now) for _ in range(AT_ONCE)))


async def close(stage: Stage, ground: Ground, study_id: UUID, wave: Wave) -> None:
    """Close a study on its last day, and release it."""
    scope, now = ground.scope, stage.day(wave.closes_days_ago)
    with stage.step(f"closing and releasing “{wave.name}”"):
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
            await releases.close_study(scope, study_id, now)
        await releases.discard_drafts(scope.affiliate_id, study_id, now)
        await releases.build_release(stage.settings, scope.affiliate_id, study_id, now)


async def _queue(stage: Stage, waiting: "Iterable[Visitor]", now: datetime) -> None:
    for visitor in waiting:
        await _visit(stage, visitor, now)


async def _visit(stage: Stage, visitor: Visitor, now: datetime) -> None:
    """One person goes through the door, and section by section to the end, or half-way."""
    entry_id, person = visitor.entry_id, visitor.person
    door = await responses.door_in(entry_id)
    study = await responses.study_behind(door)
    sections = study.definition.sections
    seen = len(sections) if visitor.stays else len(sections) // 2
    async with transaction(Role.RESPONDENT, link=entry_id):
        await responses.begin(door, "", now)
        for index, section in enumerate(islice(sections, seen)):
            posted = responses.Posted(index, filled(person, section.items), now)
            parsed = await responses.save(stage.settings.keyring, door, study, posted)
            door = replace(door, coded=merged(door.coded, parsed))
        if seen == len(sections):
            await responses.send(connection(), door, now)
