"""Restriction of processing (GDPR Art. 18): its grounds, the clock of the answer, and what it stops. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .documents import months_later
from .standing import ShopperProblem, WrongStatus

RESTRICTION_NOTICE = timedelta(days=14)  # between the announcement that it ends and its end, Art. 18(3)
RESTRICTION_CHARACTERS = 2000


class Ground(StrEnum):
    """Why somebody may have processing restricted, Art. 18(1) (a) to (d)."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    CLAIMS = "claims"
    OBJECTION = "objection"


GROUND_WORDS: Mapping[str, str] = {
    Ground.ACCURACY: "Something that is held is not right, and somebody has to look into it",
    Ground.UNLAWFUL: "It should not be held or used, but I do not want it erased",
    Ground.CLAIMS: "The company does not need it any more, but I need it for a claim",
    Ground.OBJECTION: "I object to how it is used, and wait for the answer",
}


class RestrictionAnswer(StrEnum):
    """What the affiliate answers."""

    STANDS = "stands"
    ENDS = "ends"


# While it stands staff see who somebody is to answer them and to pay them, and for nothing else.
STILL_ALLOWED = frozenset({"answer", "pay"})


class Restricted(ShopperProblem):
    """The shopper has what is held about them restricted: it may not be opened for this purpose."""

    text = (
        "This shopper has restricted what is done with their data. Until that ends you can see who they are to answer"
        " them and to pay them, and for nothing else."
    )


class StillRestricted(WrongStatus):
    """Somebody wants to be offered shops again while their own restriction stands."""

    text = (
        "You have restricted what is done with your data, so that nothing can be offered to you. End the restriction"
        " first: it stands on the page “Everything we hold about you”."
    )


class Standing:
    """Why one was asked for and when, until when it is to be answered, and until when it stands."""

    __slots__ = ()
    ground: str
    asked_at: datetime
    ends_at: datetime | None
    verdict: str | None

    @property
    def ground_words(self) -> str:
        """Why, as the person chose it."""
        return GROUND_WORDS[self.ground]

    @property
    def answer_by(self) -> date:
        """The last day of the answer, by UTC: a month later, GDPR Art. 12(3)."""
        return months_later(self.asked_at.date(), 1)

    def is_late(self, now: datetime) -> bool:
        """Whether the answer should have come."""
        return self.verdict is None and now.date() > self.answer_by


@dataclass(frozen=True, slots=True)
class Restriction(Standing):
    """One that stands. words, answer: what the person wrote and what they are answered, opened."""

    id: UUID
    ground: str
    asked_at: datetime
    verdict: str | None
    decided_at: datetime | None
    ends_at: datetime | None
    words: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class QueuedRestriction(Standing):
    """A line of the queue: a code, never a name."""

    id: UUID
    shopper_id: UUID
    display_code: str
    ground: str
    asked_at: datetime
    verdict: str | None
    ends_at: datetime | None


def may_be_opened_for(purpose: str) -> bool:
    """Whether staff may see who somebody is while a restriction stands. purpose: a code of PURPOSES."""
    return purpose in STILL_ALLOWED
