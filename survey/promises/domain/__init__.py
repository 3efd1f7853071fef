"""What a promise is, and what checking one comes to. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """Something we promise. id: a slug; words: ours, to whoever reads the page; how: what the check does."""

    id: str
    words: str
    how: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found. finding: plain words, never a value of anybody's."""

    promise: str
    is_held: bool
    finding: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A promise as the page shows it: when it was last looked at, with what outcome, and when it last held."""

    promise: Promise
    checked_at: datetime | None
    is_held: bool | None
    last_held_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What one check came to. looked: what was looked at, in words; faults: what is wrong, if anything."""

    looked: str
    faults: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """One line for the ledger."""
        return "; ".join(self.faults) if self.faults else self.looked
