"""Beginning a report and writing it.

A draft is its writer's own and decides nothing: keeping a page of it leaves no audit event, starting and handing in do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from privacy import vault
from privacy.crypto import random_id
from privacy.vault import KeyRing, create_subject
from survey.db import NotFound, Scope, connection
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Parsed
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, OnHold, State

from .. import queries
from ..domain import Held, Report, TooEarly, UnreadGuideline, comment_field
from ..queries import PageToSave
from .reading import Sheet, place, seen_in, sheet_to_write


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted section: its index from 0, the form's fields, the comments by item, and when it came."""

    section: int
    form: Mapping[str, Sequence[str]]
    comments: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """When somebody was there, and what the receipt says."""

    time_in: datetime | None
    time_out: datetime | None
    receipt_cents: int | None


async def start(scope: Scope, ring: KeyRing, shop_id: UUID, now: datetime) -> None:
    """Begin the visit and its report; twice is once, and a draft of before goes on.

    Raises NotFound, TooEarly, UnreadGuideline, OnHold, WrongState (an offer not accepted, a shop that went back).
    """
    held = await seen_in(scope, shop_id, now)
    if held.is_on_hold and held.holds:
        raise OnHold
    if held.state is State.ASSIGNED and held.is_too_early(now):
        raise TooEarly
    if held.has_to_read:
        raise UnreadGuideline(is_new=held.has_new_guideline)
    if held.version_id is None:
        raise NotFound("questionnaire")
    if held.state is not State.IN_PROGRESS or not held.holds:
        changes = {"version_id": held.version_id, "guideline_id": held.guideline_in_force_id or held.guideline_id}
        move = Move(Event.START, Actor.SHOPPER, now, changes)
        await visits.fire(scope, shop_id, move)
    await _begin(scope, ring, held, held.version_id, now)


async def _begin(scope: Scope, ring: KeyRing, held: Held, version_id: UUID, now: datetime) -> None:
    if await queries.find_draft(scope, held.id) is not None:
        return
    report_id = random_id()
    if await queries.insert_draft(scope, report_id, (held.id, version_id), now):
        await create_subject(connection(), ring, scope.affiliate_id, report_id)


async def save_section(scope: Scope, ring: KeyRing, shop_id: UUID, posted: Posted) -> tuple[Sheet, Parsed]:
    """Keep what one posted section says, as far as it is valid; the sheet as it was before, and what was read.

    Raises NotFound, NotStarted, HandedIn.
    """
    sheet = await sheet_to_write(scope, shop_id)
    parsed = questionnaire.parse_section(
        sheet.compiled, posted.section, posted.form, sheet.report.coded, posted.now.date()
    )
    await queries.save_page(sheet.report.id, _page(ring, sheet, parsed, posted), posted.now)
    return sheet, parsed


async def save_visit(scope: Scope, shop_id: UUID, visit: Visit, now: datetime) -> Sheet:
    """Keep times and receipt. Raises NotFound, NotStarted, HandedIn."""
    sheet = await sheet_to_write(scope, shop_id)
    await queries.save_visit(sheet.report.id, (visit.time_in, visit.time_out), visit.receipt_cents, now)
    return sheet


def sealed_words(ring: KeyRing, report: Report, words: Mapping[str, str]) -> dict[str, bytes]:
    """Words by field, under the report's own seal. Raises NotFound where its key is gone."""
    if not words:
        return {}
    if report.key is None:
        raise NotFound("report")
    key = vault.unwrap(ring, report.key)
    return {name: vault.seal(key, place(report.id, name), text) for name, text in words.items()}


def _page(ring: KeyRing, sheet: Sheet, parsed: Parsed, posted: Posted) -> PageToSave:
    # A comment goes with the answer it explains: what is hidden or emptied takes it along.
    report, compiled = sheet.report, sheet.compiled
    shown = questionnaire.visibility(compiled, questionnaire.merged(report.coded, parsed))
    written = {item_id: text for item_id, text in posted.comments.items() if item_id in shown.items}
    comments = {comment_field(item_id): text for item_id, text in written.items() if text}
    emptied = {comment_field(item_id) for item_id, text in written.items() if not text}
    hidden = {comment_field(name) for name in parsed.cleared - parsed.coded.keys() - written.keys()}
    # A page that is not asked takes nobody further.
    reached = posted.section + (1 if parsed.is_complete else 0) if posted.section in shown.sections else 0
    return PageToSave(
        reached=reached,
        cleared=frozenset(parsed.cleared | emptied | hidden),
        coded=parsed.coded,
        sealed=sealed_words(ring, report, parsed.verbatims | comments),
    )
