"""A rejection is contested by its shopper and judged by somebody who had no part in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from privacy.crypto import random_id
from privacy.vault import Place, data_key, data_keys, seal, unseal_text
from survey.accounts.domain import EMAIL
from survey.accounts.service import ask_for_mail as ask_for_staff_mail
from survey.db import NotFound, Role, Scope, connection, transaction
from survey.queue import enqueue
from survey.settings import Settings
from survey.shops.campaigns import service as campaigns
from survey.shops.payments import service as payments
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, MarkKind, Move, OnHold, State, WrongState

from .. import queries
from ..domain import (
    LONGEST_CONTEST,
    BadEdit,
    Contest,
    ContestDecided,
    ContestOver,
    ContestState,
    OwnContest,
    OwnRejection,
    contest_until,
)
from .holding import require_other
from .letters import ANSWERED_KIND, CONTESTED_KIND, ask_for_mail
from .noting import note, note_shopper
from .sealing import contest_place

READ_PURPOSE = "decide about a contested rejection"
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody decides of a contest, and what the shopper reads."""

    is_upheld: bool
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedContest:
    """A contest with its words, as whoever decides it reads it."""

    contest: Contest
    words: str = field(repr=False)
    answer: str = field(repr=False)


async def contest_rejection(scope: Scope, settings: Settings, shop_id: UUID, words: str, now: datetime) -> bool:
    """The shopper says why a rejection is wrong; one a rejection, so that twice is once, and this says False.

    Role.SHOPPER. Raises NotFound, BadEdit, ContestOver, OnHold, WrongState where it is not rejected.
    """
    row = await queries.decision_of(scope, shop_id)
    if row is None:
        raise NotFound("report")
    said = _checked(words, "Say why the rejection is wrong")
    facts: dict[str, Any] = dict(row)
    shop = await visits.shop_in(scope, shop_id)
    if shop.state is not State.REJECTED:
        raise WrongState(shop.state, Event.CONTEST_UPHELD)
    if shop.is_on_hold:
        raise OnHold
    if now > contest_until(facts["decided_at"], facts["on_hold_for"]):
        raise ContestOver
    contest_id, report_id = random_id(), facts["report_id"]
    key = await data_key(connection(), settings.keyring, report_id)
    sealed = seal(key, contest_place("words", contest_id, report_id), said)
    if not await queries.insert_contest(scope, contest_id, (shop_id, report_id, facts["decided_at"]), sealed, now):
        return False
    await note(scope, "contest", report_id, now)
    payload = {"affiliate_id": scope.affiliate_id, "shop_id": shop_id}
    await enqueue(connection(), "reviews.tell_contest", payload, unique=str(contest_id))
    return True


async def own_contest(scope: Scope, settings: Settings, report_id: UUID) -> OwnContest | None:
    """The last contest of a report of the shopper's own, opened. Role.SHOPPER."""
    row = await queries.find_own_contest(scope, report_id)
    if row is None:
        return None
    facts: dict[str, Any] = dict(row)
    key = await data_key(connection(), settings.keyring, report_id)

    def opened(column: str) -> str:
        sealed = facts[column]
        return unseal_text(key, contest_place(column, facts["id"], report_id), sealed) if sealed else ""

    return OwnContest(
        facts["rejected_at"], ContestState(facts["state"]), facts["raised_at"], opened("words"), opened("answer")
    )


async def read_contest(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> OpenedContest:
    """A contest, opened for whoever decides it; the look is recorded with the shopper. Raises NotFound."""
    contest = await queries.contest_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, contest.report_id)
    words = unseal_text(key, contest_place("words", contest.id, contest.report_id), contest.words)
    place = contest_place("answer", contest.id, contest.report_id)
    maker = await queries.maker_of(scope, shop_id)
    if maker:
        await note_shopper(scope, "contest.read", maker.id, now, READ_PURPOSE, shop=str(shop_id))
    return OpenedContest(contest, words, unseal_text(key, place, contest.answer) if contest.answer else "")


async def judge(scope: Scope, settings: Settings, shop_id: UUID, judged: Judged, now: datetime) -> None:
    """Decide a contest. Upheld, the report is in review again with whoever decided, its pay is what it was, and its
    mark goes; else the rejection stands and the answer says why. The same decision twice is once.

    Raises NotFound, BadEdit, ContestDecided, OwnRejection, OwnShop, OnHold, WrongState.
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    contest = await queries.contest_in(scope, shop_id)
    wanted = ContestState.UPHELD if judged.is_upheld else ContestState.DECLINED
    if contest.state is wanted:
        return
    if contest.state is not ContestState.RAISED:
        raise ContestDecided(contest.state)
    if scope.account_id in contest.rejected_by:
        raise OwnRejection
    await require_other(scope, settings, shop_id)
    if shop.is_on_hold:
        raise OnHold
    answer = judged.answer.strip()
    if answer or not judged.is_upheld:
        answer = _checked(answer, "Say why the rejection stands: the shopper reads it", "answer")
    key = await data_key(connection(), settings.keyring, contest.report_id)
    sealed = seal(key, contest_place("answer", contest.id, contest.report_id), answer) if answer else None
    if judged.is_upheld:
        await _overturn(scope, contest, now)
    await queries.decide_contest(scope, contest.id, (wanted, sealed), now)
    await note(scope, f"contest_{wanted.lower()}", contest.report_id, now, reason=contest.reason)
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


async def _overturn(scope: Scope, contest: Contest, now: datetime) -> None:
    detail = {"reason": contest.reason}
    move = Move(Event.CONTEST_UPHELD, Actor.EDITOR, now, {"editor_id": scope.account_id}, detail)
    await visits.fire(scope, contest.shop_id, move)
    nothing = {"decision": "", "reason": "", "decided_by": None, "decided_at": None}
    no_proposal = {"proposed_reason": "", "proposed_by": None, "proposed_at": None}
    await queries.write_review(scope, contest.report_id, nothing | no_proposal)
    await queries.open_review(scope, contest.report_id, contest.shop_id, now)
    await payments.restore(scope, contest.shop_id, contest.reason, now)
    await visits.remove_mark(scope, contest.shop_id, MarkKind.REJECTED, now)
    await campaigns.withdraw_reshoot(scope, contest.shop_id, now)


def _checked(words: str, message: str, name: str = "words") -> str:
    said = words.strip()
    if not said:
        raise BadEdit(name, message)
    if len(said) > LONGEST_CONTEST:
        raise BadEdit(name, f"Enter at most {LONGEST_CONTEST:,} characters")
    return said
