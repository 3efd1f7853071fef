"""Handing a report in: as a visit that was made, or as one that could not be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from privacy import vault
from privacy.vault import KeyRing
from survey.db import NotFound, Scope
from survey.shops.payments import service as payments
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, State

from .. import queries
from ..domain import WORDS, NotReady, Outcome, Problem, Report, WentBack, outcome_of, problems
from ..queries import PageToSave
from .reading import Sheet, sheet_to_write, texts_of
from .writing import sealed_words


@dataclass(frozen=True, slots=True)
class Attempt:
    """Why a visit could not be made. reason: a code of NOT_DONE; receipt_cents: what it cost, if that is paid back."""

    reason: str
    at: datetime | None
    words: str
    receipt_cents: int | None = None


async def not_done(scope: Scope, ring: KeyRing, shop_id: UUID, attempt: Attempt, now: datetime) -> None:
    """Make the report one of a visit that could not be made. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    page = PageToSave(
        reached=0,
        cleared=frozenset() if attempt.words else frozenset({WORDS}),
        sealed=sealed_words(ring, sheet.report, {WORDS: attempt.words} if attempt.words else {}),
        outcome=outcome_of(attempt.reason),
        reason=attempt.reason,
    )
    await queries.save_page(sheet.report.id, page, now)
    await queries.save_visit(sheet.report.id, (attempt.at, None), attempt.receipt_cents, now)


async def undo_not_done(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Back to a report of a visit that is made; its answers are still there. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    page = PageToSave(reached=0, cleared=frozenset({WORDS}), outcome=Outcome.DONE, reason="")
    await queries.save_page(sheet.report.id, page, now)


async def missing(scope: Scope, ring: KeyRing, sheet: Sheet, now: datetime) -> list[Problem]:
    """What keeps the report from being handed in."""
    pictures = await queries.pictures_of(scope, sheet.report.id)
    return problems(sheet.ready(pictures, texts_of(ring, sheet.report)), now)


async def hand_in(scope: Scope, ring: KeyRing, shop_id: UUID, now: datetime) -> None:
    """Hand the report in, for the first time or again. What it pays is promised with it.

    Raises NotFound, NotStarted, HandedIn (another tab was faster), NotReady with what is missing, OnHold, WrongState,
    and WentBack where the shop is no longer the shopper's; the draft stays as it is.
    """
    sheet = await sheet_to_write(scope, shop_id)
    if sheet.held.is_lost:
        raise WentBack
    found = await missing(scope, ring, sheet, now)
    if found:
        raise NotReady(found)
    event = Event.RESUBMIT if sheet.held.state is State.RETURNED else Event.SUBMIT
    detail = {"outcome": sheet.report.outcome.value, "is_late": _is_late(sheet, now)}
    await visits.fire(scope, shop_id, Move(event, Actor.SHOPPER, now, _changes(sheet), detail))
    number = await queries.times_handed_in(sheet.report.id) + 1
    pictures = [str(each.id) for each in await queries.pictures_of(scope, sheet.report.id)]
    whole = number, _sealed(ring, sheet.report, number, pictures)
    await queries.hand_in(scope, sheet.report.id, shop_id, whole, now)
    await queries.note_day(scope, shop_id, day_of(sheet))
    await payments.promise(scope, shop_id, now)


def day_of(sheet: Sheet) -> date | None:
    """The day of the visit by the clock of the place."""
    at = sheet.report.time_in
    return sheet.held.local(at).date() if at else None


def _is_late(sheet: Sheet, now: datetime) -> bool:
    due_at = sheet.held.due_at
    return due_at is not None and now > due_at


def _changes(sheet: Sheet) -> dict[str, object]:
    day = day_of(sheet)
    return {"planned_on": day} if day else {}


def _sealed(ring: KeyRing, report: Report, number: int, pictures: Sequence[str]) -> bytes:
    """The whole report under its own seal, for whoever compares it with the next one."""
    if report.key is None:
        raise NotFound("report")
    whole = {
        "coded": dict(report.coded),
        "texts": texts_of(ring, report),
        "outcome": report.outcome.value,
        "reason": report.reason,
        "time_in": report.time_in,
        "time_out": report.time_out,
        "receipt_cents": report.receipt_cents,
        "pictures": pictures,
    }
    place = vault.Place(f"field.report_submission.sealed#{number}", report.id, report.id)
    return vault.seal(vault.unwrap(ring, report.key), place, msgspec.json.encode(whole).decode())
