"""The daily look at every promise."""

import structlog

from survey.queue import JobContext, Payload, cron

from . import service

log = structlog.get_logger("candour.promises")


@cron("promises.verify", "17 3 * * *")
async def verify(context: JobContext, payload: Payload) -> None:
    """Check every promise while nobody waits for anything else."""
    for each in await service.verify_all(context.settings, context.database):
        if not each.is_held:
            log.error("promise broken", promise=each.promise, finding=each.finding)
