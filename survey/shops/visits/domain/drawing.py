"""The machine as a picture: one state a line, an arc for every way from one to another. Drawn from the table alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from .machine import CLIENT_VISIBLE, MACHINE, TERMINAL, Actor, Event, State, Transition

LINE = 46  # all measures in the picture's own units, about a pixel
BOX_WIDTH, BOX_HEIGHT = 118, 28
CENTRE = 180
WIDTH = 360
FURTHEST = 154  # of a curve's handle; the curve itself comes three quarters of the way


@dataclass(frozen=True, slots=True)
class Box:
    """A state: its upper left corner, its size, and what kind of state it is."""

    state: State
    x: int
    y: int
    width: int
    height: int
    is_final: bool
    is_seen_by_client: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """All lines from one state to another: path is SVG's `d`; is_timed where only the clock goes this way."""

    source: State
    target: State
    events: tuple[Event, ...]
    path: str
    head: str
    is_back: bool
    is_timed: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]


def drawing(machine: Sequence[Transition] = MACHINE) -> Drawing:
    """Ways onward run on the right, ways back on the left; the further they lead, the further out."""
    lines = {state: line for line, state in enumerate(State)}
    boxes = tuple(
        Box(
            state,
            CENTRE - BOX_WIDTH // 2,
            line * LINE + 8,
            BOX_WIDTH,
            BOX_HEIGHT,
            state in TERMINAL,
            state in CLIENT_VISIBLE,
        )
        for state, line in lines.items()
    )
    ordered = sorted(machine, key=lambda line: (lines[line.source], lines[line.target]))
    arcs = tuple(_arc(lines, list(same)) for _, same in groupby(ordered, key=lambda line: (line.source, line.target)))
    return Drawing(WIDTH, len(lines) * LINE, boxes, arcs)


def _arc(lines: dict[State, int], ways: list[Transition]) -> Arc:
    source, target = ways[0].source, ways[0].target
    distance = lines[target] - lines[source]
    side = -1 if distance < 0 else 1
    # Ways that leave and ways that arrive keep apart, so that no two arcs lie on one another.
    start = lines[source] * LINE + 8 + BOX_HEIGHT // 2 + (6 if distance > 0 else -6)
    end = lines[target] * LINE + 8 + BOX_HEIGHT // 2 + (-6 if distance > 0 else 6)
    edge = CENTRE + side * (BOX_WIDTH // 2)
    reach = edge + side * min(18 + 13 * abs(distance), FURTHEST)
    path = f"M{edge} {start} C{reach} {start} {reach} {end} {edge + side * 7} {end}"
    head = f"M{edge} {end} l{side * 8} -4 v8 z"
    events = tuple(way.event for way in ways)
    return Arc(source, target, events, path, head, distance < 0, all(_is_timed(way.actors) for way in ways))


def _is_timed(actors: Iterable[Actor]) -> bool:
    return set(actors) == {Actor.TIMER}
