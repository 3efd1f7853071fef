"""Another day for a shop: the shopper asks, somebody of the staff decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict
from survey.shops.visits.domain import last_day, until_words

MOST_DAYS = timedelta(days=14)  # so much later than the campaign's window at most, wish after wish
NOTE = "identity.extension.note"
DECIDED_KIND = "shop-another-day"


class Wish(StrEnum):
    """Where a wish stands. It waits only while it is ASKED."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


WISH_WORDS: Mapping[Wish, str] = {
    Wish.ASKED: "Asked; nobody has decided yet",
    Wish.GRANTED: "Granted",
    Wish.DECLINED: "Declined",
    Wish.WITHDRAWN: "Taken back",
}


class Why(StrEnum):
    """Why a shopper needs another day."""

    ILLNESS = "illness"
    TRAVEL = "travel"
    PLACE_CLOSED = "place_closed"
    WORK = "work"
    OTHER = "other"


WHY_WORDS: Mapping[Why, str] = {
    Why.ILLNESS: "I am ill",
    Why.TRAVEL: "I cannot get there that day",
    Why.PLACE_CLOSED: "The place is closed that day",
    Why.WORK: "Something else came up",
    Why.OTHER: "Another reason",
}


class Answer(StrEnum):
    """Why staff say no. The shopper reads the words below."""

    CLIENT_NEEDS_IT = "client_needs_it"
    WINDOW_ENDS = "window_ends"
    TOO_LATE = "too_late"


ANSWER_WORDS: Mapping[Answer, str] = {
    Answer.CLIENT_NEEDS_IT: "The client needs the visit on the day that was planned.",
    Answer.WINDOW_ENDS: "The visits of this round end before that day.",
    Answer.TOO_LATE: "The day was too near to find another.",
}


class Settled(Conflict):
    """The wish has come to its end already."""

    def __init__(self, state: Wish) -> None:
        super().__init__(f"this wish is {state.lower()} already")
        self.state = state


class Impossible(Conflict):
    """The day cannot be granted, whatever staff want. reason: a code of `visits.plan_many`."""

    def __init__(self, reason: str) -> None:
        super().__init__("the day cannot be granted")
        self.reason = reason


class BadDay(Conflict):
    """The day cannot be asked for."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__("the day cannot be asked for")
        self.first = first
        self.last = last


@dataclass(frozen=True, slots=True)
class Extension:
    """A wish. Codes stand for shopper and shop; words are opened only where a person reads them.

    is_current: whether whoever asked still has the shop.
    """

    id: UUID
    shop_id: UUID
    shopper_id: UUID
    shopper_code: str
    shop_ref: str
    place: str
    planned_on: date | None
    window_end: datetime
    due_at: datetime | None
    time_zone: str
    wanted_on: date
    reason: str
    state: Wish
    answer: str
    asked_at: datetime
    decided_at: datetime | None
    has_words: bool
    is_current: bool
    note: bytes | None = field(default=None, repr=False)

    @property
    def last_day(self) -> date:
        """Of the shop's window, by the calendar of the place."""
        return last_day(self.window_end, self.time_zone)

    @property
    def ends(self) -> str:
        """Until when the shop's window reaches, by the clock of the place."""
        return until_words(self.window_end, self.time_zone)

    @property
    def why(self) -> str:
        """The reason in words."""
        return WHY_WORDS[Why(self.reason)]


def days_to_ask_for(last_day: date, today: date) -> tuple[date, date]:
    """The first and the last day that may be asked for; last_day: of the campaign's window, whatever was granted."""
    return today, max(last_day + MOST_DAYS, today)


def check_wish(last_day: date, today: date, wanted_on: date) -> None:
    """Raises BadDay."""
    first, last = days_to_ask_for(last_day, today)
    if not first <= wanted_on <= last:
        raise BadDay(first, last)
