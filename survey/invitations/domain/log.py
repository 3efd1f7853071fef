"""The send log: every message that was to be sent, and why it stands where it does. Rows have numbers, not names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from survey.mail.domain import Reason, State
from survey.studies.domain import BOUNCED, Message

# Why somebody who was invited is not written to any more, by the status of the contact or member.
UNREACHABLE = {"bounced": BOUNCED, "restricted": "restricted", "left": "has left the panel"}
STATE_WORDS = {
    State.QUEUED: "Waiting",
    State.SENDING: "Being sent",
    State.SENT: "Sent",
    State.FAILED: "Failed",
    State.BOUNCED: "Address does not exist",
    State.SKIPPED: "Not sent",
    State.HELD: "Held",
}
KIND_WORDS = {
    Message.INVITATION: "Invitation",
    Message.FIRST_REMINDER: "First reminder",
    Message.SECOND_REMINDER: "Second reminder",
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What of the log is shown."""

    kind: Message = Message.INVITATION
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One message to one person. opted_out_days: where it is not sent to somebody who opted out, how long ago."""

    id: UUID
    kind: Message
    state: State
    reason: str
    attempts: int
    not_before: datetime
    sent_at: datetime | None
    opted_out_days: int | None = None

    @property
    def reason_words(self) -> str:
        """Why it stands where it does; of an opt-out how long ago, in days, and nothing else."""
        if self.reason != Reason.OPTED_OUT:
            return self.reason
        days = self.opted_out_days
        if days is None:
            return f"suppressed: {self.reason}"
        ago = {0: "today", 1: "a day ago"}.get(days, f"{days:,} days ago")
        return f"suppressed: {self.reason} {ago}"

    @property
    def pseudonym(self) -> str:
        """A short name of the row, which says nothing of the person."""
        return self.id.hex[:8]

    @property
    def state_words(self) -> str:
        """The state as people say it."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of one kind stand in one state for one reason."""

    kind: Message
    state: State
    reason: str
    messages: int

    @property
    def kind_words(self) -> str:
        """The kind as people say it."""
        return KIND_WORDS[self.kind]

    @property
    def state_words(self) -> str:
        """The state as people say it."""
        return STATE_WORDS[self.state]


def listed_kinds(*, is_identified: bool) -> tuple[Message, ...]:
    """The messages that may be listed one by one.

    Who was not reminded has answered or declined: in a confidential study reminders are counted and never listed.
    """
    return tuple(Message) if is_identified else (Message.INVITATION,)
