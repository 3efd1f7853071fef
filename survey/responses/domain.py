"""The states of a respondent's door, and what each of them allows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


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
    """One invited person's way in: the entry, the study's dates, and the answers so far if there are any."""

    entry_id: UUID
    affiliate_id: UUID
    study_id: UUID
    study_revision: int
    entry_state: str
    study_status: str
    opens_at: datetime
    closes_at: datetime
    location_id: UUID | None
    language: str
    demographics: Mapping[str, Any]
    response_id: UUID | None
    coded: Mapping[str, Any]
    section: int
    receipt: str | None

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
        return DoorState.STARTED if self.response_id else DoorState.NEW


@dataclass(frozen=True, slots=True)
class Face:
    """What every respondent of a study is told about it; the same for all, so it may be kept in memory."""

    study_id: UUID
    revision: int
    title: str
    client: str
    affiliate: str
    postal_address: str
    contact_email: str
    is_identified: bool
    closes_at: datetime
    definition: Mapping[str, Any]


class AnswersSent(Exception):
    """The answers were sent already, perhaps from another tab; nothing can be changed any more."""


RECEIPT_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def receipt_from(random_bytes: bytes) -> str:
    """A reference to read over the telephone: eight characters without look-alikes, as XXXX-XXXX. Eight bytes in."""
    letters = [RECEIPT_ALPHABET[byte % len(RECEIPT_ALPHABET)] for byte in random_bytes[:8]]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
