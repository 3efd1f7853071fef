"""Who could make a shop: compared side by side, the best first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from survey.clients.domain import distance_km
from survey.shops.eligibility.domain import Verdict


@dataclass(frozen=True, slots=True)
class Person:
    """A shopper as lists compare them: a code, never a name. made, let_down: shops of the last two years."""

    id: UUID
    display_code: str
    status: str
    grade_tenths: int | None
    latitude: float | None
    longitude: float | None
    held: int
    made: int
    let_down: int

    @property
    def reliability_percent(self) -> int | None:
        """Of the shops that somebody took, how many were made; None where there was none."""
        taken = self.made + self.let_down
        return round(100 * self.made / taken) if taken else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person beside one shop. distance_km: as the crow flies, None where a place is not known."""

    person: Person
    verdict: Verdict
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who asked for the shop, with how they compare."""

    application_id: UUID
    candidate: Candidate
    proposed_on: date | None
    has_note: bool


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom staff write, by display code, and about which shop, by reference; an empty one: in general."""

    shopper_code: str
    shop_ref: str


class Unaddressed(Exception):
    """Nobody can be written to so. field: of the form; the text says what is wrong."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class Order(StrEnum):
    """What the list of who could make a shop begins with."""

    BEST = "best"
    NEAREST = "nearest"
    SOONEST = "soonest"


ORDER_WORDS: Mapping[Order, str] = {
    Order.BEST: "Best grade", Order.NEAREST: "Nearest", Order.SOONEST: "Soonest",
}  # fmt: skip


def candidates(
    people: Iterable[Person],
    verdicts: dict[UUID, Verdict],
    place: tuple[float, float] | None,
    order: Order = Order.BEST,
) -> list[Candidate]:
    """Who may, in that order, then by what else counts; then the rest, those with the fewest reasons first."""
    found = [
        Candidate(person, verdicts[person.id], _distance(person, place)) for person in people if person.id in verdicts
    ]
    first = _FIRST[order]
    return sorted(found, key=lambda each: (len(each.verdict.reasons), first(each), *_rank(each)))


def _rank(each: Candidate) -> tuple[int, float, str]:
    return -(each.person.grade_tenths or 0), _near(each), each.person.display_code


def _near(each: Candidate) -> float:
    return each.distance_km if each.distance_km is not None else float("inf")


def _soon(each: Candidate) -> float:
    return each.verdict.first_day.toordinal() if each.verdict.first_day else float("inf")


_FIRST: Mapping[Order, Callable[[Candidate], float]] = {
    Order.BEST: lambda each: -(each.person.grade_tenths or 0), Order.NEAREST: _near, Order.SOONEST: _soon,
}  # fmt: skip


def _distance(person: Person, place: tuple[float, float] | None) -> float | None:
    if place is None or person.latitude is None or person.longitude is None:
        return None
    return distance_km((person.latitude, person.longitude), place)
