"""What a process has loaded is out of the collector's sight; what comes after it is not."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from survey.web.application import set_apart


@pytest.fixture
def apart() -> Iterator[None]:
    """Everything that is there, set apart for one test."""
    set_apart()
    yield
    gc.unfreeze()


class Knot:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("apart")
def test_what_is_loaded_is_not_looked_through_again() -> None:
    assert len(gc.get_objects()) < gc.get_freeze_count() / 10


def test_what_a_request_leaves_behind_is_looked_for_as_before() -> None:
    usual = gc.isenabled(), gc.get_threshold()
    set_apart()
    try:
        assert (gc.isenabled(), gc.get_threshold()) == usual
        knot = Knot()
        left = weakref.ref(knot)
        del knot
        gc.collect()
        assert left() is None
    finally:
        gc.unfreeze()
