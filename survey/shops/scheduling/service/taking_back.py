"""Taking many shops back, which waits for its undo: until then whoever has one sees nothing of it, nor of the note."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from privacy.vault import KeyRing
from survey.db import Scope
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event

from .. import queries
from ..domain import TAKE_BACK_WORDS, Action, Before, Chosen, Outcome, Terms, told_apart
from .notices import messages_of, unsay, write_to_holders
from .outcomes import outcome_of

# A note is shown by whoever carries the act out, never by the clock: the shop may have been handed in meanwhile.
NEVER_BY_ITSELF = timedelta(days=36_500)


async def take_back(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Let shops be nobody's again: the affiliate's act, so no mark is proposed. Only preview and job call this."""
    ids = [shop.id for shop in shops]
    detail = {"reason": terms.comes_back}
    effects = await visits.fire_many(scope, ids, Event.UNASSIGN, Actor.SCHEDULER, now, detail=detail)
    told = told_apart(effects, {shop.id: shop.state for shop in shops})
    return await outcome_of(scope, shops, told, words=TAKE_BACK_WORDS)


async def write_ahead(
    scope: Scope, ring: KeyRing, terms: Terms, shop_ids: Sequence[UUID], now: datetime
) -> dict[str, Before]:
    """Write the note to those who are to lose a shop; nobody sees it yet. Returns what taking it back needs."""
    if not terms.words:
        return {}
    holders = await queries.holders_of(scope, shop_ids)
    theirs = {shop_id: holders[shop_id] for shop_id in shop_ids if shop_id in holders}
    return await write_to_holders(scope, ring, theirs, terms.words, now, now + NEVER_BY_ITSELF)


async def carry_taking_back_out(
    scope: Scope, ring: KeyRing, terms: Terms, what: tuple[Action, Sequence[UUID]], now: datetime
) -> None:
    """Take back what whoever had it then has still, and show the note to them. what: the act, the shops it reaches."""
    action, reached = what
    shops = await queries.chosen_shops(scope, reached, lock=True)
    holders = await queries.holders_at(scope, reached, action.done_at)
    outcome = await take_back(scope, ring, terms, [shop for shop in shops if shop.id in holders], now)
    messages = messages_of(action)
    shown = await queries.show_messages(scope, messages, {holders[each] for each in outcome.done}, now)
    await unsay(scope, action, {each: was for each, was in messages.items() if each not in shown})
