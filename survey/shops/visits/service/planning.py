"""Other days for shops that somebody has, and timers that fit them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from survey.db import Scope, connection

from .. import queries
from ..domain import HELD, Effects, Event, OnHold, Shop, State, WrongState, check_day, due_of, timers_of, true_moment
from .moving import REASONS

Stops = Mapping[UUID, tuple[UUID, int] | None]
DATED = HELD - {State.RETURNED}  # the visit is still to come


async def plan_many(
    scope: Scope,
    days: Mapping[UUID, date | None],
    now: datetime,
    reasons: Mapping[UUID, str] | None = None,
    stops: Stops | None = None,
    dues: Mapping[UUID, datetime | None] | None = None,
) -> Effects:
    """Another day for shops that are offered, assigned or begun, in a fixed number of statements; days: by shop.

    When the report is due and what happens by itself follow. Skipped: missing, on_hold, wrong_state, outside_window.
    Whether rules allow it is asked before; reasons: by shop, why they were set aside, kept beside it from now on.
    stops: by shop, the round and the place that it has from now on; what is not named keeps its own. dues: by shop,
    when its report was due before, where that is put back: what a hold has given back is in it.
    """
    shops = {shop.id: shop for shop in await queries.shops_of(scope, list(days), lock=True)}
    skipped: dict[str, tuple[UUID, ...]] = {}
    plans: dict[UUID, tuple[date | None, datetime]] = {}
    known = dues or {}
    for shop_id, day in days.items():
        reason = _refusal(shops.get(shop_id), day, now)
        if reason:
            skipped[reason] = (*skipped.get(reason, ()), shop_id)
        else:
            plans[shop_id] = (day, known.get(shop_id) or due_of(shops[shop_id], day))
    if plans:
        kept = {each: stop for each, stop in (stops or {}).items() if each in plans}
        await _write(scope, plans, now, reasons or {}, kept)
        await _record(scope, shops, plans, now, reasons or {}, kept)
    return Effects(tuple(plans), skipped)


async def override_reasons_of(scope: Scope, shop_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Why rules were set aside for whoever has each of the shops; by shop, empty where they were not."""
    return await queries.override_reasons_of(scope, list(shop_ids))


async def rounds_of(scope: Scope, shop_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, int] | None]:
    """Of shops that somebody has, the round that they are in and the place in it; None for one that stands alone."""
    return await queries.rounds_of(scope, list(shop_ids))


async def refresh_timers(scope: Scope, shop_ids: Iterable[UUID], now: datetime) -> None:
    """Set the timers of shops anew after their windows or due times were changed by other means."""
    shops = await queries.shops_of(scope, list(shop_ids), lock=True)
    written = await queries.timers_of([shop.id for shop in shops])
    await queries.set_timers(shops, [_timers(shop, written.get(shop.id, {}), now) for shop in shops])


def _refusal(shop: Shop | None, day: date | None, now: datetime) -> str:
    if shop is None:
        return "missing"
    try:
        if shop.is_on_hold:
            raise OnHold
        if shop.state not in DATED:
            raise WrongState(shop.state, Event.ASSIGN)
        check_day(shop, day, now)
    except tuple(REASONS) as refusal:
        return REASONS[type(refusal)]
    return ""


async def _write(
    scope: Scope,
    plans: Mapping[UUID, tuple[date | None, datetime]],
    now: datetime,
    reasons: Mapping[UUID, str],
    stops: Stops,
) -> None:
    await queries.write_plans(plans)
    await queries.replan_assignments({shop_id: day for shop_id, (day, _) in plans.items()})
    if reasons:
        await queries.write_override_reasons({each: reasons[each] for each in plans if each in reasons})
    if stops:
        await queries.write_rounds(stops)
    await refresh_timers(scope, plans, now)


async def _record(
    scope: Scope,
    shops: Mapping[UUID, Shop],
    plans: Mapping[UUID, tuple[date | None, datetime]],
    now: datetime,
    reasons: Mapping[UUID, str],
    stops: Stops,
) -> None:
    """shops: as they were before."""
    events = [
        AuditEvent(
            scope.affiliate_id, scope.actor_kind, scope.account_id, "shop.plan", "shop", shop_id,
            detail=_told(shops[shop_id].planned_on, day, stops.get(shop_id), is_override=bool(reasons.get(shop_id))),
        )
        for shop_id, (day, _) in plans.items()
    ]  # fmt: skip
    await record_many(connection(), events, now)


def _told(
    old: date | None, day: date | None, stop: tuple[UUID, int] | None, *, is_override: bool
) -> dict[str, str | int | bool | None]:
    place = {"stop": stop[1]} if stop else {}
    days = {"from_day": old.isoformat() if old else None, "planned_on": day.isoformat() if day else None}
    return {**days, "is_override": is_override, **place}


def _timers(shop: Shop, written: Mapping[Event, datetime], now: datetime) -> dict[Event, datetime]:
    """As the machine sets them on entering the state, counted from when that was.

    An offer that a hold has prolonged stays so, but no longer than the window.
    """
    timers = timers_of(shop, shop.state, shop.due_at, min(shop.state_since, now))
    if Event.OFFER_TIMEOUT in timers and Event.OFFER_TIMEOUT in written:
        latest = max(timers[Event.OFFER_TIMEOUT], written[Event.OFFER_TIMEOUT])
        timers[Event.OFFER_TIMEOUT] = min(latest, shop.window_end)
    return {event: true_moment(shop, event, moment) for event, moment in timers.items()}
