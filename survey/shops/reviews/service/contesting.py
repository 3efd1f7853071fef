"""A rejection or a grade is contested by its shopper and judged by somebody who had no part in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from privacy.crypto import random_id
from privacy.vault import DataKey, Place, data_key, data_keys, seal, unseal_text
from survey.accounts.domain import EMAIL
from survey.accounts.service import ask_for_mail as ask_for_staff_mail
from survey.db import NotFound, Role, Scope, connection, transaction
from survey.queue import enqueue
from survey.settings import Settings
from survey.shops.campaigns import service as campaigns
from survey.shops.payments import service as payments
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, MarkKind, Move, OnHold, Shop, State, WrongState

from .. import queries
from ..domain import (
    GRADED,
    BadEdit,
    Contest,
    ContestDecided,
    ContestKind,
    ContestOver,
    ContestState,
    Decision,
    DecisionKind,
    OwnContest,
    OwnDecision,
    Verdict,
    contest_until,
    contestable,
    grade_of,
)
from .holding import require_other
from .letters import ANSWERED_KIND, CONTESTED_KIND, ask_for_mail
from .noting import note, note_shopper
from .sealing import contest_place
from .verdicts import checked_words, decisions_of, keep_verdict, sendable_words

READ_PURPOSE = "decide about what you contested"
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody decides of a contest, and what the shopper reads. breakdown: the points of another grade.

    contest: the id of the one that was shown, where a form says it: a shop may have two that wait.
    """

    is_upheld: bool
    answer: str = field(repr=False)
    breakdown: Mapping[str, int] = field(default_factory=dict)
    contest: str = ""


@dataclass(frozen=True, slots=True)
class OpenedContest:
    """A contest with its words, as whoever decides it reads it."""

    contest: Contest
    words: str = field(repr=False)
    answer: str = field(repr=False)
    decisions: Sequence[Decision]

    @property
    def can_regrade(self) -> bool:
        """Whether another grade can be given now: not while the report is looked at again, nor once it is rejected."""
        return self.contest.shop_state in GRADED and self.contest.grade is not None


async def contest_decision(scope: Scope, settings: Settings, shop_id: UUID, words: str, now: datetime) -> bool:
    """The shopper says why a rejection or a grade is wrong; one a decision, so that twice is once, and this says False.

    Role.SHOPPER. Raises NotFound, BadEdit, ContestOver, OnHold, WrongState where nothing can be contested.
    """
    row = await queries.decision_of(scope, shop_id)
    if row is None:
        raise NotFound("report")
    said = checked_words(words, "Say what is wrong with it")
    facts: dict[str, Any] = dict(row)
    shop = await visits.shop_in(scope, shop_id)
    kind = contestable(facts["decision"], shop.state, facts["grade"])
    if kind is None:
        raise WrongState(shop.state, Event.CONTEST_UPHELD)
    if shop.is_on_hold:
        raise OnHold
    if now > contest_until(facts["decided_at"], facts["on_hold_for"]):
        raise ContestOver
    contest_id, report_id = random_id(), facts["report_id"]
    key = await data_key(connection(), settings.keyring, report_id)
    sealed = seal(key, contest_place("words", contest_id, report_id), said)
    contested = shop_id, report_id, kind.value, facts["decided_at"]
    if not await queries.insert_contest(scope, contest_id, contested, sealed, now):
        return False
    await note(scope, "contest", report_id, now, what=kind.value)
    payload = {"affiliate_id": scope.affiliate_id, "shop_id": shop_id}
    await enqueue(connection(), "reviews.tell_contest", payload, unique=str(contest_id))
    return True


async def contests_of(scope: Scope, key: DataKey, report_id: UUID) -> list[OwnContest]:
    """The contests of a report, opened, the last first. Role.STAFF, or SHOPPER for one's own."""

    def opened(row: Record, column: str) -> str:
        place = contest_place(column, row["id"], report_id)
        return unseal_text(key, place, row[column]) if row[column] else ""

    return [
        OwnContest(
            ContestKind(row["kind"]), row["contested_at"], ContestState(row["state"]), row["raised_at"],
            opened(row, "words"), opened(row, "answer"),
        )
        for row in await queries.contests_of(scope, report_id)
    ]  # fmt: skip


async def read_contest(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> OpenedContest:
    """A contest, opened for whoever decides it; the look is recorded with the shopper. Raises NotFound."""
    contest = await queries.contest_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, contest.report_id)
    words = unseal_text(key, contest_place("words", contest.id, contest.report_id), contest.words)
    place = contest_place("answer", contest.id, contest.report_id)
    maker = await queries.maker_of(scope, shop_id)
    if maker:
        await note_shopper(scope, "contest.read", maker.id, now, READ_PURPOSE, shop=str(shop_id))
    answer = unseal_text(key, place, contest.answer) if contest.answer else ""
    return OpenedContest(contest, words, answer, await decisions_of(scope, key, contest.report_id))


async def judge(scope: Scope, settings: Settings, shop_id: UUID, judged: Judged, now: datetime) -> None:
    """Decide a contest. A rejection that is overturned is in review again with whoever decided, its pay is what it
    was, and its mark goes; a grade that was wrong becomes another, and nothing else moves. Else what was decided
    stands, and the answer says why. The same decision twice is once.

    Raises NotFound, BadEdit, BadPoints, ContestDecided, OwnDecision, OwnShop, OnHold, WrongState.
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    contest = await queries.contest_in(scope, shop_id)
    if judged.contest not in ("", str(contest.id)):
        raise ContestDecided(contest.state)  # the one that was shown: this one nobody has read
    wanted = ContestState.UPHELD if judged.is_upheld else ContestState.DECLINED
    if contest.state is wanted:
        return
    if contest.state is not ContestState.RAISED:
        raise ContestDecided(contest.state)
    if scope.account_id in contest.deciders:
        raise OwnDecision
    await require_other(scope, settings, shop_id)
    if shop.is_on_hold:
        raise OnHold
    answer = judged.answer.strip()
    if answer or not judged.is_upheld or contest.kind is ContestKind.GRADE:
        answer = await sendable_words(scope, settings, shop_id, answer, "Say why: the shopper reads it", "answer")
    key = await data_key(connection(), settings.keyring, contest.report_id)
    sealed = seal(key, contest_place("answer", contest.id, contest.report_id), answer) if answer else None
    if judged.is_upheld and contest.kind is ContestKind.GRADE:
        await _give_grade(scope, settings, (shop, contest), replace(judged, answer=answer), now)
    elif judged.is_upheld:
        await _overturn(scope, settings, contest, answer, now)
    await queries.decide_contest(scope, contest.id, (wanted, sealed), now)
    await note(scope, f"contest_{wanted.lower()}", contest.report_id, now, what=contest.kind.value)
    await ask_for_mail(scope, settings, ANSWERED_KIND, shop_id, now)


async def propose_mark(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Propose that a rejection should count against whoever made the visit; others decide.

    A rejection that was contested without success may be followed by one, too. Raises NotFound, OnHold, WrongState.
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    if shop.is_on_hold:
        raise OnHold
    if shop.state is not State.REJECTED:
        raise WrongState(shop.state, Event.REJECT)
    await visits.propose_mark(scope, shop_id, MarkKind.REJECTED, now)


async def tell_contest(settings: Settings, affiliate_id: UUID, shop_id: UUID, now: datetime) -> int:
    """Ask for mail to those who may decide a contest; how many. They read where it is, and nothing of it."""
    scope = Scope(affiliate_id, actor_kind="system")
    async with transaction(Role.STAFF, affiliate=affiliate_id):
        contest = await queries.contest_in(scope, shop_id)
        if contest.state is not ContestState.RAISED:
            return 0
        people = await queries.deciders_of(scope, contest, MOST_TOLD)
        keys = await data_keys(connection(), settings.keyring, [account_id for account_id, _ in people])
        told = [(account_id, email) for account_id, email in people if account_id in keys]
        for account_id, email in told:
            address = unseal_text(keys[account_id], Place(EMAIL, account_id, account_id), email)
            await ask_for_staff_mail(
                settings, kind=CONTESTED_KIND, affiliate_id=affiliate_id, account_id=account_id, address=address,
                now=now, context={"shop_id": str(shop_id)},
            )  # fmt: skip
        return len(told)


async def _give_grade(
    scope: Scope, settings: Settings, what: tuple[Shop, Contest], judged: Judged, now: datetime
) -> None:
    shop, contest = what
    if shop.state not in GRADED or contest.grade is None:
        raise WrongState(shop.state, Event.APPROVE)
    grade = grade_of(judged.breakdown)
    if grade == contest.grade:
        raise BadEdit("decision", "These points give the grade that stands. Give others, or let it stand")
    await queries.write_shop_grade(scope, shop.id, grade)
    await queries.write_review(scope, contest.report_id, {"breakdown": dict(judged.breakdown)})
    verdict = Verdict(DecisionKind.REGRADED, contest.grade, grade, "", judged.answer)
    await keep_verdict(scope, settings, (contest.report_id, shop.id), verdict, now)


async def _overturn(scope: Scope, settings: Settings, contest: Contest, answer: str, now: datetime) -> None:
    detail = {"reason": contest.reason}
    move = Move(Event.CONTEST_UPHELD, Actor.EDITOR, now, {"editor_id": scope.account_id}, detail)
    await visits.fire(scope, contest.shop_id, move)
    nothing = {"decision": "", "reason": "", "decided_by": None, "decided_at": None}
    no_proposal = {"proposed_reason": "", "proposed_by": None, "proposed_at": None, "proposed_words": None}
    await queries.write_review(scope, contest.report_id, nothing | no_proposal)
    await queries.open_review(scope, contest.report_id, contest.shop_id, now)
    verdict = Verdict(DecisionKind.OVERTURNED, contest.grade, contest.grade, "", answer)
    await keep_verdict(scope, settings, (contest.report_id, contest.shop_id), verdict, now)
    await payments.restore(scope, contest.shop_id, contest.reason, now)
    await visits.remove_mark(scope, contest.shop_id, MarkKind.REJECTED, now)
    await campaigns.withdraw_reshoot(scope, contest.shop_id, now)
