"""The first page: what was measured, how it moved, where it is best and worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .comparison import Change, change_of, position, score_of
from .facts import HIDDEN, Answers, QuestionLine, Ranked, TrendPoint, scored
from .frame import Frame, month
from .sheets import NOTHING, Figure, Sheet, count, few, mean, nps, words

MOST_TILES = 3
HALF = Decimal("0.5")
EMPTY = Sheet("Scores by question", (), ())


@dataclass(frozen=True, slots=True)
class Tile:
    """One number that a decision hangs on; `number` is empty where it is hidden."""

    label: str
    number: str
    unit: str
    n: int | None
    change: Change | None
    is_rounded: bool = False


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A score on its own scale: where it lies, and where what it is compared with lies (0 to 1)."""

    id: str
    label: str
    score: Figure
    n: Figure
    change: Change | None
    at: float | None
    then_at: float | None


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A store in the order of the leading score."""

    label: str
    href: str
    score: Figure
    n: Figure
    at: float | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Stores by the leading score: the best and the weakest, or all of them when they are few."""

    question: QuestionLine
    best: tuple[RankedPlace, ...]
    weakest: tuple[RankedPlace, ...]
    ranked: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The leading score over time. The axis is drawn around what is published."""

    question: QuestionLine
    points: tuple[Mapping[str, object], ...]
    least: float
    most: float
    decimals: int
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Overview:
    """The page."""

    tiles: tuple[Tile, ...]
    lines: tuple[ScoreLine, ...]
    scores: Sheet
    trend: Trend | None
    ranking: Ranking | None
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Stores below a place by a score: the highest first, the lowest first, how many are published and hidden."""

    highest: Sequence[Ranked]
    lowest: Sequence[Ranked]
    ranked: int
    hidden: int


def overview(
    frame: Frame,
    questions: Sequence[QuestionLine],
    now: Mapping[str, Answers],
    then: Mapping[str, Answers],
    trend: Sequence[TrendPoint],
    standing: Standing | None,
) -> Overview:
    """The page from what is published. `then`: answers of what the place is compared with, by question."""
    leading = scored(questions)
    drawn = _drawn(leading, trend, frame.threshold)
    if frame.place.people is None:
        # Nothing is known here now; what was published before may still be looked at.
        return Overview((), (), EMPTY, drawn, None, (drawn.sheet,) if drawn else ())
    lines = tuple(_line(question, now, then) for question in leading)
    scores = _scores_sheet(frame, leading, lines, then)
    ranking = _ranking(frame, leading[0], standing) if leading and standing else None
    tiles = (_people(frame), *(_tile(question, now, then) for question in leading[:MOST_TILES]))
    sheets = (_tiles_sheet(frame, tiles), *([drawn.sheet] if drawn else []), scores, *_ranking_sheets(ranking))
    return Overview(tiles, lines, scores, drawn, ranking, sheets)


def _drawn(leading: Sequence[QuestionLine], trend: Sequence[TrendPoint], threshold: int) -> Trend | None:
    """The trend, where there are two releases or more and something to see in them."""
    if not leading or len(trend) < 2 or all(point.value is None for point in trend):
        return None
    return _trend(leading[0], trend, threshold)


def name_of(question: QuestionLine) -> str:
    """A short name for a score."""
    return "Recommendation (NPS)" if question.kind == "nps" else question.title


def _people(frame: Frame) -> Tile:
    people = frame.place.people
    return Tile("People who answered", count(people).text if people is not None else "", "", None, None)


def _tile(question: QuestionLine, now: Mapping[str, Answers], then: Mapping[str, Answers]) -> Tile:
    answers = now.get(question.id, HIDDEN)
    score = score_of(question, answers)
    unit = f" / {question.options[-1].code}" if question.kind == "scale" else ""
    number = "" if score is NOTHING else score.text
    change = change_of(question, answers, then.get(question.id, HIDDEN))
    return Tile(name_of(question), number, unit, answers.n, change, answers.is_rounded)


def _line(question: QuestionLine, now: Mapping[str, Answers], then: Mapping[str, Answers]) -> ScoreLine:
    answers, other = now.get(question.id, HIDDEN), then.get(question.id, HIDDEN)
    return ScoreLine(
        question.id,
        name_of(question),
        score_of(question, answers),
        count(answers.n),
        change_of(question, answers, other),
        position(question, answers.scores.get(question.score)),
        position(question, other.scores.get(question.score)),
    )


def _tiles_sheet(frame: Frame, tiles: Sequence[Tile]) -> Sheet:
    people = few(frame.threshold) if frame.place.people is None else count(frame.place.people)
    return Sheet(tiles[0].label, ("Place", "People"), ((words(frame.place.name), people),))


def _scores_sheet(
    frame: Frame, questions: Sequence[QuestionLine], lines: Sequence[ScoreLine], then: Mapping[str, Answers]
) -> Sheet:
    headings = (
        "Question",
        "Score",
        "n",
        *((frame.compared_with, "Difference" if frame.versus else "Change") if frame.compared_with else ()),
    )
    rows = []
    for question, line in zip(questions, lines, strict=True):
        score = few(frame.threshold) if line.score is NOTHING else line.score
        other = score_of(question, then.get(question.id, HIDDEN))
        compared = (other, line.change.shown if line.change else NOTHING) if frame.compared_with else ()
        rows.append((words(line.label), score, line.n, *compared))
    return Sheet("Scores by question", headings, tuple(rows))


def _trend(question: QuestionLine, trend: Sequence[TrendPoint], threshold: int) -> Trend:
    values = [point.value for point in trend if point.value is not None]
    least, most = _axis(question, values)
    written = [(nps if question.kind == "nps" else mean)(point.value) for point in trend]
    lines = list(zip(trend, written, strict=True))
    rows = tuple(
        (words(month(point.fielded_until)), few(threshold) if score is NOTHING else score, count(point.n))
        for point, score in lines
    )
    points = tuple(_point(point, score) for point, score in lines)
    sheet = Sheet(f"{name_of(question)} over time", ("Period", "Score", "n"), rows)
    return Trend(question, points, least, most, 0 if question.kind == "nps" else 2, sheet)


def _point(point: TrendPoint, score: Figure) -> Mapping[str, object]:
    """The number as it is written, so that chart and table round alike."""
    value = None if score.number is None else float(score.number)
    return {"label": month(point.fielded_until), "value": value, "n": point.n}


def _axis(question: QuestionLine, values: Sequence[Decimal]) -> tuple[float, float]:
    """Round ends a little outside the published values, never outside the scale."""
    least, most = question.range or (Decimal(0), Decimal(1))
    step = Decimal(10) if question.kind == "nps" else HALF
    low = ((min(values, default=least) - step) / step).to_integral_value("ROUND_FLOOR") * step
    high = ((max(values, default=most) + step) / step).to_integral_value("ROUND_CEILING") * step
    # Adding nought takes the minus from a zero.
    return float(max(low, least)) + 0.0, float(min(high, most)) + 0.0


def _ranking(frame: Frame, question: QuestionLine, standing: Standing) -> Ranking:
    best = tuple(_ranked(frame, question, ranked) for ranked in standing.highest)
    weakest = tuple(_ranked(frame, question, ranked) for ranked in standing.lowest)
    return Ranking(question, best, weakest, standing.ranked, standing.hidden)


def _ranked(frame: Frame, question: QuestionLine, ranked: Ranked) -> RankedPlace:
    href = "/portal/questions" + frame.wanted.query(place=ranked.node.id)
    score = nps(ranked.value) if question.kind == "nps" else mean(ranked.value)
    return RankedPlace(ranked.node.name, href, score, count(ranked.n), position(question, ranked.value))


def _ranking_sheets(ranking: Ranking | None) -> list[Sheet]:
    if ranking is None or not ranking.best:
        return []
    titles = ("Highest", "Lowest") if ranking.weakest else ("Stores", "")
    lists = [(titles[0], ranking.best), (titles[1], ranking.weakest)]
    return [
        Sheet(title, ("Location", "Score", "n"), tuple((words(place.label), place.score, place.n) for place in listed))
        for title, listed in lists
        if listed
    ]
