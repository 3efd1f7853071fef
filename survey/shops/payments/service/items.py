"""What one shop pays: promised when its report is in, owed when it is approved, void, reversed, paid again.

A client has no part in this. An appeal changes a report or its grade; whether pay changes is decided here by a person,
with a reason that the shopper reads.
"""

from datetime import date, datetime
from uuid import UUID

from survey.db import Conflict, NotFound, Scope
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import (
    NOTHING_TO_PAY,
    VOID_REASONS,
    Actor,
    Event,
    Item,
    Kind,
    State,
    WrongState,
    amounts_of,
    checked_reason,
    promised_on,
    transition,
)
from ..queries import Offer, Promise
from .notes import note_item

DONE = "done"  # the outcome of a report whose visit was made


async def promise(scope: Scope, shop_id: UUID, now: datetime) -> Item:
    """Promise a shop's pay when its report is in. Role.SHOPPER or STAFF. Raises NotFound.

    Safe to repeat: a report that is sent again brings its receipt up to date until somebody has judged it.
    """
    offer = await queries.offer_in(scope, shop_id, now)
    wanted = _promise(offer, Kind.FULL if offer.outcome == DONE else Kind.ATTEMPT)
    made = await queries.insert_item(scope, shop_id, offer, wanted)
    if made:
        await note_item(scope, "pay.promise", made, now, cents=made.amounts.total_cents, currency=made.currency)
        return made
    item = await _item_of(scope, shop_id)
    if item.state is not State.PROSPECTIVE or _says(item) == wanted:
        return item
    if not await queries.rewrite(item, wanted):
        raise Conflict
    await note_item(scope, "pay.promise", item, now, cents=wanted.amounts.total_cents, currency=item.currency)
    return await _item_of(scope, shop_id)


async def make_payable(scope: Scope, shop_id: UUID, now: datetime, kind: Kind | str = Kind.FULL) -> Item:
    """An editor has approved (or excluded) the report: what it pays is owed. Role.STAFF. Raises NotFound.

    Safe to repeat. What is owed already, on its way or paid stays as it is, whatever happens to the shop afterwards;
    so does what payroll voided for a reason of its own, such as that it was paid in another way.
    """
    item = await _locked_or_promised(scope, shop_id, now)
    if item.state not in (State.PROSPECTIVE, State.VOID) or (item.state is State.VOID and item.reason in VOID_REASONS):
        return item
    wanted = _promise(await queries.offer_in(scope, shop_id, now), Kind(kind))
    if _says(item) != wanted:
        if not await queries.rewrite(item, wanted):
            raise Conflict
        item = await queries.item_in(scope, item.id, lock=True)
    if wanted.amounts.total_cents == 0:
        return await _void(scope, item, Actor.EDITOR, NOTHING_TO_PAY, now)
    owed = await _moved(scope, item, Event.APPROVE, Actor.EDITOR, now)
    await _ask_tax_number(scope, owed, now)
    return owed


async def void(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> Item | None:
    """An editor has rejected the report: nothing is owed, and the shopper reads why. reason: a code.

    None where nothing was promised. Safe to repeat. Raises WrongState for what is in a batch or was paid, NotACode.
    """
    item = await queries.find_item_of(scope, shop_id, lock=True)
    return await _void(scope, item, Actor.EDITOR, reason, now) if item else None


async def restore(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> Item | None:
    """A rejection is overturned: what it voided is again what it was, promised or owed. reason: the rejection's.

    What payroll voided for a reason of its own stays void, and so does what stands otherwise by now; None where
    nothing was promised. Safe to repeat.
    """
    item = await queries.find_item_of(scope, shop_id, lock=True)
    if item is None or item.state is not State.VOID or item.reason != reason:
        return item
    event = Event.APPROVE if item.voided_from is State.PAYABLE else Event.RESTORE
    return await _moved(scope, item, event, Actor.EDITOR, now)


async def void_item(scope: Scope, item_id: UUID, reason: str, now: datetime) -> Item:
    """The same by payroll. Raises NotFound, WrongState, NotACode."""
    return await _void(scope, await queries.item_in(scope, item_id, lock=True), Actor.PAYROLL, reason, now)


async def reverse(scope: Scope, item_id: UUID, reason: str, now: datetime) -> Item:
    """The bank sent paid money back. Safe to repeat. Raises NotFound, WrongState, NotACode."""
    item = await queries.item_in(scope, item_id, lock=True)
    if item.state is State.REVERSED:
        return item
    return await _moved(scope, item, Event.REVERSE, Actor.PAYROLL, now, checked_reason(reason))


async def pay_again(scope: Scope, item_id: UUID, now: datetime) -> Item:
    """What came back is owed again. Safe to repeat. Raises NotFound, WrongState."""
    item = await queries.item_in(scope, item_id, lock=True)
    if item.state is State.PAYABLE:
        return item
    return await _moved(scope, item, Event.PAY_AGAIN, Actor.PAYROLL, now)


async def _ask_tax_number(scope: Scope, item: Item, now: datetime) -> None:
    """Ask for a tax number only of somebody who earns so much that the affiliate needs one."""
    tax_from_cents = (await queries.payer_of(scope)).tax_from_cents
    if tax_from_cents is None:
        return
    if await queries.earned_cents(scope, item, date(now.year, 1, 1)) >= tax_from_cents:
        await shoppers.tax_number_needed(scope, item.shopper_id, now.year, now)


async def _void(scope: Scope, item: Item, actor: Actor, reason: str, now: datetime) -> Item:
    if item.state is State.VOID:
        return item
    return await _moved(scope, item, Event.VOID, actor, now, checked_reason(reason))


async def _moved(scope: Scope, item: Item, event: Event, actor: Actor, now: datetime, reason: str = "") -> Item:
    target = transition(item.state, event, actor)
    if not await queries.move(scope, item, target, reason):
        raise WrongState(item.state, event)
    detail = {"from": item.state.value, "to": target.value, "cents": item.amounts.total_cents, "reason": reason or None}
    await note_item(scope, f"pay.{event}", item, now, **detail)
    return await queries.item_in(scope, item.id)


async def _locked_or_promised(scope: Scope, shop_id: UUID, now: datetime) -> Item:
    item = await queries.find_item_of(scope, shop_id, lock=True)
    if item:
        return item
    await promise(scope, shop_id, now)
    item = await queries.find_item_of(scope, shop_id, lock=True)
    if item is None:
        raise NotFound("pay item")
    return item


async def _item_of(scope: Scope, shop_id: UUID) -> Item:
    item = await queries.find_item_of(scope, shop_id)
    if item is None:
        raise NotFound("pay item")
    return item


def _promise(offer: Offer, kind: Kind) -> Promise:
    amounts = amounts_of(offer.terms, kind)
    return Promise(kind, amounts, offer.visited_on, promised_on(offer.visited_on, offer.pay_days))


def _says(item: Item) -> Promise:
    return Promise(item.kind, item.amounts, item.visited_on, item.promised_on)
