"""Forgetting changes of a sign-in's address, once nobody can do anything about them any more."""

from survey.db import Role, transaction
from survey.queue import JobContext, Payload, cron

from . import service


@cron("accounts.forget_changes", "17 3 * * *")
async def forget_changes(context: JobContext, payload: Payload) -> None:
    """Batch after batch until none is left."""
    while True:
        async with transaction(Role.WORKER) as here:
            if not await service.forget_changes(here, context.now()):
                return
