"""Visits that are made anew: from which state, and whether the old window leaves room for it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from survey.db.errors import Conflict

from .waves import NOT_OPENED_WORDS

ROOM = timedelta(days=1)  # with less than that nobody finds the shop, plans the visit and makes it
LONGEST_DAYS = 92
YEARS = frozenset(range(2000, 2101))  # beyond them a calendar has no midnight after its last day
ENDED = frozenset({"REJECTED", "EXCLUDED"})
SEEN = frozenset({"RELEASED", "CLOSED"})  # a client has read the report, and may ask for another visit


class NotReshot(Conflict):
    """The visit cannot be made anew; the words say why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A shop whose visit may have to be made anew. new_id: of the shop that stands in its place already.

    bar: why its campaign makes no shop at the place any more, as `bar_at` says it.
    """

    id: UUID
    state: str
    time_zone: str
    daypart: str
    window_start: datetime
    window_end: datetime
    is_campaign_live: bool
    is_location_open: bool
    new_id: UUID | None
    bar: str = ""

    def has_room(self, now: datetime) -> bool:
        """Whether its own window lasts long enough for somebody else."""
        return self.window_end - now >= ROOM


@dataclass(frozen=True, slots=True)
class Kin:
    """What stands in a shop's place, and in whose place the shop stands; ids and references, None for neither."""

    new_id: UUID | None
    new_ref: str | None
    origin_id: UUID | None
    origin_ref: str | None


@dataclass(frozen=True, slots=True)
class Days:
    """A new window, from the first to the last day, both included, by the clock of the place."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed on for another visit that a client has asked for: its window, and its fee in cents."""

    days: Days
    fee_cents: int


def check_origin(origin: Origin) -> None:
    """Raises NotReshot where no visit can come of it whatever the window."""
    if origin.state not in ENDED:
        raise NotReshot("only what was rejected or excluded is made anew")
    _check_place(origin)


def check_seen(origin: Origin) -> None:
    """The same for a report that a client has read. Raises NotReshot, also where the visit was made anew already."""
    if origin.state not in SEEN:
        raise NotReshot("the client does not have the report any more")
    if origin.new_id is not None:
        raise NotReshot("a shop stands in its place already")
    _check_place(origin)


def check_days(days: Days) -> None:
    """Raises NotReshot where a window ends before it begins, is too long, or lies out of reach of a calendar."""
    if not {days.first.year, days.last.year} <= YEARS:
        raise NotReshot("no visit is planned so far from today")
    if days.last < days.first or (days.last - days.first).days > LONGEST_DAYS:
        raise NotReshot(f"the last day lies from the first day to {LONGEST_DAYS} days after it")


def _check_place(origin: Origin) -> None:
    if not origin.is_campaign_live:
        raise NotReshot("the campaign is closed")
    if not origin.is_location_open:
        raise NotReshot("the location is closed")
    if origin.bar:
        raise NotReshot(NOT_OPENED_WORDS[origin.bar])
