"""A shopper contests a rejection or a grade; somebody who had no part in it decides and says why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict
from survey.shops.visits.domain import State

CONTEST_DAYS = 14  # from the decision; the table's own check says the same
LONGEST_CONTEST = 2000
GRADED = frozenset({State.APPROVED, State.RELEASED, State.CLOSED})  # where a grade stands and can become another

LOOKED_AT_AGAIN = frozenset({State.SUBMITTED, State.IN_REVIEW, State.RETURNED})  # where a grade stands meanwhile


class ContestKind(StrEnum):
    """What is contested."""

    REJECTION = "rejection"
    GRADE = "grade"


CONTESTABLE: Mapping[str, ContestKind] = {"rejected": ContestKind.REJECTION, "approved": ContestKind.GRADE}


class ContestState(StrEnum):
    """Where a contest stands. All but the first are the end."""

    RAISED = "RAISED"
    UPHELD = "UPHELD"  # the shopper was right: the report is in review again, or has another grade
    DECLINED = "DECLINED"  # what was decided stands, for a reason that the shopper reads


CONTEST_WORDS: Mapping[ContestKind, Mapping[ContestState, str]] = {
    ContestKind.REJECTION: {
        ContestState.RAISED: "Waiting",
        ContestState.UPHELD: "The rejection was overturned",
        ContestState.DECLINED: "The rejection stands",
    },
    ContestKind.GRADE: {
        ContestState.RAISED: "Waiting",
        ContestState.UPHELD: "The grade was changed",
        ContestState.DECLINED: "The grade stands",
    },
}


class ContestOver(Conflict):
    """The time in which a decision can be contested is over."""

    def __init__(self) -> None:
        super().__init__("the time in which this could be contested is over")


class ContestDecided(Conflict):
    """Somebody has decided otherwise already."""

    def __init__(self, state: ContestState) -> None:
        super().__init__("a colleague has decided about this already")
        self.state = state


class OwnDecision(Conflict):
    """Whoever graded or rejected a report, or proposed to, does not decide whether that was right."""

    def __init__(self) -> None:
        super().__init__("you decided about this report: a colleague looks at it again")


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest. words and answer are sealed; deciders: the accounts that had a part in what is contested.

    contested_at: when that was decided; reason: of the rejection that stands, a code, or empty; grade: as it stands.
    """

    id: UUID
    kind: ContestKind
    shop_id: UUID
    report_id: UUID
    public_ref: str
    shop_state: str
    is_legal_hold: bool
    contested_at: datetime
    state: ContestState
    raised_at: datetime
    decided_at: datetime | None
    reason: str
    grade: int | None
    breakdown: Mapping[str, int]
    deciders: tuple[UUID, ...]
    words: bytes = field(repr=False)
    answer: bytes | None = field(repr=False)

    @property
    def outcome(self) -> str:
        """Where it stands, in words."""
        return CONTEST_WORDS[self.kind][self.state]


@dataclass(frozen=True, slots=True)
class WaitingContest:
    """A line of the list of contests that wait."""

    id: UUID
    kind: str
    shop_id: UUID
    public_ref: str
    client_name: str
    campaign_name: str
    location_code: str
    location_name: str
    is_legal_hold: bool
    reason: str
    grade: int | None
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class OwnContest:
    """A contest as its shopper reads it, opened."""

    kind: ContestKind
    contested_at: datetime
    state: ContestState
    raised_at: datetime
    words: str = field(repr=False)
    answer: str = field(repr=False)

    @property
    def outcome(self) -> str:
        """Where it stands, in words."""
        return CONTEST_WORDS[self.kind][self.state]


def contest_until(contested_at: datetime, on_hold_for: timedelta) -> datetime:
    """Until when a decision can be contested. on_hold_for: what holds of the shop took since then."""
    return contested_at + timedelta(days=CONTEST_DAYS) + on_hold_for


def contestable(decision: str, state: State, grade: int | None) -> ContestKind | None:
    """What of a report can be contested as it stands: its rejection, its grade, or nothing."""
    kind = CONTESTABLE.get(decision)
    if kind is ContestKind.REJECTION:
        return kind if state is State.REJECTED else None
    return kind if state in GRADED and grade is not None else None
