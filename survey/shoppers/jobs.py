"""Forgetting registrations that nobody confirmed, and tax numbers whose day has come."""

from survey.db import Role, transaction
from survey.queue import JobContext, Payload, cron

from .service import money, registering


@cron("shoppers.forget_unconfirmed", "27 3 * * *")
async def forget_unconfirmed(context: JobContext, payload: Payload) -> None:
    """Batch after batch until nobody is left who is overdue."""
    while True:
        async with transaction(Role.WORKER):
            if not await registering.forget_unconfirmed(context.now()):
                return


@cron("shoppers.purge_tax_numbers", "37 3 * * *")
async def purge_tax_numbers(context: JobContext, payload: Payload) -> None:
    """Batch after batch until no number is left that is overdue."""
    while True:
        async with transaction(Role.WORKER) as here:
            if not await money.purge_tax_numbers(here, context.now().date(), context.now()):
                return
