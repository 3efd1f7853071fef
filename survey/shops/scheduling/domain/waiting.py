"""How long somebody has waited for an answer, and how many of them is too long."""

from datetime import datetime, timedelta

ANSWER_WITHIN = timedelta(hours=24)


def waited_words(since: datetime, now: datetime) -> tuple[str, bool]:
    """ "waits for 3 hours", and whether that is longer than we want anybody to wait."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes >= size:
            count = minutes // size
            break
    else:
        unit, count = "minute", minutes
    return f"waits for {count} {unit}{'' if count == 1 else 's'}", now - since > ANSWER_WITHIN
