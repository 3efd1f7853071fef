"""Putting a shop on hold and lifting the hold. Both may be said twice."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record
from survey.db import Scope, connection

from .. import queries
from ..domain import HoldReason, Shop, check_hold


async def hold(scope: Scope, shop_id: UUID, reason: HoldReason, now: datetime) -> None:
    """Let nothing happen to a shop, nor a client see it, until the hold is lifted. Raises NotFound, Ended."""
    shop = await queries.shop_in(scope, shop_id, lock=True)
    if shop.is_on_hold:
        return
    check_hold(shop.state)
    await queries.write_hold(shop, reason, now, shop.due_at)
    await _record(scope, shop, "hold", now, {"reason": reason.value})


async def lift_hold(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Let the shop go on, and give back the time that the hold took: to its shopper, its editor and its client.

    The window ends when it did: where no visit can be made any more somebody prolongs it. Raises NotFound.
    """
    shop = await queries.shop_in(scope, shop_id, lock=True)
    if not shop.is_on_hold:
        return
    since = shop.hold_since or now
    lost = now - since
    await queries.write_hold(shop, "", None, shop.due_at + lost if shop.due_at else None)
    await queries.shift_timers(shop_id, lost)
    await queries.insert_hold_spell(shop, since, now)
    await _record(scope, shop, "lift_hold", now, {"seconds": int(lost.total_seconds())})


async def _record(scope: Scope, shop: Shop, action: str, now: datetime, detail: dict[str, str | int]) -> None:
    event = AuditEvent(
        shop.affiliate_id, scope.actor_kind, scope.account_id, f"shop.{action}", "shop", shop.id, detail=detail
    )
    await record(connection(), event, now)
