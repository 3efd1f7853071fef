"""Where a text names somebody: after a title, after a role, on a name tag, and wherever a known name stands.

English, as narratives are written here. It proposes; a person decides. A name in small letters after a role
("my server anna") is not seen, unless it is known or stands on a tag.
"""

import re
from collections.abc import Iterable, Iterator

from .numbers import Span

_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[\w]"
_NAMES = rf"{_NAME}(?:[ \u00a0]{_NAME})?"
# A capital letter after a role does not make a name of these.
_COMMON = """
after also although and another are as at because before both but could did does during each eventually every finally
first for from had has have he her here his how however in is it its later let my next no nobody not now of on once one
only or our over she since so some somebody someone soon still than that the their then there these they this those
though to today tomorrow under until upon was we were what when where which while who whose why with would yes yesterday
you your monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
september october november december
"""
COMMON = frozenset(_COMMON.split())
_TITLES = "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Herr|Frau|Madame|Monsieur|Señora?"
_TITLE = re.compile(rf"\b(?:{_TITLES})\.?[ \u00a0](?!I\b)[A-ZÀ-ÖØ-Þ][\w’'-]*(?:[ \u00a0]{_NAME})?")
_ROLES = (
    "server|waiter|waitress|barista|bartender|barman|cashier|clerk|teller|host|hostess|manager|supervisor|assistant|"
    "associate|salesperson|salesman|saleswoman|representative|rep|agent|adviser|advisor|consultant|technician|"
    "receptionist|employee|colleague|stylist|driver|concierge|attendant|greeter|worker|lady|guy|gentleman|man|woman"
)
_AFTER_ROLE = re.compile(rf"\b(?i:{_ROLES})(?i:,? (?:was|is|named|called|by the name of))?,? (?P<name>{_NAMES})")
_BY = re.compile(
    r"\b(?i:(?:served|helped|assisted|greeted|welcomed|advised|attended|seated) by|thanks to|named|called|"
    r"name (?:was|is)|by the name of|introduced (?:him|her|them)sel(?:f|ves) as|spoke (?:to|with))"
    rf"[ ,:]*[\"“‘']?(?P<name>{_NAMES})"
)
_TAG = re.compile(
    r"\b(?i:(?:name[ -]?)?(?:tag|badge)(?: \w+){0,2}? (?:said|says|saying|reads?|reading|show(?:ed|s|ing)|with))[ :,]*"
    rf"(?:[\"“‘'](?P<quoted>[^\"”’'\n\[\]]{{1,60}})[\"”’']|(?P<name>{_NAMES}))"
)


def named_after_title(text: str) -> Iterator[Span]:
    """Mr Smith, with the title: it says as much as the name."""
    return (found.span() for found in _TITLE.finditer(text))


def named_by_role(text: str) -> Iterator[Span]:
    """The name in "my server Anna", "a barista named Lee", "her name tag said “anna”"."""
    for pattern in (_AFTER_ROLE, _BY, _TAG):
        for found in pattern.finditer(text):
            group = "quoted" if "quoted" in pattern.groupindex and found["quoted"] else "name"
            span = _without_common_words(text, found.span(group))
            if span is not None:
                yield span


def known(text: str, names: Iterable[str]) -> Iterator[Span]:
    """Every place where one of the names stands as whole words, in small letters or large ones."""
    wanted = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    if wanted:
        pattern = "|".join(re.escape(name) for name in wanted)
        yield from (found.span() for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE))


def _without_common_words(text: str, span: Span) -> Span | None:
    start, end = span
    words = text[start:end].split()
    if not words or words[0].casefold() in COMMON:
        return None
    if len(words) > 1 and words[1].casefold() in COMMON:
        end = start + len(words[0])
    return start, end
