"""What an audit event says, and the chain of hashes that shows when one was edited, removed or slipped in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from ..crypto import DIGEST_BYTES, is_same, sha256

Detail = Mapping[str, str | int | bool | None]

READ = ".read"
START = bytes(DIGEST_BYTES)  # what the first link hangs on

# Numbers stay as they are written: two that one float would stand for are still two.
_READING = json.JSONDecoder(parse_float=str)
_SPELLING = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)

# The longest a transaction may hold an event back. An event that joins the chain later than that was slipped in.
LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to which thing, and why. Ids and codes only: neither `detail` nor anything else names a person.

    Raises ValueError for a look at a person (`….read`) without the person or the purpose.

    actor_kind: staff, respondent, client, system, …; purpose: why a person's data was read; subject_id: whose.
    """

    affiliate_id: UUID
    actor_kind: str
    actor_id: UUID | None
    action: str
    object_kind: str
    object_id: UUID | None
    subject_id: UUID | None = None
    purpose: str | None = None
    detail: Detail = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Whoever asks who has looked at them is told why, each time: no look may be written down without it.
        if self.action.endswith(READ) and (self.subject_id is None or not self.purpose):
            raise ValueError("a look at a person names the person and the purpose")


class StoredEvent(NamedTuple):
    """An event as the ledger holds it. detail: JSON text."""

    id: UUID
    recorded_at: datetime
    at: datetime
    affiliate_id: UUID
    actor_kind: str
    actor_id: UUID | None
    action: str
    object_kind: str
    object_id: UUID | None
    subject_id: UUID | None
    purpose: str | None
    detail: str


class Head(NamedTuple):
    """The end of the chain: kept outside the database, it shows later whether the end was cut off."""

    seq: int
    hash: bytes


BEGINNING = Head(0, START)


class Link(NamedTuple):
    """One link of the chain: its place, the event it holds, and the hash over both it and everything before."""

    seq: int
    event_id: UUID
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found. first_broken: the event where it does not hold, if it is one event's fault."""

    ok: bool
    events: int
    first_broken: UUID | None
    head: Head


def canonical(event: StoredEvent) -> bytes:
    """The one spelling of an event that is hashed: JSON with sorted names and no spaces."""
    fields = dict(zip(StoredEvent._fields, event, strict=True))
    fields["detail"] = _READING.decode(event.detail)
    return _SPELLING.encode(fields).encode()


def next_hash(previous: bytes, event: StoredEvent) -> bytes:
    """The hash of the link that hangs this event on the previous link."""
    return sha256(previous + canonical(event))


def chained(head: Head, events: list[StoredEvent]) -> list[Link]:
    """The links that hang the events, in their order, on the head."""
    links = []
    seq, previous = head
    for event in events:
        seq, previous = seq + 1, next_hash(previous, event)
        links.append(Link(seq, event.id, previous))
    return links


@dataclass(slots=True)
class Walk:
    """A walk along the chain from its start: where it has come to, and the latest time it has met."""

    head: Head = BEGINNING
    latest: datetime | None = None

    def accepts(self, link: Link, event: StoredEvent | None) -> bool:
        """Go one link further, unless the link or its event is not what it was when the chain was laid."""
        if event is None or link.seq != self.head.seq + 1 or self._is_late(event):
            return False
        if not is_same(link.hash, next_hash(self.head.hash, event)):
            return False
        self.head = Head(link.seq, link.hash)
        self.latest = max(self.latest or event.recorded_at, event.recorded_at)
        return True

    def _is_late(self, event: StoredEvent) -> bool:
        return self.latest is not None and event.recorded_at < self.latest - LONGEST_DELAY
