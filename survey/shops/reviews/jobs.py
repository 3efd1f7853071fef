"""Background work of reviews: looking through what came in, and forgetting people whose time is over."""

from uuid import UUID

from survey.queue import JobContext, Payload, cron, job

from . import service


@cron("reviews.flag_waiting", "* * * * *")
async def flag_waiting(context: JobContext, payload: Payload) -> None:
    """Look through reports that were handed in, before anybody picks them up."""
    await service.flag_waiting(context.settings, context.now())


@cron("reviews.purge_mentions", "25 3 * * *")
async def purge_mentions(context: JobContext, payload: Payload) -> None:
    """Forget names and descriptions of a client's staff whose time is over."""
    await service.purge_mentions(context.now())


@job("reviews.tell_contest")
async def tell_contest(context: JobContext, payload: Payload) -> None:
    """Tell those who may decide it that a shopper contests a rejection."""
    affiliate_id, shop_id = payload["affiliate_id"], payload["shop_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(shop_id, UUID):
        raise TypeError("affiliate_id and shop_id are ids")
    await service.tell_contest(context.settings, affiliate_id, shop_id, context.now())
