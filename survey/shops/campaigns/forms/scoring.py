"""The scoring page: fields by question, named after its id; ids hold no hyphen, so none collide."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey.questionnaires.domain import SCORED_KINDS, TEXT_KINDS, Definition, Item, Kind, bounds
from survey.web import Form, form_with

from ..domain import ItemScore, Scoring
from . import fields

MOST_POINTS = 100
MOST_WEIGHT = 100
TIMINGS = 5
MOST_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the page shows it. choices: code and label of what can be answered."""

    id: str
    title: str
    choices: tuple[tuple[str, str], ...]
    is_proportional: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A section as the page shows it."""

    id: str
    title: str
    lines: tuple[Line, ...]


def blocks_of(definition: Definition) -> list[Block]:
    """The sections with the questions that can be scored."""
    blocks = [
        Block(section.id, section.title, tuple(_line(item) for item in section.items if item.kind not in TEXT_KINDS))
        for section in definition.sections
    ]
    return [block for block in blocks if block.lines]


def scoring(form: Form, definition: Definition) -> Scoring:
    """What was typed. A question without points is not scored. Leaves messages."""
    blocks = blocks_of(definition)
    sections = {block.id: fields.optional_whole(form, f"section-{block.id}", 0, MOST_WEIGHT) for block in blocks}
    items = {line.id: _item(form, line) for block in blocks for line in block.lines if form[f"points-{line.id}"]}
    known = {line.id for block in blocks for line in block.lines}
    weights = {section_id: weight for section_id, weight in sections.items() if weight is not None and weight != 1}
    return Scoring(weights, items, tuple(_timings(form, known)))


def filled(scored: Scoring, definition: Definition, revision: int) -> Form:
    """The form that the page begins with."""
    values: dict[str, str | list[str]] = {"revision": str(revision)}
    for block in blocks_of(definition):
        values[f"section-{block.id}"] = str(scored.sections.get(block.id, 1))
        for line in block.lines:
            values |= _filled(line.id, scored.items.get(line.id))
    for place, (start, end, seconds) in enumerate(scored.timings):
        values |= {f"start-{place}": start, f"end-{place}": end, f"seconds-{place}": str(seconds)}
    return form_with(values)


def _filled(item_id: str, rule: ItemScore | None) -> dict[str, str | list[str]]:
    if rule is None:
        return {f"weight-{item_id}": "1", f"cap-{item_id}": "0"}
    return {
        f"points-{item_id}": str(rule.points),
        f"weight-{item_id}": str(rule.weight),
        f"na-{item_id}": list(rule.not_applicable),
        f"fails-{item_id}": list(rule.fails),
        f"cap-{item_id}": str(rule.cap_percent),
        f"comment-{item_id}": "yes" if rule.comment_below_top else "",
        **{f"by-{item_id}-{code}": str(points) for code, points in rule.points_by.items()},
    }


def _line(item: Item) -> Line:
    choices = tuple((choice.code, choice.label) for choice in item.choices)
    is_scale = item.kind in SCORED_KINDS
    if is_scale:
        least, most = bounds(item)
        choices = tuple((str(point), str(point)) for point in range(least, most + 1))
    return Line(item.id, item.title, () if item.kind is Kind.NUMBER else choices, is_scale)


def _item(form: Form, line: Line) -> ItemScore:
    codes = {code for code, _ in line.choices}
    points = fields.whole(form, f"points-{line.id}", 0, MOST_POINTS)
    by_code = {
        code: fields.whole(form, f"by-{line.id}-{code}", 0, points)
        for code, _ in line.choices
        if form[f"by-{line.id}-{code}"]
    }
    if points and line.choices and not line.is_proportional and not by_code:
        form.refuse(f"points-{line.id}", f"“{line.title}”: say how many points each answer earns")
    return ItemScore(
        points,
        fields.optional_whole(form, f"weight-{line.id}", 0, MOST_WEIGHT) or 0,
        tuple(code for code in form.all(f"na-{line.id}") if code in codes),
        tuple(code for code in form.all(f"fails-{line.id}") if code in codes),
        fields.optional_whole(form, f"cap-{line.id}", 0, 100) or 0,
        form[f"comment-{line.id}"] == "yes",
        by_code,
    )


def _timings(form: Form, known: set[str]) -> Iterator[tuple[str, str, int]]:
    for place in range(TIMINGS):
        start, end = form[f"start-{place}"], form[f"end-{place}"]
        if not start and not end:
            continue
        if start == end or not {start, end} <= known:
            form.refuse(f"start-{place}", "Choose two different questions for each pair of times")
            continue
        yield start, end, fields.whole(form, f"seconds-{place}", 1, MOST_SECONDS, 1)
