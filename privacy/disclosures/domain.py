"""What left for whom: one entry for each thing handed to a client."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ..crypto import DIGEST_BYTES
from ..inventory.domain import Category


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One thing that left, the categories it was built from, and the SHA-256 of exactly what left."""

    affiliate_id: UUID
    client_id: UUID
    object_kind: str
    object_id: UUID
    categories: tuple[Category, ...]
    digest: bytes

    def __post_init__(self) -> None:
        if len(self.digest) != DIGEST_BYTES:
            raise ValueError("a disclosure carries the SHA-256 of what left")


class RecordedDisclosure(NamedTuple):
    """An entry of the ledger."""

    id: UUID
    at: datetime
    disclosure: Disclosure


class Position(NamedTuple):
    """Where a page of the list ended."""

    at: datetime
    id: UUID
