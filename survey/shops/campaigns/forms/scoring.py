"""The scoring page: fields by question, named after its id; ids hold no hyphen, so none collide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey.questionnaires.domain import SCORED_KINDS, TEXT_KINDS, Definition, Item, Kind, bounds
from survey.web import Form, form_with

from ..domain import ItemScore, Scoring
from . import fields

MOST_POINTS = 100
MOST_WEIGHT = 100
MOST_WORDS = 500
TIMINGS = 5
MOST_SECONDS = 24 * 60 * 60
SECTION_MODES = {"share": "It is the section’s share of the total", "factor": "It multiplies the section’s points"}
CLOCKED = frozenset({Kind.NUMBER, Kind.TIME})  # what a waiting time is read from


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the page shows it. choices: code and label of what can be answered."""

    id: str
    title: str
    kind: Kind
    choices: tuple[tuple[str, str], ...]

    @property
    def is_proportional(self) -> bool:
        """Whether it earns in proportion where no points are said."""
        return self.kind in SCORED_KINDS

    @property
    def is_words(self) -> bool:
        """Whether it is answered in words, which earn nothing but may have to be many."""
        return self.kind in TEXT_KINDS

    @property
    def is_clocked(self) -> bool:
        """Whether a waiting time can be read from it."""
        return self.kind in CLOCKED


@dataclass(frozen=True, slots=True)
class Block:
    """A section as the page shows it."""

    id: str
    title: str
    lines: tuple[Line, ...]


def blocks_of(definition: Definition) -> list[Block]:
    """The sections with their questions."""
    return [
        Block(section.id, section.title, tuple(_line(item) for item in section.items))
        for section in definition.sections
        if section.items
    ]


def faulty(form: Form, blocks: Iterable[Block]) -> set[str]:
    """The sections in which a message has been left: a page unfolds them."""
    named = {name.split("-")[1] for name in form.errors if "-" in name}
    return {block.id for block in blocks if f"section-{block.id}" in form.errors
            or any(line.id in named for line in block.lines)}  # fmt: skip


def scoring(form: Form, definition: Definition) -> Scoring:
    """What was typed. A question without points is not scored. Leaves messages."""
    blocks = blocks_of(definition)
    lines = {line.id: line for block in blocks for line in block.lines}
    sections = {block.id: fields.optional_whole(form, f"section-{block.id}", 0, MOST_WEIGHT) for block in blocks}
    items = {name: _words(form, line) if line.is_words else _item(form, line) for name, line in lines.items()
             if form[f"points-{name}"] or (line.is_words and form[f"words-{name}"])}  # fmt: skip
    timings = tuple(_timings(form, lines))
    _refuse_idle(form, [lines[name] for name in items], {end for _, end, _ in timings})
    return Scoring(
        {section_id: weight for section_id, weight in sections.items() if weight is not None and weight != 1},
        items,
        timings,
        form["comment_below_top"] == "yes",
        fields.optional_whole(form, "comment_words", 0, MOST_WORDS) or 0,
        form["is_over_hundred"] == "yes",
        form["section_mode"] != "factor",
    )


def filled(scored: Scoring, definition: Definition, revision: int) -> Form:
    """The form that the page begins with."""
    values: dict[str, str | list[str]] = {
        "revision": str(revision),
        "comment_below_top": "yes" if scored.is_comment_asked else "",
        "comment_words": str(scored.comment_words or ""),
        "is_over_hundred": "yes" if scored.is_over_hundred else "",
        "section_mode": "share" if scored.has_shares else "factor",
    }
    for block in blocks_of(definition):
        values[f"section-{block.id}"] = str(scored.sections.get(block.id, 1))
        for line in block.lines:
            values |= _filled(line, scored.items.get(line.id))
    for place, (start, end, seconds) in enumerate(scored.timings):
        values |= {f"start-{place}": start, f"end-{place}": end, f"seconds-{place}": str(seconds)}
    return form_with(values)


def _filled(line: Line, rule: ItemScore | None) -> dict[str, str | list[str]]:
    if rule is None:
        return {f"weight-{line.id}": "1", f"cap-{line.id}": "0"}
    if line.is_words:
        return {f"words-{line.id}": str(rule.min_words or "")}
    return {
        f"points-{line.id}": str(rule.points),
        f"weight-{line.id}": str(rule.weight),
        f"na-{line.id}": list(rule.not_applicable),
        f"fails-{line.id}": list(rule.fails),
        f"cap-{line.id}": str(rule.cap_percent),
        f"scope-{line.id}": "section" if rule.is_section_cap else "visit",
        f"comment-{line.id}": "yes" if rule.comment_below_top else "",
        f"words-{line.id}": str(rule.min_words or ""),
        f"bonus-{line.id}": "yes" if rule.is_bonus else "",
        **{f"by-{line.id}-{code}": str(points) for code, points in rule.points_by.items()},
    }


def _line(item: Item) -> Line:
    choices = tuple((choice.code, choice.label) for choice in item.choices)
    if item.kind in SCORED_KINDS:
        least, most = bounds(item)
        choices = tuple((str(point), str(point)) for point in range(least, most + 1))
    return Line(item.id, item.title, item.kind, choices)


def _words(form: Form, line: Line) -> ItemScore:
    return ItemScore(points=0, min_words=fields.optional_whole(form, f"words-{line.id}", 0, MOST_WORDS) or 0)


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
        fields.optional_whole(form, f"words-{line.id}", 0, MOST_WORDS) or 0,
        form[f"bonus-{line.id}"] == "yes",
        form[f"scope-{line.id}"] == "section",
    )


def _refuse_idle(form: Form, scored: list[Line], ends: set[str]) -> None:
    """A number, an amount or a time earns by nothing but a waiting time that ends with it."""
    for line in scored:
        if not line.choices and not line.is_words and line.id not in ends and form[f"points-{line.id}"] != "0":
            form.refuse(
                f"points-{line.id}",
                f"“{line.title}” earns points only where a waiting time ends with it: leave it empty",
            )


def _timings(form: Form, lines: Mapping[str, Line]) -> Iterator[tuple[str, str, int]]:
    for place in range(TIMINGS):
        start, end = form[f"start-{place}"], form[f"end-{place}"]
        if not start and not end:
            continue
        pair = [lines[name] for name in (start, end) if name in lines and lines[name].is_clocked]
        if start == end or len(pair) < 2:
            form.refuse(f"start-{place}", "Choose two different questions for each pair of times")
        elif pair[0].kind is not pair[1].kind:
            form.refuse(f"start-{place}", "Choose two times of the day, or two numbers of seconds")
        else:
            yield start, end, fields.whole(form, f"seconds-{place}", 1, MOST_SECONDS, 1)
