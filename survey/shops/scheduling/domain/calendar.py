"""Shops as a calendar that other programs read (RFC 5545): references and places, no person, no client."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from survey.shops.visits.domain import State

from .views import STATE_WORDS

SHOWN = (State.OPEN, State.OFFERED, State.ASSIGNED, State.IN_PROGRESS, State.RETURNED, State.CANCELLED)
CERTAIN = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.RETURNED})
MOST_EVENTS = 1000
BEHIND_DAYS = 14


@dataclass(frozen=True, slots=True)
class Dated:
    """A shop on its day: the planned one, or the last."""

    id: UUID
    public_ref: str
    state: State
    state_since: datetime
    revision: int
    day: date
    code: str
    place: str
    street: str | None
    city: str | None


def calendar_of(shops: Sequence[Dated], name: str, host: str) -> bytes:
    """An iCalendar file. A shop keeps its UID for ever, and SEQUENCE counts its changes; host: what UIDs end with."""
    calendar = Calendar()
    calendar.add("prodid", "-//Candour//Shops//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    if len(shops) >= MOST_EVENTS:
        calendar.add("x-wr-caldesc", f"The {MOST_EVENTS:,} shops whose days are nearest to today")
    calendar.add("refresh-interval;value=duration", "PT1H")
    for shop in shops:
        calendar.add_component(_event(shop, host))
    return bytes(calendar.to_ical())


def _event(shop: Dated, host: str) -> Event:
    event = Event()
    event.add("uid", f"{shop.id}@{host}")
    event.add("sequence", shop.revision)
    event.add("dtstamp", shop.state_since)
    event.add("dtstart", shop.day)
    event.add("dtend", shop.day + timedelta(days=1))
    event.add("summary", f"{shop.public_ref} {shop.code}: {STATE_WORDS[shop.state].lower()}")
    event.add("location", ", ".join(part for part in (shop.place, shop.street, shop.city) if part))
    event.add("status", _status(shop.state))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _status(state: State) -> str:
    if state is State.CANCELLED:
        return "CANCELLED"
    return "CONFIRMED" if state in CERTAIN else "TENTATIVE"
