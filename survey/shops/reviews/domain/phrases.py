"""Phrases that editors write again and again. They are about nobody: no name, no number, no placeholder for either."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.redaction import HARD, Kind, findings, with_perhaps
from survey.db.errors import Conflict

LONGEST_PHRASE_NAME, LONGEST_PHRASE = 60, 1000
PHRASE_KINDS: Mapping[str, str] = {
    "return": "Notes of a return",
    "coaching": "Advice to the shopper",
    "decline": "Reasons for a no",
}
FOUND_WORDS: Mapping[Kind, str] = {
    Kind.EMAIL: "an address",
    Kind.TELEPHONE: "a telephone number",
    Kind.HANDLE: "a name on a social network",
    Kind.PLATE: "a number plate",
    Kind.NAME: "a name",
    Kind.PERHAPS: "what may be a name",
}


class NameTaken(Conflict):
    """A phrase of this kind is called so already."""

    def __init__(self) -> None:
        super().__init__("a phrase of this kind has that name already")


@dataclass(frozen=True, slots=True)
class PhraseDraft:
    """A phrase as an editor enters it. kind: a code of PHRASE_KINDS."""

    kind: str
    name: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the library."""

    id: UUID
    kind: str
    name: str
    text: str = field(repr=False)
    use_count: int
    changed_at: datetime
    retired_at: datetime | None


def has_placeholder(text: str) -> bool:
    """Whether a text has room for something to be filled in: nothing ever is."""
    return any(mark in text for mark in ("{", "}", "[[", "]]", "<<", ">>"))


def persons_in(text: str) -> tuple[str, ...]:
    """What in a text may lead to somebody, in words; empty where nothing does."""
    found = {each.kind for each in with_perhaps(text, findings(text))}
    return tuple(words for kind, words in FOUND_WORDS.items() if kind in found)


def has_number(text: str) -> bool:
    """Whether a card, an account or a social security number is in a text: that is kept under no circumstances."""
    return any(each.kind in HARD for each in findings(text))


def put_in(typed: str, phrase: str) -> str:
    """What was typed, with a phrase below it."""
    return f"{typed.rstrip()}\n{phrase}" if typed.strip() else phrase
