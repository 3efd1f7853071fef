"""What a client's manager does about a report. The client's own people write it and read it; nobody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict

PLAN_DAYS = 14  # what a plan is given, unless its writer chooses another day
MOST_PLAN_DAYS = 60  # counted from its opening
PLAN_KIND = "appeals.plan"
DUE_SOON_DAYS = 3  # before its day somebody is told once more
OVERDUE_DAYS = 14  # after which nobody is told any more


class PlanState(StrEnum):
    """Where an action plan stands. Overdue is not a state: it follows from the day."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    UNDER_REVIEW = "UNDER_REVIEW"
    RETURNED = "RETURNED"
    RESOLVED = "RESOLVED"


class PlanEvent(StrEnum):
    """What can happen to an action plan."""

    SAVE = "save"
    SUBMIT = "submit"
    TAKE_UP = "take_up"
    RETURN = "return"
    RESOLVE = "resolve"


class Part(StrEnum):
    """Who does it: whoever reads the report writes; somebody higher in the tree than the location judges."""

    WRITER = "writer"
    JUDGE = "judge"


_S, _E = PlanState, PlanEvent
PLANS: Mapping[tuple[PlanState, PlanEvent], tuple[PlanState, Part]] = {
    (_S.OPEN, _E.SAVE): (_S.OPEN, Part.WRITER),
    (_S.OPEN, _E.SUBMIT): (_S.SUBMITTED, Part.WRITER),
    (_S.SUBMITTED, _E.TAKE_UP): (_S.UNDER_REVIEW, Part.JUDGE),
    (_S.UNDER_REVIEW, _E.RETURN): (_S.RETURNED, Part.JUDGE),
    (_S.UNDER_REVIEW, _E.RESOLVE): (_S.RESOLVED, Part.JUDGE),
    (_S.RETURNED, _E.SAVE): (_S.RETURNED, Part.WRITER),
    (_S.RETURNED, _E.SUBMIT): (_S.SUBMITTED, Part.WRITER),
}
PLAN_WORDS: Mapping[str, str] = {
    _S.OPEN: "To be written",
    _S.SUBMITTED: "Handed in",
    _S.UNDER_REVIEW: "Being judged",
    _S.RETURNED: "Sent back",
    _S.RESOLVED: "Done",
}
STEP_WORDS: Mapping[str, str] = {
    "open": "Opened",
    _E.SAVE: "Draft saved",
    _E.SUBMIT: "Handed in",
    _E.TAKE_UP: "Taken up",
    _E.RETURN: "Sent back",
    _E.RESOLVE: "Done",
}
LATE_STATES = (_S.OPEN, _S.RETURNED)


class PlanNews(StrEnum):
    """What a client's people hear of a plan."""

    OPENED = "opened"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CLOSED = "closed"


class WrongPlanState(Conflict):
    """The plan is not where this can happen to it, or this is not the viewer's to do."""

    def __init__(self, state: PlanState, event: PlanEvent) -> None:
        super().__init__(f"{event} cannot happen to a plan that is {state}")
        self.state = state
        self.event = event


class WrongPlanDay(Conflict):
    """The day lies before today, or too far away. first, last: between which it may be."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"choose a day from {first} to {last}")
        self.first = first
        self.last = last


class PlanChanged(Conflict):
    """Somebody else has written to the plan since it was shown."""


@dataclass(frozen=True, slots=True)
class PlanWords:
    """What somebody writes into a plan. due_on: None leaves the day; seen: the plan's own `seen` as it was shown."""

    cause: str = field(default="", repr=False)
    action: str = field(default="", repr=False)
    remark: str = field(default="", repr=False)
    due_on: date | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """Something that was done with a plan. place: whose people did it, where known; is_above: from above the place."""

    event: str
    at: datetime
    due_on: date | None
    remark: str = field(repr=False)
    place: str | None
    is_above: bool | None

    @property
    def words(self) -> str:
        """What was done."""
        return STEP_WORDS[self.event]


@dataclass(frozen=True, slots=True)
class Plan:
    """An action plan for one report."""

    id: UUID
    report_ref: UUID
    node_path: str
    state: PlanState
    due_on: date
    cause: str = field(repr=False)
    action: str = field(repr=False)
    remark: str = field(repr=False)
    remarked_at: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def words(self) -> str:
        """Where it stands."""
        return PLAN_WORDS[self.state]

    @property
    def seen(self) -> str:
        """Which state of its words a page shows."""
        return self.changed_at.isoformat()

    @property
    def latest_on(self) -> date:
        """The last day that its writer may choose; a hold, or a return, may have moved it further."""
        return max(last_day(self.created_at), self.due_on)

    @property
    def is_remark_answered(self) -> bool:
        """Whether the plan was handed in anew since the remark."""
        return bool(self.remark) and self.state in (PlanState.SUBMITTED, PlanState.UNDER_REVIEW)

    def is_overdue(self, today: date) -> bool:
        """Whether its writer is late."""
        return self.state in LATE_STATES and today > self.due_on


def parts_of(viewer_path: str, node_path: str) -> frozenset[Part]:
    """What a viewer may do about a location's plan. A store's own manager does not judge what that manager wrote."""
    is_above = node_path.startswith(viewer_path) and node_path != viewer_path
    return frozenset({Part.WRITER, Part.JUDGE} if is_above else {Part.WRITER})


def planned_after(plan: Plan, event: PlanEvent, parts: frozenset[Part]) -> PlanState:
    """Where a plan goes. Raises WrongPlanState."""
    target, part = PLANS.get((plan.state, event), (None, None))
    if target is None or part not in parts:
        raise WrongPlanState(plan.state, event)
    return target


def last_day(opened_at: datetime) -> date:
    """The last day that a plan may be due which is opened at a moment."""
    return opened_at.date() + timedelta(days=MOST_PLAN_DAYS)


def require_day(day: date, today: date, last: date) -> None:
    """Raises WrongPlanDay."""
    if not today <= day <= last:
        raise WrongPlanDay(today, last)


def without_drafts_between(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Of drafts that were saved one after the other, the last; steps: the oldest first."""
    following = [*steps[1:], None]
    return [
        step
        for step, after in zip(steps, following[: len(steps)], strict=True)
        if step.event != PlanEvent.SAVE or after is None or after.event != PlanEvent.SAVE
    ]


def events_of(plan: Plan, parts: frozenset[Part]) -> list[PlanEvent]:
    """What a viewer may do with a plan now."""
    return [event for (state, event), (_, part) in PLANS.items() if state is plan.state and part in parts]


def is_still_so(news: PlanNews, state: PlanState, due_on: date, today: date) -> bool:
    """Whether what a mail would say of a plan is true by now."""
    is_awaited = state in (PlanState.OPEN, PlanState.RETURNED)
    match news:
        case PlanNews.OPENED:
            return state is PlanState.OPEN
        case PlanNews.HANDED_IN:
            return state is PlanState.SUBMITTED
        case PlanNews.RETURNED:
            return state is PlanState.RETURNED
        case PlanNews.DUE_SOON:
            return is_awaited and due_on >= today
        case PlanNews.OVERDUE:
            return is_awaited and due_on < today
        case PlanNews.CLOSED:
            return state is PlanState.RESOLVED
