"""What a client's manager does about a report. The client's own people write it and read it; nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict

PLAN_DAYS = 14


class PlanState(StrEnum):
    """Where an action plan stands. Overdue is not a state: it follows from the day."""

    OPEN = "OPEN"
    SUBMITTED = "SUBMITTED"
    UNDER_REVIEW = "UNDER_REVIEW"
    RETURNED = "RETURNED"
    RESOLVED = "RESOLVED"


class PlanEvent(StrEnum):
    """What can happen to an action plan."""

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
    (_S.OPEN, _E.SUBMIT): (_S.SUBMITTED, Part.WRITER),
    (_S.SUBMITTED, _E.TAKE_UP): (_S.UNDER_REVIEW, Part.JUDGE),
    (_S.UNDER_REVIEW, _E.RETURN): (_S.RETURNED, Part.JUDGE),
    (_S.UNDER_REVIEW, _E.RESOLVE): (_S.RESOLVED, Part.JUDGE),
    (_S.RETURNED, _E.SUBMIT): (_S.SUBMITTED, Part.WRITER),
}
PLAN_WORDS: Mapping[str, str] = {
    _S.OPEN: "To be written",
    _S.SUBMITTED: "Handed in",
    _S.UNDER_REVIEW: "Being judged",
    _S.RETURNED: "Sent back",
    _S.RESOLVED: "Done",
}


class WrongPlanState(Conflict):
    """The plan is not where this can happen to it, or this is not the viewer's to do."""

    def __init__(self, state: PlanState, event: PlanEvent) -> None:
        super().__init__(f"{event} cannot happen to a plan that is {state}")
        self.state = state
        self.event = event


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

    @property
    def words(self) -> str:
        """Where it stands."""
        return PLAN_WORDS[self.state]

    def is_overdue(self, today: date) -> bool:
        """Whether its writer is late."""
        return self.state in (PlanState.OPEN, PlanState.RETURNED) and today > self.due_on


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


def events_of(plan: Plan, parts: frozenset[Part]) -> list[PlanEvent]:
    """What a viewer may do with a plan now."""
    return [event for (state, event), (_, part) in PLANS.items() if state is plan.state and part in parts]
