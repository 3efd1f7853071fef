"""Opening hours: from the text that people type to the column, and back. Pure."""

import re
from collections.abc import Iterator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Hours = dict[str, list[list[str]]]
MOST_SPANS = 4
_DAYS = re.compile(r"([a-z]{3})[a-z]*(?:\s*(?:-|–|to)\s*([a-z]{3})[a-z]*)?")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?")


class BadHours(ValueError):
    """The text is no opening hours; the message says which part and what to do."""


def hours_of(text: str) -> Hours:
    """`mon-fri 07:00-19:00; sat 08:00-12:00, 13:00-17:00` by weekday. Days that are not named are closed.

    A span may pass midnight (`18:00-02:00`). Nothing at all is nothing known. Raises BadHours.
    """
    hours: Hours = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[;|\n]", text.lower()))):
        days, spans = _split(part)
        for day in days:
            hours[day] = hours.get(day, []) + spans
    for day, spans in hours.items():
        if len(spans) > MOST_SPANS:
            raise BadHours(f"Give at most {MOST_SPANS} spans of hours for {day}")
    return {day: sorted(hours[day]) for day in WEEKDAYS if day in hours}


def hours_text(hours: Hours) -> str:
    """The same hours as text; days in a row with the same hours share a line."""
    return "; ".join(f"{first if first == last else f'{first}-{last}'} {spans}" for first, last, spans in _runs(hours))


def hours_lines(hours: Hours) -> list[str]:
    """The same for whoever goes there, a line each for days in a row and for those that are closed; none if unknown."""
    names = dict(zip(WEEKDAYS, NAMES, strict=True))
    closed = [names[day] for day in WEEKDAYS if not hours.get(day)] if hours else []
    lines = [
        f"{names[first] if first == last else f'{names[first]} to {names[last]}'} {spans.replace('-', ' to ')}"
        for first, last, spans in _runs(hours)
    ]
    return (
        [*lines, f"Closed on {' and '.join(filter(None, [', '.join(closed[:-1]), closed[-1]]))}"] if closed else lines
    )


def _runs(hours: Hours) -> Iterator[tuple[str, str, str]]:
    """First day, last day, spans as text."""
    run: tuple[str, str, str] | None = None
    for day in WEEKDAYS:
        spans = ", ".join(f"{opens}-{closes}" for opens, closes in hours.get(day, []))
        if run and spans == run[2] and spans:
            run = (run[0], day, spans)
            continue
        if run:
            yield run
        run = (day, day, spans) if spans else None
    if run:
        yield run


def _split(part: str) -> tuple[list[str], list[list[str]]]:
    found = _DAYS.match(part)
    first, last = (found[1], found[2] or found[1]) if found else ("", "")
    if found is None or first not in WEEKDAYS or last not in WEEKDAYS:
        raise BadHours(f"Begin “{part[:40]}” with days, like mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    days = [WEEKDAYS[(start + step) % 7] for step in range((end - start) % 7 + 1)]
    spans = [span.strip() for span in part[found.end() :].split(",")]
    return days, [_span(span) for span in spans]


def _span(text: str) -> list[str]:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise BadHours(f"Write “{text[:40]}” as hours, like 07:00-19:00")
    opens, closes = (f"{int(found[at]):02}:{found[at + 1] or '00'}" for at in (1, 3))
    if opens > "23:59" or closes > "24:00" or opens == closes or max(opens[3:], closes[3:]) > "59":
        raise BadHours(f"“{text[:40]}” is no span of a day")
    return [opens, closes]
