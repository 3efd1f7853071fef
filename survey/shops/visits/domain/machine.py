"""The life of one shop: states, events, who may cause them. One table; every change of state goes through it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from survey.db.errors import Conflict


class State(StrEnum):
    """Where a shop stands."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    OFFERED = "OFFERED"
    ASSIGNED = "ASSIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    SUBMITTED = "SUBMITTED"
    IN_REVIEW = "IN_REVIEW"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    RELEASED = "RELEASED"
    REJECTED = "REJECTED"
    EXCLUDED = "EXCLUDED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


class Event(StrEnum):
    """What can happen to a shop."""

    PUBLISH = "publish"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    APPROVE_APPLICATION = "approve_application"
    SELF_ASSIGN = "self_assign"
    ASSIGN = "assign"
    START = "start"
    SHOPPER_CANCEL = "shopper_cancel"
    UNASSIGN = "unassign"
    SUBMIT = "submit"
    PICK_UP = "pick_up"
    DROP = "drop"
    RETURN = "return"
    RESUBMIT = "resubmit"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    REJECT = "reject"
    EXCLUDE = "exclude"
    REOPEN = "reopen"
    RELEASE = "release"
    RECALL = "recall"
    APPEAL_CHANGED = "appeal_changed"
    CONTEST_UPHELD = "contest_upheld"
    CANCEL = "cancel"
    OFFER_TIMEOUT = "offer_timeout"
    WINDOW_ENDED = "window_ended"
    OVERDUE = "overdue"
    RETURN_TIMEOUT = "return_timeout"
    APPEAL_WINDOW_OVER = "appeal_window_over"


class AssignmentState(StrEnum):
    """Where an assignment stands. Of one shop at most one is offered, held or done."""

    OFFERED = "offered"
    HELD = "held"
    DONE = "done"
    DECLINED = "declined"
    GIVEN_BACK = "given_back"
    TAKEN_BACK = "taken_back"
    FLAKED = "flaked"  # not made, and a person has decided that it counts


class Mode(StrEnum):
    """How an assignment came about."""

    OFFER = "offer"
    APPLICATION = "application"
    SELF = "self"
    MANUAL = "manual"


class Actor(StrEnum):
    """Who causes an event. Administrators and managers of the affiliate may do what schedulers and editors do."""

    SHOPPER = "shopper"
    SCHEDULER = "scheduler"
    EDITOR = "editor"
    TIMER = "timer"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the machine."""

    source: State
    event: Event
    target: State
    actors: frozenset[Actor]


def _lines(source: State, *lines: tuple[Event, State, Actor]) -> Iterator[Transition]:
    for event, target, *actors in lines:
        yield Transition(source, event, target, frozenset(actors))


_S, _E, _A = State, Event, Actor
_SCHEDULER, _SHOPPER, _EDITOR, _TIMER = _A.SCHEDULER, _A.SHOPPER, _A.EDITOR, _A.TIMER

MACHINE: tuple[Transition, ...] = (
    *_lines(
        _S.DRAFT,
        (_E.PUBLISH, _S.OPEN, _SCHEDULER),
        (_E.CANCEL, _S.CANCELLED, _SCHEDULER),
    ),
    *_lines(
        _S.OPEN,
        (_E.OFFER, _S.OFFERED, _SCHEDULER),
        (_E.APPROVE_APPLICATION, _S.ASSIGNED, _SCHEDULER),
        (_E.ASSIGN, _S.ASSIGNED, _SCHEDULER),
        (_E.SELF_ASSIGN, _S.ASSIGNED, _SHOPPER),
        (_E.CANCEL, _S.CANCELLED, _SCHEDULER),
        (_E.WINDOW_ENDED, _S.EXPIRED, _TIMER),
    ),
    *_lines(
        _S.OFFERED,
        (_E.ACCEPT, _S.ASSIGNED, _SHOPPER),
        (_E.DECLINE, _S.OPEN, _SHOPPER),
        (_E.OFFER_TIMEOUT, _S.OPEN, _TIMER),
        (_E.UNASSIGN, _S.OPEN, _SCHEDULER),
        (_E.CANCEL, _S.CANCELLED, _SCHEDULER),
    ),
    *_lines(
        _S.ASSIGNED,
        (_E.START, _S.IN_PROGRESS, _SHOPPER),
        (_E.SHOPPER_CANCEL, _S.OPEN, _SHOPPER),
        (_E.UNASSIGN, _S.OPEN, _SCHEDULER),
        (_E.OVERDUE, _S.OPEN, _TIMER),
        (_E.CANCEL, _S.CANCELLED, _SCHEDULER),
    ),
    *_lines(
        _S.IN_PROGRESS,
        (_E.SUBMIT, _S.SUBMITTED, _SHOPPER),
        (_E.SHOPPER_CANCEL, _S.OPEN, _SHOPPER),
        (_E.UNASSIGN, _S.OPEN, _SCHEDULER),
        (_E.OVERDUE, _S.OPEN, _TIMER),
        (_E.CANCEL, _S.CANCELLED, _SCHEDULER),
    ),
    *_lines(_S.SUBMITTED, (_E.PICK_UP, _S.IN_REVIEW, _EDITOR)),
    *_lines(
        _S.IN_REVIEW,
        (_E.RETURN, _S.RETURNED, _EDITOR),
        (_E.APPROVE, _S.APPROVED, _EDITOR),
        (_E.REJECT, _S.REJECTED, _EDITOR),
        (_E.EXCLUDE, _S.EXCLUDED, _EDITOR),
        (_E.DROP, _S.SUBMITTED, _EDITOR),
    ),
    *_lines(
        _S.RETURNED,
        (_E.RESUBMIT, _S.SUBMITTED, _SHOPPER),
        (_E.TAKE_BACK, _S.IN_REVIEW, _EDITOR),
        (_E.RETURN_TIMEOUT, _S.SUBMITTED, _TIMER),  # back into the queue: a person decides what it is worth
    ),
    *_lines(
        _S.APPROVED,
        (_E.RELEASE, _S.RELEASED, _EDITOR),
        (_E.REOPEN, _S.IN_REVIEW, _EDITOR),
        (_E.EXCLUDE, _S.EXCLUDED, _EDITOR),
    ),
    *_lines(
        _S.RELEASED,
        (_E.APPEAL_CHANGED, _S.RELEASED, _EDITOR),
        (_E.RECALL, _S.APPROVED, _EDITOR),
        (_E.EXCLUDE, _S.EXCLUDED, _EDITOR),
        (_E.APPEAL_WINDOW_OVER, _S.CLOSED, _TIMER),
    ),
    *_lines(_S.REJECTED, (_E.CONTEST_UPHELD, _S.IN_REVIEW, _EDITOR)),
)

LINES: Mapping[tuple[State, Event], Transition] = {(line.source, line.event): line for line in MACHINE}

CLIENT_VISIBLE = frozenset({State.RELEASED, State.CLOSED})  # and not on hold
PAYABLE = frozenset({State.APPROVED, State.RELEASED, State.CLOSED, State.EXCLUDED})
TERMINAL = frozenset({State.EXCLUDED, State.CLOSED, State.CANCELLED, State.EXPIRED})
HELD = frozenset({State.OFFERED, State.ASSIGNED, State.IN_PROGRESS, State.RETURNED})

# Which timers a state has; entering any other state removes the rest.
TIMERS: Mapping[State, frozenset[Event]] = {
    State.OPEN: frozenset({Event.WINDOW_ENDED}),
    State.OFFERED: frozenset({Event.OFFER_TIMEOUT}),
    State.ASSIGNED: frozenset({Event.OVERDUE}),
    State.IN_PROGRESS: frozenset({Event.OVERDUE}),
    State.RETURNED: frozenset({Event.RETURN_TIMEOUT}),
    State.RELEASED: frozenset({Event.APPEAL_WINDOW_OVER}),
}


# What becomes of the assignment that stands. Lateness is a fact here; a mark for it is proposed, and a person decides.
ASSIGNMENTS: Mapping[Event, AssignmentState] = {
    Event.ACCEPT: AssignmentState.HELD,
    Event.DECLINE: AssignmentState.DECLINED,
    Event.OFFER_TIMEOUT: AssignmentState.TAKEN_BACK,
    Event.SHOPPER_CANCEL: AssignmentState.GIVEN_BACK,
    Event.UNASSIGN: AssignmentState.TAKEN_BACK,
    Event.OVERDUE: AssignmentState.TAKEN_BACK,
    Event.CANCEL: AssignmentState.TAKEN_BACK,
    Event.SUBMIT: AssignmentState.DONE,
    Event.RETURN: AssignmentState.HELD,
    Event.RESUBMIT: AssignmentState.DONE,
    Event.TAKE_BACK: AssignmentState.DONE,
    Event.RETURN_TIMEOUT: AssignmentState.DONE,
}
LET_GO = frozenset({Event.DECLINE, Event.OFFER_TIMEOUT, Event.SHOPPER_CANCEL, Event.OVERDUE})  # not by a scheduler
CAME_BACK = frozenset({Event.SHOPPER_CANCEL, Event.UNASSIGN, Event.OVERDUE})  # somebody had it, nobody made it


class WrongState(Conflict):
    """The shop is not where this can happen to it; somebody else was faster, or the page was old."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event} cannot happen to a shop that is {state}")
        self.state = state
        self.event = event


class WrongActor(Conflict):
    """This is somebody else's to do."""

    def __init__(self, actor: Actor, event: Event) -> None:
        super().__init__(f"{event} is not for a {actor}")
        self.actor = actor
        self.event = event


class OnHold(Conflict):
    """The shop is on hold: nothing but lifting the hold may happen to it."""

    def __init__(self) -> None:
        super().__init__("this shop is on hold")


class MustApply(Conflict):
    """The campaign's shops are given out by a scheduler; nobody takes one without asking."""

    def __init__(self) -> None:
        super().__init__("this shop has to be applied for")


class PlaceClosed(Conflict):
    """The shop's place is closed: nobody is sent there, whatever rules are set aside."""

    def __init__(self) -> None:
        super().__init__("the place of this shop is closed")


class OutsideWindow(Conflict):
    """The visit cannot be planned for that day, or for any day any more."""

    def __init__(self, planned_on: date | None) -> None:
        super().__init__("the day lies outside the shop's window" if planned_on else "the shop's window is over")
        self.planned_on = planned_on


def transition(state: State, event: Event, actor: Actor) -> Transition:
    """The line of the machine. Raises WrongState, WrongActor."""
    line = LINES.get((state, event))
    if line is None:
        raise WrongState(state, event)
    if actor not in line.actors:
        raise WrongActor(actor, event)
    return line
