"""What becomes of a report: back to the shopper, approved, rejected, excluded but paid, opened again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from privacy.vault import data_key, seal, unseal_text
from survey.db import NotFound, Scope, connection
from survey.settings import Settings
from survey.shops.campaigns import service as campaigns
from survey.shops.payments import service as payments
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, OnHold, State, WrongState

from .. import queries
from ..domain import (
    EXCLUDE_REASONS,
    FRAUD,
    REJECT_REASONS,
    REOPEN_REASONS,
    BadEdit,
    Because,
    DecisionKind,
    NeedsSecondPerson,
    NotReady,
    Reopening,
    Report,
    Verdict,
    grade_of,
)
from .comparing import keep_returned
from .holding import held, require_other
from .letters import DECIDED_KIND, RETURNED_KIND, ask_for_mail
from .noting import note
from .opening import opened
from .sealing import coaching_place, proposed_place, sealed_note
from .verdicts import keep_verdict, sendable_words

DONE = "done"
_NO_PROPOSAL = {"proposed_reason": "", "proposed_by": None, "proposed_at": None, "proposed_words": None}
SAY_WHY = "Say in your words why: the shopper reads it"
SAY_WHAT = "Say what the shopper is to do"


@dataclass(frozen=True, slots=True)
class Approval:
    """What an editor gives: points by part of the rubric, a word to the shopper, and their own word.

    is_read: the editor has read every text and nobody is named or described beyond what the campaign allows.
    why: to the shopper, where the report had another grade before.
    """

    breakdown: Mapping[str, int]
    coaching: str = field(default="", repr=False)
    is_read: bool = False
    why: str = field(default="", repr=False)


async def add_note(scope: Scope, settings: Settings, shop_id: UUID, words: tuple[str, str], now: datetime) -> UUID:
    """Write down what to ask the shopper. words: question ('' for the report), text. Not sent before the return.

    Raises NotFound, BadEdit, NotHeld, OnHold, WrongState.
    """
    report = await held(scope, shop_id)
    found = await opened(scope, settings, shop_id)
    question_id = words[0]
    if question_id and question_id not in {item.id for item in found.definition.items()}:
        raise NotFound("question")
    text = await sendable_words(scope, settings, shop_id, words[1], SAY_WHAT, "note")
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
    found = await opened(scope, settings, shop_id)
    sent = await queries.send_notes(scope, report.id, now)
    if not sent:
        raise BadEdit("note", "Write at least one note: the shopper has to know what to do")
    await keep_returned(scope, found.key, (report, found.texts, found.pictures), now)
    move = Move(Event.RETURN, Actor.EDITOR, now, {"editor_id": None}, {"notes": sent})
    await visits.fire(scope, shop_id, move)
    verdict = Verdict(DecisionKind.RETURNED, report.grade, report.grade)
    await _decided(scope, settings, (report, {}), verdict, now)
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
    if not approval.is_read:
        raise BadEdit("is_read", "Say that you have read it, and that nobody is named or described in it")
    grade, coaching = grade_of(approval.breakdown), approval.coaching.strip()
    if coaching:
        coaching = await sendable_words(scope, settings, shop_id, coaching, "", "coaching")
    why = ""
    if report.grade not in (None, grade):
        missing = f"Say why the grade is not {report.grade} any more"
        why = await sendable_words(scope, settings, shop_id, approval.why, missing, "why")
    percent = found.score.percent
    changes = {"score_percent": percent, "grade": grade, "editor_id": None, "is_attempt": report.outcome != DONE}
    detail = {"grade": grade, "was_grade": report.grade, "is_failed": found.score.is_failed, "is_read": True}
    await queries.write_score(scope, report.id, percent)
    await visits.fire(scope, shop_id, Move(Event.APPROVE, Actor.EDITOR, now, changes, detail))
    sealed = seal(found.key, coaching_place(report.id), coaching) if coaching else None
    verdict = Verdict(DecisionKind.APPROVED, report.grade, grade, "", why)
    given = {"breakdown": dict(approval.breakdown), "coaching": sealed}
    await _decided(scope, settings, (report, given), verdict, now)
    await queries.forget_submissions(scope, report.id)
    await payments.make_payable(scope, shop_id, now, _kind(report))
    await ask_for_mail(scope, settings, DECIDED_KIND, shop_id, now)


async def reject(scope: Scope, settings: Settings, shop_id: UUID, because: Because, now: datetime) -> bool:
    """Reject a report, void its pay, and open another shop in its place while its window has room.

    For fraud it is proposed, and this says False until another confirms it. because: a code, and words to the shopper.

    Raises NotFound, BadEdit, OwnShop, NotHeld, OnHold, WrongState; pay that is on its way raises payments' own error.
    """
    if (await queries.report_in(scope, shop_id)).state is State.REJECTED:
        return True
    if because.reason not in REJECT_REASONS:
        raise BadEdit("reason", "Choose why")
    words = await sendable_words(scope, settings, shop_id, because.words, SAY_WHY)
    report = await held(scope, shop_id)
    await require_other(scope, settings, shop_id)
    if because.reason == FRAUD:
        key = await data_key(connection(), settings.keyring, report.id)
        proposal = {"proposed_reason": because.reason, "proposed_by": scope.account_id, "proposed_at": now}
        sealed = {"proposed_words": seal(key, proposed_place(report.id), words)}
        await queries.write_review(scope, report.id, proposal | sealed)
        await note(scope, "propose_rejection", report.id, now, reason=because.reason)
        return False
    await _rejected(scope, settings, (report, Because(because.reason, words)), now)
    return True


async def confirm_rejection(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """The second person agrees. Raises NotFound, NeedsSecondPerson, OwnShop, OnHold, WrongState."""
    report = await _proposed(scope, shop_id)
    if report.proposed_by == scope.account_id:
        raise NeedsSecondPerson
    await require_other(scope, settings, shop_id)
    key = await data_key(connection(), settings.keyring, report.id)
    sealed = report.proposed_words
    # A rejection that was proposed before words were asked for says what its reason says.
    words = unseal_text(key, proposed_place(report.id), sealed) if sealed else REJECT_REASONS[report.proposed_reason]
    await _rejected(scope, settings, (report, Because(report.proposed_reason, words)), now)


async def set_proposal_aside(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Whoever reads it does not agree, or has thought better of it. Raises NotFound, OnHold, WrongState."""
    report = await _proposed(scope, shop_id)
    await queries.write_review(scope, report.id, _NO_PROPOSAL)
    await note(scope, "set_proposal_aside", report.id, now, reason=report.proposed_reason)


async def exclude(scope: Scope, settings: Settings, shop_id: UUID, because: Because, now: datetime) -> None:
    """Keep a report from the client, and pay for it. Twice is once. because: a code, and what the shopper reads.

    Raises NotFound, BadEdit, OwnShop, NotHeld (in review), OnHold, WrongState.
    """
    report = await queries.report_in(scope, shop_id)
    if report.state is State.EXCLUDED:
        return
    if because.reason not in EXCLUDE_REASONS:
        raise BadEdit("reason", "Choose why")
    words = await sendable_words(scope, settings, shop_id, because.words, SAY_WHY)
    if report.state is State.IN_REVIEW:
        report = await held(scope, shop_id)
    await require_other(scope, settings, shop_id)
    changes = {"editor_id": None, "is_attempt": report.outcome != DONE}
    move = Move(Event.EXCLUDE, Actor.EDITOR, now, changes, {"reason": because.reason})
    await visits.fire(scope, shop_id, move)
    await queries.open_review(scope, report.id, shop_id, now)
    verdict = Verdict(DecisionKind.EXCLUDED, report.grade, report.grade, because.reason, words)
    await _decided(scope, settings, (report, {}), verdict, now)
    await payments.make_payable(scope, shop_id, now, _kind(report))
    await ask_for_mail(scope, settings, DECIDED_KIND, shop_id, now)


async def exclude_and_reshoot(scope: Scope, settings: Settings, shop_id: UUID, because: Because, now: datetime) -> None:
    """The same, and another shop in its place where its window has room. Raises what exclude raises."""
    await exclude(scope, settings, shop_id, because, now)
    await campaigns.reshoot_if_room(scope, shop_id, now)


async def reopen(scope: Scope, settings: Settings, shop_id: UUID, again: Reopening, now: datetime) -> None:
    """Take an approved report back into review, before it is released. What is owed stays owed. Twice is once.

    The shopper reads why. It is to be decided anew by then, or within the hours that a new report has, so that it is
    not late at once. Raises NotFound, BadEdit, OwnShop, OnHold, WrongState.
    """
    report = await queries.report_in(scope, shop_id)
    if report.state is State.IN_REVIEW and report.editor_id == scope.account_id:
        return
    because, decide_by = again.because, again.decide_by or now + timedelta(hours=report.review_hours)
    if because.reason not in REOPEN_REASONS:
        raise BadEdit("reason", "Choose why")
    if decide_by <= now:
        raise BadEdit("by", "Choose a day that is still to come")
    words = await sendable_words(scope, settings, shop_id, because.words, SAY_WHY)
    await require_other(scope, settings, shop_id)
    detail = {"reason": because.reason, "decide_by": decide_by.isoformat()}
    await visits.fire(scope, shop_id, Move(Event.REOPEN, Actor.EDITOR, now, {"editor_id": scope.account_id}, detail))
    await queries.open_review(scope, report.id, shop_id, now)
    await queries.write_review(scope, report.id, {"reopened_at": now, "decide_by": decide_by})
    verdict = Verdict(DecisionKind.REOPENED, report.grade, report.grade, because.reason, words)
    await keep_verdict(scope, settings, (report.id, shop_id), verdict, now)


async def _proposed(scope: Scope, shop_id: UUID) -> Report:
    shop = await visits.shop_in(scope, shop_id, lock=True)
    report = await queries.report_in(scope, shop_id)
    if shop.is_on_hold:
        raise OnHold
    if shop.state is not State.IN_REVIEW or report.proposed_by is None:
        raise WrongState(shop.state, Event.REJECT)
    return report


async def _rejected(scope: Scope, settings: Settings, what: tuple[Report, Because], now: datetime) -> None:
    report, because = what
    detail = {"reason": because.reason, "was_grade": report.grade}
    move = Move(Event.REJECT, Actor.EDITOR, now, {"editor_id": None, "grade": None}, detail)
    await visits.fire(scope, report.shop_id, move)
    verdict = Verdict(DecisionKind.REJECTED, report.grade, None, because.reason, because.words)
    await _decided(scope, settings, (report, {}), verdict, now)
    await payments.void(scope, report.shop_id, because.reason, now)
    await campaigns.reshoot_if_room(scope, report.shop_id, now)
    await ask_for_mail(scope, settings, DECIDED_KIND, report.shop_id, now)


async def _decided(
    scope: Scope, settings: Settings, what: tuple[Report, Mapping[str, object]], verdict: Verdict, now: datetime
) -> None:
    """Keep a decision, and write it into the review. what: the report, and what else the review is to hold."""
    report, given = what
    decided = {"decision": verdict.kind.value, "reason": verdict.reason, "held_since": None}
    by_whom = {"decided_by": scope.account_id, "decided_at": now}
    await queries.write_review(scope, report.id, {**decided, **by_whom, **given})
    await keep_verdict(scope, settings, (report.id, report.shop_id), verdict, now)


def _kind(report: Report) -> str:
    return "full" if report.outcome == DONE else "attempt"
