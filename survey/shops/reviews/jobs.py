"""Background work of reviews: looking through what came in, and forgetting people whose time is over."""

from survey.queue import JobContext, Payload, cron

from . import service


@cron("reviews.flag_waiting", "* * * * *")
async def flag_waiting(context: JobContext, payload: Payload) -> None:
    """Look through reports that were handed in, before anybody picks them up."""
    await service.flag_waiting(context.settings, context.now())


@cron("reviews.purge_mentions", "25 3 * * *")
async def purge_mentions(context: JobContext, payload: Payload) -> None:
    """Forget names and descriptions of a client's staff whose time is over."""
    await service.purge_mentions(context.now())
