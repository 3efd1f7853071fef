"""Taking back an act on many shops within half a minute. What has moved since is left as it is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from survey.db import Scope, connection
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event

from .. import queries
from ..domain import WAITING, Action, Before, Kind, TooLate
from .notes import note
from .notices import messages_of, unsay
from .windows import window_back

Undo = Callable[[Scope, Action, Mapping[UUID, Before], datetime], Awaitable[int]]


async def undo(scope: Scope, action_id: UUID, now: datetime) -> None:
    """Put back what was there, where nothing has moved since. Twice is once. Raises NotFound, TooLate.

    Whoever did it may undo it, and any colleague who was told to.
    """
    action = await queries.action_in(scope, action_id, lock=True)
    if action.undone_at is not None:
        return
    if not action.can_be_undone(now):
        raise TooLate
    count = await _UNDOS[action.kind](scope, action, await _unmoved(scope, action), now)
    await queries.mark_undone(scope, action_id, count, now)
    await note(scope, "bulk.undo", "bulk_action", action_id, now, shops=count)


async def _unmoved(scope: Scope, action: Action) -> dict[UUID, Before]:
    """Shops that are still at the revision which the act left."""
    if action.kind is Kind.MESSAGE or action.kind in WAITING:
        return {}
    before = {UUID(shop_id): values for shop_id, values in action.before.items()}
    revisions = await queries.revisions_of(scope, list(before))
    return {shop_id: values for shop_id, values in before.items() if revisions.get(shop_id) == values["revision"]}


async def _give_back(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    effects = await visits.fire_many(scope, shops, Event.UNASSIGN, Actor.SCHEDULER, now, detail={"reason": "undo"})
    await queries.forget_returns(scope, {each: _number(shops[each], "unassign_count") for each in effects.done})
    await queries.reopen_applications(scope, effects.done, action.done_at)
    return len(effects.done)


async def _stop(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    """Make no further offers, also where one is out by now, which stands."""
    begun = [UUID(shop_id) for shop_id in action.before]
    ended = await queries.end_offerings(scope, begun, "undone", now)
    await _note(scope, "shop.auto_offer_stop", ended, now)
    return len(ended)


async def _plan_back(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    reasons = {each: str(values["override_reason"]) for each, values in shops.items() if "override_reason" in values}
    stops = {each: _place(values) for each, values in shops.items() if "round_id" in values}
    days = {each: _day(values) for each, values in shops.items()}
    dues = {each: _moment(values.get("due_at")) for each, values in shops.items()}
    effects = await visits.plan_many(scope, days, now, reasons, stops, dues)
    return len(effects.done)


async def _pay_back(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    old = {each: (_number(values, "fee_cents"), _number(values, "bonus_cents")) for each, values in shops.items()}
    await queries.write_pay(scope, old)
    await _note(scope, "shop.pay", list(old), now)
    return len(old)


async def _let_go(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    await queries.lift_holds(scope, list(shops))
    await _note(scope, "shop.lift_hold", list(shops), now)
    return len(shops)


async def _unsay(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    return await unsay(scope, action, messages_of(action))


async def _keep(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    """What has not taken effect yet: that it is undone is all there is to it."""
    return len(action.wanted)


async def _keep_in_silence(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    """The same, and the note that was to go with it is gone."""
    await unsay(scope, action, messages_of(action))
    return await _keep(scope, action, shops, now)


_UNDOS: Mapping[Kind, Undo] = {
    Kind.ASSIGN: _give_back,
    Kind.OFFER: _give_back,
    Kind.LINES: _give_back,
    Kind.AUTO_OFFER: _stop,
    Kind.PLAN: _plan_back,
    Kind.WINDOW: window_back,
    Kind.PAY: _pay_back,
    Kind.BONUS: _pay_back,
    Kind.HOLD: _let_go,
    Kind.MESSAGE: _unsay,
    Kind.OPEN: _keep,
    Kind.CANCEL: _keep,
    Kind.TAKE_BACK: _keep_in_silence,
}


async def _note(scope: Scope, action: str, shop_ids: Sequence[UUID], now: datetime) -> None:
    events = [
        AuditEvent(
            scope.affiliate_id, scope.actor_kind, scope.account_id, action, "shop", shop_id, detail={"reason": "undo"}
        )
        for shop_id in shop_ids
    ]
    await record_many(connection(), events, now)


def _number(values: Before, name: str) -> int:
    return int(values[name] or 0)


def _day(values: Before) -> date | None:
    return date.fromisoformat(str(values["planned_on"])) if values["planned_on"] else None


def _place(values: Before) -> tuple[UUID, int] | None:
    return (UUID(str(values["round_id"])), _number(values, "round_place")) if values["round_id"] else None


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
