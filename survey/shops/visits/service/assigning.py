"""Giving shops to people, and taking them back. Whether rules allow it is asked before, in eligibility."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from survey.db import NotFound, Scope

from .. import queries
from ..domain import (
    Actor,
    Effects,
    Event,
    Move,
    MustApply,
    PlaceClosed,
    Planned,
    Shop,
    Taking,
    WrongState,
    check_day,
    due_of,
    planned,
)
from .moving import carry_out, fire, move_locked, shop_in, sorted_out

TAKING = frozenset({Event.OFFER, Event.APPROVE_APPLICATION, Event.ASSIGN, Event.SELF_ASSIGN})


async def assign(scope: Scope, shop_id: UUID, taking: Taking, actor: Actor, event: Event, now: datetime) -> Shop:
    """Let a shopper have an open shop, or offer it; returns it as it is now. Other applications end with it.

    Raises NotFound (also for a shopper who is not at work here), OnHold, WrongState where somebody was faster,
    MustApply, OutsideWindow, PlaceClosed.
    """
    shop = await _locked(scope, shop_id, event)
    if not await _may_have(scope, [taking.shopper_id]):
        raise NotFound("shopper")
    chosen = _plan(shop, taking, actor, event, now)
    await carry_out(scope, [chosen], now, {shop_id: taking})
    return await shop_in(scope, shop_id)


async def assign_many(
    scope: Scope, takings: Mapping[UUID, Taking], actor: Actor, event: Event, now: datetime
) -> Effects:
    """The same for many shops, in a fixed number of statements; takings: by shop. What cannot be is skipped."""
    shops = await queries.shops_of(scope, list(takings), lock=True)
    working = await _may_have(scope, {taking.shopper_id for taking in takings.values()})
    wanted = [shop_id for shop_id, taking in takings.items() if taking.shopper_id in working]
    chosen, skipped = sorted_out(wanted, shops, lambda shop: _plan(shop, takings[shop.id], actor, event, now))
    without = tuple(shop_id for shop_id, taking in takings.items() if taking.shopper_id not in working)
    if without:
        skipped["no_shopper"] = without
    await carry_out(scope, chosen, now, {each.shop.id: takings[each.shop.id] for each in chosen})
    return Effects(tuple(each.shop.id for each in chosen), skipped)


async def accept(scope: Scope, shop_id: UUID, now: datetime, planned_on: date | None = None) -> Shop:
    """The shopper takes an offer, on a day of their choice. Raises NotFound, OnHold, WrongState, OutsideWindow."""
    shop = await shop_in(scope, shop_id, lock=True)
    day = planned_on or shop.planned_on
    check_day(shop, day, now)
    changes = {"planned_on": day, "due_at": due_of(shop, day)}
    if planned_on is not None:
        await queries.replan_assignments({shop_id: planned_on})
    return await move_locked(scope, shop, Move(Event.ACCEPT, Actor.SHOPPER, now, changes))


async def decline(scope: Scope, shop_id: UUID, now: datetime) -> Shop:
    """The shopper does not take an offer; it is nobody's again. Raises NotFound, OnHold, WrongState."""
    return await fire(scope, shop_id, Move(Event.DECLINE, Actor.SHOPPER, now))


async def give_back(scope: Scope, shop_id: UUID, event: Event, actor: Actor, now: datetime, reason: str = "") -> Shop:
    """A shop comes back to the board and its assignment ends. event: SHOPPER_CANCEL or UNASSIGN; reason: a code.

    Raises NotFound, OnHold, WrongState, WrongActor. Late, it proposes a mark, which a person then decides.
    """
    return await fire(scope, shop_id, Move(event, actor, now, detail={"reason": reason}))


async def _locked(scope: Scope, shop_id: UUID, event: Event) -> Shop:
    """The shop, locked. Of two shoppers who take it at once the slower one's row is no longer theirs to touch."""
    try:
        return await shop_in(scope, shop_id, lock=True)
    except NotFound:
        if event is not Event.SELF_ASSIGN:
            raise
        taken = await shop_in(scope, shop_id)
        raise WrongState(taken.state, event) from None


async def _may_have(scope: Scope, shopper_ids: "set[UUID] | list[UUID]") -> set[UUID]:
    if scope.shopper_id is not None and set(shopper_ids) != {scope.shopper_id}:
        return set()
    return await queries.working_shoppers(scope, list(shopper_ids))


def _plan(shop: Shop, taking: Taking, actor: Actor, event: Event, now: datetime) -> Planned:
    """The move that gives somebody a shop: its day, when the report is due, and the papers that are current now."""
    if event not in TAKING:
        raise ValueError(f"{event} gives nobody a shop")
    if event is Event.SELF_ASSIGN and not shop.is_self_assign:
        raise MustApply
    if not shop.is_place_open:
        raise PlaceClosed
    changes = {
        "planned_on": taking.planned_on,
        "due_at": due_of(shop, taking.planned_on),
        "version_id": shop.campaign_version_id,
        "guideline_id": shop.campaign_guideline_id,
    }
    chosen = planned(shop, Move(event, actor, now, changes, {"is_override": bool(taking.override_reason)}))
    check_day(shop, taking.planned_on, now)
    return chosen
