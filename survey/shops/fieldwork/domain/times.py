"""When somebody went in and came out: from a day and two times by the place's clock to moments, and what is odd."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from survey.shops.campaigns.domain import ANY, DAYPARTS

from .held import Held

LONGEST = timedelta(hours=12)
MIDDAY_APART = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Times:
    """Moments in UTC; None where nothing usable was typed."""

    time_in: datetime | None
    time_out: datetime | None


def place_times(day: date | None, entered: time | None, left: time | None, time_zone: str) -> Times:
    """Times of one visit. Who comes out at half past midnight went in the day before."""
    first, last = _moment(day, entered, time_zone), _moment(day, left, time_zone)
    if first and last and first - last > MIDDAY_APART:
        last = _moment(day and day + timedelta(days=1), left, time_zone)
    return Times(first, last)


def time_errors(held: Held, times: Times, now: datetime) -> Mapping[str, str]:
    """What is wrong with the times of a visit, by field; what to do stands in the message."""
    found: dict[str, str] = {}
    if times.time_in is None:
        found["time_in"] = "Enter when you went in"
    else:
        found |= _outside(held, times.time_in, now)
    if times.time_out is None:
        found["time_out"] = "Enter when you came out"
    elif times.time_in is not None:
        found |= _apart(times.time_in, times.time_out, now)
    return found


def _outside(held: Held, at: datetime, now: datetime) -> dict[str, str]:
    if at > now:
        return {"time_in": "This is still to come. Enter when you went in, once you have been there"}
    if not held.window_start <= at <= held.window_end:
        span = f"{held.when(held.window_start)} and {held.until(held.window_end)}"
        return {"time_in": f"This visit belongs between {span}. If you went at another time, tell your scheduler"}
    first, last = DAYPARTS.get(held.daypart, DAYPARTS[ANY])
    if not first <= held.local(at).hour < last:
        return {"time_in": f"This visit belongs to another time of day ({held.daypart_words}). Tell your scheduler"}
    return {}


def _apart(time_in: datetime, time_out: datetime, now: datetime) -> dict[str, str]:
    if time_out <= time_in:
        return {"time_out": "This must be later than when you went in: check both times"}
    if time_out - time_in > LONGEST:
        return {"time_out": "This is more than twelve hours after you went in: check both times"}
    if time_out > now:
        return {"time_out": "This is still to come. Enter it once you are out"}
    return {}


def _moment(day: date | None, at: time | None, time_zone: str) -> datetime | None:
    if day is None or at is None:
        return None
    return datetime.combine(day, at, ZoneInfo(time_zone)).astimezone(UTC)
