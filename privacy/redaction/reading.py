"""A text as people read it: composed letters, plain digits, apostrophes and spaces, and nothing that cannot be seen.

What is found there is told in places of the text as it was written: see `Reading.place`.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .numbers import Span

# Unicode Standard Annex 15 lets a letter carry thirty marks; what is stacked higher is noise, and sorting it is slow.
MOST_MARKS = 30
_AS_PLAIN = {
    **dict.fromkeys("\u2019\u02bc\u2032\u00b4\u0060\u201b\u2018\uff07", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2212", "-"),
    "…": "…",  # stays one sign: compatibility would make three full stops of it
}
_UNSEEN = frozenset({"Cf", "Cc"})


@dataclass(frozen=True, slots=True)
class Reading:
    """text: as it is read; starts and ends: of each of its letters, where it stands in what was written."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> Span:
        """Where in the written text the letters start to end of this one stand."""
        return self.starts[start], self.ends[end - 1]


def read_plainly(text: str) -> Reading:
    """The text in NFKC (Unicode Standard Annex 15), cluster by cluster, and simpler still. Linear in its length."""
    if text.isascii() and "`" not in text:
        return Reading(text, range(len(text)), range(1, len(text) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        plain = _plain(text[start : min(end, start + MOST_MARKS)])
        letters.append(plain)
        starts += [start] * len(plain)
        ends += [end] * len(plain)
    return Reading("".join(letters), starts, ends)


def bare(text: str) -> str:
    """Letters without their accents, one for one: Zoë is looked for where Zoe is known. Korean syllables stay whole."""
    if text.isascii():
        return text
    return "".join(
        each if each.isascii() or "가" <= each <= "힣" else unicodedata.normalize("NFD", each)[0] for each in text
    )


def _clusters(text: str) -> Iterator[Span]:
    """Each letter with the marks above and below it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at


def _plain(cluster: str) -> str:
    first = cluster[0]
    if first in _AS_PLAIN:
        return _AS_PLAIN[first]
    if unicodedata.category(first) in _UNSEEN and not first.isspace():
        return ""
    composed = unicodedata.normalize("NFKC", cluster)
    return composed if composed.isascii() else "".join(map(_plain_letter, composed))


def _plain_letter(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)
