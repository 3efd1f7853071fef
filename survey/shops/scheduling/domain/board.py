"""What the board shows: rows, counts, days and places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.clients.domain import Point
from survey.shops.visits.domain import State, until_short

from .views import Filter, Layout, View

# Not wanted yet, or not any more: no share of them is to be filled.
NOT_WANTED = frozenset({State.DRAFT, State.CANCELLED})
UNFILLED = frozenset({State.OPEN, State.OFFERED, State.EXPIRED})


@dataclass(frozen=True, slots=True)
class Row:
    """A shop on the board. key: what it is sorted by; pay in cents; held_by: a display code, never a name."""

    id: UUID
    key: object
    public_ref: str
    state: State
    state_since: datetime
    is_on_hold: bool
    is_legal_hold: bool
    is_flaked: bool
    unassign_count: int
    daypart: str
    window_start: datetime
    window_end: datetime
    last_day: date
    planned_on: date | None
    due_at: datetime | None
    fee_cents: int
    bonus_cents: int
    currency: str
    client: str
    campaign: str
    wave: str
    code: str
    place: str
    city: str | None
    time_zone: str
    held_by: str | None
    asked: int

    @property
    def pay_cents(self) -> int:
        """Fee and bonus."""
        return self.fee_cents + self.bonus_cents

    @property
    def until(self) -> str:
        """Until when it can be made, by the location's clock, in words."""
        return until_short(self.window_end, self.time_zone)

    @property
    def due(self) -> datetime | None:
        """When the report is due, by the location's clock."""
        return self.due_at.astimezone(ZoneInfo(self.time_zone)) if self.due_at else None

    @property
    def due_words(self) -> str:
        """The same in words; empty where none is due."""
        return until_short(self.due_at, self.time_zone) if self.due_at else ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many shops the filter leaves, by state (whatever state is asked for), and what needs a look.

    asked: shops for which applications wait.
    """

    states: Mapping[State, int]
    at_risk: int
    flaked: int
    on_hold: int
    asked: int

    def of(self, states: tuple[State, ...]) -> int:
        """How many are in one of the states; of none: in any."""
        return sum(self.states.get(state, 0) for state in states or self.states)

    @property
    def wanted(self) -> int:
        """How many were put on the board and not cancelled, up to now."""
        return sum(shops for state, shops in self.states.items() if state not in NOT_WANTED)

    @property
    def filled_percent(self) -> int | None:
        """How many of those somebody took, in per cent; None where there were none."""
        nobodys = sum(self.states.get(state, 0) for state in UNFILLED)
        return round(100 * (self.wanted - nobodys) / self.wanted) if self.wanted else None


@dataclass(frozen=True, slots=True)
class Lane:
    """One state of the board by state: its first shops, and how many there are."""

    state: State
    count: int
    rows: tuple[Row, ...]

    @property
    def shown(self) -> int:
        """How many of them are there."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Spot:
    """A location on the map, with how many of the shops are there."""

    id: UUID
    code: str
    name: str
    city: str | None
    latitude: float | None
    longitude: float | None
    shops: int
    without: int
    at_risk: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can be set to: pairs of an id and words."""

    clients: tuple[tuple[UUID, str], ...]
    campaigns: tuple[tuple[UUID, str], ...]
    waves: tuple[tuple[UUID, str], ...]
    nodes: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose the parts of a filter are: clients and a campaign; None for what is not set, or is nobody's here."""

    campaign_client: UUID | None
    wave_campaign: UUID | None
    wave_client: UUID | None
    node_client: UUID | None


def fitting(wanted: Filter, owners: Owners) -> Filter:
    """Without what belongs to another client or campaign than the chosen one: no field of the page would show it.

    A wave brings its campaign, and a region its client, so that their fields can show them. What is nobody's here
    stays, and leaves no shop.
    """
    is_of_other_wave = _differ(owners.wave_client, wanted.client) or _differ(owners.wave_campaign, wanted.campaign)
    wanted = replace(
        wanted,
        campaign=None if _differ(owners.campaign_client, wanted.client) else wanted.campaign,
        wave=None if is_of_other_wave else wanted.wave,
        node=None if _differ(owners.node_client, wanted.client) else wanted.node,
    )
    campaign = wanted.campaign or (owners.wave_campaign if wanted.wave else None)
    return replace(wanted, campaign=campaign, client=wanted.client or (owners.node_client if wanted.node else None))


def _differ(owner: UUID | None, chosen: UUID | None) -> bool:
    return None not in (owner, chosen) and owner != chosen


def way_to_places(view: View) -> str:
    """How the address of every location's shops as a table begins; the location's code ends it."""
    return f"/shops?{view.shaped(Layout.TABLE).filtered(q='').query()}&q="


def points_of(spots: Iterable[Spot]) -> list[Point]:
    """Locations as points of a map, each leading to its line of the table; said in the label too: what is missing."""
    return [
        Point(
            spot.latitude, spot.longitude, _spot_words(spot), f"#place-{spot.id}",
            "danger" if spot.at_risk else "attention" if spot.without else "good", spot.city or "",
        )
        for spot in spots
        if spot.latitude is not None and spot.longitude is not None
    ]  # fmt: skip


def _spot_words(spot: Spot) -> str:
    told = f"{spot.code} {spot.name}: {spot.shops} shop{'' if spot.shops == 1 else 's'}"
    missing = f", {spot.without} without a shopper" if spot.without else ""
    return told + missing + (f", {spot.at_risk} at risk" if spot.at_risk else "")
