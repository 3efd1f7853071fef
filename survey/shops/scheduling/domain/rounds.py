"""A day's round: shops in the order of the nearest neighbour, from the first that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.shops.eligibility.domain import distance_km
from survey.shops.visits.domain import State

MOST_STOPS = 40


@dataclass(frozen=True, slots=True)
class Stop:
    """A shop on a round. opening_hours: weekday -> spans of "HH:MM"."""

    id: UUID
    public_ref: str
    state: State
    code: str
    place: str
    street: str | None
    city: str | None
    postal_code: str | None
    latitude: float | None
    longitude: float | None
    opening_hours: dict[str, list[list[str]]]
    time_zone: str
    daypart: str
    window_end: datetime
    planned_on: date | None
    pay_cents: int
    currency: str
    held_by: str | None

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it is, if that is known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def until(self) -> datetime:
        """The window's end by the location's clock."""
        return self.window_end.astimezone(ZoneInfo(self.time_zone))


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop, and how far it is from the one before it; None for the first and where a place is not known."""

    stop: Stop
    distance_km: float | None


def as_given(stops: Sequence[Stop]) -> list[Leg]:
    """In the order that somebody has chosen."""
    legs: list[Leg] = []
    here: tuple[float, float] | None = None
    for stop in stops:
        legs.append(Leg(stop, distance_km(here, stop.point) if here and stop.point else None))
        here = stop.point or here
    return legs


def round_of(stops: Sequence[Stop]) -> list[Leg]:
    """From the first stop always to the nearest that is left; what has no place on the map comes last, as chosen."""
    left = [stop for stop in stops if stop.point is not None]
    lost = [Leg(stop, None) for stop in stops if stop.point is None]
    if not left:
        return lost
    legs = [Leg(left.pop(0), None)]
    while left:
        here = legs[-1].stop.point or (0.0, 0.0)
        ways = [distance_km(here, stop.point or (0.0, 0.0)) for stop in left]
        nearest = min(range(len(left)), key=ways.__getitem__)
        legs.append(Leg(left.pop(nearest), ways[nearest]))
    return legs + lost


def length_km(legs: Sequence[Leg]) -> float:
    """The whole round as the crow flies."""
    return sum(leg.distance_km or 0.0 for leg in legs)
