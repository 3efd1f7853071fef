"""Registering with one affiliate: its door, what is typed there, and the profiles that one sign-in leads to."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from survey.web.brands import Brand

from .markdown import html_below
from .people import Address, Status

CONFIRM_DAYS = 7
AGREEMENT_PURPOSE = "contractor agreement"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of an affiliate's contractor agreement."""

    number: int
    body: str
    created_at: datetime | None = None

    def html_below(self, level: int) -> Markup:
        """Its text for a page, under a heading of this level."""
        return html_below(self.body, level)


@dataclass(frozen=True, slots=True)
class Door:
    """The public way in to one affiliate. agreement: None where it has none, and then nobody can register."""

    id: UUID
    name: str
    slug: str
    least_age: int
    takes_shoppers: bool
    agreement: Agreement | None
    brand: Brand

    @property
    def is_open(self) -> bool:
        """Whether people can register now."""
        return self.takes_shoppers and self.agreement is not None


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody types to register."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: Address
    time_zone: str = ""  # where the address does not tell it


@dataclass(frozen=True, slots=True)
class Pending:
    """A registration that waits to be confirmed, as the gate sees it: nothing of it is opened."""

    id: UUID
    affiliate_id: UUID
    brand: Brand
    affiliate_status: str
    account_id: UUID
    status: str
    agreement_version: int | None
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """One of the profiles that a sign-in leads to. agreement_number: the version in force now."""

    id: UUID
    affiliate_id: UUID
    affiliate_name: str
    affiliate_status: str
    status: str
    agreement_version: int | None
    agreement_number: int | None

    @property
    def can_be_opened(self) -> bool:
        """Whether its pages can be used."""
        return self.status in (Status.ACTIVE, Status.PAUSED) and self.affiliate_status == "active"

    @property
    def needs_agreement(self) -> bool:
        """Whether a newer version of the agreement waits for an answer."""
        return self.agreement_number is not None and self.agreement_version != self.agreement_number
