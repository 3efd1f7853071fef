"""A job that ends its worker runs again in the next one, and not for ever."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from survey.db import Database, Role, transaction
from survey.db.embedded import Cluster
from survey.queue import enqueue, failed_jobs
from tests.conftest import TEST_ENVIRONMENT

from .conftest import failed, gone
from .mortal import EXIT_STATUS

HERE = Path(__file__).parents[3]
Start = Callable[[], Awaitable[Process]]


@pytest.fixture
async def start(cluster: Cluster, fresh_database: Database, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a worker process on the test's database; what still runs at the end is ended."""
    environment = os.environ | TEST_ENVIRONMENT
    async with transaction(Role.WORKER) as connection:
        name = await connection.fetchval("SELECT current_database()")
    environment |= {"DATABASE_URL": cluster.url(name), "CANDOUR_DATA": str(tmp_path)}
    begun: list[Process] = []

    async def started() -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.survey.queue.mortal", cwd=HERE, env=environment
        )
        begun.append(process)
        return process

    yield started
    for process in begun:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ask(name: str) -> None:
    async with transaction(Role.STAFF) as connection:
        await enqueue(connection, name, {})


async def test_a_job_that_ends_every_worker_is_set_aside(start: Start, fresh_database: Database) -> None:
    await _ask("mortal.poison")
    for _ in range(2):
        assert await asyncio.wait_for((await start()).wait(), 40) == EXIT_STATUS
    survivor = await start()
    await failed(fresh_database, "mortal.poison", 40)
    async with transaction(Role.WORKER) as connection:
        seen = await failed_jobs(connection)
    assert [found.reason for found in seen] == ["mortal.poison was started 2 times and never came back"]
    assert survivor.returncode is None


async def test_a_job_whose_worker_died_runs_again(start: Start, fresh_database: Database) -> None:
    await _ask("mortal.once")
    assert await asyncio.wait_for((await start()).wait(), 40) == EXIT_STATUS
    await start()
    await gone(fresh_database, "mortal.once", 40)
