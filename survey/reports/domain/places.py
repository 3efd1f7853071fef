"""By location: places right below this one, by question, with the number in each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from .comparison import position, score_of
from .facts import HIDDEN, Answers, NodeLine, QuestionLine, scored
from .frame import Frame
from .overview import name_of
from .sheets import NOTHING, Figure, Sheet, count, few, words

STEPS = 5
MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A score with its step of colour (1 to 5); no step where it is hidden."""

    shown: Figure
    step: int | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A place; `href` leads further down, or to its questions."""

    label: str
    href: str
    cells: tuple[HeatCell, ...]
    people: Figure
    is_own: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The page. `hidden`: how many of the places in all are hidden."""

    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    sheet: Sheet
    total: int
    hidden: int
    next_cursor: str | None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What a file of the page holds."""
        return (self.sheet,)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the places right below one; how many there are, and are hidden, in all; which have some below."""

    rows: Sequence[NodeLine]
    total: int
    hidden: int
    branching: frozenset[UUID]
    next_cursor: str | None = None


def places(
    frame: Frame,
    questions: Sequence[QuestionLine],
    answers: Mapping[tuple[UUID, str], Answers],
    listed: Listed,
) -> Places:
    """The page from what is published, the place itself on top. Places come by name: no order tells a hidden score."""
    columns = scored(questions)[:MOST_COLUMNS]
    nodes = [frame.place, *listed.rows]
    rows = tuple(_row(frame, node, columns, answers, listed) for node in nodes)
    names = tuple(name_of(question) for question in columns)
    lines = tuple((words(row.label), *(cell.shown for cell in row.cells), row.people) for row in rows)
    sheet = Sheet(f"Scores by location: {frame.place.name}", ("Location", *names, "n"), lines)
    return Places(names, rows, sheet, listed.total, listed.hidden, listed.next_cursor)


def _row(
    frame: Frame,
    node: NodeLine,
    columns: Sequence[QuestionLine],
    answers: Mapping[tuple[UUID, str], Answers],
    listed: Listed,
) -> HeatRow:
    is_own = node.id == frame.place.id
    page = "/portal/places" if node.id in listed.branching else "/portal/questions"
    href = "" if is_own or (node.people is None and node.id not in listed.branching) else page
    cells = tuple(_cell(frame, question, answers.get((node.id, question.id), HIDDEN)) for question in columns)
    people = few(frame.threshold) if node.people is None else count(node.people)
    return HeatRow(node.name, href and href + frame.wanted.query(place=node.id), cells, people, is_own)


def _cell(frame: Frame, question: QuestionLine, answers: Answers) -> HeatCell:
    score = score_of(question, answers)
    at = position(question, answers.scores.get(question.score))
    if score is NOTHING or at is None:
        return HeatCell(few(frame.threshold), None)
    return HeatCell(score, min(int(at * STEPS) + 1, STEPS))
