"""The job board as values: what it is narrowed to, in which order, and one shop on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.clients.domain import Box, Hours, hours_lines
from survey.shoppers.domain import Units, distance_words
from survey.shops.campaigns.domain import ANY, DAYPART_WORDS
from survey.shops.eligibility.domain import Code, Reason
from survey.shops.payments.domain import payday_sentence, promised_on
from survey.shops.visits.domain import until_words, whole_units, window_days

PLACES = frozenset({"in_person", "audit", "compliance", "competitor"})  # kinds for which somebody goes somewhere
KINDS = {
    "in_person": "Visit", "phone": "Telephone call", "web": "Online visit", "audit": "Audit",
    "compliance": "Compliance check", "competitor": "Visit to a competitor",
}  # fmt: skip
PREPARING = frozenset({Code.READING, Code.CERTIFICATION})
PAGE_SHOPS = 20
MAP_SHOPS = 60
LOOKED_AT = 300  # so many shops are asked about for one page; most of them can be taken by most shoppers


class Sort(StrEnum):
    """In which order."""

    SOONEST = "soonest"
    PAY = "pay"
    NEAREST = "nearest"


SORT_WORDS = {Sort.SOONEST: "Ends soonest", Sort.PAY: "Pays most", Sort.NEAREST: "Nearest"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the board is narrowed to; all of it stands in the URL. shows_all: also what one cannot take."""

    within_km: int | None = None
    daypart: str = ""
    least_cents: int | None = None
    on: date | None = None
    at_once: bool = False
    box: Box | None = None
    shows_all: bool = False
    sort: Sort = Sort.SOONEST
    is_map: bool = False

    def query(self) -> str:
        """As the address carries it, without the page."""
        fields = {
            "within": self.within_km, "daypart": self.daypart,
            "pay": self.least_pay, "on": self.on.isoformat() if self.on else "",
            "at_once": "1" if self.at_once else "", "box": ",".join(f"{edge:.5f}" for edge in self.box or ()),
            "all": "1" if self.shows_all else "", "sort": "" if self.sort is Sort.SOONEST else self.sort.value,
            "look": "map" if self.is_map else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in fields.items() if value}, safe=",")

    @property
    def least_pay(self) -> int | None:
        """The least pay as it is asked for: without cents."""
        return whole_units(self.least_cents) if self.least_cents else None

    def also(self, **changes: object) -> str:
        """The address of the same board with something changed."""
        query = replace(self, **changes).query()  # type: ignore[arg-type]
        return f"/shopper/board?{query}" if query else "/shopper/board"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out by choice."""
        return bool(self.within_km or self.daypart or self.least_cents or self.on or self.at_once or self.box)


@dataclass(frozen=True, slots=True)
class Card:
    """One shop on the board. Money in cents, moments in UTC, distance in metres from where the shopper starts.

    asked: how many applications wait for it, the shopper's own as well.
    """

    id: UUID
    public_ref: str
    state: str
    client: str
    kind: str
    place: str
    street: str | None
    city: str | None
    postal_code: str | None
    time_zone: str
    latitude: float | None
    longitude: float | None
    metres: int | None
    daypart: str
    window_start: datetime
    window_end: datetime
    fee_cents: int
    bonus_cents: int
    reimbursement_cap_cents: int
    attempt_fee_cents: int
    currency: str
    report_due_hours: int
    pay_days: int
    is_self_assign: bool
    is_certified: bool
    guideline_id: UUID | None
    questions: int
    asked: int = 0
    units: Units = Units.KM
    opening_hours: Hours = field(default_factory=dict)

    @property
    def pay_cents(self) -> int:
        """What it pays without the purchase."""
        return self.fee_cents + self.bonus_cents

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day, by the calendar of the place."""
        return window_days(self.window_start, self.window_end, self.time_zone)

    def days_left(self, now: datetime) -> tuple[date, date]:
        """The same without days that are over."""
        first, last = self.days
        return min(max(first, self.today(now)), last), last

    def today(self, now: datetime) -> date:
        """What day it is where the place is."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def ends(self) -> str:
        """Until when it may be made, in words."""
        last = self.days[1]
        return f"{last:%A} {last.day} {last:%B}"

    def payday(self, day: date) -> str:
        """When it is paid if somebody goes on a day, and until when the report has to be in for that."""
        end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.time_zone)).astimezone(UTC)
        due = until_words(end + timedelta(hours=self.report_due_hours), self.time_zone)
        return payday_sentence(promised_on(day, self.pay_days), day, due)

    @property
    def open_lines(self) -> list[str]:
        """When the place is open, a line for days in a row; empty where that is not known."""
        return hours_lines(self.opening_hours)

    @property
    def daypart_words(self) -> str:
        """When in the day."""
        return DAYPART_WORDS.get(self.daypart, self.daypart)

    @property
    def is_any_time(self) -> bool:
        """Whether any time of the day will do."""
        return self.daypart == ANY

    @property
    def kind_words(self) -> str:
        """What sort of shop it is."""
        return KINDS.get(self.kind, self.kind)

    @property
    def away(self) -> str:
        """How far off, in words, as roughly as the shopper's place is kept; empty where it is not known."""
        if self.metres is None or self.kind not in PLACES:
            return ""
        return f"about {distance_words(self.metres / 1000, self.units)}"

    @property
    def address(self) -> str:
        """Where it is, in one line."""
        return ", ".join(part for part in (self.street, self.city, self.postal_code) if part)

    def needs(self, *, is_quiz_passed: bool) -> Sequence[str]:
        """What it takes, in words."""
        needs = [f"{self.questions} question{'' if self.questions == 1 else 's'}"] if self.questions else []
        if self.is_certified and not is_quiz_passed:
            needs.append("a short quiz first")
        if self.kind in PLACES:
            needs.append("a picture that shows you were there")
        if self.reimbursement_cap_cents:
            needs.append("the receipt of what you buy")
        return needs


@dataclass(frozen=True, slots=True)
class Listed:
    """A card with what stands against it, the first day on which it may be made, and whether one has applied."""

    card: Card
    reasons: tuple[Reason, ...]
    first_day: date | None
    has_applied: bool = False
    is_quiz_passed: bool = True

    @property
    def is_open_to_me(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons

    @property
    def needs_quiz(self) -> bool:
        """Whether passing the quiz is all that is missing."""
        return is_quiz_missing(self.reasons)

    @property
    def needs_qualification(self) -> bool:
        """Whether something is missing that the shopper can show a document for, or ask to have recorded."""
        return any(reason.code is Code.QUALIFICATION for reason in self.reasons)

    @property
    def needs_place(self) -> bool:
        """Whether it is for people who live near, and it is not known where the shopper starts from."""
        return self.card.metres is None and any(reason.code is Code.RADIUS for reason in self.reasons)

    @property
    def needs(self) -> Sequence[str]:
        """What it takes, in words."""
        return self.card.needs(is_quiz_passed=self.is_quiz_passed)

    @property
    def asked_words(self) -> str:
        """How many have asked for a shop that a scheduler gives out, never who; empty where nobody has, or need to."""
        return "" if self.card.is_self_assign else asked_words(self.card.asked, is_mine=self.has_applied)


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board. left_out: how many of those looked at cannot be taken and are therefore not shown."""

    rows: Sequence[Listed]
    left_out: int
    next_cursor: str | None


def asked_words(count: int, *, is_mine: bool) -> str:
    """How many shoppers wait for an answer; count has one's own application in it. Empty for none."""
    others = count - is_mine
    if not is_mine:
        return "" if others < 1 else "one shopper has asked" if others == 1 else f"{others:,} shoppers have asked"
    return "you alone have asked" if others < 1 else f"you and {others:,} other{'' if others == 1 else 's'} have asked"


def apart_from_place(reasons: Sequence[Reason], origin: tuple[float, float] | None) -> tuple[Reason, ...]:
    """What stands against a shop besides that it is not known where its shopper starts from, which is soon said."""
    return tuple(reason for reason in reasons if origin is not None or reason.code is not Code.RADIUS)


def is_quiz_missing(reasons: Sequence[Reason]) -> bool:
    """Whether what stands against a shop is nothing but a guideline or its quiz, which its shopper can do at once."""
    return bool(reasons) and all(reason.code in PREPARING for reason in reasons)
