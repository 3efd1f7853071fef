"""Marks against a shopper. A machine only proposes one; a person decides, and the shopper may contest it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict

from .machine import Event
from .shops import Shop, free_until


class MarkKind(StrEnum):
    """What somebody is said to have done."""

    NO_SHOW = "no_show"  # took a shop, and neither made it nor gave it back
    LATE_CANCEL = "late_cancel"  # gave it back when the day had come


class MarkState(StrEnum):
    """Where a mark stands. It counts while it is CONFIRMED or UPHELD, and in no other state."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    CONTESTED = "CONTESTED"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"


class MarkEvent(StrEnum):
    """What can happen to a mark."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    CONTEST = "contest"


MARKS: Mapping[tuple[MarkState, MarkEvent], MarkState] = {
    (MarkState.PROPOSED, MarkEvent.CONFIRM): MarkState.CONFIRMED,
    (MarkState.PROPOSED, MarkEvent.DISMISS): MarkState.DISMISSED,
    (MarkState.PROPOSED, MarkEvent.CONTEST): MarkState.CONTESTED,
    (MarkState.CONFIRMED, MarkEvent.CONTEST): MarkState.CONTESTED,
    (MarkState.CONTESTED, MarkEvent.CONFIRM): MarkState.UPHELD,
    (MarkState.CONTESTED, MarkEvent.DISMISS): MarkState.DISMISSED,
}
UNDECIDED = frozenset({MarkState.PROPOSED, MarkState.CONTESTED})
COUNTING = frozenset({MarkState.CONFIRMED, MarkState.UPHELD})


class DecisionReason(StrEnum):
    """Why staff decided so; the shopper reads it."""

    NO_WORD = "no_word"
    HAPPENED_BEFORE = "happened_before"
    ILLNESS = "illness"
    PLACE_CLOSED = "place_closed"
    OUR_MISTAKE = "our_mistake"
    FIRST_TIME = "first_time"


class ContestReason(StrEnum):
    """What the shopper says against it."""

    ILLNESS = "illness"
    PLACE_CLOSED = "place_closed"
    REPORT_NOT_SENT = "report_not_sent"
    TOLD_SCHEDULER = "told_scheduler"
    NEVER_ACCEPTED = "never_accepted"


class MarkSettled(Conflict):
    """The mark is not where this can happen to it."""

    def __init__(self, state: MarkState) -> None:
        super().__init__(f"this mark is {state.lower()}")
        self.state = state


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark. reason and contest are codes of the two lists above, or empty."""

    id: UUID
    shopper_id: UUID
    shop_id: UUID
    assignment_id: UUID
    kind: MarkKind
    state: MarkState
    reason: str
    contest: str
    proposed_at: datetime
    decided_at: datetime | None


def mark_after(state: MarkState, event: MarkEvent) -> MarkState:
    """Where an event leads. Raises MarkSettled."""
    target = MARKS.get((state, event))
    if target is None:
        raise MarkSettled(state)
    return target


def proposed_mark(shop: Shop, event: Event, now: datetime) -> MarkKind | None:
    """What a machine proposes when a shop comes back; shop: as it was before."""
    if event is Event.OVERDUE:
        return MarkKind.NO_SHOW
    if event is Event.SHOPPER_CANCEL and now >= free_until(shop):
        return MarkKind.LATE_CANCEL
    return None
