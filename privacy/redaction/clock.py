"""Times of day as people write them: "12:43", "9.15 am", "half past nine", "at 9 o'clock".

English, as narratives are written here. What lasts ("4:30 minutes") and what is only a part of the day ("before noon")
is no time of day. Every pattern looks at a bounded stretch, so that no text makes it slow.
"""

import re
from collections.abc import Iterator

from .numbers import Span

_HOUR, _MINUTE = r"(?:[01]?\d|2[0-4])", r"[0-5]\d"
_HALF_DAY = r"(?:[ap]\.m\.|[ap]m\b)"
_SPELT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_SAID_HOUR = rf"(?:{_SPELT}|noon|midnight|midday|1[0-2]|[1-9])(?![\w:]|\.\d)"
_MINUTES = (
    r"five|ten|twenty(?:[ -]five)?|[1-5]?\d|fifteen|eighteen|seventeen|sixteen|fourteen|thirteen|twelve|eleven|nine|"
    r"eight|seven|six|four|three|two|thirty(?:[ -]five)?|forty(?:[ -]five)?|fifty(?:[ -]five)?"
)
_ABOUT = r"(?:(?:just|almost|nearly|exactly|about|around|roughly|shortly|precisely) )?"
_WHEN = rf"(?:at|around|about|by|since|until|till|before|after|from|near|towards?|was|it's|is) {_ABOUT}"
_LASTS = r"(?! ?(?:m|h|min|mins|minutes?|hrs?|hours?|s|secs?|seconds?)\b)"
# To the minute, or nearly.
_EXACT = re.compile(
    rf"(?<![\d.:,/-]){_HOUR}:{_MINUTE}(?::{_MINUTE})?(?: ?{_HALF_DAY})?(?![\d:]|[.,]\d){_LASTS}"
    rf"|(?<![\d.:,/$£€-]){_HOUR}[. ]{_MINUTE} ?{_HALF_DAY}"
    rf"|(?<![\d.:,/-])(?:[01]?\d|2[0-3]) ?h ?{_MINUTE}(?!\w)"
    rf"|(?<![\d.:,/-])(?:[01]\d|2[0-3]){_MINUTE} ?(?:hrs|hours|h)\b"
    rf"|\b(?:half|(?:a )?quarter|(?:{_MINUTES})(?: minutes?)?) past {_SAID_HOUR}"
    rf"|\b(?:a )?quarter (?:to|before|till) {_SAID_HOUR}",
    re.IGNORECASE,
)
_EXACT_AFTER = re.compile(
    rf"\b{_WHEN}(?P<time>half {_SAID_HOUR}"
    rf"|(?:{_MINUTES})(?: minutes?)? (?:to|before|till) {_SAID_HOUR}(?! \w{{1,12}}s\b)(?! (?:and|or|people|per cent)\b)"
    rf"|(?:{_SPELT}) (?:fifteen|thirty(?:[ -]five)?|forty(?:[ -]five)?|fifty(?:[ -]five)?|twenty(?:[ -]five)?|"
    r"(?:oh|o)[ -](?:five|one|two|three|four|six|seven|eight|nine)))(?![\w-])(?! (?:\w{1,12}s|dollars?|people)\b)",
    re.IGNORECASE,
)
_FOUR_DIGITS = re.compile(
    rf"\b(?i:{_WHEN})(?P<time>(?:0\d|1\d|2[0-3]){_MINUTE})(?=[.,;!?)]|$|\n| (?:when|and|sharp|on)\b)"
)
# To the hour.
_FULL = re.compile(
    rf"(?<![\d.:,/$£€-])(?:1[0-2]|0?[1-9]) ?{_HALF_DAY}"
    rf"|(?<![\d.:,/-])\b(?:{_SPELT}|[12]?\d) ?o'clock\b"
    rf"|\b(?:{_SPELT}) [ap](?:\.m\.|m\b)",
    re.IGNORECASE,
)
_FULL_AFTER = re.compile(
    rf"\b(?:at|around|about|by|until|before|after|since) {_ABOUT}(?P<time>noon|midday|midnight"
    rf"|(?:{_SPELT}|1[0-2]|[1-9])(?= (?:in the (?:morning|afternoon|evening)|at night|sharp|on the dot)\b))"
    rf"|\b(?:at|around) {_ABOUT}(?P<bare>{_SPELT}|1[0-2]|[1-9])(?=[.;!?)](?!\d)|,(?! ?\d)|$|\n| when\b)",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(r"(?:before|after|by|until|since) (?:noon|midday|midnight)$", re.IGNORECASE)


def exact_times(text: str) -> Iterator[Span]:
    """Where a time of day stands that is told more finely than to the hour. text: as `reading` gives it."""
    yield from (found.span() for found in _EXACT.finditer(text))
    for pattern in (_EXACT_AFTER, _FOUR_DIGITS):
        yield from (found.span("time") for found in pattern.finditer(text))


def full_hours(text: str) -> Iterator[Span]:
    """Where a full hour is told: "9 am", "at nine", "at noon"; "before noon" is only a part of the day."""
    yield from (found.span() for found in _FULL.finditer(text))
    for found in _FULL_AFTER.finditer(text):
        if not _PART_OF_DAY.search(found[0]):
            yield found.span("time") if found["time"] else found.span("bare")
