"""Keys, a ring and a moment for the tests of the privacy library."""

from datetime import UTC, datetime

import pytest

from privacy.vault import KeyRing


@pytest.fixture
def ring() -> KeyRing:
    """Two key-encryption keys; the second is in use."""
    return KeyRing(2, {1: bytes([1]) * 32, 2: bytes([2]) * 32})


@pytest.fixture
def old_ring() -> KeyRing:
    """The ring as it was before the second key came."""
    return KeyRing(1, {1: bytes([1]) * 32})


@pytest.fixture
def index_key() -> bytes:
    """The key of blind indexes and of the suppression list."""
    return bytes([3]) * 32


@pytest.fixture
def now() -> datetime:
    """A moment."""
    return datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
