"""The states of a respondent's door, and what each of them allows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from privacy.vault.domain import Wrapped
from survey.questionnaires.domain import Compiled, next_section, previous_section, visible_sections
from survey.web.brands import Brand

CHECK = "check"
COOKIE = "answering"
ANSWERS_KEPT_DAYS = 730


class DoorState(StrEnum):
    """What a link opens onto at a given moment."""

    NEW = "new"
    STARTED = "started"
    FINISHED = "finished"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    DECLINED = "declined"


OPEN = frozenset({DoorState.NEW, DoorState.STARTED})


@dataclass(frozen=True, slots=True)
class Door:
    """One invited person's way in: the entry, the study's dates, and the answers so far if there are any.

    revision: how often the answers have been written. key, texts: the response's wrapped key and its sealed free texts
    by field. is_remembered: this is what the process saw last, and the database may know better.
    """

    entry_id: UUID
    affiliate_id: UUID
    study_id: UUID
    study_revision: int
    entry_state: str
    study_status: str
    opens_at: datetime
    closes_at: datetime
    response_id: UUID
    coded: Mapping[str, Any]
    section: int
    revision: int
    receipt: str | None
    key: Wrapped | None = field(default=None, repr=False)
    texts: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    is_remembered: bool = False

    def state(self, now: datetime) -> DoorState:
        """What the holder of the link may do now. A finished response shows its receipt even after the study closed."""
        if self.entry_state == "finished":
            return DoorState.FINISHED
        if self.study_status in ("closed", "released") or now >= self.closes_at:
            return DoorState.CLOSED
        if self.entry_state == "declined":
            return DoorState.DECLINED
        if self.study_status == "draft" or now < self.opens_at:
            return DoorState.NOT_YET
        return DoorState.STARTED if self.entry_state == "started" else DoorState.NEW


@dataclass(frozen=True, slots=True)
class Face:
    """What every respondent of a study is told about it; the same for all, so it may be kept in memory."""

    study_id: UUID
    revision: int
    title: str
    client: str
    affiliate: str
    is_identified: bool
    closes_at: datetime
    definition: Mapping[str, Any]
    brand: Brand


@dataclass(frozen=True, slots=True)
class PageToSave:
    """What a posted page changes: coded answers, fields to forget, sealed texts, and the key if this is the first text.

    emptied: those of the cleared fields that may hold a text and get none now. reached: the index of the section the
    respondent may see next.
    """

    cleared: frozenset[str]
    coded: Mapping[str, Any]
    reached: int
    emptied: frozenset[str] = frozenset()
    sealed: Mapping[str, bytes] = field(default_factory=dict)
    new_key: Wrapped | None = None


DOORS_REMEMBERED = 2000
REMEMBERED_FOR = timedelta(minutes=10)


class Remembered:
    """The doors that a process saw last, with coded answers and without texts, while somebody fills in a page."""

    __slots__ = ("_doors",)

    def __init__(self) -> None:
        self._doors: dict[UUID, tuple[datetime, Door]] = {}

    def __len__(self) -> int:
        return len(self._doors)

    def put(self, door: Door, now: datetime) -> None:
        """Remember a door as it is now; what is oldest goes first."""
        self._doors.pop(door.entry_id, None)
        if len(self._doors) >= DOORS_REMEMBERED:
            self._doors.pop(next(iter(self._doors)))
        self._doors[door.entry_id] = (now, door)
        self._forget_before(now - REMEMBERED_FOR)

    def take(self, entry_id: UUID, now: datetime) -> Door | None:
        """The door as it was seen last, once: who takes it puts back what has become of it."""
        seen_at, door = self._doors.pop(entry_id, (now, None))
        return door if now - seen_at <= REMEMBERED_FOR else None

    def forget(self, entry_id: UUID) -> None:
        """Let go of what was answered behind a door."""
        self._doors.pop(entry_id, None)

    def _forget_before(self, moment: datetime) -> None:
        while self._doors:
            oldest = next(iter(self._doors))
            if self._doors[oldest][0] >= moment:
                return
            del self._doors[oldest]


class Kept(StrEnum):
    """What became of a posted page. Unkeyed: another tab's key is the response's, and no text of this page was kept."""

    KEPT = "kept"
    UNKEYED = "unkeyed"
    CLOSED = "closed"


class AnswersSent(Exception):
    """The answers were sent already, perhaps from another tab; nothing can be changed any more."""


class DoorMoved(Exception):
    """What the process remembered of a door is no longer so; nothing was kept by it."""


class SurveyGone(Exception):
    """A good link to a survey that has closed: its doors are gone, and with them who was invited."""


RECEIPT_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def receipt_from(random_bytes: bytes) -> str:
    """A reference to read over the telephone: eight characters without look-alikes, as XXXX-XXXX. Eight bytes in."""
    letters = [RECEIPT_ALPHABET[byte % len(RECEIPT_ALPHABET)] for byte in random_bytes[:8]]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def place_to_go_on(compiled: Compiled, door: Door) -> str:
    """Where a draft goes on: the number of a section in the address (from 1), or `check` when all were seen."""
    index = next_section(compiled, door.coded, after=door.section - 1)
    return CHECK if index is None else str(index + 1)


def place_after(compiled: Compiled, answers: Mapping[str, object], number: int) -> str:
    """Where Continue leads from a section's number."""
    index = next_section(compiled, answers, after=number - 1)
    return CHECK if index is None else str(index + 1)


def place_before(compiled: Compiled, answers: Mapping[str, object], number: int) -> str:
    """Where Back leads from a section's number; from the first one to the door, which has no number."""
    index = previous_section(compiled, answers, before=number - 1)
    return "" if index is None else f"/{index + 1}"


def position_of(compiled: Compiled, answers: Mapping[str, object], number: int) -> tuple[int, int] | None:
    """Which of how many: counted over the sections that show, or None for a section that does not."""
    shown = visible_sections(compiled, answers)
    return (shown.index(number - 1) + 1, len(shown)) if number - 1 in shown else None


def cookie(token: str, secret: str | None) -> bytes:
    """Only on this survey's own path, gone with the browser; without a secret it is taken away."""
    gone = "" if secret else " Max-Age=0;"
    return f"{COOKIE}={secret or ''};{gone} Path=/s/{token}; Secure; HttpOnly; SameSite=Lax".encode("ascii")
