"""Each act on many shops, in a fixed number of statements: what it does, and what it leaves for an undo."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from privacy.vault import KeyRing
from survey.db import NotFound, Scope, connection
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
    hold_refusal,
    pay_refusal,
    suggested_bonus,
)
from . import threads
from .rules import verdicts_in_turn

Act = Callable[[Scope, KeyRing, Terms, Sequence[Chosen], datetime], Awaitable[Outcome]]


async def assign(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Give the shops to one shopper, or offer them, as far as the rules allow or are set aside with a reason."""
    return await _give(scope, terms, shops, now, Event.ASSIGN)


async def offer(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """The same as an offer, which the shopper may decline."""
    return await _give(scope, terms, shops, now, Event.OFFER)


async def plan(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Another day for shops that somebody has."""
    effects = await visits.plan_many(scope, {shop.id: terms.day for shop in shops}, now)
    return await _outcome(scope, shops, effects)


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
    refused: dict[str, list[str]] = defaultdict(list)
    allowed = list(shops)
    if not terms.override_reason:
        verdicts = await verdicts_in_turn(scope, shopper_id, [shop.id for shop in shops], terms.day, now)
        allowed = [shop for shop in shops if verdicts[shop.id].is_eligible]
        for shop in shops:
            if reasons := verdicts[shop.id].reasons:
                refused[_lowered(reasons[0].staff)].append(shop.public_ref)
    mode = Mode.OFFER if event is Event.OFFER else Mode.MANUAL
    taking = Taking(shopper_id, None, mode, terms.day, terms.override_reason)
    effects = await visits.assign_many(scope, {shop.id: taking for shop in allowed}, Actor.SCHEDULER, event, now)
    return await _outcome(scope, shops, effects, refused)


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
    scope: Scope, shops: Sequence[Chosen], effects: Effects, refused: Mapping[str, list[str]] | None = None
) -> Outcome:
    done = set(effects.done)
    refs = {shop.id: shop.public_ref for shop in shops}
    skipped = dict(refused or {})
    for code, ids in effects.skipped.items():
        words = SKIP_WORDS.get(code, code)
        skipped[words] = [*skipped.get(words, []), *(refs[each] for each in ids if each in refs)]
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
