"""One row for each message to each person: what it is asked to carry, what is claimed, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .letters import Bulk, EnvelopeIncomplete, Frame, Letter


class State(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # nobody will try again, and the address is not to blame
    BOUNCED = "bounced"  # the address does not exist
    SKIPPED = "skipped"  # never sent, and the reason says why
    HELD = "held"  # waits for a person


class Reason(StrEnum):
    """Why a delivery stands where it does, in words that a send log can show."""

    OPTED_OUT = "opted out"
    OVERDUE = "overdue"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    IN_DOUBT = "in doubt"
    REFUSED = "refused by the relay"
    GAVE_UP = "gave up"


class InDoubt(StrEnum):
    """What to do about a message whose acceptance we did not live to hear."""

    RESEND = "resend"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message to be sent. campaign_id, recipient_id and kind together are sent once, however often they are asked.

    is_bulk: mail of a list, as surveys and offers. is_asked: its reader asked for it a moment ago;
    every other mail is stopped by an opt-out. context: ids for the composer. Raises EnvelopeIncomplete.
    opt_out_link_id: from privacy.optouts.link_for; without one the mail gets its own when it is claimed.
    """

    affiliate_id: UUID
    campaign_id: UUID
    recipient_id: UUID
    kind: str
    is_bulk: bool
    suppression_key: bytes
    not_before: datetime
    client_id: UUID | None = None
    opt_out_link_id: UUID | None = None
    not_after: datetime | None = None
    context: Mapping[str, str | int | None] = field(default_factory=dict)
    is_asked: bool = False

    def __post_init__(self) -> None:
        if self.is_bulk and self.opt_out_link_id is None:
            raise EnvelopeIncomplete("survey mail carries an opt-out link")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process may send until its lease ends. claims: how often it was claimed, which fences us."""

    id: UUID
    affiliate_id: UUID
    campaign_id: UUID
    recipient_id: UUID
    kind: str
    is_bulk: bool
    client_id: UUID | None
    opt_out_link_id: UUID | None
    context: Mapping[str, str | int | None]
    message_id: str
    attempts: int
    in_doubt: int
    claims: int
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, composed. values: what fills the letter's slots. Raises EnvelopeIncomplete.

    Survey mail without its frame or without an opt-out link cannot be made.
    """

    row: Claimed
    to: str
    letter: Letter
    frame: Frame
    values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.row.is_bulk and not isinstance(self.frame, Bulk):
            raise EnvelopeIncomplete("survey mail goes in the frame of survey mail")
        if isinstance(self.frame, Bulk) and self.row.opt_out_link_id is None:
            raise EnvelopeIncomplete("survey mail carries an opt-out link")


@dataclass(frozen=True, slots=True)
class Withheld:
    """A claimed row that must not be sent after all, and why, in words for the send log."""

    row: Claimed
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the relay has taken. reply: the relay's words, without addresses."""

    row: Claimed
    reply: str


FIRST_WAITS_MINUTES = (1, 5, 15, 60, 240)
LATER_WAIT_MINUTES = 480
GREYLIST_MINUTES = 5
JITTER = 0.2
MOST_ATTEMPTS = 10


def next_try(attempts: int, now: datetime, chance: float, *, is_greylisted: bool = False) -> datetime:
    """When to try again after failure number `attempts`, from 1. chance: 0 to 1, for a fifth more or less.

    The steps are those of mail servers (RFC 5321, 4.5.4.1): soon at first, then every eight hours.
    """
    waits = FIRST_WAITS_MINUTES
    minutes = waits[attempts - 1] if attempts <= len(waits) else LATER_WAIT_MINUTES
    if is_greylisted:
        minutes = max(minutes, GREYLIST_MINUTES)
    factor = 1 + JITTER * (2 * chance - 1)
    # A greylisting server counts from the first attempt; coming early starts its clock again.
    return now + timedelta(minutes=minutes * (max(factor, 1) if is_greylisted else factor))


def is_hopeless(attempts: int) -> bool:
    """Whether a message has been tried for as long as mail servers do: the eleventh try would be after two days."""
    return attempts > MOST_ATTEMPTS
