"""Links sent by mail: when an invitation or a reset is still good, and why it is not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .people import Status

INVITATION_LIFE = timedelta(days=7)
RESET_LIFE = timedelta(hours=1)


class LinkKind(StrEnum):
    """What the link was sent for; also the kind of the delivery that carried it."""

    INVITATION = "account.invitation"
    RESET = "account.reset"


class LinkState(StrEnum):
    """Whether the link works, and if not, which page says so."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DISABLED = "disabled"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Occasion:
    """The mail that carried the link, and the account it was sent to, as both are now."""

    expires_at: datetime
    account_id: UUID
    affiliate_id: UUID
    affiliate_name: str
    affiliate_status: str
    status: str
    has_password: bool
    password_changed_at: datetime | None
    email: bytes
    name: bytes


def state_of(kind: LinkKind, occasion: Occasion | None, now: datetime) -> LinkState:
    """Judge a link. A reset dies with the first change of password or address after it was asked for."""
    if occasion is None:
        return LinkState.UNKNOWN
    if occasion.affiliate_status != "active":
        return LinkState.SUSPENDED
    if occasion.status == Status.DISABLED:
        return LinkState.DISABLED if occasion.has_password else LinkState.REVOKED
    if _is_used(kind, occasion):
        return LinkState.USED
    return LinkState.GOOD if now < occasion.expires_at else LinkState.EXPIRED


def _is_used(kind: LinkKind, occasion: Occasion) -> bool:
    if kind is LinkKind.INVITATION:
        return occasion.status != Status.INVITED
    changed_at = occasion.password_changed_at
    return changed_at is not None and changed_at >= occasion.expires_at - RESET_LIFE
