"""What somebody wants to happen to a shop, and what it comes to once the machine has been asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from .machine import Actor, Event, Mode, OnHold, State, transition
from .shops import Shop, timers_of


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


@dataclass(frozen=True, slots=True)
class Taking:
    """Who is to make a shop. household_index: as it is now; where it is left out, the profile's own is taken.

    stop: of shops that are given as one round, the round and the place in it, from 1. shown_from: from when on the
    shopper sees it, where that is not at once.
    """

    shopper_id: UUID
    household_index: bytes | None = None
    mode: Mode | str = Mode.MANUAL
    planned_on: date | None = None
    override_reason: str = ""
    stop: tuple[UUID, int] | None = None
    shown_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A move that the machine allows: the shop as it is before, and where it goes."""

    shop: Shop
    target: State
    move: Move
    timers: Mapping[Event, datetime]


@dataclass(frozen=True, slots=True)
class Effects:
    """What became of many shops: the ids that moved, and by reason those that did not.

    Reasons: missing, on_hold, wrong_state, wrong_actor, outside_window, place_closed, no_shopper, must_apply.
    """

    done: tuple[UUID, ...]
    skipped: Mapping[str, tuple[UUID, ...]]


def planned(shop: Shop, move: Move) -> Planned:
    """Ask the machine. Raises OnHold, WrongState, WrongActor."""
    if shop.is_on_hold:
        raise OnHold
    target = transition(shop.state, move.event, move.actor).target
    due_at = move.changes.get("due_at")
    moment = due_at if isinstance(due_at, datetime) else None
    return Planned(shop, target, move, timers_of(shop, target, moment, move.now) | _release_of(shop, move))


def _release_of(shop: Shop, move: Move) -> dict[Event, datetime]:
    """When an approved report leaves by itself, where its campaign says so. One that was recalled does not.

    It is no line of the clock's: it leaves on the word of the editor who approved it, and releases carries that out.
    """
    if move.event is not Event.APPROVE or shop.release_hours is None:
        return {}
    return {Event.RELEASE: move.now + timedelta(hours=shop.release_hours)}
