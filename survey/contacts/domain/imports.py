"""An import as a whole: its states, its evidence, and what is counted."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zlib import crc32

import msgspec

from .columns import Mapping
from .files import FileKind, Shape

KEPT_DAYS = 7  # an upload that nobody imports
REPORT_KEPT_DAYS = 30


class ImportStatus(StrEnum):
    """How far an import has come. An upload is looked through without effect before anybody comes in."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_running(self) -> bool:
        """Whether a job is at work, or about to be."""
        return self in (ImportStatus.CHECKING, ImportStatus.IMPORTING)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (ImportStatus.FINISHED, ImportStatus.FAILED, ImportStatus.CANCELLED)


class LegalBasis(StrEnum):
    """Why the people on a list may be written to (GDPR, article 6 (1) (a), (b) and (f))."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGITIMATE_INTERESTS = "legitimate_interests"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a list comes from, as staff attest it."""

    source: str
    legal_basis: LegalBasis


@dataclass(slots=True)
class Counts:
    """What became of the rows. rows = new + updated + unchanged + merged + refused."""

    rows: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: int = 0  # rows without an address that mail can be sent to
    refused_values: int = 0  # values that must not come in; their people did
    warnings: int = 0  # values that could not be used; their people came in
    suppressed: int = 0  # people who have asked not to be written to

    @property
    def people(self) -> int:
        """Different people of the list who are on the client's list now."""
        return self.new + self.updated + self.unchanged

    @property
    def invitable(self) -> int:
        """Of these, how many may be invited."""
        return self.people - self.suppressed

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def to_json(self) -> dict[str, int]:
        """As kept in the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Counts":
        """Undo to_json; what is missing is 0."""
        return cls(**{each.name: int(kept.get(each.name, 0)) for each in fields(cls)})


@dataclass(frozen=True, slots=True)
class Import:
    """One list on its way in."""

    id: UUID
    affiliate_id: UUID
    client_id: UUID
    client_name: str
    file_key: str
    file_digest: bytes
    file_kind: FileKind
    shape: Shape
    mapping: Mapping
    source: str
    legal_basis: LegalBasis | None
    attested_by: UUID | None
    attested_at: datetime | None
    status: ImportStatus
    message: str
    rows_done: int
    rows_total: int | None
    counts: Counts = field(compare=False)
    report_key: str | None
    created_by: UUID
    created_at: datetime
    finished_at: datetime | None

    @property
    def version(self) -> str:
        """Changes with the way the list is to be read: a page that shows another one is out of date."""
        return f"{crc32(msgspec.json.encode([self.shape.to_json(), self.mapping.to_json()])):08x}"

    @property
    def rows_expected(self) -> int:
        """How many rows there will be: counted, or estimated from the lines of the file."""
        return self.rows_total or max(self.shape.lines - self.shape.has_header, self.rows_done, 1)
