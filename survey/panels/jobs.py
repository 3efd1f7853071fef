"""Forgetting who asked to join and never confirmed."""

from survey.db import Role, transaction
from survey.panels import service
from survey.queue import JobContext, Payload, cron


@cron("panels.forget_unconfirmed", "17 3 * * *")
async def forget_unconfirmed(context: JobContext, payload: Payload) -> None:
    """Batch after batch until nobody is left who is overdue."""
    while True:
        async with transaction(Role.WORKER) as connection:
            if not await service.forget_unconfirmed(connection, context.now()):
                return
