"""The daily look at every promise."""

from survey.queue import JobContext, Payload, cron

from . import service


@cron("promises.verify", "17 3 * * *")
async def verify(context: JobContext, payload: Payload) -> None:
    """Check every promise while nobody waits for anything else."""
    await service.verify_all(context.settings, context.database)
