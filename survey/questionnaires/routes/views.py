"""What the builder's templates need to know, worked out before they run."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..domain import (
    Definition,
    Item,
    Kind,
    Problem,
    Section,
    ShowIf,
    Version,
    minutes_to_answer,
    problems,
    rule_words,
    warnings,
)

EDITORS = ("affiliate_admin", "manager")

KIND_WORDS = {
    Kind.SINGLE: "One of several",
    Kind.MULTIPLE: "Any of several",
    Kind.SCALE: "Scale",
    Kind.NPS: "Recommendation, 0 to 10",
    Kind.NUMBER: "Number",
    Kind.MONEY: "Amount of money",
    Kind.TEXT: "Short text",
    Kind.LONG_TEXT: "Long text",
    Kind.DATE: "Date",
    Kind.TIME: "Time of the day",
    Kind.MATRIX: "Matrix",
}


Remarks = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the outline, with what is to be said beside it."""

    number: int
    item: Item
    kind: str
    rule: str
    problems: list[str]
    warnings: list[str]
    is_first: bool
    is_last: bool
    focus: str


@dataclass(frozen=True, slots=True)
class Block:
    """A section in the outline with its questions."""

    section: Section
    rule: str
    problems: list[str]
    lines: list[Line]
    is_first: bool
    is_last: bool
    focus: str


def outline_of(version: Version, done: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """The context of the outline. `done`: the act and its part, whose button gets the focus again after a swap."""
    definition = version.definition
    found, cautions = _by_path(problems(definition)), _by_path(warnings(definition))
    return {
        "version": version,
        "blocks": _blocks(definition, (found, cautions), done),
        "problems": problems(definition),
        "warnings": warnings(definition),
        "whole_problems": found.get("", []),
        "whole_warnings": cautions.get("", []),
        "removed": [part.item or part.section for part in reversed(definition.removed)],
        "question_count": sum(1 for _ in definition.items()),
        "minutes": minutes_to_answer(definition),
        "kinds": [(kind.value, words) for kind, words in KIND_WORDS.items()],
        "homes": [(section.id, section.title) for section in definition.sections],
        "places": [(place, f"Place {place + 1}") for place in range(len(definition.sections))],
    }


def _by_path(found: Iterable[Problem]) -> Remarks:
    lines: Remarks = {}
    for problem in found:
        lines.setdefault(problem.path, []).append(problem.message)
    return lines


def _blocks(definition: Definition, remarks: tuple[Remarks, Remarks], done: tuple[str, str]) -> list[Block]:
    last = len(definition.sections) - 1
    blocks: list[Block] = []
    for index, section in enumerate(definition.sections):
        edges = (index == 0, index == last)
        before = sum(len(block.lines) for block in blocks)
        lines = [
            _line(definition, (before + place + 1, item), remarks, _edges(edges, place, len(section.items)), done)
            for place, item in enumerate(section.items)
        ]
        rule = said(section.show_if, definition)
        problem_lines = remarks[0].get(section.id, [])
        blocks.append(Block(section, rule, problem_lines, lines, *edges, _focus(section.id, edges, done)))
    return blocks


def _line(
    definition: Definition,
    numbered: tuple[int, Item],
    remarks: tuple[Remarks, Remarks],
    edges: tuple[bool, bool],
    done: tuple[str, str],
) -> Line:
    number, item = numbered
    rule = said(item.show_if, definition)
    said_of_it = (remarks[0].get(item.id, []), remarks[1].get(item.id, []))
    return Line(number, item, KIND_WORDS[item.kind], rule, *said_of_it, *edges, _focus(item.id, edges, done))


def _edges(section_edges: tuple[bool, bool], place: int, count: int) -> tuple[bool, bool]:
    """Whether an item is the very first or the very last of all."""
    return section_edges[0] and place == 0, section_edges[1] and place == count - 1


def _focus(part: str, edges: tuple[bool, bool], done: tuple[str, str]) -> str:
    """Which button of a part the focus returns to: the one that was pressed, or its neighbour at an edge."""
    act, moved = done
    if moved != part:
        return ""
    wanted = act.rpartition("-")[2]
    if (wanted == "up" and edges[0]) or (wanted == "down" and edges[1]):
        return "down" if wanted == "up" else "up"
    return wanted if wanted in {"up", "down"} else "title"


def said(rule: ShowIf | None, definition: Definition) -> str:
    """A rule in words, or nothing."""
    return rule_words(rule, definition) if rule else ""


def remarks_on(definition: Definition, part_id: str) -> Remarks:
    """Problems and warnings of one part."""
    return {
        "problems": [problem.message for problem in problems(definition) if problem.path == part_id],
        "warnings": [warning.message for warning in warnings(definition) if warning.path == part_id],
    }
