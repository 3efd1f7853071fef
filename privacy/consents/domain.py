"""What somebody agreed to, in the words they saw."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Wording:
    """The very words that were shown, their version, and how the person answered them (form, double opt-in, link)."""

    version: int
    text: str
    method: str

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.method.strip():
            raise ValueError("evidence of consent holds the words that were shown and how they were answered")


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of the evidence: given, or withdrawn."""

    subject_id: UUID
    purpose: str
    is_given: bool
    wording: Wording
    at: datetime
