"""A shopper's own shops as a calendar that other programs read (RFC 5545): references and places, nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from survey.shops.visits.domain import AssignmentState

BEHIND_DAYS = 30
MOST_EVENTS = 300
ENDED = frozenset({AssignmentState.DECLINED, AssignmentState.GIVEN_BACK, AssignmentState.TAKEN_BACK,
                   AssignmentState.FLAKED})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """An assignment on its day: the planned one, or the last of the window. round_place: which stop of a round."""

    assignment_id: UUID
    state: AssignmentState
    public_ref: str
    revision: int
    changed_at: datetime
    day: date
    place: str
    street: str | None
    city: str | None
    round_place: int | None = None


def calendar_of(shops: Iterable[Dated], host: str) -> bytes:
    """An iCalendar file. An assignment keeps its UID for ever, and SEQUENCE counts its shop's changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Candour//My shops//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "My shops")
    calendar.add("refresh-interval;value=duration", "PT1H")
    for shop in shops:
        calendar.add_component(_event(shop, host))
    return bytes(calendar.to_ical())


def _event(shop: Dated, host: str) -> Event:
    event = Event()
    event.add("uid", f"{shop.assignment_id}@{host}")
    event.add("sequence", shop.revision)
    event.add("dtstamp", shop.changed_at)
    event.add("dtstart", shop.day)
    event.add("dtend", shop.day + timedelta(days=1))
    # A visit has a day and no hour: its number is what keeps a round in order among the events of a day.
    event.add("summary", f"{shop.round_place}. {shop.public_ref}" if shop.round_place else shop.public_ref)
    if shop.round_place:
        event.add("description", f"Stop {shop.round_place} of your round")
    event.add("location", ", ".join(part for part in (shop.place, shop.street, shop.city) if part))
    event.add("status", _status(shop.state))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _status(state: AssignmentState) -> str:
    if state in ENDED:
        return "CANCELLED"
    return "TENTATIVE" if state is AssignmentState.OFFERED else "CONFIRMED"
