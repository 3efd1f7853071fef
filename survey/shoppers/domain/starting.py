"""About where a shopper starts from, worked out from the affiliate's own places. Pure.

Nobody else is asked: what is known of a postal code or a town is where the affiliate's clients have places in it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from survey.clients.domain import distance_km

from .distances import Units, distance_words
from .places import short_region
from .towns import LARGE_TOWNS

POINT_DECIMALS = 2  # about a kilometre: a neighbourhood, no house
NORTH_POLE, DATE_LINE = 90.0, 180.0
LEAST_SHARED = 2
TOWN_REACH_KM = 15.0  # how far a larger town goes from the tenth of a degree that is known of it
# How much of a code names an area: the sectional centre, the forward sortation area, the routing key, the four digits.
AREA_CHARACTERS: Mapping[str, int] = {"US": 3, "CA": 3, "IE": 3, "NL": 4}
US_DIGITS, UK_INWARD, UK_LEAST = 5, 3, 5
_APART = re.compile(r"[^0-9A-Z]+")
Coordinates = tuple[float, float]


class Way(StrEnum):
    """How somebody said where they start from."""

    ADDRESS = "address"
    MAP = "map"
    NUMBERS = "numbers"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Spot:
    """An open place of the affiliate's clients: degrees, and its address without the street."""

    latitude: float
    longitude: float
    city: str
    region: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True)
class Town:
    """Where several open places are: their mean in degrees, and how many."""

    latitude: float
    longitude: float
    city: str
    places: int


@dataclass(frozen=True, slots=True)
class Sought:
    """A postal code and a town as they were typed; either may be empty. country: its code."""

    postal_code: str = field(repr=False)
    city: str = field(repr=False)
    region: str
    country: str


@dataclass(frozen=True, slots=True)
class Guess:
    """The mean of some places, what they have in common, how many they are, and how far they reach from it in km."""

    point: Coordinates
    area: str
    count: int
    reach_km: float

    @property
    def words(self) -> str:
        """How rough it is, in words that follow "you start from"."""
        if not self.count:
            return f"about the middle of {self.area}"
        places = "one place" if self.count == 1 else f"{self.count} places"
        return f"about the middle of {self.area}, from {places} of ours there"

    def reach(self, units: Units) -> str:
        """How far off it may be, in words."""
        return distance_words(self.reach_km, units)


def coarse(point: Coordinates) -> Coordinates:
    """What is kept of a point, however it was said: two decimals."""
    return round(point[0], POINT_DECIMALS), round(point[1], POINT_DECIMALS)


def is_on_earth(point: Coordinates) -> bool:
    """Whether there is such a point; what is no number is none."""
    return abs(point[0]) <= NORTH_POLE and abs(point[1]) <= DATE_LINE


def nearest_town(towns: Sequence[Town], point: Coordinates) -> tuple[Town, int] | None:
    """The affiliate's town next to a point, and how many whole kilometres lie between, at least one."""
    apart = [(distance_km((town.latitude, town.longitude), point), town) for town in towns]
    found = min(apart, key=_first, default=None)
    return (found[1], max(1, round(found[0]))) if found else None


def code_of(text: str, country: str) -> str:
    """A postal code in one spelling: a ZIP without its four, a UK code with one space after its outward part."""
    code = _APART.sub("", unicodedata.normalize("NFKC", text).upper())
    if country == "US":
        return code[:US_DIGITS]
    if country == "GB" and code:
        return f"{code[:-UK_INWARD]} {code[-UK_INWARD:]}" if len(code) >= UK_LEAST else f"{code} "
    return code


def guess(spots: Sequence[Spot], sought: Sought) -> Guess | None:
    """Where somebody starts from: the middle of the places with the same code, else of those that share the most of it,
    else of those in the same town, else a larger town where the affiliate has no place; None where nothing matches.
    """
    # A client's list may leave the country out, and the region: then both are taken as the shopper's.
    near = [spot for spot in spots if spot.country in (sought.country, "")]
    return _by_code(near, sought) or _by_town(near, sought) or _by_large_town(sought)


def _by_code(spots: Sequence[Spot], sought: Sought) -> Guess | None:
    code = code_of(sought.postal_code, sought.country)
    least = _least(code, sought.country)
    for length in range(len(code), least - 1, -1):
        shared = code[:length]
        found = [spot for spot in spots if code_of(spot.postal_code, sought.country).startswith(shared)]
        if found and shared:
            return _middle(found, _area_words(shared, code))
    return None


def _least(code: str, country: str) -> int:
    # Of a UK code the outward part with its space, so that E1 is not taken for E16.
    if country == "GB":
        return code.find(" ") + 1
    return max(AREA_CHARACTERS.get(country, min(LEAST_SHARED, len(code))), 1)


def _area_words(shared: str, code: str) -> str:
    is_whole = shared == code or shared.endswith(" ")
    return shared.strip() if is_whole else f"the postal codes that begin with {shared.strip()}"


def _by_town(spots: Sequence[Spot], sought: Sought) -> Guess | None:
    town = _plain(sought.city)
    if not town:
        return None
    region = short_region(sought.region, sought.country)
    named = [(short_region(spot.region, sought.country), spot) for spot in spots if _plain(spot.city) == town]
    found = [(where, spot) for where, spot in named if not region or where in (region, "")]
    # Two towns of one name have no middle.
    is_one = len({where for where, _ in found if where}) <= 1
    return _middle([spot for _, spot in found], found[0][1].city) if found and is_one else None


def _by_large_town(sought: Sought) -> Guess | None:
    """Where none of the affiliate's places is near, a larger town by its name and state, or by its postal codes."""
    if sought.country != "US":
        return None
    state, town = short_region(sought.region, sought.country).upper(), _plain(sought.city)
    named = [each for each in LARGE_TOWNS if town and _plain(each.name) == town and state in (each.state, "")]
    prefix = code_of(sought.postal_code, sought.country)[: AREA_CHARACTERS["US"]]
    found = [each for each in LARGE_TOWNS if each.prefix and each.prefix == prefix] or named
    if len(found) != 1:  # two towns of one name in two states have no middle
        return None
    (one,) = found
    return Guess((one.latitude, one.longitude), f"{one.name}, {one.state}", 0, TOWN_REACH_KM)


def _middle(spots: Sequence[Spot], area: str) -> Guess:
    """The mean of some places. Longitudes are counted from the first one, so that the date line tears nothing apart."""
    start = spots[0].longitude
    easts = [(spot.longitude - start + DATE_LINE) % 360 - DATE_LINE for spot in spots]
    north, east = sum(spot.latitude for spot in spots) / len(spots), sum(easts) / len(spots)
    middle = north, (start + east + DATE_LINE) % 360 - DATE_LINE
    reach = max(distance_km((spot.latitude, spot.longitude), middle) for spot in spots)
    return Guess(middle, area, len(spots), reach)


def _first(pair: tuple[float, Town]) -> float:
    return pair[0]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
