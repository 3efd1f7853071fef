"""An appeal against one answer. Client and shopper never write to one another: each hears what the affiliate relays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict

LONGEST_TEXT = 2000
ANSWERED_KIND = "appeals.answered"
RAISED_KIND = "appeals.raised"
NOT_LATER = timedelta(days=2)  # what is older is no news


class AppealState(StrEnum):
    """Where an appeal stands: whose turn it is, or how it ended."""

    NEW = "NEW"
    APPROVED = "APPROVED"  # somebody above the location at the client stands behind it
    WAITING_AFFILIATE = "WAITING_AFFILIATE"
    WAITING_SHOPPER = "WAITING_SHOPPER"
    WAITING_CLIENT = "WAITING_CLIENT"
    RESOLVED = "RESOLVED"
    CHANGED = "CHANGED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    DECLINED_BY_CLIENT = "DECLINED_BY_CLIENT"  # somebody above the location at the client stopped it
    RECALLED = "RECALLED"  # the report was taken back: there is no answer left to contest


class AppealEvent(StrEnum):
    """What can happen to an appeal."""

    TAKE_UP = "take_up"
    ASK_SHOPPER = "ask_shopper"
    SHOPPER_ANSWERED = "shopper_answered"
    ASK_CLIENT = "ask_client"
    CLIENT_REPLIED = "client_replied"
    RESOLVE = "resolve"  # explained; the answer stands
    CHANGE = "change"  # the answer was changed, and the report released anew
    DECLINE = "decline"
    BACK = "back"
    WITHDRAW = "withdraw"
    STOP = "stop"
    RECALL = "recall"  # follows from the report, whoever took it back


_S, _E = AppealState, AppealEvent
_AT_AFFILIATE: Mapping[AppealEvent, AppealState] = {
    _E.ASK_SHOPPER: _S.WAITING_SHOPPER,
    _E.ASK_CLIENT: _S.WAITING_CLIENT,
    _E.RESOLVE: _S.RESOLVED,
    _E.CHANGE: _S.CHANGED,
    _E.DECLINE: _S.DECLINED,
}
_DECIDING: Mapping[AppealEvent, AppealState] = {
    event: state for event, state in _AT_AFFILIATE.items() if event in (_E.RESOLVE, _E.CHANGE, _E.DECLINE)
}
_LETTING_GO: Mapping[AppealEvent, AppealState] = {_E.WITHDRAW: _S.WITHDRAWN, _E.STOP: _S.DECLINED_BY_CLIENT}

OPEN = (_S.NEW, _S.APPROVED, _S.WAITING_AFFILIATE, _S.WAITING_SHOPPER, _S.WAITING_CLIENT)
OURS = (_S.NEW, _S.APPROVED, _S.WAITING_AFFILIATE)  # where the clock of the affiliate runs
DECIDED = (_S.RESOLVED, _S.CHANGED, _S.DECLINED)  # by the affiliate
LET_GO = (_S.WITHDRAWN, _S.DECLINED_BY_CLIENT)  # by the client
ENDED = (*DECIDED, *LET_GO, _S.RECALLED)
APPEALS: Mapping[tuple[AppealState, AppealEvent], AppealState] = {
    (_S.NEW, _E.TAKE_UP): _S.WAITING_AFFILIATE,
    (_S.NEW, _E.BACK): _S.APPROVED,
    (_S.APPROVED, _E.TAKE_UP): _S.WAITING_AFFILIATE,
    **{(_S.NEW, event): state for event, state in _AT_AFFILIATE.items()},
    **{(_S.APPROVED, event): state for event, state in _AT_AFFILIATE.items()},
    **{(_S.WAITING_AFFILIATE, event): state for event, state in _AT_AFFILIATE.items()},
    (_S.WAITING_SHOPPER, _E.SHOPPER_ANSWERED): _S.WAITING_AFFILIATE,
    **{(_S.WAITING_SHOPPER, event): state for event, state in _DECIDING.items()},
    (_S.WAITING_CLIENT, _E.CLIENT_REPLIED): _S.WAITING_AFFILIATE,
    **{(_S.WAITING_CLIENT, event): state for event, state in _DECIDING.items()},
    **{(here, event): state for here in OPEN for event, state in _LETTING_GO.items()},
    **{(here, _E.RECALL): _S.RECALLED for here in OPEN},
}
OF_CLIENT = (_E.BACK, _E.WITHDRAW, _E.STOP)
FROM_ABOVE = (_E.BACK, _E.STOP)  # for somebody whose node lies above the location
STATE_WORDS: Mapping[str, str] = {
    _S.NEW: "New",
    _S.APPROVED: "Backed by your head office",
    _S.WAITING_AFFILIATE: "Being looked at",
    _S.WAITING_SHOPPER: "A question was asked",
    _S.WAITING_CLIENT: "Waiting for your reply",
    _S.RESOLVED: "Explained, nothing changed",
    _S.CHANGED: "Resolved with a change",
    _S.DECLINED: "Declined",
    _S.WITHDRAWN: "Withdrawn",
    _S.DECLINED_BY_CLIENT: "Declined by your head office",
    _S.RECALLED: "Ended: the report was taken back",
}
CLASSES: Mapping[str, str] = {
    "shopper_error": "The shopper made a mistake",
    "editor_error": "Our editor made a mistake",
    "rescore": "The points had to be counted anew",
    "client_error": "The client was mistaken",
    "data_quality": "Something was wrong with the data",
    "other": "Something else",
}
ISSUES: Mapping[str, str] = {
    "not_what_happened": "It did not happen like this",
    "wrong_points": "The answer does not fit the points",
    "evidence_contradicts": "We have evidence that says otherwise",
    "missing_evidence": "A picture or receipt is missing",
    "other": "Something else",
}


class WrongAppealState(Conflict):
    """The appeal is not where this can happen to it."""

    def __init__(self, state: AppealState, event: AppealEvent) -> None:
        super().__init__(f"{event} cannot happen to an appeal that is {state}")
        self.state = state
        self.event = event


class NotAbove(Conflict):
    """To back an appeal or to stop it is for somebody above the location."""

    def __init__(self) -> None:
        super().__init__("this is for somebody above the location to do")


class NoEditor(Conflict):
    """Nobody is known who approved the report."""

    def __init__(self) -> None:
        super().__init__("it is not known who approved the report")


class TooLate(Conflict):
    """The time in which this report could be contested is over."""

    def __init__(self) -> None:
        super().__init__("the time in which this report could be contested is over")


class NoSuchQuestion(Conflict):
    """The report holds no answer to this question."""

    def __init__(self) -> None:
        super().__init__("the report holds no such question")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a client contests: question, a code of ISSUES, their own words."""

    question_id: str
    issue: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as both the client and the affiliate see it. Scores in per cent."""

    id: UUID
    report_ref: UUID
    node_path: str
    question_id: str
    issue: str
    state: AppealState
    raised_at: datetime
    changed_at: datetime
    decided_on: date | None
    outcome: str = field(repr=False)
    score_before: Decimal | None
    score_after: Decimal | None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.state in OPEN

    @property
    def words(self) -> str:
        """Where it stands, to the client."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Message:
    """A message between client and affiliate. author: client or affiliate."""

    author: str
    body: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The affiliate's question to the shopper, opened, and the answer if there is one."""

    id: UUID
    appeal_id: UUID
    question_id: str
    asked: str = field(repr=False)
    answer: str = field(repr=False)
    asked_at: datetime
    answered_at: datetime | None


def after(state: AppealState, event: AppealEvent) -> AppealState:
    """Where an appeal goes. Raises WrongAppealState."""
    target = APPEALS.get((state, event))
    if target is None:
        raise WrongAppealState(state, event)
    return target
