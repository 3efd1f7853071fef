"""How long somebody has waited for an answer, and how many of them is too long."""

from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(hours=24)
DAY_MINUTES, HOUR_MINUTES = 24 * 60, 60


def waited_words(since: datetime, now: datetime) -> tuple[str, bool]:
    """The wait in words ("waits for 3 hours"), and whether it is longer than we want anybody to wait."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes >= DAY_MINUTES:
        count, unit = minutes // DAY_MINUTES, "day"
    elif minutes >= HOUR_MINUTES:
        count, unit = minutes // HOUR_MINUTES, "hour"
    else:
        count, unit = minutes, "minute"
    return f"waits for {count} {unit}{'' if count == 1 else 's'}", now - since > ANSWER_WITHIN
