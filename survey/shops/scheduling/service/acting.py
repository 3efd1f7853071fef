"""Each act on many shops, in a fixed number of statements: what it does, and what it leaves for an undo."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from privacy.vault import KeyRing
from survey.db import NotFound, Scope, connection
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import NOT_OPENED_WORDS
from survey.shops.eligibility.domain import Verdict
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Effects, Event, Mode, Taking, by_currency

from .. import queries
from ..domain import (
    SKIP_WORDS,
    Before,
    Chosen,
    Kind,
    Outcome,
    Skipped,
    Terms,
    auto_offer_refusal,
    hold_refusal,
    pay_refusal,
    suggested_bonus,
)
from . import threads
from .rules import verdicts_in_turn, verdicts_of_holders

Act = Callable[[Scope, KeyRing, Terms, Sequence[Chosen], datetime], Awaitable[Outcome]]


async def assign(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Give the shops to one shopper, or offer them, as far as the rules allow or are set aside with a reason."""
    return await _give(scope, terms, shops, now, Event.ASSIGN)


async def offer(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """The same as an offer, which the shopper may decline."""
    return await _give(scope, terms, shops, now, Event.OFFER)


async def auto_offer(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Offer each to one eligible shopper after another. A job makes the offers: an undo comes before the first."""
    wanted, refused = _sorted(shops, lambda shop: auto_offer_refusal(shop, now))
    started = await queries.start_offerings(scope, [shop.id for shop in wanted], now)
    begun = [shop for shop in wanted if shop.id in started]
    refused["offered so already"] = [shop.public_ref for shop in wanted if shop.id not in started]
    await _note(scope, "shop.auto_offer", [(shop.id, {}) for shop in begun], now)
    return Outcome(tuple(shop.id for shop in begun), _skipped(refused), await _before(scope, begun))


async def open_drafts(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Open drafts to shoppers. As with a cancellation only the preview and the job call this: nothing closes a shop."""
    effects = await campaigns.open_drafts(scope, [shop.id for shop in shops], now)
    return await _outcome(scope, shops, effects, words={**SKIP_WORDS, **NOT_OPENED_WORDS})


async def plan(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Another day for shops that somebody has, as far as the rules allow it to them or are set aside with a reason.

    Stops that are named in an order are a round from now on, for each shopper a round of theirs.
    """
    in_order = terms.in_order(shops)
    days = {shop.id: terms.day_of(shop.id) for shop in in_order}
    refused: dict[str, list[str]] = {}
    old: dict[UUID, str] = {}
    if terms.override_reason:
        old = await visits.override_reasons_of(scope, days)
    else:
        in_order, refused = _allowed(in_order, await verdicts_of_holders(scope, days, now))
    was = await visits.rounds_of(scope, days) if terms.order else {}
    stops = await _stops(scope, [shop.id for shop in in_order]) if terms.order else {}
    moved = {shop.id: days[shop.id] for shop in in_order}
    effects = await visits.plan_many(scope, moved, now, dict.fromkeys(old, terms.override_reason), stops)
    outcome = await _outcome(scope, shops, effects, refused)
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
    """Another fee, another bonus, or both."""
    return await _pay(
        scope, shops, now, lambda shop: (_or(terms.fee_cents, shop.fee_cents), _or(terms.bonus_cents, shop.bonus_cents))
    )


async def bonus(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """To each shop the bonus that its campaign's ladder says now."""
    return await _pay(scope, shops, now, lambda shop: (shop.fee_cents, suggested_bonus(shop, now)))


async def message(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """The same words to everybody who has one of the shops, once each: about the shop if it is one, else in general."""
    holders = await queries.holders_of(scope, [shop.id for shop in shops])
    theirs: dict[UUID, list[UUID]] = defaultdict(list)
    for shop in shops:
        if shop.id in holders:
            theirs[holders[shop.id]].append(shop.id)
    about = [(who, which[0] if len(which) == 1 else None) for who, which in theirs.items()]
    sent = await threads.write(scope, ring, about, terms.words, now) if about else {}
    before: dict[str, Before] = {
        str(message_id): {"thread": str(thread_id), "waiting_since": since.isoformat() if since else None}
        for message_id, (thread_id, since) in sent.items()
    }
    nobody = [shop.public_ref for shop in shops if shop.id not in holders]
    return Outcome(tuple(holders), _skipped({"nobody has it": nobody}), before)


async def cancel(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Cancel shops. Only the preview and the job call this: what the scheduler asks for waits half a minute."""
    reason = terms.cancel_reason.value if terms.cancel_reason else ""
    ids = [shop.id for shop in shops]
    effects = await visits.fire_many(scope, ids, Event.CANCEL, Actor.SCHEDULER, now, detail={"reason": reason})
    return await _outcome(scope, shops, effects)


async def hold(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Put shops on hold."""
    reason = terms.hold_reason.value if terms.hold_reason else ""
    held, refused = _sorted(shops, hold_refusal)
    await queries.write_holds(scope, [shop.id for shop in held], reason, now)
    await _note(scope, "shop.hold", [(shop.id, {"reason": reason}) for shop in held], now)
    return Outcome(tuple(shop.id for shop in held), _skipped(refused), await _before(scope, held))


ACTS: Mapping[Kind, Act] = {
    Kind.ASSIGN: assign,
    Kind.OFFER: offer,
    Kind.AUTO_OFFER: auto_offer,
    Kind.OPEN: open_drafts,
    Kind.PLAN: plan,
    Kind.PAY: pay,
    Kind.BONUS: bonus,
    Kind.MESSAGE: message,
    Kind.CANCEL: cancel,
    Kind.HOLD: hold,
}


async def _give(scope: Scope, terms: Terms, shops: Sequence[Chosen], now: datetime, event: Event) -> Outcome:
    try:
        shopper_id = await queries.shopper_called(scope, terms.shopper_code)
    except NotFound:
        return Outcome((), _skipped({f"there is no shopper {terms.shopper_code}": [s.public_ref for s in shops]}), {})
    allowed = terms.in_order(shops)
    refused: dict[str, list[str]] = {}
    if not terms.override_reason:
        days = {shop.id: terms.day_of(shop.id) for shop in allowed}
        allowed, refused = _allowed(allowed, await verdicts_in_turn(scope, shopper_id, days, now))
    takings = _takings(terms, shopper_id, allowed, Mode.OFFER if event is Event.OFFER else Mode.MANUAL)
    effects = await visits.assign_many(scope, takings, Actor.SCHEDULER, event, now)
    return await _outcome(scope, shops, effects, refused)


def _takings(terms: Terms, shopper_id: UUID, shops: Sequence[Chosen], mode: Mode) -> dict[UUID, Taking]:
    """Of a round the stops are numbered in the order in which they are given."""
    round_id = uuid4() if terms.order else None
    return {
        shop.id: Taking(
            shopper_id,
            None,
            mode,
            terms.day_of(shop.id),
            terms.override_reason,
            (round_id, place) if round_id else None,
        )
        for place, shop in enumerate(shops, start=1)
    }


def _allowed(shops: Sequence[Chosen], verdicts: Mapping[UUID, Verdict]) -> tuple[list[Chosen], dict[str, list[str]]]:
    """Those against which no rule stands, or of which none was asked; and the others by the first reason."""
    return _sorted(shops, lambda shop: _first_reason(verdicts.get(shop.id)))


def _first_reason(verdict: Verdict | None) -> str:
    return _lowered(verdict.reasons[0].staff) if verdict and verdict.reasons else ""


async def _pay(
    scope: Scope, shops: Sequence[Chosen], now: datetime, wanted: Callable[[Chosen], tuple[int, int]]
) -> Outcome:
    paid, refused = _sorted(shops, lambda shop: pay_refusal(shop, *wanted(shop)))
    new = {shop.id: wanted(shop) for shop in paid}
    await queries.write_pay(scope, new)
    details = [
        (shop.id, {"from_fee": shop.fee_cents, "from_bonus": shop.bonus_cents, "fee": fee, "bonus": extra})
        for shop in paid
        for fee, extra in [new[shop.id]]
    ]
    await _note(scope, "shop.pay", details, now)
    costs = by_currency((shop.currency, sum(new[shop.id]) - shop.fee_cents - shop.bonus_cents) for shop in paid)
    return Outcome(tuple(new), _skipped(refused), await _before(scope, paid), costs)


async def _outcome(
    scope: Scope,
    shops: Sequence[Chosen],
    effects: Effects,
    refused: Mapping[str, list[str]] | None = None,
    words: Mapping[str, str] = SKIP_WORDS,
) -> Outcome:
    done = set(effects.done)
    refs = {shop.id: shop.public_ref for shop in shops}
    skipped = dict(refused or {})
    for code, ids in effects.skipped.items():
        why = words.get(code, code)
        skipped[why] = [*skipped.get(why, []), *(refs[each] for each in ids if each in refs)]
    return Outcome(effects.done, _skipped(skipped), await _before(scope, [shop for shop in shops if shop.id in done]))


async def _before(scope: Scope, shops: Sequence[Chosen]) -> dict[str, Before]:
    """What was there, and the revision that the act has left: the undo touches nothing that has moved since."""
    revisions = await queries.revisions_of(scope, [shop.id for shop in shops])
    return {
        str(shop.id): {
            "revision": revisions[shop.id],
            "planned_on": shop.planned_on.isoformat() if shop.planned_on else None,
            "fee_cents": shop.fee_cents,
            "bonus_cents": shop.bonus_cents,
            "unassign_count": shop.unassign_count,
        }
        for shop in shops
    }


async def _note(
    scope: Scope, action: str, details: Iterable[tuple[UUID, Mapping[str, str | int]]], now: datetime
) -> None:
    events = [
        AuditEvent(scope.affiliate_id, scope.actor_kind, scope.account_id, action, "shop", shop_id, detail=detail)
        for shop_id, detail in details
    ]
    await record_many(connection(), events, now)


def _sorted(shops: Sequence[Chosen], refusal: Callable[[Chosen], str]) -> tuple[list[Chosen], dict[str, list[str]]]:
    taken: list[Chosen] = []
    refused: dict[str, list[str]] = defaultdict(list)
    for shop in shops:
        why = refusal(shop)
        if why:
            refused[why].append(shop.public_ref)
        else:
            taken.append(shop)
    return taken, refused


def _skipped(refused: Mapping[str, Sequence[str]]) -> tuple[Skipped, ...]:
    return tuple(
        Skipped(why, tuple(refs)) for why, refs in sorted(refused.items(), key=lambda pair: -len(pair[1])) if refs
    )


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _or(wanted: int | None, present: int) -> int:
    return present if wanted is None else wanted
