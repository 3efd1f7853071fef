"""What becomes of a report: back to the shopper, approved, rejected, excluded but paid, opened again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.vault import seal
from survey.db import NotFound, Scope
from survey.settings import Settings
from survey.shops.campaigns import service as campaigns
from survey.shops.payments import service as payments
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, OnHold, State, WrongState

from .. import queries
from ..domain import (
    EXCLUDE_REASONS,
    FRAUD,
    LAST_GRADES,
    REJECT_REASONS,
    BadEdit,
    NeedsSecondPerson,
    NotReady,
    Report,
    grade_of,
)
from .holding import held, require_other
from .letters import DECIDED_KIND, RETURNED_KIND, ask_for_mail
from .noting import note, note_shopper
from .opening import opened
from .sealing import coaching_place, sealed_note

DONE = "done"
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Approval:
    """What an editor gives: points by part of the rubric, and a word to the shopper."""

    breakdown: Mapping[str, int]
    coaching: str = field(default="", repr=False)


async def add_note(scope: Scope, settings: Settings, shop_id: UUID, words: tuple[str, str], now: datetime) -> UUID:
    """Write down what to ask the shopper. words: question ('' for the report), text. Not sent before the return.

    Raises NotFound, BadEdit, NotHeld, OnHold, WrongState.
    """
    report = await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    question_id, text = words[0], words[1].strip()
    if question_id and question_id not in {item.id for item in found.definition.items()}:
        raise NotFound("question")
    if not text or len(text) > LONGEST_NOTE:
        raise BadEdit("note", f"Enter between 1 and {LONGEST_NOTE:,} characters")
    same = [
        each.id for each in found.notes if not each.sent_at and (each.question_id, each.text) == (question_id, text)
    ]
    if same:
        return same[0]
    note_id = await queries.insert_note(
        scope, report.id, question_id, sealed_note(found.key, report.id, question_id, text), now
    )
    await note(scope, "note", report.id, now, question=question_id)
    return note_id


async def remove_note(scope: Scope, shop_id: UUID, note_id: UUID, now: datetime) -> None:
    """Take back a note that was not sent. Raises NotFound, NotHeld, OnHold, WrongState."""
    report = await held(scope, shop_id)
    if await queries.delete_note(scope, report.id, note_id):
        await note(scope, "remove_note", report.id, now)


async def send_back(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """Return a report with its notes. Raises NotFound, BadEdit without a note, NotHeld, OnHold, WrongState."""
    report = await held(scope, shop_id)
    sent = await queries.send_notes(scope, report.id, now)
    if not sent:
        raise BadEdit("note", "Write at least one note: the shopper has to know what to do")
    move = Move(Event.RETURN, Actor.EDITOR, now, {"editor_id": None}, {"notes": sent})
    await visits.fire(scope, shop_id, move)
    await _decided(scope, report, {"decision": "returned", "reason": ""}, now)
    await ask_for_mail(scope, settings, RETURNED_KIND, shop_id, now)


async def approve(scope: Scope, settings: Settings, shop_id: UUID, approval: Approval, now: datetime) -> None:
    """Approve a report: its score stands, it is graded, its pay is owed. Twice is once.

    Raises NotFound, NotReady with what is missing, BadPoints, BadEdit, OwnShop, NotHeld, OnHold, WrongState.
    """
    if (await queries.report_in(scope, shop_id)).state is State.APPROVED:
        return
    report = await held(scope, shop_id)
    await require_other(scope, settings, shop_id)
    found = await opened(scope, settings, shop_id)
    if found.gaps:
        raise NotReady(found.gaps)
    grade, coaching = grade_of(approval.breakdown), approval.coaching.strip()
    if len(coaching) > LONGEST_NOTE:
        raise BadEdit("coaching", f"Enter at most {LONGEST_NOTE:,} characters")
    percent = found.score.percent
    changes = {"score_percent": percent, "grade": grade, "editor_id": None}
    detail = {"grade": grade, "was_grade": report.grade, "is_failed": found.score.is_failed}
    await queries.write_score(scope, report.id, percent)
    await visits.fire(scope, shop_id, Move(Event.APPROVE, Actor.EDITOR, now, changes, detail))
    sealed = seal(found.key, coaching_place(report.id), coaching) if coaching else None
    decision = {"decision": "approved", "reason": "", "breakdown": dict(approval.breakdown), "coaching": sealed}
    await _decided(scope, report, decision, now)
    await queries.forget_submissions(scope, report.id)
    await _regraded(scope, shop_id, now)
    await payments.make_payable(scope, shop_id, now, _kind(report))
    await ask_for_mail(scope, settings, DECIDED_KIND, shop_id, now)


async def reject(scope: Scope, settings: Settings, shop_id: UUID, reason: str, now: datetime) -> bool:
    """Reject a report, void its pay, and open another shop in its place while its window has room.

    For fraud it is proposed, and this says False until another confirms it.

    Raises NotFound, BadEdit, OwnShop, NotHeld, OnHold, WrongState; pay that is on its way raises payments' own error.
    """
    if (await queries.report_in(scope, shop_id)).state is State.REJECTED:
        return True
    if reason not in REJECT_REASONS:
        raise BadEdit("reason", "Choose why")
    report = await held(scope, shop_id)
    await require_other(scope, settings, shop_id)
    if reason == FRAUD:
        await queries.write_review(
            scope, report.id, {"proposed_reason": reason, "proposed_by": scope.account_id, "proposed_at": now}
        )
        await note(scope, "propose_rejection", report.id, now, reason=reason)
        return False
    await _rejected(scope, settings, (report, reason), now)
    return True


async def confirm_rejection(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """The second person agrees. Raises NotFound, NeedsSecondPerson, OwnShop, OnHold, WrongState."""
    report = await _proposed(scope, shop_id)
    if report.proposed_by == scope.account_id:
        raise NeedsSecondPerson
    await require_other(scope, settings, shop_id)
    await _rejected(scope, settings, (report, report.proposed_reason), now)


async def set_proposal_aside(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Whoever reads it does not agree, or has thought better of it. Raises NotFound, OnHold, WrongState."""
    report = await _proposed(scope, shop_id)
    await queries.write_review(scope, report.id, {"proposed_reason": "", "proposed_by": None, "proposed_at": None})
    await note(scope, "set_proposal_aside", report.id, now, reason=report.proposed_reason)


async def exclude(scope: Scope, settings: Settings, shop_id: UUID, reason: str, now: datetime) -> None:
    """Keep a report from the client, and pay for it. Twice is once.

    Raises NotFound, BadEdit, OwnShop, NotHeld (in review), OnHold, WrongState.
    """
    report = await queries.report_in(scope, shop_id)
    if report.state is State.EXCLUDED:
        return
    if reason not in EXCLUDE_REASONS:
        raise BadEdit("reason", "Choose why")
    if report.state is State.IN_REVIEW:
        report = await held(scope, shop_id)
    await require_other(scope, settings, shop_id)
    move = Move(Event.EXCLUDE, Actor.EDITOR, now, {"editor_id": None}, {"reason": reason})
    await visits.fire(scope, shop_id, move)
    await queries.open_review(scope, report.id, shop_id, now)
    await _decided(scope, report, {"decision": "excluded", "reason": reason}, now)
    await payments.make_payable(scope, shop_id, now, _kind(report))
    await ask_for_mail(scope, settings, DECIDED_KIND, shop_id, now)


async def exclude_and_reshoot(scope: Scope, settings: Settings, shop_id: UUID, reason: str, now: datetime) -> None:
    """The same, and another shop in its place where its window has room. Raises what exclude raises."""
    await exclude(scope, settings, shop_id, reason, now)
    await campaigns.reshoot_if_room(scope, shop_id, now)


async def reopen(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """Take an approved report back into review, before it is released. What is owed stays owed. Twice is once.

    Raises NotFound, OwnShop, OnHold, WrongState.
    """
    report = await queries.report_in(scope, shop_id)
    if report.state is State.IN_REVIEW and report.editor_id == scope.account_id:
        return
    await require_other(scope, settings, shop_id)
    await visits.fire(scope, shop_id, Move(Event.REOPEN, Actor.EDITOR, now, {"editor_id": scope.account_id}))
    await queries.open_review(scope, report.id, shop_id, now)


async def _proposed(scope: Scope, shop_id: UUID) -> Report:
    shop = await visits.shop_in(scope, shop_id, lock=True)
    report = await queries.report_in(scope, shop_id)
    if shop.is_on_hold:
        raise OnHold
    if shop.state is not State.IN_REVIEW or report.proposed_by is None:
        raise WrongState(shop.state, Event.REJECT)
    return report


async def _rejected(scope: Scope, settings: Settings, what: tuple[Report, str], now: datetime) -> None:
    report, reason = what
    move = Move(Event.REJECT, Actor.EDITOR, now, {"editor_id": None, "grade": None}, {"reason": reason})
    await visits.fire(scope, report.shop_id, move)
    await _decided(scope, report, {"decision": "rejected", "reason": reason}, now)
    await payments.void(scope, report.shop_id, reason, now)
    await campaigns.reshoot_if_room(scope, report.shop_id, now)
    await ask_for_mail(scope, settings, DECIDED_KIND, report.shop_id, now)


async def _decided(scope: Scope, report: Report, changes: Mapping[str, object], now: datetime) -> None:
    decided = {"decided_by": scope.account_id, "decided_at": now, "held_since": None}
    await queries.write_review(scope, report.id, {**changes, **decided})


async def _regraded(scope: Scope, shop_id: UUID, now: datetime) -> None:
    shopper_id = await queries.write_grade(scope, shop_id, LAST_GRADES)
    if shopper_id:
        await note_shopper(scope, "shopper.graded", shopper_id, now, shop=str(shop_id))


def _kind(report: Report) -> str:
    return "full" if report.outcome == DONE else "attempt"
