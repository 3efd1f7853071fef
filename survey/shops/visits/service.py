"""Moving a shop: lock, ask the machine, write the state, its timers and the audit event, all in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record
from survey.db import Scope, connection

from . import queries
from .domain import Actor, Event, OnHold, Shop, State, WrongState, timers_of, transition


@dataclass(frozen=True, slots=True)
class Move:
    """What is to happen to a shop, and what is written with it.

    changes: columns of `queries.CHANGES`; detail: ids and codes for the audit event, never words about a person.
    """

    event: Event
    actor: Actor
    now: datetime
    changes: Mapping[str, object] = field(default_factory=dict)
    detail: Mapping[str, str | int | bool | None] = field(default_factory=dict)


async def shop_in(scope: Scope, shop_id: UUID, *, lock: bool = False) -> Shop:
    """A shop. Raises NotFound."""
    return await queries.shop_in(scope, shop_id, lock=lock)


async def fire(scope: Scope, shop_id: UUID, move: Move) -> Shop:
    """Move one shop; returns it as it is now. Raises NotFound, OnHold, WrongState, WrongActor.

    The row is locked first: of two people who want the same shop one finds it moved and gets WrongState.
    """
    shop = await queries.shop_in(scope, shop_id, lock=True)
    return await move_locked(scope, shop, move)


async def move_locked(scope: Scope, shop: Shop, move: Move) -> Shop:
    """The same for a shop that is locked already. Raises OnHold, WrongState, WrongActor."""
    if shop.is_on_hold:
        raise OnHold
    target = transition(shop.state, move.event, move.actor).target
    if not await queries.write_state(shop, target, move.changes, move.now):
        raise WrongState(shop.state, move.event)
    due_at = move.changes.get("due_at")
    moment = due_at if isinstance(due_at, datetime) else None
    await queries.set_timers(shop, timers_of(shop, target, moment, move.now))
    await record(connection(), _audit(scope, shop, target, move), move.now)
    return replace(shop, state=target, due_at=moment or shop.due_at, revision=shop.revision + 1)


def _audit(scope: Scope, shop: Shop, target: State, move: Move) -> AuditEvent:
    detail = {"from": shop.state.value, "to": target.value} | dict(move.detail)
    return AuditEvent(
        shop.affiliate_id, scope.actor_kind, scope.account_id, f"shop.{move.event}", "shop", shop.id, detail=detail
    )
