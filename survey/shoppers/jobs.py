"""Forgetting registrations nobody confirmed, what has come to its day, and files; reckoning fingerprints."""

from uuid import UUID

from survey.db import Role, transaction
from survey.media import media_of
from survey.queue import JobContext, Payload, cron, job

from .service import forgetting, likeness, money, registering


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


@cron("shoppers.purge_documents", "47 3 * * *")
async def purge_documents(context: JobContext, payload: Payload) -> None:
    """Batch after batch until no paper is left that is overdue."""
    media, now = media_of(context.settings), context.now()
    while True:
        async with transaction(Role.WORKER) as here:
            if not await forgetting.purge_documents(here, media, now.date(), now):
                return


@cron("shoppers.forget_erased", "57 3 * * *")
async def forget_erased(context: JobContext, payload: Payload) -> None:
    """Batch after batch until nothing is left that erased people had shown."""
    while True:
        async with transaction(Role.WORKER) as here:
            if not await forgetting.forget_erased(here, media_of(context.settings)):
                return


@cron("shoppers.fill_likeness", "7 4 * * *")
async def fill_likeness(context: JobContext, payload: Payload) -> None:
    """Reckon what shoppers are found by where it is missing: of profiles that are older than the search."""
    after: UUID | None = likeness.FIRST
    while after is not None:
        async with transaction(Role.WORKER):
            after = await likeness.fill(context.settings, after)


@job("shoppers.remove_file")
async def remove_file(context: JobContext, payload: Payload) -> None:
    """Remove the file of a photo or a document that was replaced or taken away."""
    await media_of(context.settings).delete(str(payload["media_key"]))
