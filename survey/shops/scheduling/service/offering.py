"""Offering a shop to one eligible shopper after another, one at a time, until somebody takes it."""

from collections.abc import Awaitable
from datetime import datetime
from uuid import UUID

from survey.db import Role, Scope, transaction
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Mode, PlaceClosed, State, Taking

from .. import queries
from ..domain import UNDO
from .notes import note
from .shop import candidates_of

TAKEN = frozenset(State) - {State.DRAFT, State.OPEN, State.OFFERED, State.CANCELLED, State.EXPIRED}


async def start_offering(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Offer a shop to the best, and let a job go on from there. Raises NotFound. Twice is once."""
    shop = await queries.shop_page_in(scope, shop_id)
    if not await queries.start_offering(scope, shop_id, now):
        return
    await note(scope, "shop.auto_offer", "shop", shop_id, now)
    if shop.state is State.OPEN and not shop.is_on_hold:
        await _offer_next(scope, shop_id, now)


async def stop_offering(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Make no further offer; one that is out stands. Raises NotFound."""
    await queries.shop_page_in(scope, shop_id)
    if await queries.end_offering(scope, shop_id, "stopped", now):
        await note(scope, "shop.auto_offer_stop", "shop", shop_id, now)


async def go_on_offering(now: datetime) -> int:
    """Make the next offers where the last one was declined or not answered; how many. May run twice, or late."""
    offers, after = 0, None
    while True:
        async with transaction(Role.WORKER):
            running = await queries.next_running(after, now - UNDO)
        if running is None:
            return offers
        after = running.shop_id
        scope = Scope(running.affiliate_id, running.started_by, actor_kind="system")
        offers += await _alone(scope, _go_on(scope, running.shop_id, now))


async def offer_again(now: datetime) -> int:
    """Begin to offer what came back, where the campaign says so; how many offers. May run twice, or late."""
    offers, after = 0, None
    while True:
        async with transaction(Role.WORKER):
            found = await queries.next_let_go(after, now)
        if found is None:
            return offers
        affiliate_id, after = found
        scope = Scope(affiliate_id, actor_kind="system")
        offers += await _alone(scope, _begin_again(scope, after, now))


async def _alone(scope: Scope, offering: Awaitable[bool]) -> bool:
    """In a transaction of its own: a place that closes after the rules were asked costs no other shop its offer."""
    try:
        async with transaction(Role.WORKER, affiliate=scope.affiliate_id):
            return await offering
    except PlaceClosed:
        return False


async def _begin_again(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Once for each time that somebody let it go: what says so is taken back under the shop's lock."""
    await visits.shop_in(scope, shop_id, lock=True)
    if not await queries.take_let_go(scope, shop_id, now) or not await queries.start_offering(scope, shop_id, now):
        return False
    await note(scope, "shop.auto_offer", "shop", shop_id, now, by="campaign")
    return await _offer_next(scope, shop_id, now)


async def _go_on(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Ask for the state again, under a lock: between two transactions a shopper may have taken the shop."""
    shop = await visits.shop_in(scope, shop_id, lock=True)
    if shop.is_on_hold or shop.state is State.OFFERED:
        return False
    if shop.state is State.OPEN:
        return await _offer_next(scope, shop_id, now)
    outcome = "taken" if shop.state in TAKEN else "over"
    if await queries.end_offering(scope, shop_id, outcome, now):
        await note(scope, "shop.auto_offer_end", "shop", shop_id, now, outcome=outcome)
    return False


async def _offer_next(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Nobody is asked twice, and nobody against whom a rule stands; who applied comes before who did not."""
    asked, applied = await queries.was_asked(scope, shop_id), await queries.applicants_for(scope, shop_id)
    shop = await queries.shop_page_in(scope, shop_id)
    for each in sorted(await candidates_of(scope, shop, now), key=lambda each: each.person.id not in applied):
        if each.verdict.is_eligible and each.person.id not in asked:
            taking = Taking(each.person.id, None, Mode.OFFER)
            await visits.assign(scope, shop_id, taking, Actor.SCHEDULER, Event.OFFER, now)
            await queries.count_offer(scope, shop_id)
            return True
    if await queries.end_offering(scope, shop_id, "nobody_left", now):
        await note(scope, "shop.auto_offer_end", "shop", shop_id, now, outcome="nobody_left")
    return False
