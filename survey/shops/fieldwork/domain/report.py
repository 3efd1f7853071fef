"""A report as it is being written: coded answers apart from words, and what may stop it from being sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from privacy.vault.domain import Wrapped
from survey.questionnaires.domain import Item, field_of
from survey.shops.campaigns.domain import Scoring, answer_words, comment_words

WORDS = "visit.words"  # a report's own text: what was found where the visit could not be made
COMMENT_CHARACTERS = 4000


class Outcome(StrEnum):
    """What came of the visit."""

    DONE = "done"
    CLOSED = "closed"
    NOT_POSSIBLE = "not_possible"


# Why a visit could not be made: code -> what came of it, and the words a shopper picks.
NOT_DONE: Mapping[str, tuple[Outcome, str]] = {
    "shut": (Outcome.CLOSED, "It was shut when I came"),
    "gone": (Outcome.CLOSED, "It has closed for good, or moved away"),
    "not_found": (Outcome.NOT_POSSIBLE, "I could not find it"),
    "not_offered": (Outcome.NOT_POSSIBLE, "What I was to buy or ask for was not there"),
    "turned_away": (Outcome.NOT_POSSIBLE, "I was turned away"),
    "recognised": (Outcome.NOT_POSSIBLE, "I was recognised as a mystery shopper"),
    "unsafe": (Outcome.NOT_POSSIBLE, "It did not feel safe"),
    "other": (Outcome.NOT_POSSIBLE, "Something else"),
}


def outcome_of(reason: str) -> Outcome:
    """What came of the visit, by why; done where there is no reason."""
    return NOT_DONE[reason][0] if reason in NOT_DONE else Outcome.DONE


@dataclass(frozen=True, slots=True)
class Report:
    """What one shopper has written of one visit. shop_id: None until it is handed in.

    key, texts: the report's wrapped key and its sealed words by field.
    """

    id: UUID
    shop_id: UUID | None
    version_id: UUID
    coded: Mapping[str, Any]
    section: int
    outcome: Outcome
    reason: str
    time_in: datetime | None
    time_out: datetime | None
    receipt_cents: int | None
    started_at: datetime
    submitted_at: datetime | None
    key: Wrapped | None = field(default=None, repr=False)
    texts: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Where somebody says to be: degrees with three decimals, accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What an editor asks about a question of a returned report; without a question, about the whole."""

    question_id: str
    text: str
    at: datetime


def comment_field(item_id: str) -> str:
    """The field that holds the comment on an answer."""
    return field_of(item_id, "comment")


def comments_wanted(scoring: Scoring, items: Iterable[Item]) -> dict[str, int]:
    """Items of which a comment may be asked, with how many words it must have."""
    wanted = {item.id: comment_words(scoring, item) for item in items}
    return {item_id: least for item_id, least in wanted.items() if least is not None}


def words_wanted(scoring: Scoring, items: Iterable[Item]) -> dict[str, int]:
    """Items that are answered in words and must have so many of them."""
    wanted = {item.id: answer_words(scoring, item) for item in items}
    return {item_id: least for item_id, least in wanted.items() if least}


def words_in(text: str) -> int:
    """How many words a text has; a mark between spaces is none."""
    return sum(1 for word in text.split() if any(letter.isalnum() for letter in word))


def too_few(text: str, least: int) -> str:
    """What to say of a text that has fewer words than it must; nothing where it has enough."""
    count = words_in(text)
    return (
        "" if count >= least else f"Write {least} words or more; so far there {'is' if count == 1 else 'are'} {count}"
    )


class NotStarted(Exception):
    """There is no report yet: the visit has not been started."""


class TooEarly(Exception):
    """The visit may not begin yet."""


class UnreadGuideline(Exception):
    """The guideline in force has to be read before the visit begins. is_new: another was, when the shop was taken."""

    def __init__(self, *, is_new: bool) -> None:
        super().__init__("the guideline in force has not been read")
        self.is_new = is_new


class HandedIn(Exception):
    """The report has been handed in, perhaps from another tab; nothing can be changed any more."""


class WentBack(Exception):
    """The shop is no longer the shopper's: it went back to the board. The draft is kept."""
