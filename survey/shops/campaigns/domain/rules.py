"""Who may make a campaign's shops: rotation and what is asked of a shopper, as they stand in the jsonb columns."""

from datetime import date

from msgspec import Struct


class Rotation(Struct, frozen=True, omit_defaults=True):
    """How often the same person, or the same household, may go. Days are whole days; 0 and None mean no rule.

    gap_days: no other shop of the same shopper within so many days before or after. blackout: pairs of first and last
    day on which nobody goes.
    """

    location_days: int = 0
    brand_days: int = 0
    once_per_campaign: bool = False
    is_household: bool = False
    daily_limit: int | None = None
    gap_days: int = 0
    location_daily_limit: int | None = None
    location_gap_days: int = 0
    blackout: tuple[tuple[date, date], ...] = ()


class Requirements(Struct, frozen=True, omit_defaults=True):
    """What a shopper must be. bands: profile question -> the bands that will do; grades in tenths, 10 to 100.

    qualifications: codes of what must be held, all of them, on the day of the visit.
    """

    bands: dict[str, tuple[str, ...]] = {}
    least_grade_tenths: int | None = None
    radius_km: int | None = None
    qualifications: tuple[str, ...] = ()
