"""Sound and film of a report's tray."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from survey.media.recordings import PROBLEMS

MOST_RECORDINGS = 5
GIVEN_UP_AFTER = timedelta(hours=6)
RECORDING_KINDS: Mapping[str, str] = {"audio": "Sound", "film": "Film"}


class RecordingState(StrEnum):
    """How far a recording has come."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


class NoRecording(Exception):
    """No recording of this kind is taken here. The message says why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of a report's tray. media_key: of what is kept, once it is ready."""

    id: UUID
    kind: str
    state: RecordingState
    problem: str
    media_key: str | None
    size_bytes: int
    duration_seconds: int
    created_at: datetime

    @property
    def kind_words(self) -> str:
        """What it is."""
        return RECORDING_KINDS[self.kind]

    @property
    def is_waiting(self) -> bool:
        """Whether it is being made anew."""
        return self.state is RecordingState.WAITING

    @property
    def is_ready(self) -> bool:
        """Whether it can be heard."""
        return self.state is RecordingState.READY

    @property
    def problem_words(self) -> str:
        """Why it could not be read."""
        return PROBLEMS.get(self.problem, PROBLEMS["damaged"])

    @property
    def length(self) -> str:
        """How long it is, as players say it."""
        minutes, seconds = divmod(self.duration_seconds, 60)
        return f"{minutes}:{seconds:02}"
