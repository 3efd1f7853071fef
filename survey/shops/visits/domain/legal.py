"""Legal holds: the law forbids to remove what hangs on a shop. They say nothing about what may happen to the shop."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from survey.db.errors import Conflict

LONGEST_REFERENCE = 80
# A file number: something with a digit in it, and no room for a sentence about somebody.
REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 ./:_#-]{0,79}")
LEGAL_REASONS: Mapping[str, str] = {
    "claim": "Somebody claims something, or may",
    "authority": "An authority or a court asked for it",
    "investigation": "We look into what happened",
    "audit": "An audit needs it",
}
LIFT_REASONS: Mapping[str, str] = {
    "closed": "The matter is closed",
    "withdrawn": "The request was withdrawn",
    "in_error": "It was placed by mistake",
}


class NotOnLegalHold(Conflict):
    """There is nothing to lift."""

    def __init__(self) -> None:
        super().__init__("this shop is not on legal hold")


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold that stands or stood. reason, lift_reason: codes; reference: of a matter, never of a person."""

    id: UUID
    shop_id: UUID
    reason: str
    reference: str
    placed_by: UUID
    placed_at: datetime
    lifted_by: UUID | None
    lifted_at: datetime | None
    lift_reason: str

    @property
    def stands(self) -> bool:
        """Whether it has not been lifted."""
        return self.lifted_at is None


def is_reference(text: str) -> bool:
    """Whether a text can be the number of a file."""
    return REFERENCE.fullmatch(text) is not None
