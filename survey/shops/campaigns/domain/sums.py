"""From what questions earned to sections and to the whole, in one of two ways. Pure; exact until it is shown.

Either a section's weight is its share of the total, or it multiplies the points of its questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Line:
    """A question that applied, with what it earned. weight: its own; cap: per cents it lets pass where it fails.

    A bonus is possible for nobody, and so is missed by nobody.
    """

    section_id: str
    item_id: str
    weight: int
    given: Fraction
    top: Fraction
    is_bonus: bool = False
    cap: Fraction | None = None
    is_section_cap: bool = False

    @property
    def possible(self) -> Fraction:
        """The most that counts as possible."""
        return Fraction(0) if self.is_bonus else self.top


@dataclass(frozen=True, slots=True)
class Part:
    """What a section got of what was possible, both weighted by question. percent: as shown, under its caps."""

    given: Fraction
    possible: Fraction
    percent: Fraction | None


def parts_of(lines: Sequence[Line], section_ids: Sequence[str], most: Fraction) -> dict[str, Part]:
    """Every section by its id. most: the per cent that none of them passes."""
    return {name: _part([line for line in lines if line.section_id == name], most) for name in section_ids}


def _part(lines: Sequence[Line], most: Fraction) -> Part:
    """One section. Its own caps hold what it brings to the whole as well."""
    given = sum((line.weight * line.given for line in lines), Fraction(0))
    possible = sum((line.weight * line.possible for line in lines), Fraction(0))
    caps = [line.cap for line in lines if line.cap is not None]
    own = [line.cap for line in lines if line.cap is not None and line.is_section_cap]
    percent = min([HUNDRED * given / possible, most, *caps]) if possible else None
    return Part(min([given, *(cap * possible / HUNDRED for cap in own)]), possible, percent)


def shares_of(parts: Mapping[str, Part], weights: Mapping[str, int], *, are_shares: bool) -> dict[str, Fraction]:
    """What each section is of the total, in per cent; a section without anything possible leaves its to the others."""
    sizes = {
        name: Fraction(weights.get(name, 1)) if are_shares else weights.get(name, 1) * part.possible
        for name, part in parts.items()
        if part.possible
    }
    whole = sum(sizes.values(), Fraction(0))
    return {name: HUNDRED * size / whole for name, size in sizes.items()} if whole else {}


def total_of_shares(parts: Mapping[str, Part], shares: Mapping[str, Fraction]) -> Fraction | None:
    """The sum of each section's per cent times its share."""
    brought = [share * (parts[name].percent or 0) / HUNDRED for name, share in shares.items()]
    return sum(brought, Fraction(0)) if brought else None


def total_of_points(parts: Mapping[str, Part], weights: Mapping[str, int]) -> Fraction | None:
    """Σ weight times points given, of Σ weight times points possible, in per cent."""
    given = sum((weights.get(name, 1) * part.given for name, part in parts.items()), Fraction(0))
    possible = sum((weights.get(name, 1) * part.possible for name, part in parts.items()), Fraction(0))
    return HUNDRED * given / possible if possible else None


def capped(percent: Fraction | None, lines: Sequence[Line], most: Fraction) -> Fraction | None:
    """The total under the caps of answers that fail the whole visit."""
    caps = [line.cap for line in lines if line.cap is not None and not line.is_section_cap]
    return None if percent is None else min([percent, most, *caps])
