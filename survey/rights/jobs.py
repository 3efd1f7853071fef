"""Erasing shoppers: who asks for it, of whom nothing was heard for two years, and what a legal hold had put off."""

from uuid import UUID

from survey.queue import JobContext, Payload, Unretryable, cron, job
from survey.rights.service import erasing


@job("rights.erase_shopper")
async def erase_shopper(context: JobContext, payload: Payload) -> None:
    """Erase a profile whose owner has asked for it."""
    affiliate_id, shopper_id = payload["affiliate_id"], payload["shopper_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(shopper_id, UUID):
        raise Unretryable("the job does not name a shopper")
    await erasing.erase_shopper(context.settings, affiliate_id, shopper_id, context.now())


@cron("rights.warn_idle", "40 3 * * *")
async def warn_idle(context: JobContext, payload: Payload) -> None:
    """Warn whoever was not heard of for twenty-three months."""
    await erasing.warn_idle(context.settings, context.now())


@cron("rights.forget_idle", "50 3 * * *")
async def forget_idle(context: JobContext, payload: Payload) -> None:
    """Erase profiles whose time is over."""
    await erasing.forget_idle(context.settings, context.now())


@cron("rights.finish_erasures", "5 4 * * *")
async def finish_erasures(context: JobContext, payload: Payload) -> None:
    """Let go what legal holds had kept of people who are erased."""
    await erasing.finish_erasures(context.settings, context.now())
