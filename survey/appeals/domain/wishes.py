"""A client's wish for another visit in the place of one it has read. It changes neither grade nor pay. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict

WISHED_KIND = "appeals.wished"
WISH_ANSWERED_KIND = "appeals.wish_answered"


class WishState(StrEnum):
    """Where a wish stands."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class WishEvent(StrEnum):
    """What can happen to a wish: staff say yes or no, the client takes it back."""

    GRANT = "grant"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


_S, _E = WishState, WishEvent
WISHES: Mapping[tuple[WishState, WishEvent], WishState] = {
    (_S.ASKED, _E.GRANT): _S.GRANTED,
    (_S.ASKED, _E.DECLINE): _S.DECLINED,
    (_S.ASKED, _E.WITHDRAW): _S.WITHDRAWN,
}
WISH_WORDS: Mapping[str, str] = {
    _S.ASKED: "Being looked at",
    _S.GRANTED: "There will be another visit",
    _S.DECLINED: "Declined",
    _S.WITHDRAWN: "Withdrawn",
}
WISH_REASONS: Mapping[str, str] = {
    "wrong_place": "The visit was made at another place",
    "wrong_scenario": "The scenario was not followed",
    "not_representative": "The place was not as it usually is",
    "report_incomplete": "Too much is missing from the report",
    "after_change": "We have changed something and want to see its effect",
    "other": "Something else",
}
PAYERS: Mapping[str, str] = {"client": "The client pays for it", "affiliate": "We pay for it"}
PAYERS_TO_CLIENT: Mapping[str, str] = {
    "client": "It is on your account.",
    "affiliate": "It costs you nothing.",
}


class WrongWishState(Conflict):
    """The wish is not where this can happen to it."""

    def __init__(self, state: WishState, event: WishEvent) -> None:
        super().__init__(f"{event} cannot happen to a wish that is {state}")
        self.state = state
        self.event = event


@dataclass(frozen=True, slots=True)
class Wishing:
    """What a client asks for: a code of WISH_REASONS, and its own words."""

    reason: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish as both the client and the affiliate see it. payer: a code of PAYERS once it is granted."""

    id: UUID
    report_ref: UUID
    node_path: str
    reason: str
    words: str = field(repr=False)
    state: WishState
    raised_at: datetime
    changed_at: datetime
    decided_on: date | None
    answer: str = field(repr=False)
    payer: str | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for the affiliate."""
        return self.state is WishState.ASKED

    @property
    def is_final(self) -> bool:
        """Whether no other wish for the same report can follow: there is another visit."""
        return self.state is WishState.GRANTED

    @property
    def state_words(self) -> str:
        """Where it stands, to the client."""
        return WISH_WORDS[self.state]


def wish_after(state: WishState, event: WishEvent) -> WishState:
    """Where a wish goes. Raises WrongWishState."""
    target = WISHES.get((state, event))
    if target is None:
        raise WrongWishState(state, event)
    return target
