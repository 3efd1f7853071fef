"""A campaign, what its pages may change, and what keeps it from being published. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from .privacy import SETTINGS, needs_notice, says_more
from .rules import Requirements, Rotation
from .scoring import Scoring


class Kind(StrEnum):
    """How a visit is made, and whose place it is."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    WEB = "web"
    AUDIT = "audit"
    COMPLIANCE = "compliance"
    COMPETITOR = "competitor"


KIND_WORDS: dict[str, str] = {
    Kind.IN_PERSON: "In person",
    Kind.PHONE: "By telephone",
    Kind.WEB: "On the web",
    Kind.AUDIT: "Audit",
    Kind.COMPLIANCE: "Compliance",
    Kind.COMPETITOR: "At a competitor",
}


class Status(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    LIVE = "live"
    CLOSED = "closed"


class Part(StrEnum):
    """The parts of a campaign that have a page of their own."""

    BASICS = "basics"
    QUESTIONNAIRE = "questionnaire"
    SCORING = "scoring"
    GUIDELINE = "guideline"
    SCENARIOS = "scenarios"
    ROTATION = "rotation"
    REQUIREMENTS = "requirements"
    PRIVACY = "privacy"
    WAVES = "waves"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with the names that its pages show. Money in cents of its currency."""

    id: UUID
    client_id: UUID
    client_name: str
    name: str
    kind: str
    version_id: UUID | None
    questionnaire_id: UUID | None
    questionnaire_name: str | None
    version_number: int | None
    scoring: Scoring
    guideline_id: UUID | None
    guideline_number: int | None
    is_certified: bool
    rotation: Rotation
    requirements: Requirements
    is_self_assign: bool
    offers_again: bool
    employee_id_mode: str
    staff_notice_id: UUID | None
    time_precision: str
    demographics_mode: str
    recording_mode: str
    picture_mode: str
    receipt_mode: str
    is_narrative_shown: bool
    currency: str
    fee_cents: int
    reimbursement_cap_cents: int
    attempt_fee_cents: int
    bonus_ladder: tuple[tuple[int, int], ...]
    report_due_hours: int
    grace_hours: int
    offer_hours: int
    return_hours: int
    appeal_days: int
    pay_days: int
    status: str
    revision: int
    created_at: datetime
    release_hours: int | None = None  # after approval; None: only a person releases
    is_attempt_repaid: bool = False  # whether what an attempt cost is paid back, up to the same cap

    @property
    def is_draft(self) -> bool:
        """Whether no shop has been made yet."""
        return self.status == Status.DRAFT


@dataclass(frozen=True, slots=True)
class Draft:
    """What a campaign begins with."""

    client_id: UUID
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    id: UUID
    client_name: str
    name: str
    kind: str
    status: str
    created_at: datetime
    waves: int
    shops: int


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list shows."""

    words: str = ""
    status: str = ""
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A part that a shopper plays."""

    id: UUID
    campaign_id: UUID
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something without which a wave cannot be published."""

    part: Part
    text: str


class BadChange(ValueError):
    """A change that a campaign does not allow; `name` is the field on the page, the message says why."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


SAYS_MORE = "Shops have been published; reports may say less of people from now on, but not more"


def check_change(campaign: Campaign, changes: Mapping[str, Any]) -> None:
    """Raises BadChange where a change would break what has been promised already.

    What was asked for and how it is scored stays once there are shops; what reports say of people only ever gets less.
    """
    kind = changes.get("kind", campaign.kind)
    settings = {name: changes.get(name, getattr(campaign, name)) for name in SETTINGS}
    if kind == Kind.COMPETITOR and settings["employee_id_mode"] != "none":
        raise BadChange("employee_id_mode", "Nobody who works for a competitor may be described or named")
    if kind == Kind.COMPETITOR and settings["recording_mode"] != "none":
        raise BadChange("recording_mode", "Nothing may be recorded at a competitor's")
    if campaign.is_draft:
        return
    for name in ("kind", "version_id", "scoring"):
        if changes.get(name, getattr(campaign, name)) != getattr(campaign, name):
            raise BadChange(name, "Shops have been published; this stays as it is. Begin another campaign to change it")
    for name, value in settings.items():
        if says_more(name, getattr(campaign, name), value):
            raise BadChange(name, SAYS_MORE)
    if changes.get("is_narrative_shown") and not campaign.is_narrative_shown:
        raise BadChange("is_narrative_shown", SAYS_MORE)


def gaps(campaign: Campaign) -> list[Gap]:
    """What is missing, in the order of the pages."""
    found = []
    if campaign.status == Status.CLOSED:
        found.append(Gap(Part.BASICS, "The campaign is closed"))
    if campaign.version_id is None:
        found.append(Gap(Part.QUESTIONNAIRE, "Choose a questionnaire"))
    if campaign.guideline_id is None:
        found.append(Gap(Part.GUIDELINE, "Write a guideline"))
    if needs_notice(campaign.employee_id_mode) and campaign.staff_notice_id is None:
        found.append(Gap(Part.PRIVACY, "Record that the client's staff were told of mystery visits"))
    return found
