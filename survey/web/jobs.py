"""The web kernel's own housekeeping."""

from survey.db import Role, transaction
from survey.queue import JobContext, Payload, cron

from .sessions import sweep


@cron("web.sweep", "7 * * * *")
async def sweep_sessions(context: JobContext, payload: Payload) -> None:
    """Remove sessions that are over and counters nobody needs."""
    async with transaction(Role.WORKER):
        await sweep(context.now())
