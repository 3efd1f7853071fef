"""Visits that are made anew: from which state, and whether the old window leaves room for it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from survey.db.errors import Conflict

ROOM = timedelta(days=1)  # with less than that nobody finds the shop, plans the visit and makes it
LONGEST_DAYS = 92
ENDED = frozenset({"REJECTED", "EXCLUDED"})


class NotReshot(Conflict):
    """The visit cannot be made anew; the words say why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A shop whose visit may have to be made anew. new_id: of the shop that stands in its place already."""

    id: UUID
    state: str
    time_zone: str
    daypart: str
    window_start: datetime
    window_end: datetime
    is_campaign_live: bool
    is_location_open: bool
    new_id: UUID | None

    def has_room(self, now: datetime) -> bool:
        """Whether its own window lasts long enough for somebody else."""
        return self.window_end - now >= ROOM


@dataclass(frozen=True, slots=True)
class Kin:
    """What stands in a shop's place, and in whose place the shop stands; ids and references, None for neither."""

    new_id: UUID | None
    new_ref: str | None
    origin_id: UUID | None
    origin_ref: str | None


@dataclass(frozen=True, slots=True)
class Days:
    """A new window, from the first to the last day, both included, by the clock of the place."""

    first: date
    last: date


def check_origin(origin: Origin) -> None:
    """Raises NotReshot where no visit can come of it whatever the window."""
    if origin.state not in ENDED:
        raise NotReshot("only what was rejected or excluded is made anew")
    if not origin.is_campaign_live:
        raise NotReshot("the campaign is closed")
    if not origin.is_location_open:
        raise NotReshot("the location is closed")
