"""Pictures of a report's tray."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

MOST_PICTURES = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """A picture of a report's tray."""

    id: UUID
    kind: str
    media_key: str
    width: int
    height: int
    created_at: datetime
