"""Finding values in answers, however they are spelt: as they are, in an address, in HTML, as base64 or hexadecimal.

Values live in the memory of a run and are never kept. Pure.
"""

import html
import re
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json import dumps
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

from .proof import Kind

# Whatever is shorter turns up by chance: of it only what is listed below is looked for, in its own way.
SHORTEST = 6
SHORTEST_NAME = 4
SHORTEST_NUMBER = 9
SHORTEST_CODED = 10
BYTES_OF_A_GROUP = 3
SHORTEST_SENTENCE = 16
WHOLE_WORDS = frozenset({Kind.EMPLOYEE})
LAST_FOUR = frozenset({Kind.PAYOUT, Kind.TAX})
MOMENTS = (
    "%-d %b %Y %H:%M", "%-d %b %Y, %H:%M", "%-d %B %Y %H:%M", "%-d %B %Y, %H:%M", "%-d %B %Y at %H:%M",
    "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M",
)  # fmt: skip
# A page that shows the end of a number says so beside it; four digits alone are anything.
END_OF_NUMBER = re.compile(
    rb"(?:end(?:s|ing) in|last (?:four|4)|\*{2,}|x{2,}|\.{3}|(?:\xe2\x80\xa2|\xe2\x80\xa6|\xc2\xb7)+)"
    rb"(?:\s|&nbsp;|<[^<>]{0,40}>){0,4}([0-9]{4})(?![0-9])"
)
BETWEEN_DIGITS = re.compile(rb"(?<=[0-9])[ ().+\-/]{1,3}(?=[0-9])")
LONG_NUMBER = re.compile(rb"[0-9]{%d,20}" % SHORTEST_NUMBER)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Token:
    """One true value of somebody, or of a visit, in the forms in which pages write it."""

    kind: Kind
    forms: frozenset[str] = field(repr=False)


def token(kind: Kind, *forms: str) -> Token:
    """A value in one form or in several."""
    return Token(kind, frozenset(forms))


class Needles:
    """The values of a run, ready to be looked for."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._kinds = [each.kind for each in tokens]
        self._by_start: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        self._ends: dict[bytes, set[int]] = defaultdict(set)
        self._numbers: dict[bytes, int] = {}
        self._names: dict[bytes, int] = {}
        for at, each in enumerate(tokens):
            for form in each.forms:
                self._add(at, each.kind, form)
        names = sorted(self._names, key=len, reverse=True)
        self._named = re.compile(rb"(?<![\w])(" + b"|".join(map(re.escape, names)) + rb")(?![\w])") if names else None

    def found_in(self, content: bytes, *, has_words: bool = True) -> set[int]:
        """Which values stand in it; each as a number that means nothing outside this run.

        has_words: not so for pixels, among which four letters turn up by chance.
        """
        small = content.decode("utf-8", "replace").casefold().encode()
        starts = {small[at : at + SHORTEST] for at in range(len(small) - SHORTEST + 1)}
        near = starts.intersection(self._by_start)
        found = {at for start in near for needle, at in self._by_start[start] if needle in small}
        for end in END_OF_NUMBER.findall(small):
            found |= self._ends.get(end, set())
        if self._numbers:
            found |= set(self._numbers_in(content))
        if self._named and has_words:
            found |= {self._names[name] for name in self._named.findall(content)}
        return found

    def kinds_of(self, found: Iterable[int]) -> set[Kind]:
        """The kinds of what was found."""
        return {self._kinds[at] for at in found}

    def _numbers_in(self, content: bytes) -> Iterator[int]:
        written = set(LONG_NUMBER.findall(BETWEEN_DIGITS.sub(b"", content)))
        for number, at in self._numbers.items():
            if any(number in one for one in written):
                yield at

    def _add(self, at: int, kind: Kind, form: str) -> None:
        if kind in LAST_FOUR:
            self._ends[form.encode()].add(at)
            return
        needles = set(spellings(form))
        if kind in WHOLE_WORDS:
            # A name is a word of its own: "Anna" is not in "savanna". Encoded it has no neighbours to tell it from.
            self._names |= {spelt.encode(): at for spelt in (form, form.upper())}
            needles.discard(form.casefold().encode())
        digits = re.sub(r"\D", "", form).encode()
        if kind is Kind.PHONE and len(digits) >= SHORTEST_NUMBER:
            self._numbers[digits[-SHORTEST_NUMBER:]] = at
        for needle in needles:
            if len(needle) >= SHORTEST:
                self._by_start[needle[:SHORTEST]].append((needle, at))


def spellings(value: str) -> Iterator[bytes]:
    """Every way in which a value may be written, in small letters."""
    plain = {
        value, quote(value, safe=""), quote(value), quote_plus(value), html.escape(value),
        html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"), dumps(value)[1:-1],
    }  # fmt: skip
    yield from (spelt.casefold().encode() for spelt in plain)
    for raw in {value.encode(), value.casefold().encode(), value.upper().encode()}:
        if 2 * len(raw) >= SHORTEST_CODED:
            yield raw.hex().encode()
        yield from (part.lower() for part in _as_base64(raw))


def _as_base64(raw: bytes) -> Iterator[bytes]:
    """The letters that are its own in base64, wherever it begins among others' bytes."""
    for lead in range(BYTES_OF_A_GROUP):
        start, end = -(-8 * lead // 6), 8 * (lead + len(raw)) // 6
        own = b64encode(b"\0" * lead + raw)[start:end]
        if len(own) >= SHORTEST_CODED:
            yield own
            yield own.replace(b"+", b"-").replace(b"/", b"_")


def moments(moment: datetime, time_zone: str) -> set[str]:
    """A moment as pages and files write it, by the clock of the place and by ours; and as computers count."""
    local, ours = moment.astimezone(ZoneInfo(time_zone)), moment.astimezone(UTC)
    return {each.strftime(form) for each in (local, ours) for form in MOMENTS} | {str(int(moment.timestamp()))}


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that are long enough to be nobody else's."""
    whole = (" ".join(each.split()) for each in SENTENCE_END.split(text))
    return [each for each in whole if len(each) >= SHORTEST_SENTENCE]


def names_of(name: str) -> set[str]:
    """A name in the orders in which lists write it; one that is too short to be told from other words is left out."""
    first, _, last = name.rpartition(" ")
    turned = {f"{last}, {first}", f"{last} {first}"} if first else set()
    return {each for each in {name, *turned} if len(each) >= SHORTEST}


def counted(tokens: Iterable[Token]) -> Mapping[str, int]:
    """How many values there are of each kind."""
    return dict(Counter(each.kind.value for each in tokens))
