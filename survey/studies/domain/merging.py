"""Merge fields: the few words that differ from person to person. A closed list, and no template engine."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "first_name": "the person’s first name",
        "client": "the client’s name",
        "store": "the place they visited",
        "visit_date": "the day of the visit",
        "minutes": "how long answering takes, such as “3 minutes”",
        "closes_on": "the last day to answer",
    }
)
# These are the same for everybody and always known; the others need words for when they are not.
ALWAYS_KNOWN = frozenset({"client", "minutes", "closes_on"})
FALLBACKS: Mapping[str, str] = MappingProxyType(
    {"first_name": "there", "store": "our store", "visit_date": "your last visit"}
)
MOST_NAME_CHARACTERS = 40

_FIELD = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[a-z_]+")
_UNLIKELY = re.compile(r"[\d/:@<>{}\\]|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field as it stands in a text, such as `{{first_name|there}}`."""

    name: str
    fallback: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells one value from another: the same field may have two fallbacks."""
        return self.name, self.fallback


def fields_in(text: str) -> Iterator[Field]:
    """The merge fields of a text, in order, known or not."""
    return (_field(found[1]) for found in _FIELD.finditer(text))


def problem_with(text: str) -> str:
    """What is wrong with the merge fields of a text, in words; empty where nothing is."""
    for field in fields_in(text):
        if field.name not in FIELDS:
            shown = field.name if _NAME.fullmatch(field.name) else "that"
            return f"There is no field called {shown}. Use one of: {', '.join(FIELDS)}."
    rest = _FIELD.sub("", text)
    if "{{" in rest or "}}" in rest:
        return "A field is not closed. Fields look like {{first_name|there}}."
    return ""


def replaced(text: str, value_of: Callable[[Field], str]) -> str:
    """The text with each field exchanged for what `value_of` says."""
    return _FIELD.sub(lambda found: value_of(_field(found[1])), text)


def is_name(text: str) -> bool:
    """Whether a list's first name may stand in a letter. Addresses and numbers in its place are somebody's joke."""
    return bool(text) and len(text) <= MOST_NAME_CHARACTERS and not _UNLIKELY.search(text)


def long_day(day: date) -> str:
    """A day as a letter says it: 2 October 2026."""
    return f"{day.day} {day:%B %Y}"


def minutes_words(minutes: int) -> str:
    """How long answering takes."""
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


def _field(inner: str) -> Field:
    name, _, fallback = inner.partition("|")
    name = name.strip()
    return Field(name, fallback.strip() or FALLBACKS.get(name, ""))
