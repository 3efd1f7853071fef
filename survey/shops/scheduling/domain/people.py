"""Who could make a shop: compared side by side, the best first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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


def candidates(
    people: Iterable[Person], verdicts: dict[UUID, Verdict], place: tuple[float, float] | None
) -> list[Candidate]:
    """The best first: who may, by grade, then by distance; then the rest, those with the fewest reasons first."""
    found = [
        Candidate(person, verdicts[person.id], _distance(person, place)) for person in people if person.id in verdicts
    ]
    return sorted(found, key=_rank)


def _rank(each: Candidate) -> tuple[int, int, float, str]:
    near = each.distance_km if each.distance_km is not None else float("inf")
    return len(each.verdict.reasons), -(each.person.grade_tenths or 0), near, each.person.display_code


def _distance(person: Person, place: tuple[float, float] | None) -> float | None:
    if place is None or person.latitude is None or person.longitude is None:
        return None
    return distance_km((person.latitude, person.longitude), place)
