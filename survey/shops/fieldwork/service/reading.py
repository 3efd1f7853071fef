"""A held shop and its report, opened for whoever writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from privacy import vault
from privacy.vault import KeyRing
from survey.db import NotFound, Scope
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Compiled, Definition
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import Guideline
from survey.shops.visits.domain import OnHold, State

from .. import queries
from ..domain import (
    CheckIn,
    HandedIn,
    Held,
    Note,
    NotStarted,
    Proof,
    Ready,
    Report,
    Task,
    tasks,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A shop, its report, and the questionnaire ready to run."""

    held: Held
    report: Report
    compiled: Compiled

    @property
    def definition(self) -> Definition:
        """The frozen questionnaire."""
        return self.compiled.definition

    @property
    def is_held_back(self) -> bool:
        """Whether it would be the shopper's to write, and a hold lies over the shop."""
        is_theirs = self.report.shop_id is None or self.held.state is State.RETURNED
        return self.held.holds and self.held.is_on_hold and is_theirs

    @property
    def is_writable(self) -> bool:
        """Whether something may be changed: a draft, or a report that has come back; nothing under a hold."""
        if self.is_held_back:
            return False
        if self.report.shop_id is None:
            return True
        return self.held.is_open and self.held.state is State.RETURNED

    def ready(self, pictures: Sequence[Proof], texts: Mapping[str, str]) -> Ready:
        """All that the last look needs. texts: the report's words, opened."""
        return Ready(self.held, self.report, self.compiled, [picture.kind for picture in pictures], texts)


async def held_in(scope: Scope, shop_id: UUID) -> Held:
    """A shop that the shopper holds, has made, or has a draft of. Raises NotFound."""
    return await queries.held_in(scope, shop_id)


async def seen_in(scope: Scope, shop_id: UUID, now: datetime) -> Held:
    """The same, but not while what gave the shop to the shopper can still be undone. Raises NotFound."""
    held = await queries.held_in(scope, shop_id)
    if held.shown_from is not None and held.shown_from > now:
        raise NotFound("shop")
    return held


async def sheet_of(scope: Scope, shop_id: UUID) -> Sheet:
    """The shop with its report. Raises NotFound, NotStarted."""
    held = await queries.held_in(scope, shop_id)
    if held.report_id is None:
        raise NotStarted
    return await _sheet(scope, held, await queries.report_in(scope, held.report_id))


async def sheet_to_write(scope: Scope, shop_id: UUID) -> Sheet:
    """The same with the report locked. Raises NotFound, NotStarted, OnHold, HandedIn where nothing may be changed."""
    held = await queries.held_in(scope, shop_id)
    if held.report_id is None:
        raise NotStarted
    report = await queries.report_in(scope, held.report_id, lock=True)
    # Whoever held the lock may have handed the report in: how the shop stands is asked again behind it.
    sheet = await _sheet(scope, await queries.held_in(scope, shop_id), report)
    if sheet.is_held_back:
        raise OnHold
    if not sheet.is_writable:
        raise HandedIn
    return sheet


async def _sheet(scope: Scope, held: Held, report: Report) -> Sheet:
    definition = questionnaire.from_json(dict(await queries.definition_of(scope, report.version_id)))
    return Sheet(held, report, questionnaire.compile_definition(questionnaire.in_currency(definition, held.currency)))


async def guideline_of(scope: Scope, held: Held) -> Guideline | None:
    """The guideline as it was when the shop was given out."""
    return await campaigns.guideline_in(scope, held.guideline_id) if held.guideline_id else None


def texts_of(ring: KeyRing, report: Report) -> dict[str, str]:
    """The writer's own words by field, opened for the writer."""
    if report.key is None:
        return {}
    key = vault.unwrap(ring, report.key)
    return {name: vault.unseal_text(key, place(report.id, name), value) for name, value in report.texts.items()}


def place(report_id: UUID, field: str) -> vault.Place:
    """Where the words of a field stand under seal."""
    return vault.Place(f"field.report_text.sealed#{field}", report_id, report_id)


async def pictures_of(scope: Scope, report: Report) -> list[Proof]:
    """The tray of a report."""
    return await queries.pictures_of(scope, report.id)


async def picture_in(scope: Scope, shop_id: UUID, picture_id: UUID) -> Proof:
    """A picture of the report of a shop that is the shopper's. Raises NotFound."""
    held = await queries.held_in(scope, shop_id)
    return await queries.picture_in(scope, held.report_id or picture_id, picture_id)


async def check_in_of(scope: Scope, report: Report) -> CheckIn | None:
    """Where the writer says to have been."""
    return await queries.check_in_of(scope, report.id)


async def notes_of(scope: Scope, ring: KeyRing, sheet: Sheet) -> list[Note]:
    """What the editor asks, while the report is back with its writer; empty at any other time."""
    if sheet.held.state is not State.RETURNED or sheet.report.key is None:
        return []
    key = vault.unwrap(ring, sheet.report.key)
    rows = await queries.notes_of(scope, sheet.report.id)
    return [
        Note(row["question_id"], vault.unseal_text(key, _note_place(sheet, row["question_id"]), row["note"]), row["at"])
        for row in rows
    ]


def _note_place(sheet: Sheet, question_id: str) -> vault.Place:
    return vault.Place(f"field.report_note.note#{question_id}", sheet.report.id, sheet.report.id)


def tasks_of(sheet: Sheet, pictures: Sequence[Proof]) -> list[Task]:
    """What there is to do, what is done, and what there would be to do after other answers."""
    report, compiled = sheet.report, sheet.compiled
    unfinished = questionnaire.unfinished(compiled, report.coded, report.texts.keys())
    last = len(compiled.sections) if unfinished is None else unfinished
    shown = questionnaire.visible_sections(compiled, report.coded)
    sections = [
        Task(
            each.section.title,
            str(each.index + 1),
            each.index < min(last, report.section),
            condition=questionnaire.asked_if(each.section, compiled.definition),
            is_asked=each.index in shown,
        )
        for each in compiled.sections
        if each.items
    ]
    times_done = report.time_in is not None and report.time_out is not None
    return tasks(sections, times_done, len(pictures), sheet.held.is_place)
