"""A worker that runs the jobs of one test, and a look into the queue."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.queue import Job
from survey.queue.running import Pace, Worker
from survey.settings import Settings

QUICK = Pace(heartbeat_seconds=2, poll_seconds=0.2, grace_seconds=0.2, reconnect_seconds=0.1)
STEP_SECONDS = 0.02
Working = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def working(settings: Settings, fresh_database: Database) -> Working:
    """`async with working(job, …):` runs these jobs while the block lasts."""

    @asynccontextmanager
    async def run(*jobs: Job, pace: Pace = QUICK) -> AsyncIterator[None]:
        stop = asyncio.Event()
        worker = Worker(settings, fresh_database, {job.name: job for job in jobs}, pace=pace)
        running = asyncio.create_task(worker.run(stop))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, 20)

    return run


async def row_of(database: Database, name: str) -> asyncpg.Record | None:
    """The job of this name as it stands in the table."""
    async with transaction(Role.WORKER) as connection:
        return await connection.fetchrow(
            "SELECT id, status::text, starts, payload FROM ops.job WHERE entrypoint = $1", name
        )


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 15) -> None:
    """Wait until it holds; fails when it does not in time."""
    for _ in range(int(seconds / STEP_SECONDS)):
        if await condition():
            return
        await asyncio.sleep(STEP_SECONDS)
    raise AssertionError(f"it did not come true within {seconds} seconds")


async def gone(database: Database, name: str, seconds: float = 15) -> None:
    """Wait until no job of this name is left."""

    async def none_left() -> bool:
        return await row_of(database, name) is None

    await until(none_left, seconds)


async def failed(database: Database, name: str, seconds: float = 15) -> asyncpg.Record:
    """Wait until the job of this name stands as failed."""

    async def stands() -> bool:
        row = await row_of(database, name)
        return row is not None and row["status"] == "failed"

    await until(stands, seconds)
    return await row_of(database, name)
