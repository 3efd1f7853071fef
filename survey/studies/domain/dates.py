"""Field dates: written in the time zone of the study, kept in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OPENING = time(9)
CLOSING = time(20)
FIELD_DAYS = 14


def is_time_zone(name: str) -> bool:
    """Whether the IANA database knows the name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def in_utc(day: date, at: time, time_zone: str) -> datetime:
    """A local day and time as UTC. A time that the clocks skip counts as the one after it."""
    return datetime.combine(day, at, ZoneInfo(time_zone)).astimezone(UTC)


def local(moment: datetime, time_zone: str) -> datetime:
    """A moment as the study's time zone writes it."""
    return moment.astimezone(ZoneInfo(time_zone))


def usual_dates(now: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """What a new study begins with: tomorrow morning, and two weeks later."""
    tomorrow = local(now, time_zone).date() + timedelta(days=1)
    last = tomorrow + timedelta(days=FIELD_DAYS)
    return in_utc(tomorrow, OPENING, time_zone), in_utc(last, CLOSING, time_zone)
