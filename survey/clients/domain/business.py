"""Clients, and what they permit. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Client:
    """A business that an affiliate works for."""

    id: UUID
    name: str
    status: str
    created_at: datetime
    location_count: int = 0


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A client's written permission that answers may carry names."""

    id: UUID
    reference: str
    valid_until: date
    recorded_at: datetime

    def is_live(self, today: date) -> bool:
        """Whether a study may still rest on it."""
        return self.valid_until >= today
