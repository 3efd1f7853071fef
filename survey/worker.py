"""The worker process: deliveries of mail, and the background jobs of every area."""

import asyncio
import signal
from collections.abc import Sequence
from types import ModuleType

import structlog

from survey.db import Database
from survey.queue import jobs as queue_jobs
from survey.queue import jobs_of
from survey.queue.running import Worker
from survey.releases import jobs as releases_jobs
from survey.settings import Settings
from survey.web import jobs as web_jobs

log = structlog.get_logger("candour.worker")

# One line for each area that brings background work.
JOBS: Sequence[ModuleType] = (queue_jobs, releases_jobs, web_jobs)


async def run_worker(settings: Settings, stop: asyncio.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT, or until `stop` is set; what is under way is finished or given back."""
    ending = stop or asyncio.Event()
    if stop is None:
        _stop_on_signals(ending)
    database = Database()
    await database.start(settings)
    log.info("worker started", jobs=len(jobs_of(JOBS)))
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(Worker(settings, database, jobs_of(JOBS)).run(ending))
    finally:
        await database.stop()
        log.info("worker stopped")


def _stop_on_signals(ending: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
