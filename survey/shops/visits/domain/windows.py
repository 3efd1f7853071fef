"""The days of a window, as the place counts them; and last moments in words. One rule for every page, file and mail."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOMENT = timedelta(microseconds=1)


def last_day(ends_at: datetime, time_zone: str) -> date:
    """The last day of what ends at a moment, by the calendar of the place. The database keeps the same of windows.

    A moment of midnight has not got the day that begins then, be it 00:00 or the hour to which the clocks skip it.
    """
    return (ends_at - MOMENT).astimezone(ZoneInfo(time_zone)).date()


def window_days(starts_at: datetime, ends_at: datetime, time_zone: str) -> tuple[date, date]:
    """The first and the last day of a window, by the calendar of the place."""
    return starts_at.astimezone(ZoneInfo(time_zone)).date(), last_day(ends_at, time_zone)


def short_day(day: date) -> str:
    """A day for a line of a table: "Sun 29 Nov"."""
    return f"{day:%a} {day.day} {day:%b}"


def since_short(starts_at: datetime, time_zone: str) -> str:
    """From when on, for a line of a table; with the hour only where it begins inside a day."""
    here = starts_at.astimezone(ZoneInfo(time_zone))
    return short_day(here.date()) + (f" {here:%H:%M}" if here.time() != time() else "")


def until_short(ends_at: datetime, time_zone: str) -> str:
    """Until when, for a line of a table: "Sun 29 Nov"; with the hour only where it ends inside a day."""
    here, day = ends_at.astimezone(ZoneInfo(time_zone)), last_day(ends_at, time_zone)
    return short_day(day) + (f" {here:%H:%M}" if here.date() == day else "")


def until_words(ends_at: datetime, time_zone: str) -> str:
    """The same in words that follow "by" or "until": of which night midnight is, nobody remembers."""
    here, day = ends_at.astimezone(ZoneInfo(time_zone)), last_day(ends_at, time_zone)
    words = f"{day:%A} {day.day} {day:%B}"
    return f"{words}, {here:%H:%M}" if here.date() == day else f"the end of {words}"


def until_there(ends_at: datetime, time_zone: str) -> str:
    """The same where nothing around it says by whose clock: "Monday 23 November, 09:30 (New York time)"."""
    return f"{until_words(ends_at, time_zone)} ({clock_name(time_zone)})"


def clock_name(time_zone: str) -> str:
    """Whose clock it is, for people: "New York time"."""
    return f"{time_zone.rpartition('/')[2].replace('_', ' ')} time"
