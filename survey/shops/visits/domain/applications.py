"""The small machine of an application: somebody asks for a shop, and hears what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict


class ApplicationState(StrEnum):
    """Where an application stands. All but the first are the end."""

    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"


class ApplicationEvent(StrEnum):
    """What can happen to an application."""

    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"  # somebody else makes the shop
    EXPIRE = "expire"  # nobody makes the shop any more


APPLICATIONS: Mapping[tuple[ApplicationState, ApplicationEvent], ApplicationState] = {
    (ApplicationState.SUBMITTED, ApplicationEvent.APPROVE): ApplicationState.APPROVED,
    (ApplicationState.SUBMITTED, ApplicationEvent.DECLINE): ApplicationState.DECLINED,
    (ApplicationState.SUBMITTED, ApplicationEvent.WITHDRAW): ApplicationState.WITHDRAWN,
    (ApplicationState.SUBMITTED, ApplicationEvent.SUPERSEDE): ApplicationState.SUPERSEDED,
    (ApplicationState.SUBMITTED, ApplicationEvent.EXPIRE): ApplicationState.EXPIRED,
}


class DeclineReason(StrEnum):
    """Why staff say no. The shopper reads the words below."""

    SOMEBODY_NEARER = "somebody_nearer"
    ANOTHER_DAY = "another_day"
    MORE_EXPERIENCE = "more_experience"
    RULES = "rules"
    NOT_NEEDED = "not_needed"


DECLINE_WORDS: Mapping[DeclineReason, str] = {
    DeclineReason.SOMEBODY_NEARER: "Somebody who lives nearer makes this visit.",
    DeclineReason.ANOTHER_DAY: "The visit was needed on another day than you proposed.",
    DeclineReason.MORE_EXPERIENCE: "This visit needs somebody with more visits behind them.",
    DeclineReason.RULES: "A rule of the client does not let you make this visit now.",
    DeclineReason.NOT_NEEDED: "This visit is not needed any more.",
}


class Decided(Conflict):
    """The application has come to its end already."""

    def __init__(self, state: ApplicationState) -> None:
        super().__init__(f"this application is {state.lower()} already")
        self.state = state


class AlreadyApplied(Conflict):
    """This shopper's application for the shop is waiting."""

    def __init__(self) -> None:
        super().__init__("you have applied for this shop already")


@dataclass(frozen=True, slots=True)
class Application:
    """An application. note: sealed with the shopper's key, or None."""

    id: UUID
    shop_id: UUID
    shopper_id: UUID
    proposed_on: date | None
    state: ApplicationState
    reason: str
    created_at: datetime
    decided_at: datetime | None


def application_after(state: ApplicationState, event: ApplicationEvent) -> ApplicationState:
    """Where an event leads. Raises Decided."""
    target = APPLICATIONS.get((state, event))
    if target is None:
        raise Decided(state)
    return target
