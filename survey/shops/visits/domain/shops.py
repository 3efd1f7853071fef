"""A shop with its moments: when its report is due, and what happens to it by itself when nobody does anything."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from .machine import TIMERS, Event, OutsideWindow, State
from .windows import window_days


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as the machine needs it. Moments in UTC; time_zone is the location's; campaign_*: what is current."""

    id: UUID
    affiliate_id: UUID
    client_id: UUID
    campaign_id: UUID
    wave_id: UUID
    location_id: UUID
    public_ref: str
    state: State
    state_since: datetime
    is_on_hold: bool
    hold_since: datetime | None
    is_appeal_open: bool
    planned_on: date | None
    unassign_count: int
    window_start: datetime
    window_end: datetime
    stretched_from: datetime | None
    due_at: datetime | None
    revision: int
    time_zone: str
    is_place_open: bool
    is_self_assign: bool
    campaign_version_id: UUID | None
    campaign_guideline_id: UUID | None
    report_due_hours: int
    offer_hours: int
    grace_hours: int
    return_hours: int
    appeal_days: int
    release_hours: int | None


def timers_of(shop: Shop, target: State, due_at: datetime | None, now: datetime) -> dict[Event, datetime]:
    """When what will happen by itself to a shop that has just entered a state. due_at: of its report, if it has one."""
    due = due_at or shop.due_at or shop.window_end
    moments = {
        Event.WINDOW_ENDED: campaign_end(shop),
        Event.OFFER_TIMEOUT: min(now + timedelta(hours=shop.offer_hours), shop.window_end),
        Event.OVERDUE: due + timedelta(hours=shop.grace_hours),
        Event.RETURN_TIMEOUT: now + timedelta(hours=shop.return_hours),
        Event.APPEAL_WINDOW_OVER: now + timedelta(days=shop.appeal_days),
    }
    return {event: moments[event] for event in TIMERS.get(target, frozenset())}


def true_moment(shop: Shop, event: Event, written: datetime) -> datetime:
    """When a timer is really due. What was written may be out of date: the shop may have been planned anew since."""
    match event:
        case Event.WINDOW_ENDED:
            return campaign_end(shop)
        case Event.OVERDUE:
            return (shop.due_at or shop.window_end) + timedelta(hours=shop.grace_hours)
        case _:
            return written


def days_of(shop: Shop) -> tuple[date, date]:
    """The first and the last day of the window, as the location counts them."""
    return window_days(shop.window_start, shop.window_end, shop.time_zone)


def campaign_end(shop: Shop) -> datetime:
    """When its window ends for everybody. A later day that was granted belongs to whoever has the shop, no longer."""
    return shop.stretched_from or shop.window_end


def check_day(shop: Shop, planned_on: date | None, now: datetime) -> None:
    """Raises OutsideWindow where the visit cannot be made on that day, or, without a day, on none any more."""
    if now >= shop.window_end:
        raise OutsideWindow(None)
    if planned_on is None:
        return
    first, last = days_of(shop)
    today = now.astimezone(ZoneInfo(shop.time_zone)).date()
    if not max(first, today) <= planned_on <= last:
        raise OutsideWindow(planned_on)


def due_of(shop: Shop, planned_on: date | None) -> datetime:
    """When the report is due: so many hours after the planned day ends at the location; with the window without one."""
    if planned_on is None:
        return shop.window_end
    return _midnight(shop, planned_on + timedelta(days=1)) + timedelta(hours=shop.report_due_hours)


def free_until(shop: Shop) -> datetime:
    """Until when the shopper may give the shop back without a word: before the planned day, or a day before the end."""
    if shop.planned_on is None:
        return shop.window_end - timedelta(days=1)
    return _midnight(shop, shop.planned_on)


def _midnight(shop: Shop, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(shop.time_zone)).astimezone(UTC)
