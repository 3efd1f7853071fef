"""Telephone numbers: those that the rules of a country know, and those that are only written like one."""

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from .numbers import Span

_ENOUGH_DIGITS = re.compile(r"(?:\d\D{0,3}){6}")
_GAP = r"[ .\u2013-]"
_EDGE, _END = r"(?<![\w.+-])", r"(?![\w-]|[.,]\d)"
# Numbers that nobody has, and those without the code of a town, are written like any other.
_WRITTEN_LIKE_ONE = re.compile(
    rf"{_EDGE}(?:\+?1{_GAP}?)?(?:\(\d{{3}}\){_GAP}?|\d{{3}}{_GAP})\d{{3}}{_GAP}\d{{4}}{_END}"
    rf"|{_EDGE}\+\d{{1,3}}(?:{_GAP}?\(?\d{{1,5}}\)?){{2,6}}{_END}"
    rf"|{_EDGE}0\d{{2,4}}{_GAP}\d{{3,4}}{_GAP}?\d{{3,4}}{_END}"
)
_CALLED_ONE = re.compile(
    r"\b(?:phone|tel|telephone|cell|mobile|whats ?app|call(?:ed)?|text(?:ed)?|ring|rang|number|fax|line|reached?|dial)"
    rf"\b[^\d.!?\n\]]{{0,24}}(?P<number>\(?\d{{3,5}}\)?{_GAP}\d{{3,4}}(?:{_GAP}\d{{2,4}}){{0,2}}){_END}",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(
    r"(?:invoice|order|receipt|ticket|transaction|sku|item|ref|reference)(?: (?:no\.?|number|id))?[ :#]{1,3}$",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 7


def telephones(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Where numbers to be called stand. regions: where those without a country code may be from (ISO 3166)."""
    if not _ENOUGH_DIGITS.search(text):
        return
    yield from (found.span() for found in _WRITTEN_LIKE_ONE.finditer(text) if _is_long_enough(found[0]))
    yield from (found.span("number") for found in _CALLED_ONE.finditer(text) if _is_long_enough(found["number"]))
    for region in regions:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            if not _OTHER_NUMBER.search(text[max(match.start - 24, 0) : match.start]):
                yield match.start, match.end


def _is_long_enough(written: str) -> bool:
    return sum(map(str.isdigit, written)) >= _FEWEST_DIGITS
