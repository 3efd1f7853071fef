"""Distances in the units that a reader thinks in. Kilometres are what is kept and reckoned with."""

from collections.abc import Mapping
from enum import StrEnum

KM_PER_MILE = 1.609344
IN_MILES = frozenset({"US"})  # countries where a new profile begins with miles


class Units(StrEnum):
    """What distances are shown in."""

    KM = "km"
    MILES = "mi"


UNIT_WORDS: Mapping[Units, str] = {Units.KM: "Kilometres", Units.MILES: "Miles"}
_CHOICES: Mapping[Units, tuple[int, ...]] = {Units.KM: (2, 5, 10, 25, 50, 100), Units.MILES: (1, 3, 5, 15, 30, 60)}


def units_of(country: str) -> Units:
    """What a new profile begins with."""
    return Units.MILES if country in IN_MILES else Units.KM


def units_or_km(kept: str | None) -> Units:
    """What is kept of the choice, if anything is."""
    return Units(kept) if kept else Units.KM


def distance_words(km: float, units: Units) -> str:
    """A distance in words, whole and at least one: `12 km`, `1 mile`, `7 miles`."""
    if units is Units.KM:
        return f"{max(1, round(km)):,} km"
    miles = max(1, round(km / KM_PER_MILE))
    return f"{miles:,} mile{'' if miles == 1 else 's'}"


def distances(units: Units) -> list[tuple[int, str]]:
    """Distances to choose from: in whole kilometres, and in words."""
    return [(_km(each, units), f"Within {_words(each, units)}") for each in _CHOICES[units]]


def nearest_choice(km: int, units: Units) -> int:
    """The choice in these units next to what was chosen in others, in kilometres."""
    return min((each for each, _ in distances(units)), key=lambda each: abs(each - km))


def _km(number: int, units: Units) -> int:
    return number if units is Units.KM else round(number * KM_PER_MILE)


def _words(number: int, units: Units) -> str:
    if units is Units.KM:
        return f"{number} km"
    return f"{number} mile{'' if number == 1 else 's'}"
