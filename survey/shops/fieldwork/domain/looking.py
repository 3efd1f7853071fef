"""What a look through the words of a report finds: the same look for whoever writes it and for who reviews it. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from privacy.redaction import Finding, Kind, findings, with_perhaps, with_times
from survey.questionnaires.domain import MOMENT_KINDS, Definition
from survey.shops.campaigns.domain import Scoring

SHORTEST_NAME = 3
_WORD = re.compile(r"\w[\w-]*")


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around the words of a report.

    regions: where telephone numbers without a country code may be from; ordinary: words in small letters, of which a
    capital makes no name; places: what client and place are called, as a whole: Anna's Kitchen is nobody.
    own_names: of whoever wrote it; known_names: of people who are in the report already.
    """

    regions: Sequence[str]
    ordinary: Collection[str] = field(repr=False)
    places: Sequence[str] = field(repr=False)
    own_names: Sequence[str] = field(default=(), repr=False)
    known_names: Sequence[str] = field(default=(), repr=False)


def found_in(
    texts: Mapping[str, str], around: Around, is_left: Callable[[str, Finding], bool] = lambda name, finding: False
) -> dict[str, list[Finding]]:
    """Every finding in the texts of a report, by text, also what only might be a name.

    Who is named once is known from there on: "my server Anna" makes "Anna smiled" a finding too, unless somebody has
    said of it that it may stay.
    """

    def certain(text: str, known: Iterable[str]) -> list[Finding]:
        return findings(text, known, around.own_names, around.regions)

    named = {
        text[each.start : each.end]
        for name, text in texts.items()
        for each in certain(text, around.known_names)
        if each.kind is Kind.NAME and not is_left(name, each)
    }
    known = [*around.known_names, *named]
    return {
        name: with_perhaps(text, certain(text, known), around.ordinary, around.places) for name, text in texts.items()
    }


def with_untold_times(text: str, found: list[Finding], told: str) -> list[Finding]:
    """The findings in words for the client, and times of day that are finer than it is told (told: TIME_PRECISIONS)."""
    return found if told == "minute" else with_times(text, found, hours_too=told != "hour")


def texts_told(definition: Definition, scoring: Scoring, names: Iterable[str]) -> frozenset[str]:
    """Which texts a client may come to read: none of a question that asks for a moment, nor of a sensitive one."""
    moments = {item_id for start, end, _ in scoring.timings for item_id in (start, end)}
    told = {
        item.id
        for item in definition.items()
        if not item.is_sensitive and item.kind not in MOMENT_KINDS and item.id not in moments
    }
    return frozenset(name for name in names if name.split("-")[0] in told)


def ordinary_words(definition: Definition, about: Iterable[str | None]) -> frozenset[str]:
    """Words of the place, its goods and what is asked there, in small letters: a capital makes no name of them."""
    asked = [
        words
        for section in definition.sections
        for item in section.items
        for words in (section.title, item.title, *(choice.label for choice in item.choices))
    ]
    return frozenset(word.casefold() for words in (*about, *asked) for word in _WORD.findall(words or ""))


def regions_of(country: str) -> tuple[str, ...]:
    """Where telephone numbers without a country code may be from, at a place in this country."""
    return tuple(dict.fromkeys(filter(None, (country.upper()[:2], "US", "GB"))))


def parts_of_name(name: str) -> tuple[str, ...]:
    """What somebody is called, as a whole and in parts."""
    return (name, *(part for part in name.split() if len(part) >= SHORTEST_NAME))
