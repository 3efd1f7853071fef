"""A shopper contests a rejection; somebody who had no part in it decides, and the shopper reads why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict

CONTEST_DAYS = 14  # from the rejection; the table's own check says the same
LONGEST_CONTEST = 2000


class ContestState(StrEnum):
    """Where a contest stands. All but the first are the end."""

    RAISED = "RAISED"
    UPHELD = "UPHELD"  # the shopper was right: the report is in review again
    DECLINED = "DECLINED"  # the rejection stands, for a reason that the shopper reads


CONTEST_WORDS: Mapping[ContestState, str] = {
    ContestState.RAISED: "Waiting",
    ContestState.UPHELD: "The rejection was overturned",
    ContestState.DECLINED: "The rejection stands",
}


class ContestOver(Conflict):
    """The time in which a rejection can be contested is over."""

    def __init__(self) -> None:
        super().__init__("the time in which this could be contested is over")


class ContestDecided(Conflict):
    """Somebody has decided otherwise already."""

    def __init__(self, state: ContestState) -> None:
        super().__init__("a colleague has decided about this already")
        self.state = state


class OwnRejection(Conflict):
    """Whoever rejected a report, or proposed to, does not decide whether that was right."""

    def __init__(self) -> None:
        super().__init__("you rejected this report: a colleague decides")


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest. words and answer are sealed; rejected_by: who rejected the report, and who had proposed it.

    reason: of the rejection that stands, a code; empty once it was overturned.
    """

    id: UUID
    shop_id: UUID
    report_id: UUID
    public_ref: str
    is_legal_hold: bool
    rejected_at: datetime
    state: ContestState
    raised_at: datetime
    decided_at: datetime | None
    reason: str
    rejected_by: tuple[UUID, ...]
    words: bytes = field(repr=False)
    answer: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class WaitingContest:
    """A line of the list of contests that wait."""

    id: UUID
    shop_id: UUID
    public_ref: str
    client_name: str
    campaign_name: str
    location_code: str
    location_name: str
    is_legal_hold: bool
    reason: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class OwnContest:
    """A contest as its shopper reads it, opened."""

    rejected_at: datetime
    state: ContestState
    raised_at: datetime
    words: str = field(repr=False)
    answer: str = field(repr=False)


def contest_until(rejected_at: datetime, on_hold_for: timedelta) -> datetime:
    """Until when a rejection can be contested. on_hold_for: what holds of the shop took since then."""
    return rejected_at + timedelta(days=CONTEST_DAYS) + on_hold_for
