"""A study, from its first draft to its release."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

BOUNCED = "mail came back before"
REST_DAYS = 30
MOST_REST_DAYS = 365
MOST_REMINDERS = 2
LEAST_DAYS_APART = 3
MOST_REMINDER_DAYS = 60
# Answers that were begun, and the door to them, are kept for ninety days (survey.responses.tables).
LONGEST_FIELD = timedelta(days=90)


class Status(StrEnum):
    """How far a study has come."""

    DRAFT = "draft"
    LIVE = "live"
    PAUSED = "paused"
    CLOSED = "closed"
    RELEASED = "released"


IN_FIELD = frozenset({Status.LIVE, Status.PAUSED})


class AudienceKind(StrEnum):
    """Whom a study asks: people on the client's own lists, or people who joined a panel."""

    CONTACTS = "contacts"
    PANEL = "panel"


class IdentityMode(StrEnum):
    """Whether the client may learn who said what."""

    CONFIDENTIAL = "confidential"
    IDENTIFIED = "identified"


class Message(StrEnum):
    """The messages of a study; the values are kinds of delivery."""

    INVITATION = "invitation"
    FIRST_REMINDER = "reminder-1"
    SECOND_REMINDER = "reminder-2"


REMINDERS = (Message.FIRST_REMINDER, Message.SECOND_REMINDER)


class Narrowing(Struct, frozen=True, omit_defaults=True):
    """Which part of a client's contacts, or of a panel, is asked; days are inclusive.

    rest_days: whoever was written to within so many days, reminders counted, is left out; 0 leaves nobody out.
    """

    location_id: UUID | None = None
    language: str | None = None
    visited_from: date | None = None
    visited_until: date | None = None
    age_bands: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    rest_days: int = REST_DAYS


@dataclass(frozen=True, slots=True)
class Study:
    """A study with the names of what it rests on. Times are UTC; `time_zone` is the one staff write them in."""

    id: UUID
    client_id: UUID
    client_name: str
    version_id: UUID
    questionnaire_id: UUID
    questionnaire_name: str
    version_number: int
    name: str
    title: str
    audience_kind: AudienceKind
    panel_id: UUID | None
    panel_name: str | None
    narrowing: Narrowing
    identity_mode: IdentityMode
    authorisation_id: UUID | None
    authorised_until: date | None
    opens_at: datetime
    closes_at: datetime
    time_zone: str
    invitation_subject: str
    invitation_body: str
    reminder_subject: str
    reminder_body: str
    reminder_days: tuple[int, ...]
    confirmed: frozenset[str]
    status: Status
    revision: int
    created_at: datetime
    launched_at: datetime | None
    closed_at: datetime | None

    @property
    def is_draft(self) -> bool:
        """Whether nobody has been asked yet."""
        return self.status is Status.DRAFT

    @property
    def is_in_field(self) -> bool:
        """Whether people are being asked, or would be if it were not paused."""
        return self.status in IN_FIELD

    @property
    def is_identified(self) -> bool:
        """Whether answers carry names."""
        return self.identity_mode is IdentityMode.IDENTIFIED

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is sent, in order."""
        return (Message.INVITATION, *REMINDERS[: len(self.reminder_days)])


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of studies."""

    id: UUID
    name: str
    client_id: UUID
    client_name: str
    status: Status
    opens_at: datetime
    closes_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list shows."""

    words: str = ""
    status: Status | None = None
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a study begins with."""

    client_id: UUID
    version_id: UUID
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a launch would write to, and whom it would pass over."""

    total: int
    opted_out: int
    bounced: int
    resting: int

    @property
    def invitable(self) -> int:
        """Who is left."""
        return self.total - self.opted_out - self.bounced - self.resting


@dataclass(frozen=True, slots=True)
class Progress:
    """How a study in the field fares, in counts alone."""

    invited: int
    waiting: int
    sent: int
    failed: int
    passed_over: int
    started: int
    finished: int


class NotDraft(Exception):
    """The study has been launched; what people were asked and told does not change any more."""


class BadChange(Exception):
    """What was asked for cannot be done to this study as it stands; the text says why."""
