"""Editors of a walk: they read reports, change answers and decide, by the service of reviews as its pages do."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid4

import pytest

from survey.db import Conflict, Scope
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import (
    EXCLUDE_REASONS,
    FRAUD,
    REJECT_REASONS,
    RUBRIC,
    Because,
    NeedsSecondPerson,
    OwnDecision,
    Reopening,
)
from survey.shops.visits.domain import Event
from tests.shop_world import Shopper, ShopWorld

Act = Callable[[Scope, UUID, datetime], Awaitable[object]]
EDITING = frozenset(
    {
        Event.PICK_UP, Event.TAKE_BACK, Event.DROP, Event.RETURN, Event.APPROVE, Event.REJECT, Event.EXCLUDE,
        Event.REOPEN, Event.CONTEST_UPHELD,
    }
)  # fmt: skip
CONTEST_DAYS = timedelta(days=14)
REJECTIONS, EXCLUSIONS = list(REJECT_REASONS), list(EXCLUDE_REASONS)
FULL = {part.code: part.most for part in RUBRIC}


def score_for(clean: int) -> Decimal:
    """Per cent by hand: ten points for the greeting; three times ten for allergens, three times up to ten for clean."""
    given = 10 + 3 * 10 + 3 * Decimal(10) * (clean - 1) / 4
    return (100 * given / 70).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass
class Editors:
    """Who reads the reports of a walk. turn: how many moves were made, which says what the next one is like."""

    there: ShopWorld
    turn: int = 0
    scores: dict[UUID, Decimal] = field(default_factory=dict)
    clean: dict[UUID, int] = field(default_factory=dict)

    async def move(self, shop_id: UUID, shopper: Shopper, event: Event, now: datetime) -> None:
        """One move, as its pages make it. Raises what the service raises; then nothing has moved."""
        self.turn += 1
        acts: Mapping[Event, Act] = {
            Event.PICK_UP: self._pick_up, Event.TAKE_BACK: self._pick_up, Event.DROP: reviews.drop,
            Event.RETURN: self._return, Event.APPROVE: self._approve, Event.EXCLUDE: self._exclude,
            Event.REOPEN: self._reopen,
        }  # fmt: skip
        if event is Event.REJECT:
            await self._reject(shop_id, now)
        elif event is Event.CONTEST_UPHELD:
            await self._contested(shop_id, shopper, now)
        else:
            async with self.there.transaction():
                await acts[event](await self.holder(shop_id), shop_id, now)

    async def holder(self, shop_id: UUID) -> Scope:
        """Whoever has the report in hand; where nobody has, the colleague who is there."""
        editor_id = (await self.there.row(shop_id))["editor_id"]
        return replace(self.there.scope, account_id=editor_id or self.there.scope.account_id)

    def colleague(self) -> Scope:
        """Somebody else who reads reports."""
        return replace(self.there.scope, account_id=uuid4())

    async def _pick_up(self, scope: Scope, shop_id: UUID, now: datetime) -> None:
        await reviews.pick_up(scope, self.there.settings, shop_id, now)

    async def _return(self, scope: Scope, shop_id: UUID, now: datetime) -> None:
        await reviews.add_note(scope, self.there.settings, shop_id, ("clean", f"Look again, {self.turn}."), now)
        await reviews.send_back(scope, self.there.settings, shop_id, now)

    async def _approve(self, scope: Scope, shop_id: UUID, now: datetime) -> None:
        """Every other time a colleague takes it over and changes an answer first: the score must follow."""
        clean = self.clean.get(shop_id, 3)
        if self.turn % 2:
            scope, clean = self.colleague(), 1 + self.turn % 5
            await reviews.take_over(scope, self.there.settings, shop_id, now)
            edit = reviews.AnswerEdit("clean", {"clean": [str(clean)]}, "The picture shows it.")
            await reviews.edit_answer(scope, self.there.settings, shop_id, edit, now)
        await reviews.approve(scope, self.there.settings, shop_id, reviews.Approval(FULL, is_read=True), now)
        self.clean[shop_id], self.scores[shop_id] = clean, score_for(clean)

    async def _exclude(self, scope: Scope, shop_id: UUID, now: datetime) -> None:
        exclude = reviews.exclude_and_reshoot if self.turn % 2 else reviews.exclude
        because = Because(EXCLUSIONS[self.turn % len(EXCLUSIONS)], "It is paid all the same.")
        await exclude(scope, self.there.settings, shop_id, because, now)

    async def _reopen(self, scope: Scope, shop_id: UUID, now: datetime) -> None:
        again = Reopening(Because("overlooked", "We look at the times once more."))
        await reviews.reopen(scope, self.there.settings, shop_id, again, now)

    async def _reject(self, shop_id: UUID, now: datetime) -> None:
        """Fraud needs a second person, who may be of another mind once."""
        reason, settings = REJECTIONS[self.turn % len(REJECTIONS)], self.there.settings
        holder = await self.holder(shop_id)
        because = Because(reason, "The receipt is of another day.")
        async with self.there.transaction():
            is_done = await reviews.reject(holder, settings, shop_id, because, now)
        assert is_done is (reason != FRAUD)
        if is_done:
            return
        async with self.there.transaction():
            with pytest.raises(NeedsSecondPerson):
                await reviews.confirm_rejection(holder, settings, shop_id, now)
            await reviews.set_proposal_aside(self.colleague(), shop_id, now)
            await reviews.reject(holder, settings, shop_id, because, now)
            await reviews.confirm_rejection(self.colleague(), settings, shop_id, now)

    async def _contested(self, shop_id: UUID, shopper: Shopper, now: datetime) -> None:
        """The shopper says why; nobody who decided it judges. Of a grade the answer is no, and no shop moves by it."""
        settings, is_rejected = self.there.settings, (await self.there.row(shop_id))["state"] == "REJECTED"
        judged = reviews.Judged(is_upheld=is_rejected, answer="You are right." if is_rejected else "The grade stands.")
        async with shopper.transaction():
            await reviews.contest_decision(shopper.scope, settings, shop_id, "I have the receipt.", now)
        decided_by = await self.there.owner.fetchval("SELECT decided_by FROM field.review WHERE shop_id = $1", shop_id)
        async with self.there.transaction():
            with pytest.raises(OwnDecision):
                await reviews.judge(replace(self.there.scope, account_id=decided_by), settings, shop_id, judged, now)
            await reviews.judge(self.colleague(), settings, shop_id, judged, now)
        if not is_rejected:
            raise Conflict("a grade that is contested moves no shop")
