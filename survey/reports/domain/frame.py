"""What every page of the report knows: which release, which place, and what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .facts import NodeLine, ReleaseLine

INDENT = "\u2003"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the URL asks for. What is missing: the latest release, the viewer's own place, the release before."""

    release_id: UUID | None = None
    place_id: UUID | None = None
    versus_id: UUID | None = None

    def query(self, **changed: UUID | None) -> str:
        """The URL's query with something changed; None leaves it out."""
        names = {"release": self.release_id, "place": self.place_id, "versus": self.versus_id} | changed
        given = "&".join(f"{name}={value}" for name, value in names.items() if value)
        return f"?{given}" if given else ""


@dataclass(frozen=True, slots=True)
class Frame:
    """The release and the place that a page is about, and the ways around.

    `above`: the places from the viewer's own down to the parent of `place`. `beside` and `below`: its neighbours, and
    the places right under it, at most as many as a picker can hold. `before`: the earlier release that the numbers
    are compared with, unless `versus` is given. `is_whole`: the viewer's own place is the head of the tree.
    """

    wanted: Wanted
    release: ReleaseLine
    place: NodeLine
    above: Sequence[NodeLine] = ()
    beside: Sequence[NodeLine] = ()
    below: Sequence[NodeLine] = ()
    releases: Sequence[ReleaseLine] = ()
    before: ReleaseLine | None = None
    versus: NodeLine | None = None
    is_whole: bool = False

    @property
    def threshold(self) -> int:
        """The fewest people behind a number."""
        return self.release.threshold

    @property
    def compared_with(self) -> str:
        """The name of what the numbers are compared with, or nothing."""
        if self.versus:
            return self.versus.name
        return month(self.before.fielded_until) if self.before else ""

    @property
    def period(self) -> str:
        """The days in the field."""
        return period(self.release.fielded_from, self.release.fielded_until)


def period(first: date, last: date) -> str:
    """Two days and what lies between, as short as it stays clear."""
    if first == last:
        return f"{last.day} {last:%B %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%B %Y}"
    start = f"{first.day} {first:%B}" if first.year == last.year else f"{first.day} {first:%B %Y}"
    return f"{start} – {last.day} {last:%B %Y}"


def month(day: date) -> str:
    """A month, short."""
    return f"{day:%b %Y}"


@dataclass(frozen=True, slots=True)
class Pickers:
    """What the pickers offer, as value and label."""

    releases: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    versus: tuple[tuple[str, str], ...]


def pickers(frame: Frame) -> Pickers:
    """Releases, places up and down the tree, and what the place may be compared with."""
    path = [*frame.above, frame.place]
    tree = [(str(node.id), INDENT * depth + node.name) for depth, node in enumerate(path)]
    tree += [(str(node.id), INDENT * len(path) + node.name) for node in frame.below]
    before = f"The report before ({month(frame.before.fielded_until)})" if frame.before else "Nothing"
    others = [node for node in (*frame.above, *frame.beside, *frame.below) if node.id != frame.place.id and node.people]
    return Pickers(
        tuple((str(line.id), f"{line.title}, {month(line.fielded_until)}") for line in frame.releases),
        tuple(tree),
        (("", before), *((str(node.id), node.name) for node in others)),
    )
