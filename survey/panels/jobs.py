"""Forgetting who asked to join and never confirmed, and who has left."""

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


@cron("panels.forget_left", "27 3 * * *")
async def forget_left(context: JobContext, payload: Payload) -> None:
    """Batch after batch, affiliate after affiliate."""
    async with transaction(Role.WORKER) as connection:
        affiliates = await service.affiliates_left(connection)
    for affiliate_id in affiliates:
        is_done = False
        while not is_done:
            async with transaction(Role.WORKER, affiliate=affiliate_id) as connection:
                is_done = not await service.forget_left(connection, affiliate_id, context.now())
