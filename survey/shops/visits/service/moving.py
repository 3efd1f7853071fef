"""Moving shops: lock, ask the machine, write the states, what follows from them, and the audit events, all at once.

One shop or a thousand cost the same number of statements; `fire` is `carry_out` with one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from survey.db import Scope, connection

from .. import queries
from ..domain import (
    ASSIGNMENTS,
    Actor,
    AssignmentState,
    Effects,
    Event,
    Move,
    OnHold,
    OutsideWindow,
    PlaceClosed,
    Planned,
    Shop,
    State,
    Taking,
    WrongActor,
    WrongState,
    campaign_end,
    planned,
    proposed_mark,
)
from .applications import settle

NOBODYS = frozenset({State.OPEN, State.CANCELLED, State.EXPIRED})
SETTLING = frozenset({State.ASSIGNED, State.CANCELLED, State.EXPIRED})  # what ends the applications that wait
REASONS: Mapping[type[Exception], str] = {
    OnHold: "on_hold", WrongState: "wrong_state", WrongActor: "wrong_actor", OutsideWindow: "outside_window",
    PlaceClosed: "place_closed",
}  # fmt: skip


async def shop_in(scope: Scope, shop_id: UUID, *, lock: bool = False) -> Shop:
    """A shop. Raises NotFound."""
    return await queries.shop_in(scope, shop_id, lock=lock)


async def fire(scope: Scope, shop_id: UUID, move: Move) -> Shop:
    """Move one shop; returns it as it is now. Raises NotFound, OnHold, WrongState, WrongActor.

    The row is locked first: of two people who want the same shop one finds it moved and gets WrongState. Whatever the
    event means for the assignment that stands and for applications happens too.
    """
    shop = await queries.shop_in(scope, shop_id, lock=True)
    return await move_locked(scope, shop, move)


async def move_locked(scope: Scope, shop: Shop, move: Move) -> Shop:
    """The same for a shop that is locked already. Raises OnHold, WrongState, WrongActor."""
    chosen = planned(shop, move)
    await carry_out(scope, [chosen], move.now)
    due_at = move.changes.get("due_at", None if chosen.target is State.OPEN else shop.due_at)
    moment = due_at if isinstance(due_at, datetime) else None
    moved = replace(shop, state=chosen.target, due_at=moment, revision=shop.revision + 1)
    # A longer window goes with whoever it was granted to; the database does the same.
    return replace(moved, window_end=campaign_end(shop), stretched_from=None) if chosen.target in NOBODYS else moved


async def fire_many(  # noqa: PLR0913  (what one move says, for many shops)
    scope: Scope,
    shop_ids: Iterable[UUID],
    event: Event,
    actor: Actor,
    now: datetime,
    changes: Mapping[str, object] | None = None,
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> Effects:
    """Move those of the shops that can be moved, in a fixed number of statements, and say what became of the rest."""
    wanted = dict.fromkeys(shop_ids)
    move = Move(event, actor, now, changes or {}, detail or {})
    shops = await queries.shops_of(scope, list(wanted), lock=True)
    chosen, skipped = sorted_out(wanted, shops, lambda shop: planned(shop, move))
    await carry_out(scope, chosen, now)
    return Effects(tuple(each.shop.id for each in chosen), skipped)


async def carry_out(
    scope: Scope, moves: Sequence[Planned], now: datetime, takings: Mapping[UUID, Taking] | None = None
) -> None:
    """Write moves of locked shops with all that follows. takings: who is to have a shop, by shop. Raises WrongState."""
    if not moves:
        return
    if takings:
        # First, because a shopper's role may only write to a shop that is open or its own.
        is_offer = moves[0].target is State.OFFERED
        state = AssignmentState.OFFERED if is_offer else AssignmentState.HELD
        await queries.insert_assignments(scope, takings, state, now)
    written = await queries.write_states(moves, now)
    for move in moves:
        if move.shop.id not in written:
            raise WrongState(move.shop.state, move.move.event)
    await queries.set_timers([move.shop for move in moves], [move.timers for move in moves])
    await _move_assignments(moves, now)
    await record_many(connection(), [_audit(scope, move, (takings or {}).get(move.shop.id)) for move in moves], now)
    await settle(scope, [move.shop.id for move in moves if move.target in SETTLING], now)


def sorted_out(
    wanted: Iterable[UUID], shops: Sequence[Shop], ask: Callable[[Shop], Planned]
) -> tuple[list[Planned], dict[str, tuple[UUID, ...]]]:
    """Ask for each shop; what is refused, and what was not found, by reason."""
    found = {shop.id: shop for shop in shops}
    chosen: list[Planned] = []
    skipped: dict[str, tuple[UUID, ...]] = {}
    for shop_id in wanted:
        reason = "missing"
        if shop_id in found:
            try:
                chosen.append(ask(found[shop_id]))
                continue
            except tuple(REASONS) as refusal:
                reason = REASONS[type(refusal)]
        skipped[reason] = (*skipped.get(reason, ()), shop_id)
    return chosen, skipped


async def _move_assignments(moves: Sequence[Planned], now: datetime) -> None:
    """End or turn the assignments that stand; where somebody let a shop down, propose that it count."""
    states = {move.shop.id: ASSIGNMENTS[move.move.event] for move in moves if move.move.event in ASSIGNMENTS}
    if not states:
        return
    rows = await queries.move_assignments(states, now)
    kinds = {move.shop.id: proposed_mark(move.shop, move.move.event, now) for move in moves}
    marks = [(row, kind) for row in rows if (kind := kinds[row["shop_id"]]) is not None]
    if marks:
        await queries.insert_marks(marks, now)


def _audit(scope: Scope, move: Planned, taking: Taking | None) -> AuditEvent:
    shop = move.shop
    return AuditEvent(
        shop.affiliate_id, scope.actor_kind, scope.account_id, f"shop.{move.move.event}", "shop", shop.id,
        subject_id=taking.shopper_id if taking else None,
        detail={"from": shop.state.value, "to": move.target.value} | dict(move.move.detail),
    )  # fmt: skip
