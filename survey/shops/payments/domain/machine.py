"""The life of one pay item: states, events, who may cause them. One table; every change of state goes through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a pay item stands."""

    PROSPECTIVE = "PROSPECTIVE"  # the report is in, nobody has judged it
    PAYABLE = "PAYABLE"  # owed
    PENDING = "PENDING"  # in a batch for the bank
    PAID = "PAID"
    VOID = "VOID"  # not owed, for a reason that the shopper reads
    REVERSED = "REVERSED"  # paid, and the money came back


class Event(StrEnum):
    """What can happen to a pay item."""

    APPROVE = "approve"
    VOID = "void"
    BATCH = "batch"
    TAKE_OUT = "take_out"
    PAY = "pay"
    REVERSE = "reverse"
    PAY_AGAIN = "pay_again"
    RESTORE = "restore"


class Actor(StrEnum):
    """Who causes an event. No client is among them: what a client contests never touches pay by itself."""

    EDITOR = "editor"
    PAYROLL = "payroll"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the machine."""

    source: State
    event: Event
    target: State
    actors: frozenset[Actor]


class WrongState(Exception):
    """The item is not where this can happen to it; somebody else was faster, or the page was old."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event} cannot happen to a pay item that is {state}")
        self.state = state
        self.event = event


class WrongActor(Exception):
    """This is somebody else's to do."""

    def __init__(self, actor: Actor, event: Event) -> None:
        super().__init__(f"{event} is not for {actor}")
        self.actor = actor
        self.event = event


def _lines(source: State, *lines: tuple[Event, State, tuple[Actor, ...]]) -> Iterator[Transition]:
    for event, target, actors in lines:
        yield Transition(source, event, target, frozenset(actors))


_S, _E = State, Event
_EDITOR, _PAYROLL, _EITHER = (Actor.EDITOR,), (Actor.PAYROLL,), (Actor.EDITOR, Actor.PAYROLL)

MACHINE: tuple[Transition, ...] = (
    *_lines(
        _S.PROSPECTIVE,
        (_E.APPROVE, _S.PAYABLE, _EDITOR),
        (_E.VOID, _S.VOID, _EITHER),
    ),
    *_lines(
        _S.PAYABLE,
        (_E.BATCH, _S.PENDING, _PAYROLL),
        (_E.VOID, _S.VOID, _EITHER),
    ),
    *_lines(
        _S.PENDING,
        (_E.PAY, _S.PAID, _PAYROLL),
        (_E.TAKE_OUT, _S.PAYABLE, _PAYROLL),
    ),
    *_lines(_S.PAID, (_E.REVERSE, _S.REVERSED, _PAYROLL)),
    # Money that came back is still owed: somebody mends the account and pays again.
    *_lines(_S.REVERSED, (_E.PAY_AGAIN, _S.PAYABLE, _PAYROLL)),
    # A rejection that was contested and overturned: what was promised is promised again, what was owed is owed again.
    *_lines(
        _S.VOID,
        (_E.RESTORE, _S.PROSPECTIVE, _EDITOR),
        (_E.APPROVE, _S.PAYABLE, _EDITOR),
    ),
)
LINES = {(line.source, line.event): line for line in MACHINE}
STANDING = frozenset({State.PAYABLE, State.PENDING, State.PAID, State.REVERSED})  # an editor has said that it is owed
UNPAID = frozenset({State.PROSPECTIVE, State.PAYABLE, State.PENDING})


def transition(state: State, event: Event, actor: Actor) -> State:
    """Where the event leads. Raises WrongState, WrongActor."""
    line = LINES.get((state, event))
    if line is None:
        raise WrongState(state, event)
    if actor not in line.actors:
        raise WrongActor(actor, event)
    return line.target


def sources_of(event: Event, actor: Actor) -> list[State]:
    """Where an item may stand for this to happen to it: what a statement on many items asks for."""
    return [line.source for line in MACHINE if line.event is event and actor in line.actors]


def target_of(event: Event) -> State:
    """Where the event leads, from wherever it may happen; each event of this machine has one target."""
    return next(line.target for line in MACHINE if line.event is event)
