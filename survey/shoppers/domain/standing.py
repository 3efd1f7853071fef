"""What stands for or against a shopper at an affiliate: conflicts, qualifications, decisions, and who looked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class ShopperProblem(Exception):
    """A rule of shoppers; `text` is for the visitor's eyes."""

    text = "That is not possible."

    def __init__(self) -> None:
        super().__init__(self.text)


class WrongStatus(ShopperProblem):
    """The profile is not in the state from which this can be done; somebody else was faster, or the page was old."""

    text = "This has changed in the meantime. Look at the page again."


class TakenAddress(ShopperProblem):
    """Another profile at the affiliate has this address."""

    text = "Another profile at this company has this address. Yours keeps the address it had."


class Retired(ShopperProblem):
    """Nobody new gets this qualification any more."""

    text = "This qualification is retired: nobody new gets it. An administrator can restore it."


class ConflictKind(StrEnum):
    """Why a shopper is no stranger to a client."""

    WORKS_THERE = "works_there"
    HOUSEHOLD = "household"
    COMPETITOR = "competitor"
    OTHER = "other"


CONFLICT_WORDS = {
    ConflictKind.WORKS_THERE: "I work there, or did in the last two years",
    ConflictKind.HOUSEHOLD: "Somebody close to me works there",
    ConflictKind.COMPETITOR: "I work for a competitor",
    ConflictKind.OTHER: "Another reason",
}


class QualificationStatus(StrEnum):
    """How far a qualification has come."""

    ASKED = "asked"
    HELD = "held"
    REFUSED = "refused"


SOURCE_WORDS = {"quiz": "Quiz passed", "document": "Document seen", "hand": "Recorded by hand"}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What staff record of a qualification. reason: words that the shopper reads; expires_on: its last day."""

    code: str
    source: str
    status: QualificationStatus
    expires_on: date | None = None
    reason: str = field(default="", repr=False)


class DeactivationCode(StrEnum):
    """Why somebody may not take shops any more."""

    NO_SHOWS = "no_shows"
    QUALITY = "quality"
    FRAUD = "fraud"
    CONDUCT = "conduct"
    DOUBLE = "double"
    OTHER = "other"


DEACTIVATION_WORDS = {
    DeactivationCode.NO_SHOWS: "Shops were taken and not done",
    DeactivationCode.QUALITY: "Reports were not good enough",
    DeactivationCode.FRAUD: "Reports or proofs were not genuine",
    DeactivationCode.CONDUCT: "Conduct at a place or towards us",
    DeactivationCode.DOUBLE: "A second profile of one person",
    DeactivationCode.OTHER: "Another reason",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A business where a shopper is no stranger. company: as the shopper typed it, opened; empty for what staff
    recorded. client_id, client_name: whose client it is, where that is known; no shopper reads it beside a company.
    """

    id: UUID
    client_id: UUID | None
    client_name: str | None
    kind: str
    source: str
    created_at: datetime
    checked_at: datetime | None = None
    company: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """As the shopper reads it."""
        return self.company or self.client_name or ""

    @property
    def is_typed(self) -> bool:
        """Whether the shopper named it."""
        return self.source == "self"


@dataclass(frozen=True, slots=True)
class Qualification:
    """What a shopper has, asks for, or was refused. reason: the words of staff to it, opened."""

    id: UUID
    code: str
    label: str
    source: str
    status: str
    expires_on: date | None
    reason: str = field(default="", repr=False)

    def is_valid(self, today: date) -> bool:
        """Whether it counts."""
        return self.status == QualificationStatus.HELD and (self.expires_on is None or self.expires_on >= today)


@dataclass(frozen=True, slots=True)
class Deactivation:
    """A decision against a shopper, opened. contest: what the shopper says to it."""

    id: UUID
    code: str
    decided_at: datetime
    contested_at: datetime | None
    outcome: str | None
    reason: str = field(repr=False)
    contest: str = field(repr=False)


OTHERWISE_SEEN = "Your details"
SEEN: Mapping[str, str] = {
    "shopper.read": "Your name and how to reach you",
    "shopper.find": "Your code, found by your name, address or telephone number",
    "shopper.compare": "Your name, by our program alone",
    "shopper.payout_read": "Your payout method",
    "shopper.tax_read": "Your tax number",
    "shopper.photo_read": "Your photo",
    "shopper.conflict.read": "A company that you named as a conflict of interest",
    "shopper.restriction.read": "What you wrote to restrict the use of your data",
    "shopper.fields_read": "What you tell beside your name",
    "document.read": "A document you sent",
    "report.read": "What you reported of a visit",
    "picture.read": "A picture of yours",
    "recording.read": "A recording of yours",
    "thread.read": "Your messages",
    "application.read": "What you wrote when you asked for a shop",
    "extension.read": "What you wrote when you asked for another day",
    "mark.read": "What you wrote against a mark",
    "contest.read": "What you contested",
    "grades.read": "Your grades",
    "copy.read": "All of it, in the copy that you fetched",
}


LOOKED: Mapping[str, str] = {
    "affiliate_admin": "An administrator of",
    "manager": "A manager of",
    "scheduler": "A scheduler of",
    "editor": "An editor of",
    "payroll": "Payroll of",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the profile, or at what hangs on it. purpose: as it was given.

    role: of the staff's account; looks from before roles were recorded have none. company: whose staff.
    """

    at: datetime
    actor_kind: str
    role: str | None
    company: str
    action: str
    purpose: str

    @property
    def who(self) -> str:
        """In what role, never by name."""
        if self.actor_kind == "shopper":
            return "You"
        if self.actor_kind == "search":
            return "Our own search for leaks, which nobody reads"
        if self.actor_kind != "staff":
            return self.actor_kind
        return f"{LOOKED.get(self.role or '', 'Staff of')} {self.company}"

    @property
    def seen(self) -> str:
        """What was looked at, as its owner calls it."""
        return SEEN.get(self.action, OTHERWISE_SEEN)
