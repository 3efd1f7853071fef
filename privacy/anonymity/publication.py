"""From counts and clearance to the numbers that leave: exact tables, rounded ones, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .counting import Counts, Question
from .protection import FLOOR, Clearance
from .rounding import hiding_step, share_percent


@dataclass(frozen=True, slots=True)
class Exact:
    """How many people answered, and how many chose each option. Every score is to be worked out from these alone."""

    n: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rounded:
    """Shares by option in percent, rounded to `step_percent`; they need not add up to 100, and n is not published."""

    step_percent: int
    shares: Mapping[str, int]


Table = Exact | Rounded | None


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that leaves: people by place, tables by question and place. None is hidden, whatever the reason."""

    people: Mapping[str, int | None]
    tables: Mapping[str, Mapping[str, Table]]


def published(questions: Sequence[Question], counts: Counts, clearance: Clearance, k: int = FLOOR) -> Publication:
    """The publication of what is cleared. All places and questions are in it, so that what is hidden can be said."""
    people = {place: n if place in clearance.people else None for place, n in counts.people.items()}
    tables = {
        question.id: {place: _table(question, counts, clearance, place, k) for place in counts.people}
        for question in questions
    }
    return Publication(people, tables)


def _table(question: Question, counts: Counts, clearance: Clearance, place: str, k: int) -> Table:
    if place not in clearance.answers[question.id]:
        return None
    n = counts.answered[question.id][place]
    chosen = {option: counts.chosen[question.id][option][place] for option in question.options}
    if place in clearance.exact[question.id]:
        return Exact(n, chosen)
    step = hiding_step(tuple(chosen.values()), n, k, is_exclusive=question.is_exclusive)
    if step is None:
        return None
    return Rounded(step, {option: share_percent(count, n, step) for option, count in chosen.items()})
