"""What the release plane holds, as values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

NPS_RANGE = (Decimal(-100), Decimal(100))
ROUNDING_STEP = 10


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release, as a list shows it."""

    id: UUID
    client_name: str
    title: str
    fielded_from: date
    fielded_until: date
    threshold: int
    released_at: datetime
    people: int | None = None


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A place of the tree, as it was when released. `people` is None where they are hidden."""

    id: UUID
    path: str
    level: str
    code: str
    name: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that could be chosen. `value`: what it counts for in an average."""

    code: str
    label: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question, or one row of a matrix (`part`)."""

    id: str
    position: int
    section: str
    title: str
    part: str
    kind: str
    options: tuple[Option, ...]

    @property
    def score(self) -> str:
        """The score that stands for the question, or nothing."""
        return {"nps": "nps", "scale": "mean", "number": "mean", "money": "mean"}.get(self.kind, "")

    @property
    def range(self) -> tuple[Decimal, Decimal] | None:
        """The least and the greatest that the score can be; None where there is no such thing."""
        if self.kind == "nps":
            return NPS_RANGE
        if self.kind != "scale":
            return None
        return _decimal(self.options[0].value), _decimal(self.options[-1].value)

    def is_same_as(self, other: "QuestionLine | None") -> bool:
        """Whether numbers of the two may be compared: the same words, kind and options."""
        return other is not None and (self.title, self.part, self.kind) == (other.title, other.part, other.kind)

    def has_same_options(self, other: "QuestionLine | None") -> bool:
        """Whether shares of the two may be compared."""
        return other is not None and self.is_same_as(other) and self.options == other.options


@dataclass(frozen=True, slots=True)
class Answers:
    """What is published of one question at one place.

    `n` and `counts` where exact; `shares` in per cent where rounded; neither where hidden.
    """

    n: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def is_hidden(self) -> bool:
        """Whether nothing is published."""
        return self.n is None and not self.shares

    @property
    def is_rounded(self) -> bool:
        """Whether only rounded shares are published."""
        return bool(self.shares)

    def share(self, code: str) -> Decimal | None:
        """The share of an option in per cent."""
        if self.n:
            return Decimal(100 * self.counts[code]) / self.n
        return Decimal(self.shares[code]) if self.shares else None


HIDDEN = Answers()


class CellLine(NamedTuple):
    """A stored cell."""

    table_id: str
    node_id: UUID
    item: str
    category: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A store in the order of a score."""

    node: NodeLine
    value: Decimal
    n: int | None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A score in one release; None where it is hidden there."""

    release_id: UUID
    fielded_until: date
    value: Decimal | None
    n: int | None


def answers_in(cells: Iterable[CellLine]) -> dict[tuple[UUID, str], Answers]:
    """Published answers by place and question."""
    parts: dict[tuple[UUID, str], dict[str, Any]] = {}
    for cell in cells:
        if cell.value is not None:
            place = parts.setdefault((cell.node_id, cell.item), {"counts": {}, "shares": {}, "scores": {}})
            _put(place, cell.table_id, cell.category, cell.value)
    return {key: Answers(**found) for key, found in parts.items()}


def question_line(row: Mapping[str, Any]) -> QuestionLine:
    """A question from its stored row."""
    options = tuple(Option(choice["code"], choice["label"], choice.get("value")) for choice in row["choices"])
    return QuestionLine(
        row["question_id"], row["position"], row["section"], row["title"], row["part"], row["kind"], options
    )


def scored(questions: Sequence[QuestionLine]) -> list[QuestionLine]:
    """The questions whose score has a range, the recommendation first: the ones that are put side by side."""
    ranged = [question for question in questions if question.range is not None]
    return sorted(ranged, key=lambda question: (question.kind != "nps", question.position))


def _put(place: dict[str, Any], table_id: str, category: str, value: Decimal) -> None:
    if table_id == "answers" and category == "total":
        place["n"] = int(value)
    elif table_id == "answers":
        place["counts"][category] = int(value)
    elif table_id == "shares":
        place["shares"][category] = int(value)
    elif table_id == "scores":
        place["scores"][category] = value


def _decimal(value: float | None) -> Decimal:
    return Decimal(str(value or 0))
