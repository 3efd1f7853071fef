"""The score of a report: points over possible points, where what does not apply leaves both sums. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey.questionnaires.domain import PREFER_NOT, SCORED_KINDS, TEXT_KINDS, Definition, Item, Kind, bounds

HUNDREDTH = Decimal("0.01")
DAY_SECONDS = 24 * 60 * 60
HALF_A_DAY = DAY_SECONDS // 2


class ItemScore(Struct, frozen=True, omit_defaults=True):
    """What one question is worth. Answers that `points_by` does not name earn nothing.

    points: the most it can earn. fails: answers that fail the visit; total and section then go no higher than
    cap_percent (100: an alert only). A scale without points_by earns in proportion.
    """

    points: int = 1
    weight: int = 1
    not_applicable: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    cap_percent: int = 0
    comment_below_top: bool = False
    points_by: dict[str, int] = {}


class Scoring(Struct, frozen=True, omit_defaults=True):
    """How a report is scored. sections: id -> what the weights of its questions are multiplied by (1 if not named).

    timings: start question, end question, most seconds between them; the end question earns all or nothing by it.
    """

    sections: dict[str, int] = {}
    items: dict[str, ItemScore] = {}
    timings: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A report's score. percent is None where nothing applied; points: question -> (given, possible), unweighted.

    waits: end question of a timing pair -> seconds; comments: questions that ask for a comment with this answer.
    """

    percent: Decimal | None
    sections: dict[str, Decimal] = field(default_factory=dict)
    is_failed: bool = False
    points: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    comments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Line:
    """A question that applied, with what it earned."""

    section_id: str
    item_id: str
    rule: ItemScore
    weight: int
    given: Fraction
    is_failing: bool

    @property
    def possible(self) -> Fraction:
        return Fraction(self.rule.points)


def score(scoring: Scoring, definition: Definition, coded: Mapping[str, object]) -> Score:
    """The score of coded answers. What was not answered, not shown or does not apply leaves both sums."""
    waits = _waits(scoring, coded)
    lines = list(_lines(scoring, definition, coded, waits))
    caps = [Fraction(line.rule.cap_percent) for line in lines if line.is_failing]
    sections = {}
    for section in definition.sections:
        own = [line for line in lines if line.section_id == section.id]
        share = _percent(own, [Fraction(line.rule.cap_percent) for line in own if line.is_failing])
        if share is not None:
            sections[section.id] = share
    points = {line.item_id: (_decimal(line.given), _decimal(line.possible)) for line in lines}
    comments = frozenset(line.item_id for line in lines if line.rule.comment_below_top and line.given < line.possible)
    return Score(_percent(lines, caps), sections, bool(caps), points, waits, comments)


def seconds_between(start: object, end: object) -> int | None:
    """From one moment to the next: numbers are seconds, texts times of the day, which may pass midnight."""
    first, last = _seconds(start), _seconds(end)
    if first is None or last is None:
        return None
    apart = last - first
    # 23:58 to 00:03 is five minutes; 12:05 to 12:03 is a slip of the pen, and no wait of a day.
    return apart + DAY_SECONDS if apart < -HALF_A_DAY and isinstance(end, str) else max(apart, 0)


def _lines(
    scoring: Scoring, definition: Definition, coded: Mapping[str, object], waits: Mapping[str, int]
) -> Iterator[_Line]:
    limits = {end: limit for _, end, limit in scoring.timings}
    for section in definition.sections:
        for item in section.items:
            is_timed = item.id in limits
            rule = scoring.items.get(item.id, ItemScore() if is_timed else None)
            if rule is None:
                continue
            earned = _timed(rule, waits.get(item.id), limits[item.id]) if is_timed else _earned(item, rule, coded)
            if earned is not None:
                weight = rule.weight * scoring.sections.get(section.id, 1)
                failing = _is_any(coded.get(item.id), rule.fails)
                yield _Line(section.id, item.id, rule, weight, earned, failing)


def _timed(rule: ItemScore, wait: int | None, limit: int) -> Fraction | None:
    if wait is None:
        return None
    return Fraction(rule.points if wait <= limit else 0)


def _earned(item: Item, rule: ItemScore, coded: Mapping[str, object]) -> Fraction | None:
    """Points of one answer, or None where the question does not count."""
    answer = coded.get(item.id)
    if answer is None or answer == PREFER_NOT or item.kind in TEXT_KINDS:
        return None
    if item.kind is Kind.MATRIX:
        return _matrix(rule, answer)
    codes = codes_of(answer)
    if not codes or _is_any(answer, rule.not_applicable):
        return None
    if not rule.points_by and item.kind in SCORED_KINDS:
        return _in_proportion(item, rule, int(codes[0]))
    return _within(rule, sum(rule.points_by.get(code, 0) for code in codes))


def _matrix(rule: ItemScore, answer: object) -> Fraction | None:
    """The mean of the rows that apply."""
    rows = [str(code) for code in answer.values()] if isinstance(answer, dict) else []
    counted = [_within(rule, rule.points_by.get(code, 0)) for code in rows if code not in rule.not_applicable]
    return sum(counted, Fraction(0)) / len(counted) if counted else None


def _in_proportion(item: Item, rule: ItemScore, value: int) -> Fraction:
    least, most = bounds(item)
    return Fraction(rule.points) * Fraction(value - least, (most - least) or 1)


def _within(rule: ItemScore, points: int) -> Fraction:
    return Fraction(min(max(points, 0), rule.points))


def codes_of(answer: object) -> list[str]:
    """An answer as the codes a rule may name: one, several, or the number of a scale as text."""
    if isinstance(answer, dict):
        return [str(code) for code in answer.values()]
    if isinstance(answer, (list, tuple)):
        return [str(code) for code in answer]
    return [] if answer is None else [str(answer)]


def _is_any(answer: object, codes: tuple[str, ...]) -> bool:
    return any(code in codes for code in codes_of(answer))


def _waits(scoring: Scoring, coded: Mapping[str, object]) -> dict[str, int]:
    found = {end: seconds_between(coded.get(start), coded.get(end)) for start, end, _ in scoring.timings}
    return {end: wait for end, wait in found.items() if wait is not None}


def _seconds(moment: object) -> int | None:
    if isinstance(moment, bool):
        return None
    if isinstance(moment, (int, float)):
        return int(moment)
    if not isinstance(moment, str):
        return None
    parts = moment.split(":")
    if len(parts) not in (2, 3) or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    return (hours * 60 + minutes) * 60 + seconds


def _percent(lines: list[_Line], caps: list[Fraction]) -> Decimal | None:
    possible = sum((line.weight * line.possible for line in lines), Fraction(0))
    if not possible:
        return None
    given = sum((line.weight * line.given for line in lines), Fraction(0))
    return _decimal(min([100 * given / possible, *caps]))


def _decimal(number: Fraction) -> Decimal:
    """To the hundredth, halves up. The quotient is taken exactly, so that no half is lost on the way."""
    hundredths = (number.numerator * 200 + number.denominator) // (2 * number.denominator)
    return (Decimal(hundredths) / 100).quantize(HUNDREDTH)
