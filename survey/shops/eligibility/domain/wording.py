"""Visits in words: the scheduler reads of somebody, the shopper of themselves. What has no day gets none here."""

from collections.abc import Sequence
from datetime import date

from .days import Span, spoken
from .facts import Visit


def decisive(spans: Sequence[Span], causes: Sequence[Visit], links: Sequence[Visit], day: int) -> Sequence[Visit]:
    """Of the visits that close a day, the nearest before and after it; and the one that is over last, in that order.

    spans: the days that each of the causes closes; links: as `linked` finds them.
    """
    if len(causes) == 1:
        return causes
    before: Visit | None = None
    after: Visit | None = None
    asked = date.fromordinal(day)
    for each, (first, last) in zip(causes, spans, strict=True):
        if not first <= day <= last:
            continue
        if each.day > asked:
            after = each if after is None or each.day < after.day else after
        elif before is None or each.day > before.day:
            before = each
    named = [each for each in (before, after) if each is not None]
    return named + [each for each in links[-1:] if each not in named]


def linked(spans: Sequence[Span], causes: Sequence[Visit], day: int) -> Sequence[Visit]:
    """The visits that keep days closed from this one on, one after the other; the one that is over last comes last."""
    if len(causes) < 2:
        return causes
    found: list[Visit] = []
    for (first, last), each in sorted(zip(spans, causes, strict=True), key=lambda pair: pair[0]):
        if first > day:
            break
        if last >= day:
            found.append(each)
            day = last + 1
    return found


def of_somebody(visit: Visit, today: date, *, is_here: bool) -> str:
    """As it follows "The shopper". is_here: at the place that is asked about, else somewhere of its client."""
    if _is_over(visit, today):
        return f"{'was here' if is_here else 'visited this client'} {_ago(visit.day, today)}"
    return f"has {_promised(visit, today, is_here=is_here)}"


def of_you(visit: Visit, today: date, *, is_here: bool) -> str:
    """The same as it follows "You"."""
    if _is_over(visit, today):
        return f"{'were here' if is_here else 'visited this client'} {_ago(visit.day, today)}"
    return f"have {_promised(visit, today, is_here=is_here)}"


def free_words(free_on: date, links: Sequence[Visit], today: date) -> str:
    """From when a rule allows it again. A visit without a day lies on its last day at the latest."""
    undated = [each for each in links if each.last_day is not None]
    if any(each.day != each.last_day for each in undated):
        return ""
    return f"; free again on {spoken(free_on, today)}{' at the latest' if undated else ''}"


def _is_over(visit: Visit, today: date) -> bool:
    return visit.is_made and visit.day <= today


def _promised(visit: Visit, today: date, *, is_here: bool) -> str:
    shop = "a shop here" if is_here else "a shop of this client"
    if visit.last_day is not None:
        ended = visit.last_day < today
        return f"{shop} {'whose days ended on' if ended else 'until'} {spoken(visit.last_day, today)}"
    if visit.day < today:
        return f"{shop} that was planned for {spoken(visit.day, today)}"
    when = "today" if visit.day == today else f"on {spoken(visit.day, today)}"
    return f"a visit planned here {when}" if is_here else f"{shop} planned {when}"


def _ago(day: date, today: date) -> str:
    days = (today - day).days
    return "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
