"""The hierarchy of places, by key. Keys also settle ties, so use the client's own codes and not random ids."""

from collections.abc import Mapping
from dataclasses import dataclass


class NotATree(ValueError):
    """The places do not hang together under one root."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Places under one root. `bottom_up` names every place after all that lie below it."""

    root: str
    children: Mapping[str, tuple[str, ...]]
    bottom_up: tuple[str, ...]

    def totals(self, direct: Mapping[str, int]) -> dict[str, int]:
        """Sums over whole branches, from what counts at each place directly."""
        sums: dict[str, int] = {}
        for place in self.bottom_up:
            sums[place] = direct.get(place, 0) + sum(sums[child] for child in self.children[place])
        return sums


def grown(parents: Mapping[str, str | None]) -> Tree:
    """The tree in which each place has this parent. Raises NotATree unless every place hangs under one root."""
    children: dict[str, list[str]] = {place: [] for place in parents}
    roots = sorted(place for place, parent in parents.items() if parent is None)
    if len(roots) != 1:
        raise NotATree(f"there must be one root, not {len(roots)}")
    for place in sorted(parents):
        parent = parents[place]
        if parent is not None:
            if parent not in children:
                raise NotATree("a place hangs under one that is not there")
            children[parent].append(place)
    from_top = _from_top(roots[0], children)
    if len(from_top) != len(parents):
        raise NotATree("some places hang under one another in a circle")
    return Tree(roots[0], {place: tuple(under) for place, under in children.items()}, tuple(reversed(from_top)))


def _from_top(root: str, children: Mapping[str, list[str]]) -> list[str]:
    order = [root]
    for place in order:  # grows while it is read
        order.extend(children[place])
    return order
