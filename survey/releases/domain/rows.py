"""The rows of the release plane."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class TableId(StrEnum):
    """The closed list of tables that a release may hold."""

    ANSWERS = "answers"
    SHARES = "shares"
    SCORES = "scores"
    DEMOGRAPHICS = "demographics"


TOTAL = "total"
MEAN = "mean"
NPS = "nps"
PROMOTERS, PASSIVES, DETRACTORS = "promoters", "passives", "detractors"


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A place as it was when released. `people` is None where they are hidden."""

    node_id: UUID
    path: str
    level: str
    code: str
    name: str
    people: int | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question as the client reads it. `part`: the row of a matrix; `choices`: code, label and perhaps value."""

    question_id: str
    position: int
    section: str
    title: str
    part: str
    kind: str
    choices: tuple[dict[str, str | int | float], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, or a hidden one (None)."""

    table_id: TableId
    node_id: UUID
    node_path: str
    item: str
    category: str
    value: Decimal | None
