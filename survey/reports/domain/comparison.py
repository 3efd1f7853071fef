"""Two scores side by side, and whether the difference is more than chance. All of it from published numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from .facts import Answers, QuestionLine
from .sheets import Figure, difference, mean, nps

# 95 % of differences between two samples of the same crowd are smaller than this many standard errors.
CLEAR_FROM = 1.96


@dataclass(frozen=True, slots=True)
class Change:
    """A difference. `kind`: "good", "danger" or "quiet"; `trend`: "up", "down" or nothing."""

    shown: Figure
    kind: str
    trend: str
    is_clear: bool


def score_of(question: QuestionLine, answers: Answers) -> Figure:
    """The question's score as it is written."""
    value = answers.scores.get(question.score)
    if question.kind == "nps":
        return nps(value)
    return mean(value, 1 if answers.is_rounded else 2)


def change_of(question: QuestionLine, now: Answers, then: Answers) -> Change | None:
    """The difference of two scores; None where either is hidden. Unclear where chance could explain it."""
    # The difference of what is written, so that whoever checks it comes to the same.
    new, old = score_of(question, now), score_of(question, then)
    if new.number is None or old.number is None:
        return None
    shown = difference(new.number - old.number, min(new.decimals, old.decimals))
    error = _error(question, now), _error(question, then)
    if None in error or not shown.number:
        return Change(shown, "quiet", "", is_clear=False)
    is_better = shown.number > 0
    is_clear = abs(float(shown.number)) > CLEAR_FROM * sqrt(sum(part or 0.0 for part in error))
    kind = ("good" if is_better else "danger") if is_clear else "quiet"
    return Change(shown, kind, "up" if is_better else "down", is_clear)


def _error(question: QuestionLine, answers: Answers) -> float | None:
    """The squared standard error of a score; None where counts are not published."""
    if not answers.n or question.range is None:
        return None
    worth = _worth(question)
    n = answers.n
    average = sum(worth[code] * count for code, count in answers.counts.items()) / n
    return sum(count * (worth[code] - average) ** 2 for code, count in answers.counts.items()) / n / n


def _worth(question: QuestionLine) -> Mapping[str, float]:
    if question.kind == "nps":
        return {option.code: _vote(int(option.code)) for option in question.options}
    return {option.code: float(option.value or 0) for option in question.options}


def _vote(point: int) -> float:
    return 100.0 if point >= 9 else 0.0 if point >= 7 else -100.0


def position(question: QuestionLine, value: Decimal | None) -> float | None:
    """Where a score lies between its least (0) and its greatest (1)."""
    if value is None or question.range is None:
        return None
    least, most = question.range
    return float((value - least) / ((most - least) or Decimal(1)))
