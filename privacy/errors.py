"""Everything that can go wrong in the privacy library: one tree, plain words, and never a person's data."""

from collections.abc import Sequence
from uuid import UUID


class PrivacyError(Exception):
    """The root of the tree."""


class BadToken(PrivacyError):
    """A token that was not signed by us, or was signed for something else."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"not a valid {purpose} token")
        self.purpose = purpose


class ExpiredToken(BadToken):
    """A token of ours whose time is over."""


class Unclassified(PrivacyError):
    """Columns that say neither what they hold of a person nor why they hold nothing."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__(f"neither personal() nor plain(): {', '.join(columns)}")
        self.columns = tuple(columns)


class SealBroken(PrivacyError):
    """A sealed value that was altered, moved to another place, or sealed with another key."""

    def __init__(self, place: str) -> None:
        super().__init__(f"the seal of {place} does not hold")
        self.place = place


class UnknownKey(PrivacyError):
    """A value wrapped with a key-encryption key that is not on the ring."""

    def __init__(self, version: int) -> None:
        super().__init__(f"key-encryption key {version} is not on the ring")
        self.version = version


class KeyShredded(PrivacyError):
    """The subject's key is gone, and with it everything that was sealed under it."""

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(f"there is no key for subject {subject_id}")
        self.subject_id = subject_id
