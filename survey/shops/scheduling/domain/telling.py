"""What shoppers are told by mail, and when they are reminded."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.shops.visits.domain import DECLINE_WORDS, ApplicationState, DeclineReason, money

from .bulk import UNDO

# What ends within a minute was a mistake that somebody has put right: nobody is told of it.
HEARD = timedelta(seconds=60)
WAIT = UNDO + timedelta(seconds=5)
NOT_LATER = timedelta(days=2)


class Tale(StrEnum):
    """Kinds of mail to shoppers."""

    OFFER = "shop-offer"
    ASSIGNED = "shop-assigned"
    TAKEN_BACK = "shop-taken-back"
    MESSAGE = "shop-message"
    REMINDER = "shop-reminder"
    ANSWER = "shop-application"


# What an opt-out stops; each carries the way out. The rest is about work that somebody has agreed to.
BULK = frozenset({Tale.OFFER, Tale.ANSWER})


class Step(StrEnum):
    """Reminders: three days before the visit, the day before, and on the day on which the report is due."""

    THREE = "three"
    ONE = "one"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Untold:
    """A mail that nobody has asked for yet. about: what it is of; occasion: what makes it one and the same mail."""

    kind: Tale
    occasion: UUID
    affiliate_id: UUID
    shopper_id: UUID
    about: UUID
    step: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An application and how it stands when the mail is written. reason: a code of DECLINE_WORDS, or nothing."""

    application_id: UUID
    state: ApplicationState
    public_ref: str
    reason: str

    @property
    def reason_words(self) -> str:
        """Why staff said no, as the shopper's own pages say it."""
        return DECLINE_WORDS[DeclineReason(self.reason)] if self.reason else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A shop and who has it, as they are when the mail is written."""

    assignment_id: UUID
    assignment_state: str
    shop_id: UUID
    public_ref: str
    shop_state: str
    is_on_hold: bool
    planned_on: date | None
    window_end: datetime
    due_at: datetime | None
    time_zone: str
    pay_cents: int
    currency: str

    @property
    def visit_day(self) -> date:
        """The planned day, or the last one."""
        return self.planned_on or self._local(self.window_end - timedelta(microseconds=1)).date()

    @property
    def day_words(self) -> str:
        """When to go, with its weekday."""
        day = f"{self.visit_day:%A} {self.visit_day.day} {self.visit_day:%B %Y}"
        return f"on {day}" if self.planned_on else f"by {day}"

    @property
    def due_words(self) -> str:
        """Until when the report has to be in, by the location's clock."""
        due = self._local(self.due_at or self.window_end)
        return f"{due:%A} {due.day} {due:%B, %H:%M} ({self.time_zone})"

    @property
    def pay_words(self) -> str:
        """Fee and bonus."""
        return money(self.pay_cents, self.currency)

    def wants(self, step: str, day: str, now: datetime) -> bool:
        """Whether a reminder that was planned for a day still makes sense: it is that day, and it has not moved."""
        if self._local(now).date().isoformat() != day:
            return False
        if self.assignment_state != "held" or self.shop_state not in {"ASSIGNED", "IN_PROGRESS"} or self.is_on_hold:
            return False
        if step == Step.DUE:
            return self._local(self.due_at or self.window_end).date().isoformat() == day
        before = {Step.THREE: 3, Step.ONE: 1}.get(Step(step), 0)
        return (self.visit_day - timedelta(days=before)).isoformat() == day

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.time_zone))
