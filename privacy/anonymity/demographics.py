"""Who took part, as aggregate tables of their own: one variable at a time, never crossed with another or with answers.

Rules: a band is published with ≥ k people, rounded to base 5; the bands that are hidden are at least two and hold ≥ k
people together, or there are none; the total is rounded by itself, so that the rounded bands need not add up to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .protection import FLOOR
from .rounding import to_base


@dataclass(frozen=True, slots=True)
class Makeup:
    """One variable: the rounded total and people by band. None is hidden, whether too small or hiding another."""

    total: int | None
    bands: Mapping[str, int | None]


def makeup(counts: Mapping[str, int], k: int = FLOOR) -> Makeup:
    """The table of a variable. `counts`: distinct people by band, those who did not say in a band of their own."""
    taken = {band: count for band, count in counts.items() if count}
    hidden = _hidden(taken, k)
    shown = {band: None if band in hidden else to_base(count) for band, count in sorted(taken.items())}
    total = sum(taken.values())
    return Makeup(to_base(total) if total >= k and len(hidden) < len(taken) else None, shown)


def _hidden(counts: Mapping[str, int], k: int) -> set[str]:
    ascending = sorted(counts, key=lambda band: (counts[band], band))
    hidden = [band for band in ascending if counts[band] < k]
    while hidden and len(hidden) < len(ascending) and (len(hidden) < 2 or sum(counts[band] for band in hidden) < k):
        hidden.append(ascending[len(hidden)])
    return set(hidden)
