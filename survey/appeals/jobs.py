"""Background work of appeals: what was raised or answered in the last minute."""

from survey.appeals import service
from survey.queue import JobContext, Payload, cron


@cron("appeals.take_in", "* * * * *")
async def take_in(context: JobContext, payload: Payload) -> None:
    """Keep shops open that a client contests, and let answered questions come back to the affiliate."""
    await service.take_in(context.now())
