"""The affiliate between the two: reads the client, asks the shopper in its own words, decides, and says so to both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from privacy.vault import data_key, seal
from survey.db import Scope, connection
from survey.media import Media
from survey.releases import service as releases
from survey.releases.domain import Revealing
from survey.settings import Settings
from survey.shops.fieldwork.domain import COMMENT_CHARACTERS, comment_field
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import LONGEST_REASON, BadEdit, Undecided
from survey.shops.reviews.service.letters import ask_for_mail
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Move, planned
from survey.shops.visits.domain import Event as ShopEvent

from .. import queries
from ..domain import AppealEvent, AppealState, Asked, Message, NoEditor, after
from .outgoing import Outgoing, Unreleased, require_clean, require_sendable, require_untelling
from .sealing import asked_place, opened

ASKED_KIND = "appeals.asked"
AFFILIATE, CLIENT = "affiliate", "client"
EDITOR_ERROR = "editor_error"
SAME = "This answer stands already: choose another, or explain it without a change"


@dataclass(frozen=True, slots=True)
class Thread:
    """An appeal with both sides of it, as staff alone see them."""

    line: queries.Line
    messages: Sequence[Message] = field(repr=False)
    asked: Sequence[Asked] = field(repr=False)

    @property
    def last_of_client(self) -> str:
        """What the client has written last; empty before it has."""
        return next((each.body for each in reversed(self.messages) if each.author == CLIENT), "")

    @property
    def last_of_shopper(self) -> str:
        """What the shopper has answered last; empty before that."""
        return next((each.answer for each in reversed(self.asked) if each.answered_at), "")


@dataclass(frozen=True, slots=True)
class Decision:
    """A new answer to the contested question: the form's fields as they are posted, why, and what the client reads.

    beside: what is to stand beside the answer from now on, empty for nothing; None leaves it.
    """

    fields: Mapping[str, Sequence[str]] = field(repr=False)
    reason: str = field(repr=False)
    outcome: str = field(repr=False)
    beside: str | None = field(default=None, repr=False)

    def outgoing(self, question_id: str) -> list[Outgoing]:
        """What of it is read by the shopper and by the client."""
        place = comment_field(question_id)
        return [
            *([Outgoing("beside", self.beside, True, COMMENT_CHARACTERS, place)] if self.beside else []),
            Outgoing("reason", self.reason, to_client=False, longest=LONGEST_REASON),
            Outgoing("outcome", self.outcome),
        ]

    def saying(self, words: Mapping[str, str]) -> "Decision":
        """The same in other words, by what a form calls them."""
        beside = words.get("beside", self.beside)
        return replace(self, reason=words["reason"], outcome=words["outcome"], beside=beside)


async def thread_in(scope: Scope, settings: Settings, appeal_id: UUID) -> Thread:
    """An appeal, opened. Raises NotFound."""
    line = await queries.line_in(scope, appeal_id)
    rows = await queries.asked_of(scope, appeal_id)
    asked = []
    if rows:
        key = await data_key(connection(), settings.keyring, rows[0]["report_id"])
        asked = [opened(key, row) for row in rows]
    return Thread(line, await queries.messages_of(appeal_id), asked)


async def take_up(scope: Scope, appeal_id: UUID, now: datetime) -> None:
    """Begin with a new appeal; twice is once. Raises NotFound, WrongAppealState."""
    line = await queries.line_in(scope, appeal_id, lock=True)
    if line.appeal.state is not AppealState.WAITING_AFFILIATE:
        await _move(scope, line, AppealEvent.TAKE_UP, now)


async def ask_client(scope: Scope, settings: Settings, appeal_id: UUID, words: str, now: datetime) -> None:
    """Ask the client something back. Raises NotFound, Unsendable, WrongAppealState."""
    line = await queries.line_in(scope, appeal_id, lock=True)
    after(line.appeal.state, AppealEvent.ASK_CLIENT)
    await require_sendable(scope, settings, line.shop_id, [Outgoing("words", words)], now)
    await _move(scope, line, AppealEvent.ASK_CLIENT, now)
    await queries.insert_message(scope, random_id(), appeal_id, Message(AFFILIATE, words, now))


async def ask_shopper(scope: Scope, settings: Settings, appeal_id: UUID, words: str, now: datetime) -> None:
    """Ask whoever made the visit, in the affiliate's words: nothing of the client's goes along by itself.

    Raises NotFound, Unsendable, WrongAppealState.
    """
    line = await queries.line_in(scope, appeal_id, lock=True)
    await require_sendable(scope, settings, line.shop_id, [Outgoing("words", words, to_client=False)], now)
    await _move(scope, line, AppealEvent.ASK_SHOPPER, now)
    report_id = await queries.report_id_of(scope, line.shop_id)
    key = await data_key(connection(), settings.keyring, report_id)
    question_id = random_id()
    sealed = seal(key, asked_place("asked", question_id, report_id), words)
    await queries.insert_question(scope, line, question_id, sealed, now)
    await ask_for_mail(scope, settings, ASKED_KIND, line.shop_id, now)


async def settle(
    scope: Scope, settings: Settings, appeal_id: UUID, event: AppealEvent, outcome: str, now: datetime
) -> None:
    """End an appeal without a change: explained or declined. Twice is once.

    Raises NotFound, OwnShop, Unsendable, WrongAppealState.
    """
    line = await queries.line_in(scope, appeal_id, lock=True)
    if line.appeal.state in (AppealState.RESOLVED, AppealState.DECLINED):
        return
    await reviews.require_other(scope, settings, line.shop_id)
    state = after(line.appeal.state, event)
    await require_sendable(scope, settings, line.shop_id, [Outgoing("words", outcome)], now)
    decided = replace(line.appeal, state=state)
    await queries.decide(scope, decided, outcome, (None, None), now)
    await _ended(scope, line, event, now)


async def change(
    scope: Scope, settings: Settings, media: Media, decided: tuple[UUID, Decision], now: datetime
) -> tuple[Decimal | None, Decimal | None]:
    """The client was right: change the answer, release the report anew; scores before and after.

    The shopper reads old, new and reason; the grade stays as it is. Raises NotFound, OwnShop, Unsendable,
    BadEdit (also where the answer is the same), WrongAppealState, WrongState, OnHold, Unreleased.
    """
    appeal_id, decision = decided
    line = await queries.line_in(scope, appeal_id, lock=True)
    await reviews.require_other(scope, settings, line.shop_id)
    state = after(line.appeal.state, AppealEvent.CHANGE)
    planned(await visits.shop_in(scope, line.shop_id, lock=True), Move(ShopEvent.APPEAL_CHANGED, Actor.EDITOR, now))
    going = decision.outgoing(line.appeal.question_id)
    await require_clean(scope, settings, line.shop_id, going)
    edit = reviews.AnswerEdit(line.appeal.question_id, decision.fields, decision.reason)
    if not await reviews.edit_for_appeal(scope, settings, line.shop_id, edit, now):
        raise BadEdit(edit.question_id, SAME)
    if decision.beside is not None:
        words = reviews.TextEdit(comment_field(edit.question_id), decision.beside, decision.reason)
        await reviews.edit_words_for_appeal(scope, settings, line.shop_id, words, now)
    looks = await require_untelling(scope, settings, line.shop_id, going, now)
    try:
        before = await releases.release_again(scope, settings, media, line.shop_id, now)
    except (Revealing, Undecided) as refusal:
        raise Unreleased(refusal, looks=looks + 1) from refusal
    stands = await releases.standing_in(scope, line.shop_id)
    scores = before.score, stands.score
    await queries.decide(scope, replace(line.appeal, state=state), decision.outcome, scores, now)
    await _ended(scope, line, AppealEvent.CHANGE, now)
    return scores


async def classify(scope: Scope, appeal_id: UUID, kind: str, now: datetime) -> None:
    """Note what was behind an appeal; an editor's error is counted with whoever approved the report.

    No client and no shopper reads it. Raises NotFound, NoEditor.
    """
    line = await queries.line_in(scope, appeal_id, lock=True)
    if await queries.find_class(scope, appeal_id) == kind:
        return
    editor_id = await queries.approver_of(scope, line.shop_id) if kind == EDITOR_ERROR else None
    if kind == EDITOR_ERROR and editor_id is None:
        raise NoEditor
    await queries.put_class(scope, appeal_id, kind, editor_id, now)
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    detail = {"kind": kind, "editor": str(editor_id) if editor_id else None}
    await record(connection(), Event(*actor, "appeal.classify", "appeal", appeal_id, detail=detail), now)


async def _move(scope: Scope, line: queries.Line, event: AppealEvent, now: datetime) -> None:
    state = after(line.appeal.state, event)
    await queries.move(scope, line.appeal.id, state, now)
    await _note(scope, line, event, now)


async def _ended(scope: Scope, line: queries.Line, event: AppealEvent, now: datetime) -> None:
    await queries.write_appeal_flag(scope, line.shop_id)
    await _note(scope, line, event, now)


async def _note(scope: Scope, line: queries.Line, event: AppealEvent, now: datetime) -> None:
    detail = {"shop": str(line.shop_id), "question": line.appeal.question_id}
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, f"appeal.{event}", "appeal", line.appeal.id, detail=detail), now)
