"""The score of a report: points over possible points, where what does not apply leaves both sums. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey.questionnaires.domain import (
    MEASURED_KINDS,
    MOMENT_KINDS,
    PREFER_NOT,
    SCORED_KINDS,
    TEXT_KINDS,
    Definition,
    Item,
    Kind,
    bounds,
)

from .sums import Line, Part, capped, parts_of, shares_of, total_of_points, total_of_shares

HUNDREDTH = Decimal("0.01")
DAY_SECONDS = 24 * 60 * 60
HALF_A_DAY = DAY_SECONDS // 2
HUNDRED = 100
MOST_PERCENT = 200  # however much bonus a campaign lets through
UNCOUNTED = TEXT_KINDS | MEASURED_KINDS | MOMENT_KINDS  # kinds that earn nothing by themselves


class ItemScore(Struct, frozen=True, omit_defaults=True):
    """What one question is worth. Answers that `points_by` does not name earn nothing.

    points: the most it can earn. fails: answers that fail the visit; total and section then go no higher than
    cap_percent (100: an alert only), the section alone where the cap is the section's. A scale without points_by earns
    in proportion. is_bonus: what it earns comes on top, and nobody loses who lacks it. min_words: least words of the
    comment below the top, or of the answer where it is words itself.
    """

    points: int = 1
    weight: int = 1
    not_applicable: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    cap_percent: int = 0
    comment_below_top: bool = False
    points_by: dict[str, int] = {}
    min_words: int = 0
    is_bonus: bool = False
    is_section_cap: bool = False


class Scoring(Struct, frozen=True, omit_defaults=True):
    """How a report is scored. sections: id -> its weight (1 if not named).

    has_shares: the weight is the section's share of the total; else it multiplies the points of its questions.

    timings: start question, end question, most seconds between them; the end question earns all or nothing by it.
    is_comment_asked: every answer below the top asks for a comment, of comment_words words at least. is_over_hundred:
    whether bonus counts above 100 per cent.
    """

    sections: dict[str, int] = {}
    items: dict[str, ItemScore] = {}
    timings: tuple[tuple[str, str, int], ...] = ()
    is_comment_asked: bool = False
    comment_words: int = 0
    is_over_hundred: bool = False
    has_shares: bool = False  # those that were stored before there was a choice have none


@dataclass(frozen=True, slots=True)
class Score:
    """A report's score. percent is None where nothing applied; points: question -> (given, possible), unweighted.

    waits: end question of a timing pair -> seconds; comments: questions that ask for a comment with this answer.
    shares: section -> per cent of the total, so that percent is the sum of share times section, but for a cap.
    failing: questions whose answer fails the visit.
    """

    percent: Decimal | None
    sections: dict[str, Decimal] = field(default_factory=dict)
    is_failed: bool = False
    points: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    comments: frozenset[str] = frozenset()
    shares: dict[str, Decimal] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()


def score(scoring: Scoring, definition: Definition, coded: Mapping[str, object]) -> Score:
    """The score of coded answers. What was not answered, not shown or does not apply leaves both sums."""
    waits = _waits(scoring, coded)
    lines = list(_lines(scoring, definition, coded, waits))
    most = Fraction(MOST_PERCENT if scoring.is_over_hundred else HUNDRED)
    parts = parts_of(lines, [section.id for section in definition.sections], most)
    shares = shares_of(parts, scoring.sections, are_shares=scoring.has_shares)
    whole = total_of_shares(parts, shares) if scoring.has_shares else total_of_points(parts, scoring.sections)
    items = {item.id: item for item in definition.items()}
    below = [items[line.item_id] for line in lines if line.given < line.top]
    return Score(
        _shown(capped(whole, lines, most)),
        {name: _decimal(parts[name].percent or Fraction(0)) for name in _counted(scoring, parts)},
        any(line.cap is not None for line in lines),
        {line.item_id: (_decimal(line.given), _decimal(line.top)) for line in lines},
        waits,
        frozenset(item.id for item in below if comment_words(scoring, item) is not None),
        {name: _decimal(share) for name, share in shares.items()},
        frozenset(line.item_id for line in lines if line.cap is not None),
    )


def _counted(scoring: Scoring, parts: Mapping[str, Part]) -> list[str]:
    """Sections that have a score: where a weight multiplies points, one of nought leaves nothing of them."""
    rated = [name for name, part in parts.items() if part.percent is not None]
    return [name for name in rated if scoring.has_shares or scoring.sections.get(name, 1)]


def full_shares(scoring: Scoring, definition: Definition) -> dict[str, Decimal]:
    """What each section is of the total, in per cent, where every question applies."""
    rules = [(section.id, item.id, rule_of(scoring, item.id)) for section in definition.sections
             for item in section.items if item.kind not in TEXT_KINDS]  # fmt: skip
    lines = [_line(name, item_id, rule, Fraction(0)) for name, item_id, rule in rules if rule is not None]
    parts = parts_of(lines, [section.id for section in definition.sections], Fraction(HUNDRED))
    shares = shares_of(parts, scoring.sections, are_shares=scoring.has_shares)
    return {name: _decimal(share) for name, share in shares.items()}


def rule_of(scoring: Scoring, item_id: str) -> ItemScore | None:
    """What a question is worth; the end of a timing pair is worth a point where nothing else is said."""
    is_timed = any(end == item_id for _, end, _ in scoring.timings)
    return scoring.items.get(item_id, ItemScore() if is_timed else None)


def comment_words(scoring: Scoring, item: Item) -> int | None:
    """How many words the comment on an answer below the top must have; None where none is asked for."""
    rule = rule_of(scoring, item.id)
    if rule is None or item.kind in TEXT_KINDS:
        return None
    is_general = scoring.is_comment_asked and rule.points > 0 and not rule.is_bonus
    return max(rule.min_words, scoring.comment_words, 1) if rule.comment_below_top or is_general else None


def answer_words(scoring: Scoring, item: Item) -> int:
    """How many words an answer in words must have."""
    rule = scoring.items.get(item.id)
    return rule.min_words if rule and item.kind in TEXT_KINDS else 0


def crossed(scoring: Scoring, coded: Mapping[str, object]) -> list[tuple[str, str]]:
    """Timing pairs of which the end comes before the start: a slip of the pen, which would pass for no wait at all."""
    found = []
    for start, end, _ in scoring.timings:
        first, last = _seconds(coded.get(start)), _seconds(coded.get(end))
        if first is not None and last is not None and last < first and not _is_past_midnight(last - first, coded[end]):
            found.append((start, end))
    return found


def seconds_between(start: object, end: object) -> int | None:
    """From one moment to the next: numbers are seconds, texts times of the day, which may pass midnight."""
    first, last = _seconds(start), _seconds(end)
    if first is None or last is None:
        return None
    apart = last - first
    return apart + DAY_SECONDS if _is_past_midnight(apart, end) else max(apart, 0)


def _is_past_midnight(apart: int, end: object) -> bool:
    """23:58 to 00:03 is five minutes; 12:05 to 12:03 is a slip of the pen, and no wait of a day."""
    return apart < -HALF_A_DAY and isinstance(end, str)


def _lines(
    scoring: Scoring, definition: Definition, coded: Mapping[str, object], waits: Mapping[str, int]
) -> Iterator[Line]:
    limits = {end: limit for _, end, limit in scoring.timings}
    for section in definition.sections:
        for item in section.items:
            rule = rule_of(scoring, item.id)
            if rule is None:
                continue
            limit = limits.get(item.id)
            earned = _earned(item, rule, coded) if limit is None else _timed(rule, waits.get(item.id), limit)
            if earned is not None:
                is_failing = _is_any(coded.get(item.id), rule.fails)
                yield _line(section.id, item.id, rule, earned, is_failing=is_failing)


def _line(section_id: str, item_id: str, rule: ItemScore, earned: Fraction, *, is_failing: bool = False) -> Line:
    cap = Fraction(rule.cap_percent) if is_failing else None
    return Line(
        section_id, item_id, rule.weight, earned, Fraction(rule.points), rule.is_bonus, cap, rule.is_section_cap
    )


def _timed(rule: ItemScore, wait: int | None, limit: int) -> Fraction | None:
    if wait is None:
        return None
    return Fraction(rule.points if wait <= limit else 0)


def _earned(item: Item, rule: ItemScore, coded: Mapping[str, object]) -> Fraction | None:
    """Points of one answer, or None where the question does not count."""
    answer = coded.get(item.id)
    if answer is None or answer == PREFER_NOT or item.kind in UNCOUNTED:
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


def _shown(percent: Fraction | None) -> Decimal | None:
    return None if percent is None else _decimal(percent)


def _decimal(number: Fraction) -> Decimal:
    """To the hundredth, halves up. The quotient is taken exactly, so that no half is lost on the way."""
    hundredths = (number.numerator * 200 + number.denominator) // (2 * number.denominator)
    return (Decimal(hundredths) / 100).quantize(HUNDREDTH)
