"""Background work of shops: what is due, and what follows from a shopper's click for others."""

from uuid import UUID

from survey.queue import JobContext, Payload, cron, job

from . import service


@cron("visits.fire_timers", "* * * * *")
async def fire_timers(context: JobContext, payload: Payload) -> None:
    """Offers that lapse, windows that end, reports that do not come."""
    await service.fire_timers(context.now())


@job("visits.settle_applications")
async def settle_applications(context: JobContext, payload: Payload) -> None:
    """Tell the others' applications that the shop is taken."""
    affiliate_id, shop_id = payload["affiliate_id"], payload["shop_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(shop_id, UUID):
        raise TypeError("affiliate_id and shop_id are ids")
    await service.settle_shop(affiliate_id, shop_id, context.now())
