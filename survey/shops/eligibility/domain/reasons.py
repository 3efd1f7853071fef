"""Why somebody may not make a shop: for the scheduler in full, for the shopper in plain words."""

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Code(StrEnum):
    """What stands against it."""

    STATUS = "status"
    AGREEMENT = "agreement"
    TAKEN = "taken"
    WINDOW = "window"
    LOCATION_CLOSED = "location_closed"
    CONFLICT = "conflict"
    READING = "reading"
    CERTIFICATION = "certification"
    QUALIFICATION = "qualification"
    GRADE = "grade"
    BAND = "band"
    HELD = "held"
    RADIUS = "radius"
    ONCE = "once_per_campaign"
    LOCATION = "rotation_location"
    BRAND = "rotation_brand"
    HOUSEHOLD = "household"
    DAILY = "daily_limit"
    GAP = "gap"
    LOCATION_DAILY = "location_daily_limit"
    LOCATION_GAP = "location_gap"
    BLACKOUT = "blackout"
    HOURS = "opening_hours"


class Reason(Struct, frozen=True):
    """One thing that stands against it. free_on: from when this one does not any more, if that is known."""

    code: Code
    staff: str
    shopper: str
    free_on: date | None = None


class Verdict(Struct, frozen=True):
    """Whether, and if so from which day on. reasons is empty where somebody may make the shop on first_day."""

    reasons: tuple[Reason, ...]
    first_day: date | None

    @property
    def is_eligible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons
