"""Making a visit anew, after its report was rejected or excluded or where a client asks: one shop for another, once."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from privacy.crypto import random_bytes
from survey.db import Conflict, Scope, connection
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Move, State

from .. import queries
from ..domain import (
    Days,
    Kin,
    NotReshot,
    Origin,
    Terms,
    bytes_for,
    check_days,
    check_origin,
    check_seen,
    ref_prefix,
    refs_of,
    windows,
)


async def reshoot_if_room(scope: Scope, shop_id: UUID, now: datetime) -> UUID | None:
    """Open another shop within the window of one that was rejected; its id. Twice is once. Raises NotFound.

    None where the window has no room, or campaign or location have closed: then a scheduler may open it by hand.
    """
    await visits.shop_in(scope, shop_id, lock=True)
    origin = await queries.origin_in(scope, shop_id)
    if origin.new_id is not None:
        return origin.new_id
    try:
        check_origin(origin)
    except NotReshot:
        return None
    if not origin.has_room(now):
        return None
    return await _make(scope, origin, (max(origin.window_start, now), origin.window_end), False, now)


async def reshoot(scope: Scope, shop_id: UUID, days: Days, now: datetime) -> UUID:
    """The same by hand, with a window of its own. Twice is once. Raises NotFound, NotReshot."""
    shop = await visits.shop_in(scope, shop_id, lock=True)
    if shop.is_on_hold:
        raise NotReshot("the shop is on hold")
    origin = await queries.origin_in(scope, shop_id)
    if origin.new_id is not None:
        return origin.new_id
    check_origin(origin)
    return await _make(scope, origin, _window(origin, days, now), True, now)


async def reshoot_for_client(scope: Scope, shop_id: UUID, terms: Terms, now: datetime) -> UUID:
    """Another visit in the place of one whose report a client reads; that report stays. Raises NotFound, NotReshot."""
    await visits.shop_in(scope, shop_id, lock=True)
    origin = await queries.origin_in(scope, shop_id)
    check_seen(origin)
    made = await _make(scope, origin, _window(origin, terms.days, now), True, now)
    await queries.write_fee(scope, made, terms.fee_cents)
    return made


async def kin_of(scope: Scope, shop_id: UUID) -> Kin:
    """What stands in a shop's place, and in whose it stands. Raises NotFound."""
    return await queries.kin_of(scope, shop_id)


async def reshoot_of(scope: Scope, shop_id: UUID) -> Origin:
    """A shop as far as making its visit anew needs it. Raises NotFound."""
    return await queries.origin_in(scope, shop_id)


async def withdraw_reshoot(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """A report stands after all: cancel the shop in its place while nobody has it. False where none was cancelled.

    One that somebody has, or that is on hold, goes on: whoever is to know sees it on both shops' pages.
    """
    new_id = (await queries.origin_in(scope, shop_id)).new_id
    if new_id is None:
        return False
    shop = await visits.shop_in(scope, new_id, lock=True)
    if shop.state is not State.OPEN or shop.is_on_hold:
        return False
    detail = {"reason": "origin_stands"}
    await visits.move_locked(scope, shop, Move(Event.CANCEL, Actor.SCHEDULER, now, detail=detail))
    # The report may be rejected again, and its visit made anew then.
    await queries.untie_reshoot(scope, new_id)
    return True


def _window(origin: Origin, days: Days, now: datetime) -> tuple[datetime, datetime]:
    check_days(days)
    [window] = windows(days.first, days.last, [origin.time_zone], [origin.daypart])
    if window.closes <= now:
        raise NotReshot("the last day is over")
    return max(window.opens, now), window.closes


async def _make(
    scope: Scope, origin: Origin, window: tuple[datetime, datetime], is_by_hand: bool, now: datetime
) -> UUID:
    public_ref = await _free_ref(scope)
    made = await queries.make_reshoot(scope, origin.id, public_ref, window, now)
    await queries.tie_reshoot(scope, made, origin.id, is_by_hand, now)
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    detail = {"is_by_hand": is_by_hand}
    events = [
        AuditEvent(*actor, "shop.reshoot", "shop", made, detail={"origin": str(origin.id), **detail}),
        AuditEvent(*actor, "shop.made_anew", "shop", origin.id, detail={"shop": str(made), **detail}),
    ]
    await record_many(connection(), events, now)
    return made


async def _free_ref(scope: Scope) -> str:
    drawn = refs_of(ref_prefix(await queries.slug_of(scope)), random_bytes(bytes_for(1)))
    taken = await queries.taken_refs(scope, drawn)
    free = [ref for ref in drawn if ref not in taken]
    if not free:
        raise Conflict("no reference is free")
    return free[0]
