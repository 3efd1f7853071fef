"""A worker process whose jobs end it; started by test_crashes.py."""

import asyncio
import os

from survey.db import Database
from survey.queue import JobContext, Payload, job
from survey.queue.running import Pace, Worker
from survey.settings import load

EXIT_STATUS = 7


@job("mortal.poison", attempts=2)
async def poison(context: JobContext, payload: Payload) -> None:
    """End the process whenever it runs."""
    os._exit(EXIT_STATUS)


@job("mortal.once", attempts=2)
async def once(context: JobContext, payload: Payload) -> None:
    """End the process the first time."""
    if context.attempt == 1:
        os._exit(EXIT_STATUS)


async def main() -> None:
    """Run jobs until killed."""
    settings = load(os.environ)
    database = Database()
    await database.start(settings)
    pace = Pace(heartbeat_seconds=1, poll_seconds=0.2)
    jobs = {declared.name: declared for declared in (poison, once)}
    await Worker(settings, database, jobs, pace=pace).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
