"""The queue's own housekeeping."""

from survey.db import Role, transaction

from . import service
from .domain import Payload
from .handlers import JobContext, cron


@cron("queue.tidy", "17 3 * * *")
async def tidy(context: JobContext, payload: Payload) -> None:
    """Forget the log of what was done long ago."""
    async with transaction(Role.WORKER) as connection:
        await service.tidy(connection)
