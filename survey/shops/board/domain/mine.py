"""What a shopper has, as an agenda: what is late, today, this week, later, with the editors, and done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.db.errors import Conflict
from survey.shops.payments.domain import STANDING, paid_back_words, payday_words, promised_on
from survey.shops.visits.domain import State, last_day, money, until_words, window_days

from .listing import KINDS


class Section(StrEnum):
    """The parts of the agenda, in their order."""

    OFFERS = "Offered to you"
    BACK = "Back with you"
    LATE = "Late"
    TODAY = "Today"
    WEEK = "In the next seven days"
    LATER = "Later"
    WAITING = "Waiting for review"


STATE_WORDS: Mapping[State, str] = {
    State.OFFERED: "Waiting for your answer",
    State.ASSIGNED: "Yours",
    State.IN_PROGRESS: "Begun",
    State.RETURNED: "Something is to be changed",
    State.SUBMITTED: "Handed in",
    State.IN_REVIEW: "Being read",
    State.APPROVED: "Accepted",
    State.RELEASED: "Accepted",
    State.CLOSED: "Accepted",
    State.EXCLUDED: "Not used, but paid",
    State.REJECTED: "Not accepted",
}
AGAIN_WORDS: Mapping[State, str] = {
    State.SUBMITTED: "Being looked at again",
    State.IN_REVIEW: "Being looked at again",
    State.RETURNED: "Something is to be changed",
}
TO_MAKE = frozenset({State.ASSIGNED, State.IN_PROGRESS})
GIVES_BACK = TO_MAKE
WITH_EDITORS = frozenset({State.SUBMITTED, State.IN_REVIEW})
WEEK = timedelta(days=7)


class OfferOver(Conflict):
    """The offer's time had passed."""

    def __init__(self) -> None:
        super().__init__("the time of this offer is over")


@dataclass(frozen=True, slots=True)
class Mine:
    """A shop that somebody has or made. Money in cents, moments in UTC.

    answer_by: of an offer, or of a report that came back. pay_state, promised_on, paid_on, paid_back_cents: of its pay
    item, which is there once a report is in. round_place: which stop of the round that it was given in. stretched_from:
    the campaign's end, where one was granted a later one.
    """

    assignment_id: UUID
    shop_id: UUID
    public_ref: str
    state: State
    is_on_hold: bool
    client: str
    kind: str
    place: str
    street: str | None
    city: str | None
    time_zone: str
    planned_on: date | None
    window_start: datetime
    window_end: datetime
    due_at: datetime | None
    grace_hours: int
    pay_cents: int
    bonus_cents: int
    reimbursement_cap_cents: int
    currency: str
    answer_by: datetime | None
    is_extension_asked: bool
    pay_days: int
    pay_state: str | None
    promised_on: date | None
    paid_on: date | None
    round_id: UUID | None = None
    round_place: int | None = None
    paid_back_cents: int | None = None
    stretched_from: datetime | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day of the window, by the calendar of the place."""
        return window_days(self.window_start, self.window_end, self.time_zone)

    @property
    def campaign_last_day(self) -> date:
        """The last day of the window that everybody has."""
        return last_day(self.stretched_from or self.window_end, self.time_zone)

    @property
    def day(self) -> date:
        """The planned day, or the last."""
        return self.planned_on or self.days[1]

    @property
    def day_words(self) -> str:
        """When to go."""
        return f"{'' if self.planned_on else 'by '}{self.day:%A} {self.day.day} {self.day:%B}"

    @property
    def payday(self) -> str:
        """When it is paid, from the start; empty where nothing is."""
        if self.state is State.REJECTED:
            return ""
        promised = self.promised_on or promised_on(self.day, self.pay_days)
        return payday_words(self.pay_state, promised, self.paid_on)

    @property
    def free_until(self) -> datetime:
        """Until when it may be given back without a mark: before the planned day, or a day before the end."""
        if self.planned_on is None:
            return self.window_end - timedelta(days=1)
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=ZoneInfo(self.time_zone))

    @property
    def state_words(self) -> str:
        """How it stands, in the shopper's words."""
        if self.is_on_hold:
            return "On hold"
        if self.is_looked_at_again:
            return f"{AGAIN_WORDS[self.state]}; your pay stands"
        return STATE_WORDS.get(self.state, "")

    @property
    def is_looked_at_again(self) -> bool:
        """Whether an editor had accepted it, and it is in review once more: what it pays is owed all the same."""
        return self.state in AGAIN_WORDS and self.pay_state in STANDING

    @property
    def paid_back_words(self) -> str:
        """What is paid back of the purchase; empty where nothing is."""
        if self.state is State.REJECTED:
            return ""
        most = money(self.reimbursement_cap_cents, self.currency) if self.reimbursement_cap_cents else ""
        amount = money(self.paid_back_cents or 0, self.currency)
        return paid_back_words(self.pay_state, self.paid_back_cents, most, amount)

    @property
    def kind_words(self) -> str:
        """What sort of shop it is."""
        return KINDS.get(self.kind, self.kind)

    @property
    def address(self) -> str:
        """Where it is, in one line."""
        return ", ".join(part for part in (self.street, self.city) if part)

    @property
    def can_be_given_back(self) -> bool:
        """Whether it is still to be made and nothing holds it."""
        return self.state in GIVES_BACK and not self.is_on_hold

    def local(self, moment: datetime) -> datetime:
        """A moment by the clock of the place."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def when(self, moment: datetime | None) -> str:
        """A moment by the clock of the place, in words that follow "by" or "until"; empty for none."""
        return until_words(moment, self.time_zone) if moment else ""


def section_of(mine: Mine, now: datetime) -> Section:
    """Where a shop stands in the agenda."""
    today = mine.local(now).date()
    if mine.state is State.OFFERED:
        return Section.OFFERS
    if mine.state is State.RETURNED:
        return Section.BACK
    if mine.state in WITH_EDITORS:
        return Section.WAITING
    if mine.day < today:
        return Section.LATE
    if mine.day == today:
        return Section.TODAY
    return Section.WEEK if mine.day <= today + WEEK else Section.LATER


def agenda(shops: Sequence[Mine], now: datetime) -> dict[Section, list[Mine]]:
    """The sections that have something in them, in order; in each the nearest day first, a round's stops in turn."""
    found: dict[Section, list[Mine]] = {}
    for mine in sorted(shops, key=_turn):
        found.setdefault(section_of(mine, now), []).append(mine)
    return {section: found[section] for section in Section if section in found}


def _turn(mine: Mine) -> tuple[date, str, int, str]:
    return mine.day, str(mine.round_id or ""), mine.round_place or 0, mine.public_ref


def time_left(until: datetime, now: datetime) -> str:
    """How long somebody has, in words: `5 hours`."""
    minutes = max(0, int((until - now).total_seconds() // 60))
    if minutes >= 48 * 60:
        return f"{minutes // (24 * 60)} days"
    if minutes >= 120:
        return f"{minutes // 60} hours"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
