"""Panels, their members in bands, and what an audience of them is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from survey.web.brands import Brand

PURPOSE = "panel"
CONFIRM_DAYS = 7
LEFT_DAYS = 30  # as a member's own page says
EMAIL = "identity.panelist.email"
FIRST_NAME = "identity.panelist.first_name"

# What a member may tell of themselves. Bands, so that no answer says more than it must; every one may be left out.
AGE_BANDS: Mapping[str, str] = {
    "under_25": "Under 25",
    "25_34": "25 to 34",
    "35_44": "35 to 44",
    "45_54": "45 to 54",
    "55_64": "55 to 64",
    "65_up": "65 or over",
}
GENDERS: Mapping[str, str] = {"woman": "A woman", "man": "A man", "other": "Described another way"}
REGIONS: Mapping[str, str] = {"city": "In a city", "town": "In a town", "village": "In a village or the countryside"}
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


class MemberState(StrEnum):
    """Where a member stands. Only active ones are ever asked."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as staff see it in their list."""

    id: UUID
    affiliate_id: UUID
    name: str
    slug: str
    about: str
    wording: str
    wording_version: int
    is_open: bool
    created_at: datetime
    active: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class PanelDraft:
    """What staff type about a panel."""

    name: str
    slug: str
    about: str
    wording: str
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member tells of themselves; empty where they would rather not."""

    language: str = "en"
    age_band: str = ""
    gender: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the members' list: bands and dates, nobody's name or address."""

    id: UUID
    panel_id: UUID
    status: str
    language: str
    age_band: str | None
    gender: str | None
    region: str | None
    joined_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A member's own view of what is held. address and first_name are open: it is their page."""

    member: Member
    panel: Panel
    brand: Brand
    email: str = field(repr=False)
    first_name: str = field(repr=False)

    @property
    def affiliate(self) -> str:
        """The name of the company that holds it."""
        return self.brand.name


@dataclass(frozen=True, slots=True)
class Person:
    """What a message to a member needs."""

    email: str = field(repr=False)
    first_name: str = field(repr=False)
    language: str
    panel: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class PanelAudience:
    """Which members a study asks: each tuple narrows to its bands; an empty one does not narrow."""

    age_bands: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelAudienceCount:
    """How many an audience has, and how many of them have asked not to be written to."""

    people: int
    suppressed: int

    @property
    def invitable(self) -> int:
        """Those who may be asked."""
        return self.people - self.suppressed
