"""Acts on many shops: choose, preview, do, undo. A preview is the act itself, rolled back, so that it cannot err."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from privacy.vault import KeyRing
from survey.db import Role, Scope, connection, savepoint, transaction
from survey.queue import enqueue

from .. import queries
from ..domain import (
    LEFT_OUT,
    MOST_SHOPS,
    UNDO,
    WAITING,
    CancelReason,
    Changed,
    Choice,
    Chosen,
    Filter,
    Kind,
    Line,
    Outcome,
    Selection,
    Shown,
    Skipped,
    Terms,
    Ticked,
    repaid_refusal,
)
from .acting import ACTS
from .lines import meant_shops
from .notes import note
from .notices import TERMS
from .outcomes import skipped_of, sorted_by
from .taking_back import carry_taking_back_out, write_ahead


class Found(NamedTuple):
    """The shops of a selection. unknown: codes that fit none; is_too_many: there are more than an act may take.

    ticked: the same with what people call them, and whether the filter of the view leaves them.

    cut: of pasted codes, how many shops that leaves out; over: how many at their places are handed in or over.
    """

    ids: tuple[UUID, ...]
    unknown: tuple[str, ...] = ()
    is_too_many: bool = False
    cut: int = 0
    over: int = 0
    ticked: tuple[Ticked, ...] = ()

    @property
    def hidden(self) -> list[Ticked]:
        """Those that the filter does not leave: whoever looks at the board does not see them."""
        return [each for each in self.ticked if not each.fits]


class _Rehearsed(Exception):
    """Carries the outcome of a preview out of the part that is rolled back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("a preview")
        self.outcome = outcome


async def selected(scope: Scope, selection: Selection, wanted: Filter, now: datetime) -> Found:
    """Which shops a selection means at this moment. wanted: the filter of its view."""
    if selection.codes:
        fit = await queries.coded(scope, wanted, selection.codes, now)
        unknown = tuple(code for code in selection.codes if code not in fit.known)
        found = Found(tuple(fit.ids), unknown, cut=max(0, fit.fit - MOST_SHOPS), over=fit.over)
    elif selection.is_all:
        found = Found(tuple(await queries.matching(scope, wanted, now)))
    else:
        at_places = await queries.matching(scope, wanted, now, selection.places) if selection.places else []
        in_order = [*selection.ids, *at_places]
        there = [each.id for each in await queries.ticked_of(scope, wanted, now, selection.refs, in_order)]
        known = set(there)
        found = Found(tuple(shop_id for shop_id in dict.fromkeys([*in_order, *there]) if shop_id in known))
    ids = found.ids[:MOST_SHOPS]
    ticked = await queries.ticked_of(scope, wanted, now, (), ids)
    return found._replace(ids=ids, is_too_many=len(found.ids) > MOST_SHOPS, ticked=tuple(ticked))


async def found_by_lines(scope: Scope, lines: Sequence[Line], now: datetime) -> Found:
    """The shops that pasted lines give to somebody."""
    ids = await meant_shops(scope, lines)
    return Found(tuple(ids), ticked=tuple(await queries.ticked_of(scope, Filter(), now, (), ids)))


async def choice_of(scope: Scope, wanted: Filter, refs: Sequence[str], now: datetime) -> Choice:
    """What of the ticked shops is there, and whether a filter leaves it."""
    return Choice(tuple(await queries.ticked_of(scope, wanted, now, refs))) if refs else Choice()


async def preview(
    scope: Scope, ring: KeyRing, kind: Kind, terms: Terms, shop_ids: Sequence[UUID], now: datetime
) -> Outcome:  # fmt: skip
    """What would come of it. Nothing is kept."""
    try:
        async with savepoint():
            shops = await queries.chosen_shops(scope, shop_ids, lock=True)
            raise _Rehearsed(await ACTS[kind](scope, ring, terms, shops, now))
    except _Rehearsed as rehearsed:
        return rehearsed.outcome


async def do(  # noqa: PLR0913  (the act, and its id)
    scope: Scope, ring: KeyRing, action_id: UUID, kind: Kind, terms: Terms, shown: Shown, now: datetime
) -> None:
    """Do what was shown, once however often it is sent: fewer shops where some have moved since, never more.

    What waits takes effect when the time for its undo is over. Raises Changed where it would cost more.
    """
    async with savepoint():
        if not await queries.begin_action(scope, action_id, kind, now):
            return
        if kind in WAITING:
            outcome = await preview(scope, ring, kind, terms, shown.done, now)
        else:
            shops, repaid = await _as_shown(scope, terms, shown)
            outcome = await ACTS[kind](scope, ring, terms, shops, now)
            outcome = replace(outcome, skipped=(*outcome.skipped, *repaid))
        if any(cents > shown.costs.get(currency, 0) for currency, cents in outcome.costs.items()):
            raise Changed
        outcome = await _with_left(scope, outcome, shown.left)
        if kind is Kind.TAKE_BACK:
            outcome = replace(outcome, before=await write_ahead(scope, ring, terms, outcome.done, now))
        await _keep(scope, action_id, kind, terms, outcome)
        left_out = sum(len(each.refs) for each in outcome.skipped)
        await note(scope, f"bulk.{kind}", "bulk_action", action_id, now, shops=len(outcome.done), skipped=left_out)


async def _as_shown(scope: Scope, terms: Terms, shown: Shown) -> tuple[Sequence[Chosen], tuple[Skipped, ...]]:
    """The shops that were shown; of steps up or down only those that begin where they did, lest they count twice."""
    shops = await queries.chosen_shops(scope, shown.done, lock=True)
    if not terms.pay.is_by_steps:
        return shops, ()
    same, refused = sorted_by(shops, lambda shop: repaid_refusal(shop, shown.pay))
    return same, skipped_of(refused)


async def _with_left(scope: Scope, outcome: Outcome, left: Sequence[UUID]) -> Outcome:
    """What was left out when somebody looked is left out, whatever has become of it."""
    refs = tuple(shop.public_ref for shop in await queries.chosen_shops(scope, left))
    return replace(outcome, skipped=(*outcome.skipped, Skipped(LEFT_OUT, refs))) if refs else outcome


async def _keep(scope: Scope, action_id: UUID, kind: Kind, terms: Terms, outcome: Outcome) -> None:
    if kind in WAITING:
        written = outcome.before if kind is Kind.TAKE_BACK else {}
        outcome = replace(outcome, before={TERMS: {"reason": _reason_of(terms)}, **written})
        payload = {"action_id": action_id}
        await enqueue(connection(), "scheduling.carry_out", payload, unique=str(action_id), run_after=UNDO)
    await queries.finish_action(scope, action_id, outcome, outcome.done)


def _reason_of(terms: Terms) -> str:
    return terms.comes_back or (terms.cancel_reason or CancelReason.OUR_PLANS).value


async def carry_out_waiting(ring: KeyRing, now: datetime) -> int:
    """Carry out what waits and nobody undid in time, a transaction each; how many. Two workers share them."""
    count = 0
    while True:
        async with transaction(Role.WORKER):
            if not await _carry_one_out(ring, now):
                return count
        count += 1


async def _carry_one_out(ring: KeyRing, now: datetime) -> bool:
    waiting = await queries.next_waiting(now - UNDO)
    if waiting is None:
        return False
    affiliate_id, action = waiting
    scope = Scope(affiliate_id, action.account_id)
    reason = str(action.before[TERMS]["reason"])
    # Who was limited to certain clients since does nothing about the others any more.
    reached = await queries.still_reached(scope, action.wanted)
    if action.kind is Kind.TAKE_BACK:
        await carry_taking_back_out(scope, ring, Terms(comes_back=reason), (action, reached), now)
    else:
        shops: list[Chosen] = await queries.chosen_shops(scope, reached)
        await ACTS[action.kind](scope, ring, Terms(cancel_reason=CancelReason(reason)), shops, now)
    await queries.mark_carried_out(action.id, now)
    return True
