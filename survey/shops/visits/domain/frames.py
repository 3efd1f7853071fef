"""Another window for a shop: from which day to which, what becomes of a day that was chosen, and what forbids it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .machine import HELD, TERMINAL, Event, State
from .shops import Shop, campaign_end, days_of, due_of
from .windows import last_day

LONGEST_WINDOW_DAYS = 366
FRAMED = frozenset({State.DRAFT, State.OPEN}) | HELD - {State.RETURNED}  # the visit is still to come


@dataclass(frozen=True, slots=True)
class NewWindow:
    """What is wanted: a first day, a last day, or both, as the location counts them; or so many days later.

    leaves_day: a shop whose chosen day would lie outside is left as it is; otherwise it loses that day.
    """

    first: date | None = None
    last: date | None = None
    by_days: int = 0
    leaves_day: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """When a visit may be made, when somebody means to, and until when its report is due. Moments in UTC.

    timers: what happens by itself, where it is to be put back as it was; stretched_from: the campaign's end, while
    whoever has the shop was granted a later one.
    """

    window_start: datetime
    window_end: datetime
    planned_on: date | None
    due_at: datetime | None
    timers: Mapping[Event, datetime] = field(default_factory=dict)
    stretched_from: datetime | None = None


def frame_of(shop: Shop, timers: Mapping[Event, datetime]) -> Frame:
    """As it is now."""
    return Frame(shop.window_start, shop.window_end, shop.planned_on, shop.due_at, timers, shop.stretched_from)


def reframed(shop: Shop, wanted: NewWindow) -> Frame:
    """As it would be. The hours of the day stay by the clock of the place, so that a morning stays one.

    Another end counts for everybody, also where one shopper was granted a later one than the campaign's.
    """
    zone = ZoneInfo(shop.time_zone)
    first, last = days_of(shop)[0], last_day(campaign_end(shop), shop.time_zone)
    new_first = wanted.first or first + timedelta(days=wanted.by_days)
    new_last = wanted.last or last + timedelta(days=wanted.by_days)
    has_new_end = wanted.last is not None or wanted.by_days != 0
    moved = replace(
        shop,
        window_start=_days_later(shop.window_start, new_first - first, zone),
        window_end=_days_later(campaign_end(shop), new_last - last, zone) if has_new_end else shop.window_end,
        stretched_from=None if has_new_end else shop.stretched_from,
    )
    keeps = shop.planned_on is not None and new_first <= shop.planned_on <= days_of(moved)[1]
    day = shop.planned_on if keeps else None
    has_new_due = has_new_end if shop.planned_on is None else not keeps
    due_at = due_of(moved, None) if shop.due_at is not None and has_new_due else shop.due_at
    return Frame(moved.window_start, moved.window_end, day, due_at, {}, moved.stretched_from)


def frame_refusal(shop: Shop, frame: Frame, wanted: NewWindow, now: datetime) -> str:
    """A code of why the shop cannot have that frame; empty where it can."""
    if shop.is_on_hold:
        return "on_hold"
    if shop.state not in FRAMED:
        return "ended" if shop.state in TERMINAL else "reported"
    # Also the campaign's own end, which the shop gets back with its next shopper, comes after it begins.
    if min(frame.window_end, frame.stretched_from or frame.window_end) <= frame.window_start:
        return "backwards"
    if frame.window_end - frame.window_start > timedelta(days=LONGEST_WINDOW_DAYS):
        return "too_long"
    if frame.window_end <= now:
        return "over"
    if (frame.window_start, frame.window_end) == (shop.window_start, shop.window_end):
        return "same_window"
    return "day_outside" if wanted.leaves_day and frame.planned_on != shop.planned_on else ""


def _days_later(moment: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """So many days later at the same hour by the clock on the wall."""
    there = moment.astimezone(zone).replace(tzinfo=None) + by
    return there.replace(tzinfo=zone).astimezone(UTC)
