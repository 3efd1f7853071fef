"""Shops that a shopper has asked for, and what became of each application, in words."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.shops.visits.domain import DECLINE_WORDS, ApplicationState, DeclineReason, State

from .listing import asked_words


@dataclass(frozen=True, slots=True)
class Asked:
    """An application with its shop. Money in cents, moments in UTC; waiting: how many wait for the shop by now."""

    id: UUID
    shop_id: UUID
    public_ref: str
    shop_state: State
    client: str
    place: str
    street: str | None
    city: str | None
    time_zone: str
    window_end: datetime
    pay_cents: int
    currency: str
    proposed_on: date | None
    state: ApplicationState
    reason: str
    created_at: datetime
    waiting: int

    @property
    def address(self) -> str:
        """Where it is, in one line."""
        return ", ".join(part for part in (self.street, self.city) if part)

    @property
    def day_words(self) -> str:
        """The day that was proposed."""
        return f"{self.proposed_on:%A %-d %B}" if self.proposed_on else "any day"

    @property
    def asked_on(self) -> date:
        """The day of the application, by the calendar of the place."""
        return self.created_at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided, so that it can be taken back."""
        return self.state is ApplicationState.SUBMITTED

    @property
    def others(self) -> str:
        """How many wait for it, while one waits oneself; never who."""
        return asked_words(self.waiting, is_mine=True) if self.is_waiting else ""

    def words(self, now: datetime) -> str:
        """How it stands."""
        match self.state:
            case ApplicationState.SUBMITTED:
                return "The days of this shop are over" if self.window_end <= now else "Waiting for an answer"
            case ApplicationState.APPROVED:
                return "You were chosen"
            case ApplicationState.DECLINED:
                return "Not chosen"
            case ApplicationState.WITHDRAWN:
                return "You took it back"
            case ApplicationState.SUPERSEDED:
                return "The shop went to somebody else"
            case ApplicationState.EXPIRED:
                return "The shop was called off" if self.shop_state is State.CANCELLED else "The days were over"

    @property
    def why(self) -> str:
        """Why it was not chosen, in the words that go with the reason; empty where there are none."""
        return DECLINE_WORDS[DeclineReason(self.reason)] if self.reason in set(DeclineReason) else ""
