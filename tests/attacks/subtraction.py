"""The attacker who adds and subtracts published numbers: which small groups follow from them by linear algebra?

Unknown to the attacker is how many people there are of each *kind* (place, and what they did with each question). Each
published number is the sum of some kinds. A group follows when its indicator lies in the span of the published ones.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

PRIME = (1 << 61) - 1
Kind = Hashable


@dataclass(frozen=True)
class Known:
    """A published number and the kinds of people it is the sum of."""

    kinds: frozenset[Kind]
    value: int


@dataclass(frozen=True)
class Found:
    """A group that the attacker can count."""

    name: str
    size: int


def small_groups_found(
    known: Sequence[Known], targets: Mapping[str, frozenset[Kind]], universe: Iterable[Kind], k: int
) -> list[Found]:
    """The targets whose size follows from what is known and lies in 1…k-1. Sizes come from the numbers alone."""
    columns = {kind: position for position, kind in enumerate(universe)}
    width = len(columns)
    basis: dict[int, list[int]] = {}
    for entry in known:
        row = [0] * width + [entry.value]
        for kind in entry.kinds:
            row[columns[kind]] = 1
        _add(basis, _reduced(basis, row, width), width)
    found = []
    for name, kinds in targets.items():
        row = [0] * width + [0]
        for kind in kinds:
            row[columns[kind]] = 1
        left = _reduced(basis, row, width)
        size = -left[width] % PRIME
        if not any(left[:width]) and 0 < size < k:
            found.append(Found(name, size))
    return found


def _reduced(basis: Mapping[int, list[int]], row: list[int], width: int) -> list[int]:
    for column in range(width):
        factor = row[column]
        if factor and column in basis:
            row = [(mine - factor * its) % PRIME for mine, its in zip(row, basis[column], strict=True)]
    return row


def _add(basis: dict[int, list[int]], row: list[int], width: int) -> None:
    lead = next((column for column in range(width) if row[column]), None)
    if lead is not None:
        inverse = pow(row[lead], PRIME - 2, PRIME)
        basis[lead] = [value * inverse % PRIME for value in row]
