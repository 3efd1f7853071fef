"""What is ticked on the board, on the page that is open and on others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from .board import Spot
from .views import MOST_CHOSEN


@dataclass(frozen=True, slots=True)
class Ticked:
    """A shop that is ticked. fits: whether the filter leaves it."""

    id: UUID
    public_ref: str
    code: str
    location_id: UUID
    fits: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What is ticked. here: references that the ticks of the open page stand for."""

    ticked: tuple[Ticked, ...] = ()
    here: frozenset[str] = frozenset()

    @property
    def refs(self) -> tuple[str, ...]:
        """The references of all."""
        return tuple(each.public_ref for each in self.ticked)

    @property
    def away(self) -> tuple[str, ...]:
        """The references of those that are not on this page."""
        return tuple(ref for ref in self.refs if ref not in self.here)

    @property
    def hidden(self) -> int:
        """How many the filter does not leave."""
        return sum(not each.fits for each in self.ticked)

    def among(self, shown: Iterable[str]) -> "Choice":
        """On a page that shows the shops with these references."""
        return Choice(self.ticked, frozenset(self.refs) & frozenset(shown))

    def at(self, places: Collection[UUID]) -> "Choice":
        """On a map where these places are ticked, each for the shops there that fit."""
        here = (each.public_ref for each in self.ticked if each.fits and each.location_id in places)
        return Choice(self.ticked, frozenset(here))

    def by_place(self) -> Mapping[UUID, int]:
        """How many of those that fit are at each place."""
        counts: dict[UUID, int] = {}
        for each in self.ticked:
            if each.fits:
                counts[each.location_id] = counts.get(each.location_id, 0) + 1
        return counts


def too_many_words(count: int) -> str:
    """What is said where more are ticked than go in an address."""
    return (
        f"At most {MOST_CHOSEN} shops can be chosen one by one: those that end first are kept, and"
        f" {count - MOST_CHOSEN:,} are not chosen any more. For more, narrow the filter and take all that match."
    )


def whole_places(spots: Sequence[Spot], by_place: Mapping[UUID, int]) -> frozenset[UUID]:
    """Places of which every shop that fits is ticked: their own tick is set."""
    return frozenset(spot.id for spot in spots if by_place.get(spot.id) == spot.shops)
