"""What eligibility knows of a shopper and of a shop. Nothing else about a person can change the answer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct, field

from survey.shoppers.domain import Units
from survey.shops.campaigns.domain import Requirements, Rotation
from survey.shops.visits.domain import State


class Visit(Struct, frozen=True, gc=False):
    """A visit made, or one that somebody has promised; is_own: by the shopper, else by another of the household.

    last_day: of the window of one for which nobody has chosen a day; `day` is then the one that counts for rules.
    """

    shop_id: UUID
    location_id: UUID
    client_id: UUID
    campaign_id: UUID
    day: date
    is_own: bool = True
    is_held: bool = False
    is_made: bool = True
    last_day: date | None = None


class History(Struct, frozen=True):
    """Visits, found by what a rule asks of them."""

    at_location: Mapping[UUID, list[Visit]] = field(default_factory=dict)
    of_client: Mapping[UUID, list[Visit]] = field(default_factory=dict)
    in_campaign: Mapping[UUID, list[Visit]] = field(default_factory=dict)
    own: tuple[Visit, ...] = ()
    held: frozenset[UUID] = frozenset()


class ShopperFacts(Struct, frozen=True):
    """A shopper. grade in tenths; conflicts: clients; certified: guidelines whose quiz was passed and still counts.

    read: guidelines that the shopper says to have read.

    qualifications: codes of what was recorded -> its last day, None where it does not run out.
    """

    id: UUID
    status: str
    has_agreed: bool
    held_limit: int
    household: bytes | None = None
    latitude: float | None = None
    longitude: float | None = None
    bands: Mapping[str, str] = field(default_factory=dict)
    grade_tenths: int | None = None
    conflicts: frozenset[UUID] = frozenset()
    certified: frozenset[UUID] = frozenset()
    history: History = field(default_factory=History)
    qualifications: Mapping[str, date | None] = field(default_factory=dict)
    read: frozenset[UUID] = frozenset()
    units: Units = Units.KM


class Known(Struct, frozen=True):
    """What other areas know of the shoppers, by shopper: clients in conflict, guidelines whose quiz still counts."""

    conflicts: Mapping[UUID, Collection[UUID]] = field(default_factory=dict)
    certified: Mapping[UUID, Collection[UUID]] = field(default_factory=dict)


class Place(Struct, frozen=True):
    """A location. opening_hours: JSON as it is stored; taken: shops there that somebody has, with their days."""

    id: UUID
    status: str
    time_zone: str
    latitude: float | None
    longitude: float | None
    opening_hours: str = "{}"
    taken: tuple[tuple[UUID, date], ...] = ()


class Rules(Struct, frozen=True):
    """What a campaign asks. guideline_id: the current one; labels: of the qualifications it asks for, by code."""

    campaign_id: UUID
    kind: str
    is_certified: bool
    guideline_id: UUID | None
    rotation: Rotation
    requirements: Requirements
    labels: Mapping[str, str] = field(default_factory=dict)

    def label_of(self, code: str) -> str:
        """A qualification as people call it."""
        return self.labels.get(code, code.replace("_", " "))


class ShopFacts(Struct, frozen=True):
    """A shop. first_day and last_day: of its window, as the location counts days; weekdays: when the place is open, at
    that time of the day (Monday is 0).
    """

    id: UUID
    client_id: UUID
    state: State
    is_on_hold: bool
    window_end: datetime
    first_day: date
    last_day: date
    weekdays: frozenset[int]
    place: Place
    rules: Rules


def history_of(visits: Iterable[Visit]) -> History:
    """Sort visits into what rules ask for."""
    at_location, of_client, in_campaign = defaultdict(list), defaultdict(list), defaultdict(list)
    own: list[Visit] = []
    for visit in visits:
        at_location[visit.location_id].append(visit)
        of_client[visit.client_id].append(visit)
        in_campaign[visit.campaign_id].append(visit)
        if visit.is_own:
            own.append(visit)
    held = frozenset(visit.shop_id for visit in own if visit.is_held)
    return History(at_location, of_client, in_campaign, tuple(own), held)
