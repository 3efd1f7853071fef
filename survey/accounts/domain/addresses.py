"""Another address to sign in with: it counts once its mailbox has answered, and the old one can put it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .errors import AccountProblem

NEW_ADDRESS = "identity.sign_in_change.email"
OLD_ADDRESS = "identity.sign_in_change.old_email"
CONFIRM_LIFE = timedelta(hours=24)
STOP_LIFE = timedelta(days=7)  # how long the old mailbox can stop a change, and how long none is made after that
KEPT = STOP_LIFE + STOP_LIFE
SAME_PRESS = timedelta(minutes=5)  # the same address again within this is the same press of the button


class Blocked(AccountProblem):
    """The old mailbox has said that it was not its owner."""

    text = (
        "A change of this address was stopped from its mailbox less than seven days ago, so that nobody can change it"
        " now. If that was you, choose a new password first and come back in a week."
    )


class SameAddress(AccountProblem):
    """Nothing would change."""

    text = "That is the address you sign in with now."


class ChangeState(StrEnum):
    """What can be done about a change, as its links see it."""

    OPEN = "open"
    TAKEN = "taken"
    STOPPED = "stopped"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class AddressChange:
    """A change of an account's address, sealed. is_latest: whether none was asked for later."""

    id: UUID
    affiliate_id: UUID
    account_id: UUID
    email: bytes
    email_index: bytes
    old_email: bytes
    old_email_index: bytes
    asked_at: datetime
    taken_at: datetime | None
    stopped_at: datetime | None
    is_latest: bool

    def state(self, now: datetime) -> ChangeState:
        """Judge it. What was replaced by a later wish, or has waited too long, is over."""
        if self.stopped_at is not None:
            return ChangeState.STOPPED
        if self.taken_at is not None:
            return ChangeState.TAKEN
        is_in_time = now < self.asked_at + CONFIRM_LIFE
        return ChangeState.OPEN if self.is_latest and is_in_time else ChangeState.OVER

    def can_be_stopped(self, now: datetime) -> bool:
        """Whether the old mailbox still has a say."""
        return now < self.asked_at + STOP_LIFE
