"""Each act on many shops, in a fixed number of statements: what it does, and what it leaves for an undo."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from privacy.vault import KeyRing
from survey.db import NotFound, Scope
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import NOT_OPENED_WORDS
from survey.shops.eligibility.domain import Verdict
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Mode, Taking, by_currency

from .. import queries
from ..domain import (
    SKIP_WORDS,
    UNDO,
    Before,
    Chosen,
    Kind,
    Outcome,
    Pay,
    Skipped,
    Terms,
    above_ladder,
    auto_offer_refusal,
    first_reason,
    hold_refusal,
    pay_refusal,
    spans_of,
    suggested_bonus,
    told_together,
)
from .lines import give_lines
from .notices import write_to_holders
from .outcomes import before_of, note_each, outcome_of, skipped_of, sorted_by
from .rules import verdicts_in_turn, verdicts_of_holders
from .taking_back import take_back
from .windows import window

Act = Callable[[Scope, KeyRing, Terms, Sequence[Chosen], datetime], Awaitable[Outcome]]


async def assign(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Give the shops to one shopper, or offer them, as far as the rules allow or are set aside with a reason."""
    return await _give(scope, terms, shops, now, Event.ASSIGN)


async def offer(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """The same as an offer, which the shopper may decline."""
    return await _give(scope, terms, shops, now, Event.OFFER)


async def auto_offer(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Offer each to one eligible shopper after another. A job makes the offers: an undo comes before the first."""
    wanted, refused = sorted_by(shops, lambda shop: auto_offer_refusal(shop, now))
    started = await queries.start_offerings(scope, [shop.id for shop in wanted], now)
    begun = [shop for shop in wanted if shop.id in started]
    refused["offered so already"] = [shop.public_ref for shop in wanted if shop.id not in started]
    await note_each(scope, "shop.auto_offer", [(shop.id, {}) for shop in begun], now)
    return Outcome(tuple(shop.id for shop in begun), skipped_of(refused), await before_of(scope, begun))


async def open_drafts(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Open drafts to shoppers. As with a cancellation only the preview and the job call this: nothing closes a shop."""
    effects = await campaigns.open_drafts(scope, [shop.id for shop in shops], now)
    return await outcome_of(scope, shops, effects, words={**SKIP_WORDS, **NOT_OPENED_WORDS})


async def plan(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Another day for shops that somebody has, as far as the rules allow it to them or are set aside with a reason.

    Stops that are named in an order are a round from now on, for each shopper a round of theirs.
    """
    in_order = terms.in_order(shops)
    days = {shop.id: terms.day_of(shop.id) for shop in in_order}
    refused: tuple[Skipped, ...] = ()
    old: dict[UUID, str] = {}
    if terms.override_reason:
        old = await visits.override_reasons_of(scope, days)
    else:
        in_order, refused = _allowed(in_order, await verdicts_of_holders(scope, days, now))
    was = await visits.rounds_of(scope, days) if terms.order else {}
    stops = await _stops(scope, [shop.id for shop in in_order]) if terms.order else {}
    moved = {shop.id: days[shop.id] for shop in in_order}
    effects = await visits.plan_many(scope, moved, now, dict.fromkeys(old, terms.override_reason), stops)
    outcome = await outcome_of(scope, shops, effects, refused)
    return replace(
        outcome, before={each: values | _was(UUID(each), old, was) for each, values in outcome.before.items()}
    )


async def _stops(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, int] | None]:
    """Shops in their order as rounds, one for each shopper who has some of them."""
    holders = await queries.holders_of(scope, shop_ids)
    rounds = {holder: uuid4() for holder in set(holders.values())}
    places: Counter[UUID] = Counter()
    stops: dict[UUID, tuple[UUID, int] | None] = {}
    for shop_id in shop_ids:
        if shop_id in holders:
            holder = holders[shop_id]
            places[holder] += 1
            stops[shop_id] = (rounds[holder], places[holder])
    return stops


def _was(shop_id: UUID, reasons: Mapping[UUID, str], rounds: Mapping[UUID, tuple[UUID, int] | None]) -> Before:
    """What else an undo puts back: why rules were set aside, and the round."""
    was: Before = {"override_reason": reasons[shop_id]} if shop_id in reasons else {}
    if shop_id in rounds:
        stop = rounds[shop_id]
        was |= {"round_id": str(stop[0]) if stop else None, "round_place": stop[1] if stop else None}
    return was


async def pay(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Another fee, another bonus, or both; or so much more or less of them on each."""
    return await _pay(scope, shops, now, lambda shop: terms.pay.after(shop.pay))


async def bonus(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """To each shop the bonus that its campaign's ladder says now."""
    return await _pay(scope, shops, now, lambda shop: Pay(shop.fee_cents, suggested_bonus(shop, now)))


async def message(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """The same words to everybody who has one of the shops, once each: about the shop if it is one, else in general."""
    holders = await queries.holders_of(scope, [shop.id for shop in shops])
    theirs = {shop.id: holders[shop.id] for shop in shops if shop.id in holders}
    before = await write_to_holders(scope, ring, theirs, terms.words, now, now + UNDO)
    nobody = [shop.public_ref for shop in shops if shop.id not in holders]
    return Outcome(tuple(holders), skipped_of({"nobody has it": nobody}), before)


async def cancel(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Cancel shops. Only the preview and the job call this: what the scheduler asks for waits half a minute."""
    reason = terms.cancel_reason.value if terms.cancel_reason else ""
    ids = [shop.id for shop in shops]
    effects = await visits.fire_many(scope, ids, Event.CANCEL, Actor.SCHEDULER, now, detail={"reason": reason})
    return await outcome_of(scope, shops, effects)


async def hold(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Put shops on hold."""
    reason = terms.hold_reason.value if terms.hold_reason else ""
    held, refused = sorted_by(shops, hold_refusal)
    await queries.write_holds(scope, [shop.id for shop in held], reason, now)
    await note_each(scope, "shop.hold", [(shop.id, {"reason": reason}) for shop in held], now)
    return Outcome(tuple(shop.id for shop in held), skipped_of(refused), await before_of(scope, held))


ACTS: Mapping[Kind, Act] = {
    Kind.ASSIGN: assign,
    Kind.OFFER: offer,
    Kind.LINES: give_lines,
    Kind.AUTO_OFFER: auto_offer,
    Kind.OPEN: open_drafts,
    Kind.PLAN: plan,
    Kind.WINDOW: window,
    Kind.PAY: pay,
    Kind.BONUS: bonus,
    Kind.MESSAGE: message,
    Kind.TAKE_BACK: take_back,
    Kind.CANCEL: cancel,
    Kind.HOLD: hold,
}


async def _give(scope: Scope, terms: Terms, shops: Sequence[Chosen], now: datetime, event: Event) -> Outcome:
    try:
        shopper_id = await queries.shopper_called(scope, terms.shopper_code)
    except NotFound:
        return Outcome((), skipped_of({f"there is no shopper {terms.shopper_code}": [s.public_ref for s in shops]}), {})
    allowed = terms.in_order(shops)
    refused: tuple[Skipped, ...] = ()
    if not terms.override_reason:
        days = {shop.id: terms.day_of(shop.id) for shop in allowed}
        allowed, refused = _allowed(allowed, await verdicts_in_turn(scope, shopper_id, days, now))
    mode = Mode.OFFER if event is Event.OFFER else Mode.MANUAL
    takings = _takings(terms, shopper_id, allowed, mode, now)
    effects = await visits.assign_many(scope, takings, Actor.SCHEDULER, event, now)
    return await outcome_of(scope, shops, effects, refused)


def _takings(terms: Terms, shopper_id: UUID, shops: Sequence[Chosen], mode: Mode, now: datetime) -> dict[UUID, Taking]:
    """Of a round the stops are numbered in the order in which they are given. Seen once they cannot be undone."""
    round_id = uuid4() if terms.order else None
    return {
        shop.id: Taking(
            shopper_id,
            None,
            mode,
            terms.day_of(shop.id),
            terms.override_reason,
            (round_id, place) if round_id else None,
            now + UNDO,
        )
        for place, shop in enumerate(shops, start=1)
    }


def _allowed(shops: Sequence[Chosen], verdicts: Mapping[UUID, Verdict]) -> tuple[list[Chosen], tuple[Skipped, ...]]:
    """Those against which no rule stands, or of which none was asked; and the others by the first reason."""
    against = [(shop, first_reason(verdicts.get(shop.id))) for shop in shops]
    refused = told_together((shop.public_ref, why) for shop, why in against if why)
    return [shop for shop, why in against if why is None], refused


async def _pay(scope: Scope, shops: Sequence[Chosen], now: datetime, wanted: Callable[[Chosen], Pay]) -> Outcome:
    paid, refused = sorted_by(shops, lambda shop: pay_refusal(shop, wanted(shop)))
    new = {shop.id: wanted(shop) for shop in paid}
    await queries.write_pay(scope, new)
    details = [
        (shop.id, {"from_fee": shop.fee_cents, "from_bonus": shop.bonus_cents, "fee": fee, "bonus": extra})
        for shop in paid
        for fee, extra in [new[shop.id]]
    ]
    await note_each(scope, "shop.pay", details, now)
    costs = by_currency((shop.currency, sum(new[shop.id]) - sum(shop.pay)) for shop in paid)
    spans = spans_of((shop.currency, shop.pay, new[shop.id]) for shop in paid)
    before, high = await before_of(scope, paid), above_ladder(paid, new)
    return Outcome(tuple(new), skipped_of(refused), before, costs, warnings=high, spans=spans)
