"""A day's round: shops in the order of the nearest neighbour, from the first that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from survey.clients.domain import distance_km, hours_text
from survey.shops.visits.domain import State, last_day, until_short

MOST_STOPS = 40


@dataclass(frozen=True, slots=True)
class Stop:
    """A shop on a round. opening_hours: weekday -> spans of "HH:MM"; round_id, round_place: as its shopper has it."""

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
    round_id: UUID | None = None
    round_place: int | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it is, if that is known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    @property
    def hours(self) -> str:
        """When it is open, days with the same hours together; empty where nobody has said."""
        return hours_text(self.opening_hours) if self.opening_hours else ""

    @property
    def day(self) -> date:
        """The planned one, or the last."""
        return self.planned_on or last_day(self.window_end, self.time_zone)

    @property
    def until(self) -> str:
        """Until when it can be made, by the location's clock, in words."""
        return until_short(self.window_end, self.time_zone)


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


def in_kept_order(stops: Sequence[Stop]) -> list[Stop]:
    """As their shopper has them now: by day and by their places in a round; what ends first before the rest."""
    return sorted(stops, key=lambda stop: (stop.day, str(stop.round_id or ""), stop.round_place or 0, stop.window_end))


def is_one_round(stops: Sequence[Stop]) -> bool:
    """Whether all of them are stops of one and the same round already."""
    return len({stop.round_id for stop in stops}) == 1 and stops[0].round_id is not None


def is_ones_own(stops: Sequence[Stop]) -> bool:
    """Whether they are several and one shopper has them all, so that their order means something."""
    return len(stops) > 1 and len({stop.held_by for stop in stops}) == 1 and stops[0].held_by is not None


def moved(order: Sequence[str], which: str, step: int) -> list[str]:
    """The order with one of its entries a step up (-1) or down (1); as it was where it cannot go there."""
    shown = list(order)
    if which in shown and 0 <= (to := shown.index(which) + step) < len(shown):
        shown.insert(to, shown.pop(shown.index(which)))
    return shown


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
