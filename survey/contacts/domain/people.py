"""Contacts as lists, composers and studies see them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class ContactStatus(StrEnum):
    """Whether mail may be sent to a contact. Opt-outs are not in it: they belong to the address, not to the list."""

    ACTIVE = "active"
    BOUNCED = "bounced"
    RESTRICTED = "restricted"


class Shown(StrEnum):
    """The states a list can be narrowed to: those of the row, and whether the person has opted out."""

    INVITABLE = "invitable"
    OPTED_OUT = "opted-out"
    BOUNCED = "bounced"
    RESTRICTED = "restricted"


class Person(NamedTuple):
    """What a message to a contact may say. Empty text: the list said nothing."""

    email: str
    first_name: str
    last_name: str
    language: str


class Detailed(NamedTuple):
    """Everything a list said of a contact, opened."""

    email: str
    first_name: str
    last_name: str
    company: str
    city: str
    note: str


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What a list of contacts is narrowed to. node_path: the location or anything below it."""

    node_path: str | None = None
    language: str | None = None
    visited_from: date | None = None
    visited_until: date | None = None
    import_id: UUID | None = None
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a study asks: contacts of its client that can be written to. Dates are inclusive."""

    node_path: str | None = None
    language: str | None = None
    visited_from: date | None = None
    visited_until: date | None = None


class AudienceCount(NamedTuple):
    """How many an audience has, and how many of them have asked not to be written to."""

    total: int
    suppressed: int

    @property
    def invitable(self) -> int:
        """Who is left."""
        return self.total - self.suppressed


@dataclass(frozen=True, slots=True)
class Listed:
    """A contact in a list: nothing in it says who."""

    id: UUID
    language: str
    store_code: str | None
    store_name: str | None
    visited_on: date | None
    status: ContactStatus
    is_suppressed: bool
    import_id: UUID
    created_on: date

    @property
    def pseudonym(self) -> str:
        """A short name for a row, which says nothing of the person."""
        return self.id.hex[:8]

    @property
    def shown(self) -> Shown:
        """The one state that a list shows."""
        if self.status is not ContactStatus.ACTIVE:
            return Shown(self.status.value)
        return Shown.OPTED_OUT if self.is_suppressed else Shown.INVITABLE
