"""What an affiliate is: its address in the world, its rules for signing in, and whether it may work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

SHORTEST_SESSION_MINUTES = 5
LONGEST_SESSION_MINUTES = 1440
ACTIVE = "active"
SUSPENDED = "suspended"
PROVIDER_NAME = "Candour"  # under which whoever runs the platform writes


class TakenSlug(Exception):
    """Another affiliate has this short name."""


class TakenName(Exception):
    """Another affiliate has a name that looks like this one."""


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What an affiliate's administrator decides about signing in."""

    require_totp: bool
    session_minutes: int


@dataclass(frozen=True, slots=True)
class Appearance:
    """How an affiliate looks to people outside, and where they turn to. accent: six digits; None: the house's own."""

    name: str
    accent: str | None
    contact_email: str
    contact_phone: str
    postal_address: str


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What an affiliate decides for all of its shops. All but the first are what a new campaign begins with."""

    review_hours: int
    return_hours: int
    appeal_days: int
    pay_days: int


# Least and most, as the table's own checks say.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "review_hours": (1, 336),
    "return_hours": (1, 336),
    "appeal_days": (0, 90),
    "pay_days": (1, 90),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A new affiliate as the provider describes it."""

    name: str
    slug: str
    postal_address: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the provider's list: the company, never its people."""

    id: UUID
    name: str
    slug: str
    status: str
    require_totp: bool
    created_at: datetime

    @property
    def is_suspended(self) -> bool:
        """Whether nobody of the affiliate can work."""
        return self.status == SUSPENDED


# They may be a person's own, and the ledger never forgets: that they changed is kept, not what they were.
UNQUOTED = frozenset({"contact_email", "contact_phone"})
Settled = TenantSettings | ShopTerms | Appearance


def changes(old: Settled, new: Settled) -> dict[str, str | int | bool | None]:
    """What differs, for the audit: `name.old`, `name.new` and so on; empty when nothing does."""
    return dict(_changed(old, new))


def _changed(old: Settled, new: Settled) -> Iterator[tuple[str, str | int | bool | None]]:
    for name in (each.name for each in fields(old)):
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if name in UNQUOTED:
            yield f"{name}.changed", True
        else:
            yield f"{name}.old", before
            yield f"{name}.new", after
