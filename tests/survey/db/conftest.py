"""Fixtures of the database's own tests."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from survey.db.embedded import Cluster, start_cluster


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that another user may pass through."""
    made = Path(tempfile.mkdtemp(prefix="candour-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def start() -> Iterator[Callable[..., Cluster]]:
    """Starts clusters and stops them when the test is over, however it went."""
    clusters: list[Cluster] = []

    def started(folder: Path, programs: Path | None = None, *, is_durable: bool = False) -> Cluster:
        clusters.append(start_cluster(folder, programs, is_durable=is_durable))
        return clusters[-1]

    yield started
    for cluster in clusters:
        cluster.stop()


@pytest.fixture
def started(start: Callable[..., Cluster], folder: Path) -> Cluster:
    """A cluster of one test."""
    return start(folder)
