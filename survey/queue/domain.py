"""What a job is: its name, its arguments (ids, never values), how often and how soon it is tried again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

Scalar = UUID | int | bool | str | None
Payload = Mapping[str, Scalar]

ATTEMPTS = 5
RETRY_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 3600.0
GROWTH = 4

_NAME = re.compile(r"[a-z_]+\.[a-z_]+")
_CODE = re.compile(r"[a-z0-9_.:/-]{0,80}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class BadJob(ValueError):
    """A job that may not be enqueued: its name is unknown to us, or its arguments hold more than ids."""


class Unretryable(Exception):
    """Raised by a handler for what no second attempt can mend; the job fails at once. The text holds no values."""


class Poisoned(Exception):
    """A job that has ended its worker as often as it may be tried."""

    def __init__(self, name: str, starts: int) -> None:
        super().__init__(f"{name} was started {starts} times and never came back")
        self.name = name
        self.starts = starts


class JobFailed(Exception):
    """A job that failed for good. Says what kind of error it was, never the error's text."""

    def __init__(self, name: str, kind: str, starts: int) -> None:
        super().__init__(f"{name} failed with {kind}, attempt {starts}")
        self.name = name
        self.kind = kind
        self.starts = starts


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that waits for a person. reason: a sentence of ours, or the class of an error, never its text."""

    id: int
    name: str
    reason: str
    starts: int
    failed_at: datetime


def require_name(name: str) -> None:
    """A name is `area.verb_noun`. Raises BadJob."""
    if not _NAME.fullmatch(name):
        raise BadJob(f"not the name of a job: {name!r}")


def encoded(payload: Payload) -> bytes:
    """Arguments as JSON. Raises BadJob for anything but ids, numbers and short codes: people have no place here."""
    for key, value in payload.items():
        if not isinstance(value, UUID | int | None) and not (isinstance(value, str) and _CODE.fullmatch(value)):
            raise BadJob(f"the argument {key!r} is neither an id nor a short code")
    return msgspec.json.encode(
        {key: str(value) if isinstance(value, UUID) else value for key, value in payload.items()}
    )


def decoded(payload: bytes | None) -> dict[str, Scalar]:
    """What was encoded; ids are UUIDs again."""
    raw = msgspec.json.decode(payload, type=dict[str, int | bool | str | None]) if payload else {}
    return {
        key: UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else value for key, value in raw.items()
    }


def wait_after(starts: int, first_seconds: float = RETRY_SECONDS) -> timedelta:
    """How long to wait after attempt number `starts`, from 1: four times longer each time, an hour at most."""
    return timedelta(seconds=min(first_seconds * GROWTH ** (starts - 1), LONGEST_WAIT_SECONDS))


def _id_or_same(value: int | bool | str | None) -> Scalar:
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else value
