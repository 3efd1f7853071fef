"""Names of towns on a drawing: written where the places of a town are, as far as there is room. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LETTER, LINE = 6.4, 13.0  # how wide a letter and how high a line is, on average, in units of the drawing
ABOVE, BELOW = -12.0, 21.0
EDGE = 4.0
LONGEST = 22
MOST = 60  # more than there is room for


@dataclass(frozen=True, slots=True)
class Caption:
    """A name and where its line begins: x of its left edge, y of its base line."""

    x: float
    y: float
    text: str

    @classmethod
    def around(cls, middle: float, y: float, text: str) -> "Caption":
        """One whose middle is there."""
        return cls(middle - width_of(text) / 2, y, text)

    def is_apart_from(self, other: "Caption") -> bool:
        """Whether neither covers the other."""
        is_beside = self.x + width_of(self.text) <= other.x or other.x + width_of(other.text) <= self.x
        return is_beside or abs(self.y - other.y) >= LINE


def width_of(text: str) -> float:
    """About how wide a name is."""
    return len(text) * LETTER


def captions(
    named: Sequence[tuple[str, float, float]], size: tuple[float, float], taken: Sequence[Caption] = ()
) -> list[Caption]:
    """One caption a name, in the middle of its places, above or below them; those with most places come first.

    named: name, x, y of each place; size: of the drawing; taken: what is written there already. A name for which there
    is no room is left out: the table beside the drawing has it.
    """
    places: dict[str, list[tuple[float, float]]] = {}
    for name, x, y in named:
        places.setdefault(name, []).append((x, y))
    written = list(taken)
    for name, theirs in sorted(places.items(), key=lambda each: (-len(each[1]), each[0]))[:MOST]:
        text = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        middle = sum(x for x, _ in theirs) / len(theirs)
        tops = min(y for _, y in theirs) + ABOVE, max(y for _, y in theirs) + BELOW
        for y in tops:
            one = Caption(round(_within(middle - width_of(text) / 2, size[0] - width_of(text)), 1), round(y, 1), text)
            if LINE <= y <= size[1] - EDGE and all(one.is_apart_from(other) for other in written):
                written.append(one)
                break
    return written[len(taken) :]


def _within(x: float, most: float) -> float:
    return min(max(x, EDGE), max(most - EDGE, EDGE))
