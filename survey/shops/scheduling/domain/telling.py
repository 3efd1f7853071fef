"""What shoppers are told by mail, and when they are reminded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.shops.visits.domain import (
    DECLINE_WORDS,
    ApplicationState,
    DeclineReason,
    last_day,
    money,
    short_day,
    until_there,
)

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
    MOVED = "shop-moved"
    MESSAGE = "shop-message"
    REMINDER = "shop-reminder"
    ANSWER = "shop-application"


# What an opt-out stops; each carries the way out. The rest is about work that somebody has agreed to.
BULK = frozenset({Tale.OFFER, Tale.ANSWER})


class Step(StrEnum):
    """Reminders: three days before the visit, the day before, and on the day on which the report is due.

    Then warnings: once it was due, and before the shop goes back to the board by itself.
    """

    THREE = "three"
    ONE = "one"
    DUE = "due"
    LATE = "late"
    LAST = "last"


STEP_WORDS: Mapping[Step, str] = {
    Step.THREE: "3 days before",
    Step.ONE: "the day before",
    Step.DUE: "on the day the report is due",
    Step.LATE: "once the report was due",
    Step.LAST: "before it goes back to the board",
}
WARNINGS = frozenset({Step.LATE, Step.LAST})
# As ops.delivery has it -> what a scheduler reads.
_DELIVERY_WORDS: Mapping[str, str] = {
    "queued": "about to be sent", "sending": "about to be sent", "held": "held back", "failed": "could not be sent",
    "bounced": "came back", "skipped": "not sent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of whoever has a shop. at: from when it is sent; state: of its mail, None where none was asked for.

    is_meant: whether the shop was theirs before it.
    """

    step: Step
    at: datetime
    is_meant: bool
    state: str | None
    sent_at: datetime | None
    reason: str

    def words(self, zone: tzinfo, now: datetime) -> str:
        """What has become of it, or when it comes, by the place's clock."""
        if self.state == "sent" and self.sent_at is not None:
            return f"sent {_spoken(self.sent_at, zone)}"
        if self.state is not None:
            words = _DELIVERY_WORDS.get(self.state, self.state)
            return f"{words}: {self.reason}" if self.reason else words
        if self.at > now:
            return f"planned for {_spoken(self.at, zone)}"
        return "not sent" if self.is_meant else "left out: the shop was given later"


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
    """A shop and who has it, as they are when the mail is written.

    answer_by: until when an offer stands; has_open_mark: whether a mark was proposed that nobody has decided about.
    """

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
    is_place_open: bool
    grace_hours: int
    answer_by: datetime | None
    has_open_mark: bool

    @property
    def is_off(self) -> bool:
        """Whether somebody has cancelled the shop because its place has closed."""
        return self.shop_state == "CANCELLED" and not self.is_place_open

    @property
    def visit_day(self) -> date:
        """The planned day, or the last one."""
        return self.planned_on or last_day(self.window_end, self.time_zone)

    @property
    def day_words(self) -> str:
        """When to go, with its weekday."""
        day = f"{self.visit_day:%A} {self.visit_day.day} {self.visit_day:%B %Y}"
        return f"on {day}" if self.planned_on else f"by {day}"

    @property
    def due_words(self) -> str:
        """Until when the report has to be in, by the location's clock."""
        return self._until(self.due_at or self.window_end)

    @property
    def answer_words(self) -> str:
        """Until when an offer can be accepted, by the location's clock."""
        return self._until(self.answer_by or self.window_end)

    @property
    def goes_back_at(self) -> datetime:
        """When the shop goes back to the board by itself."""
        return (self.due_at or self.window_end) + timedelta(hours=self.grace_hours)

    @property
    def goes_back_words(self) -> str:
        """The same by the location's clock."""
        return self._until(self.goes_back_at)

    @property
    def pay_words(self) -> str:
        """Fee and bonus."""
        return money(self.pay_cents, self.currency)

    def wants(self, step: str, day: str, now: datetime) -> bool:
        """Whether a reminder that was planned for a day still makes sense: it is that day, and it has not moved.

        A warning does until the shop goes back; its day is the one on which the report was due.
        """
        if self.assignment_state != "held" or self.shop_state not in {"ASSIGNED", "IN_PROGRESS"} or self.is_on_hold:
            return False
        due = self.due_at or self.window_end
        if step in WARNINGS:
            return due <= now < self.goes_back_at and self._local(due).date().isoformat() == day
        if self._local(now).date().isoformat() != day:
            return False
        if step == Step.DUE:
            return now < due and last_day(due, self.time_zone).isoformat() == day
        before = {Step.THREE: 3, Step.ONE: 1}.get(Step(step), 0)
        return (self.visit_day - timedelta(days=before)).isoformat() == day

    def _until(self, moment: datetime) -> str:
        return until_there(moment, self.time_zone)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.time_zone))


def _spoken(moment: datetime, zone: tzinfo) -> str:
    here = moment.astimezone(zone)
    return f"{short_day(here.date())} {here:%H:%M}"
