"""Numbers put into bands, so that what is published of them is a histogram like any other.

Edges come from a fixed list of round numbers, never from somebody's answer. Every band holds at least k people of the
whole study, the outer ones are open ("20 or more"), and each stands for its median, rounded to two digits. An average
worked out from bands says nothing that the histogram does not: there is no outlier in it to be found.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from .protection import FLOOR

MOST_BANDS = 8
_MANTISSAS = tuple(Decimal(text) for text in ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "7.5"))
_ONE_BY_ONE = 10
_GREATEST_EXPONENT = 15
_LEAST_EXPONENT = -6


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers from `least` up to but not including `below`; None is open. `typical` stands for them in averages."""

    least: Decimal | None
    below: Decimal | None
    typical: Decimal


def bands_of(numbers: Iterable[Decimal], *, decimals: int = 0, k: int = FLOOR) -> tuple[Band, ...]:
    """Bands for these numbers, lowest first; none when there are fewer than k numbers. One number a person."""
    ordered = sorted(numbers)
    if len(ordered) < k:
        return ()
    parts = _parts(ordered, _edges(ordered, decimals), max(k, -(-len(ordered) // MOST_BANDS)))
    starts = [start for start, _ in parts]
    bounds = [None, *starts[1:], None]
    return tuple(
        Band(least, below, _typical(members))
        for (least, below), (_, members) in zip(pairwise(bounds), parts, strict=True)
    )


def band_index(bands: Sequence[Band], number: Decimal) -> int:
    """The position of the band that a number belongs to."""
    return bisect_right([band.least for band in bands[1:] if band.least is not None], number)


def _parts(ordered: Sequence[Decimal], edges: Sequence[Decimal], wanted: int) -> list[tuple[Decimal, list[Decimal]]]:
    """Runs of cells between edges, each run closed as soon as it has the wanted number; a short last one joins up."""
    parts: list[tuple[Decimal, list[Decimal]]] = []
    start, members, position = edges[0], list[Decimal](), 0
    for edge in edges[1:]:
        while position < len(ordered) and ordered[position] < edge:
            members.append(ordered[position])
            position += 1
        if len(members) >= wanted:
            parts.append((start, members))
            start, members = edge, []
    if members or not parts:
        last = parts.pop() if parts else (start, [])
        parts.append((last[0], last[1] + members))
    return parts


def _edges(ordered: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Round numbers from below the least to above the greatest."""
    positive = {mantissa.scaleb(power) for power in _powers() for mantissa in _MANTISSAS}
    if decimals == 0:
        positive = {edge for edge in positive if edge == edge.to_integral_value()}
        positive |= {Decimal(whole) for whole in range(1, _ONE_BY_ONE + 1)}
    edges = sorted({-edge for edge in positive} | {Decimal(0)} | positive)
    low = max(0, bisect_right(edges, ordered[0]) - 1)
    high = bisect_right(edges, ordered[-1]) + 1
    return edges[low:high] if high <= len(edges) else [*edges[low:], Decimal("Infinity")]


def _powers() -> range:
    return range(_LEAST_EXPONENT, _GREATEST_EXPONENT)


def _typical(members: Sequence[Decimal]) -> Decimal:
    """The lower median to two significant digits: no single person's number at full length."""
    median = members[(len(members) - 1) // 2]
    if not median:
        return Decimal(0)
    return median.quantize(Decimal(1).scaleb(median.adjusted() - 1), ROUND_HALF_UP)
