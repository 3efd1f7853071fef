"""Marks against a shopper. A machine only proposes one; a person decides, and the shopper may contest it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    REJECTED = "rejected"  # the report was rejected, and the editor thinks that it should count


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
    REMOVE = "remove"  # what it rested on has been overturned


MARKS: Mapping[tuple[MarkState, MarkEvent], MarkState] = {
    (MarkState.PROPOSED, MarkEvent.CONFIRM): MarkState.CONFIRMED,
    (MarkState.PROPOSED, MarkEvent.DISMISS): MarkState.DISMISSED,
    (MarkState.PROPOSED, MarkEvent.CONTEST): MarkState.CONTESTED,
    (MarkState.CONFIRMED, MarkEvent.CONTEST): MarkState.CONTESTED,
    (MarkState.CONTESTED, MarkEvent.CONFIRM): MarkState.UPHELD,
    (MarkState.CONTESTED, MarkEvent.DISMISS): MarkState.DISMISSED,
    **{
        (state, MarkEvent.REMOVE): MarkState.DISMISSED
        for state in (MarkState.PROPOSED, MarkState.CONFIRMED, MarkState.CONTESTED, MarkState.UPHELD)
    },
}
UNDECIDED = frozenset({MarkState.PROPOSED, MarkState.CONTESTED})
COUNTING = frozenset({MarkState.CONFIRMED, MarkState.UPHELD})


class DecisionReason(StrEnum):
    """Why staff decided so; the shopper reads it."""

    NO_WORD = "no_word"
    HAPPENED_BEFORE = "happened_before"
    KNEW_BETTER = "knew_better"
    ILLNESS = "illness"
    PLACE_CLOSED = "place_closed"
    OUR_MISTAKE = "our_mistake"
    FIRST_TIME = "first_time"
    OVERTURNED = "overturned"  # of no list: it follows from a contest that was upheld


class ContestReason(StrEnum):
    """What the shopper says against it."""

    ILLNESS = "illness"
    PLACE_CLOSED = "place_closed"
    REPORT_NOT_SENT = "report_not_sent"
    TOLD_SCHEDULER = "told_scheduler"
    NEVER_ACCEPTED = "never_accepted"
    REPORT_WAS_RIGHT = "report_was_right"


KIND_WORDS: Mapping[MarkKind, str] = {
    MarkKind.NO_SHOW: "Took the shop and did not make it",
    MarkKind.LATE_CANCEL: "Gave the shop back when the day had come",
    MarkKind.REJECTED: "Handed in a report that was rejected",
}
DECISION_WORDS: Mapping[MarkEvent, Mapping[DecisionReason, str]] = {
    MarkEvent.CONFIRM: {
        DecisionReason.NO_WORD: "No word from the shopper",
        DecisionReason.HAPPENED_BEFORE: "It has happened before",
        DecisionReason.KNEW_BETTER: "The guideline had said how",
    },
    MarkEvent.DISMISS: {
        DecisionReason.ILLNESS: "The shopper was ill",
        DecisionReason.PLACE_CLOSED: "The place was closed",
        DecisionReason.OUR_MISTAKE: "The mistake was ours",
        DecisionReason.FIRST_TIME: "It was the first time",
    },
}
CONTEST_WORDS: Mapping[ContestReason, str] = {
    ContestReason.ILLNESS: "I was ill",
    ContestReason.PLACE_CLOSED: "The place was closed",
    ContestReason.REPORT_NOT_SENT: "I went there, but the report could not be sent",
    ContestReason.TOLD_SCHEDULER: "I told the scheduler in time",
    ContestReason.NEVER_ACCEPTED: "I never took this shop",
    ContestReason.REPORT_WAS_RIGHT: "The report was right",
}
OVERTURNED_WORDS = "The rejection was overturned"
STATE_WORDS: Mapping[MarkState, str] = {
    MarkState.PROPOSED: "Nobody has decided yet; it counts for nothing",
    MarkState.CONFIRMED: "It counts",
    MarkState.CONTESTED: "You have answered, and somebody will decide anew; it counts for nothing until then",
    MarkState.UPHELD: "It counts; somebody has looked at it twice",
    MarkState.DISMISSED: "It does not count",
}


class MarkSettled(Conflict):
    """The mark is not where this can happen to it."""

    def __init__(self, state: MarkState) -> None:
        super().__init__(f"this mark is {state.lower()}")
        self.state = state


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark. reason and contest are codes of the two lists above, or empty; codes stand for shopper and shop.

    words: what the shopper wrote beside the code, sealed.
    """

    id: UUID
    shopper_id: UUID
    shopper_code: str
    shop_id: UUID
    shop_ref: str
    assignment_id: UUID
    kind: MarkKind
    state: MarkState
    reason: str
    contest: str
    proposed_at: datetime
    decided_at: datetime | None
    words: bytes | None = field(default=None, repr=False)
    place: str = ""


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


def reason_words(mark: Mark) -> str:
    """Why staff decided so, in words; empty while nobody has."""
    if mark.reason == DecisionReason.OVERTURNED:
        return OVERTURNED_WORDS
    return next((words[reason] for words in DECISION_WORDS.values() for reason in words if reason == mark.reason), "")
