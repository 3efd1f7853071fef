"""From a wave's score down: the places below, the questions, and what was answered to one of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from .sheets import NOTHING, Figure, Sheet, count, difference, mean, words


@dataclass(frozen=True, slots=True)
class Fall:
    """Scores of a wave and of the one before, per cent; what a list of places or questions is about."""

    score: Decimal | None
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """By how many points it rose or fell."""
        return None if self.score is None or self.before is None else self.score - self.before

    @property
    def change_text(self) -> str:
        """The same with its sign."""
        return NOTHING.text if self.change is None else difference(self.change, 1).text


@dataclass(frozen=True, slots=True)
class PlaceScore(Fall):
    """A place right below the one that is looked at, with its visits."""

    id: UUID
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class QuestionScore(Fall):
    """A scored question: the share of its points that was earned; n: how many visits scored it."""

    id: str
    title: str
    section: str
    n: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one visit answered to a question. points: earned and possible."""

    report_ref: UUID
    node_name: str
    node_code: str
    time_shown: str
    lines: Sequence[str] = field(repr=False)
    comment: str = field(repr=False)
    earned: Decimal
    possible: Decimal

    @property
    def is_lost(self) -> bool:
        """Whether it did not earn all."""
        return self.earned < self.possible


def places_sheet(places: Sequence[PlaceScore]) -> Sheet:
    """The places below as a table."""
    rows = tuple((words(each.name), mean(each.score, 1), *_compared(each), count(each.n)) for each in places)
    return Sheet("Score by place", ("Place", "Score", "Before", "Change", "Visits"), rows)


def questions_sheet(questions: Sequence[QuestionScore]) -> Sheet:
    """The questions as a table."""
    rows = tuple(
        (words(each.title), words(each.section), mean(each.score, 1), *_compared(each), count(each.n))
        for each in questions
    )
    return Sheet("Score by question", ("Question", "Section", "Score", "Before", "Change", "Visits"), rows)


def _compared(one: Fall) -> tuple[Figure, Figure]:
    return mean(one.before, 1), NOTHING if one.change is None else difference(one.change, 1)
