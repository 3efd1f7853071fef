"""Background work of pay: telling whoever was paid, and whoever waits for want of an account."""

from uuid import UUID

from survey.queue import JobContext, Payload, cron, job

from . import service


@job("payments.tell_paid")
async def tell_paid(context: JobContext, payload: Payload) -> None:
    """A batch has been marked as paid."""
    affiliate_id, batch_id = payload["affiliate_id"], payload["batch_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(batch_id, UUID):
        raise TypeError("affiliate_id and batch_id are ids")
    await service.tell_paid(context.settings, affiliate_id, batch_id, context.now())


@cron("payments.tell_waiting", "11 9 * * *")
async def tell_waiting(context: JobContext, payload: Payload) -> None:
    """Tell shoppers that pay waits because nobody knows where to send it; remind them once."""
    await service.tell_waiting(context.settings, context.now())
