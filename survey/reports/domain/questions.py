"""Question by question: one card each, a chart and the table it is drawn from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from .comparison import Change, change_of, score_of
from .facts import HIDDEN, Answers, Option, QuestionLine
from .frame import Frame
from .sheets import NOTHING, Figure, Sheet, count, few, share, words

MOST_STEPS = 7
Drawn = tuple[Mapping[str, object], ...]
SharesOf = Callable[[Answers], Sequence[Decimal | None]]

NPS_PARTS = (("detractors", "Detractors (0–6)"), ("passives", "Passives (7–8)"), ("promoters", "Promoters (9–10)"))


@dataclass(frozen=True, slots=True)
class Card:
    """A question. `chart`: "bars", "split", "nps", or nothing where it is hidden; `drawn`: what the chart takes."""

    id: str
    title: str
    number: int
    chart: str
    drawn: Drawn
    series: tuple[str, ...]
    score: Figure
    change: Change | None
    n: int | None
    is_rounded: bool
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the questionnaire."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """The page."""

    groups: tuple[Group, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question's answers here, and of what they are compared with where that asked the same."""

    question: QuestionLine
    now: Answers
    then: Answers


def questions(
    frame: Frame,
    asked: Sequence[QuestionLine],
    now: Mapping[str, Answers],
    then: Mapping[str, Answers],
) -> Questions:
    """The page from what is published; empty where the place is hidden. `then`: only what may be compared."""
    if frame.place.people is None:
        return Questions((), ())
    cards = list(_cards(frame, asked, now, then))
    groups = tuple(
        Group(title, tuple(card for _, card in run)) for title, run in groupby(cards, key=lambda pair: pair[0])
    )
    return Questions(groups, tuple(card.sheet for _, card in cards))


def _cards(
    frame: Frame, asked: Sequence[QuestionLine], now: Mapping[str, Answers], then: Mapping[str, Answers]
) -> Iterator[tuple[str, Card]]:
    runs = groupby(asked, key=lambda question: (question.section, question.id.partition(".")[0]))
    for number, ((section, _), run) in enumerate(runs, start=1):
        pairs = [Pair(one, now.get(one.id, HIDDEN), then.get(one.id, HIDDEN)) for one in run]
        yield section, _matrix(frame, number, pairs) if pairs[0].question.part else _single(frame, number, pairs[0])


def _single(frame: Frame, number: int, pair: Pair) -> Card:
    chart, drawn, series = _chart(frame, pair)
    question = pair.question
    return Card(
        question.id,
        question.title,
        number,
        chart,
        drawn,
        series,
        score_of(question, pair.now) if question.score else NOTHING,
        change_of(question, pair.now, pair.then) if question.score else None,
        pair.now.n,
        pair.now.is_rounded,
        _sheet(frame, pair),
    )


def _chart(frame: Frame, pair: Pair) -> tuple[str, Drawn, tuple[str, ...]]:
    question = pair.question
    if pair.now.is_hidden:
        return "", (), ()
    if question.kind == "nps":
        return "nps", _nps_rows(frame, pair), tuple(label for _, label in NPS_PARTS)
    if question.kind == "scale" and len(question.options) <= MOST_STEPS:
        return "split", _split_rows(frame, pair), tuple(option.label for option in question.options)
    return "bars", tuple(_bar(option, pair) for option in question.options), ()


def _bar(option: Option, pair: Pair) -> dict[str, object]:
    other = pair.then.share(option.code)
    return {
        "label": option.label,
        "value": float(pair.now.share(option.code) or 0),
        "mark": None if other is None else float(other),
    }


def _split_rows(frame: Frame, pair: Pair) -> Drawn:
    codes = [option.code for option in pair.question.options]
    return _compared_rows(frame, pair, lambda answers: [answers.share(code) for code in codes])


def _nps_rows(frame: Frame, pair: Pair) -> Drawn:
    return _compared_rows(frame, pair, lambda answers: [answers.scores.get(name) for name, _ in NPS_PARTS])


def _compared_rows(frame: Frame, pair: Pair, shares_of: SharesOf) -> Drawn:
    rows = [_split_row(frame.place.name, pair.now, shares_of(pair.now))]
    if frame.compared_with and not pair.then.is_hidden:
        rows.append(_split_row(frame.compared_with, pair.then, shares_of(pair.then)))
    return tuple(rows)


def _split_row(label: str, answers: Answers, shares: Sequence[Decimal | None]) -> dict[str, object]:
    """A bar of shares; rounded ones need not add up, so that the bar is cut by their own sum."""
    given = [float(part or 0) for part in shares]
    return {"label": label, "values": given, "whole": sum(given) or 100.0, "n": answers.n}


def _sheet(frame: Frame, pair: Pair) -> Sheet:
    question = pair.question
    compared = (frame.compared_with,) if frame.compared_with else ()
    headings = ("Answer", "Share", "Count", *(f"{name} (share)" for name in compared))
    rows: list[tuple[Figure, ...]]
    if pair.now.is_hidden:
        rows = [(words("All answers"), few(frame.threshold), NOTHING, *(NOTHING for _ in compared))]
    else:
        rows = [
            (
                words(option.label),
                share(pair.now.share(option.code)),
                count(pair.now.counts.get(option.code)),
                *(share(pair.then.share(option.code)) for _ in compared),
            )
            for option in question.options
        ]
        rows += _totals(frame, pair, len(compared))
    return Sheet(question.title, headings, tuple(rows))


def _totals(frame: Frame, pair: Pair, compared: int) -> list[tuple[Figure, ...]]:
    """The lines under the answers: the score if there is one, and how many answered."""
    question = pair.question
    rows: list[tuple[Figure, ...]] = []
    if question.score:
        label = "Score" if question.kind == "nps" else "Average"
        rows.append(
            (words(label), score_of(question, pair.now), NOTHING, *([score_of(question, pair.then)] * compared))
        )
    rows.append((words("n"), NOTHING, count(pair.now.n), *([NOTHING] * compared)))
    return rows


def _matrix(frame: Frame, number: int, pairs: Sequence[Pair]) -> Card:
    first = pairs[0].question
    series = tuple(option.label for option in first.options)
    drawn: Drawn = tuple(
        {"label": pair.question.part, "hidden": True}
        if pair.now.is_hidden
        else _split_row(pair.question.part, pair.now, [pair.now.share(option.code) for option in first.options])
        for pair in pairs
    )
    rows = tuple(_matrix_row(frame, pair) for pair in pairs)
    sheet = Sheet(first.title, ("Line", *series, "n"), rows)
    is_rounded = any(pair.now.is_rounded for pair in pairs)
    name = first.id.partition(".")[0]
    chart = "split" if any(not pair.now.is_hidden for pair in pairs) else ""
    return Card(name, first.title, number, chart, drawn, series, NOTHING, None, None, is_rounded, sheet)


def _matrix_row(frame: Frame, pair: Pair) -> tuple[Figure, ...]:
    hidden = few(frame.threshold)
    shares = [hidden if pair.now.is_hidden else share(pair.now.share(option.code)) for option in pair.question.options]
    return (words(pair.question.part), *shares, hidden if pair.now.is_hidden else count(pair.now.n))
