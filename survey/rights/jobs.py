"""Copies that shoppers ask for; and erasing shoppers: who asks for it, who was idle, what a legal hold had put off."""

from uuid import UUID

from survey.db import Scope
from survey.queue import JobContext, Payload, Unretryable, cron, job
from survey.rights.service import copying, erasing, making


@job("rights.erase_shopper")
async def erase_shopper(context: JobContext, payload: Payload) -> None:
    """Erase a profile whose owner has asked for it."""
    affiliate_id, shopper_id = payload["affiliate_id"], payload["shopper_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(shopper_id, UUID):
        raise Unretryable("the job does not name a shopper")
    await erasing.erase_shopper(context.settings, affiliate_id, shopper_id, context.now())


@job("rights.make_copy", at_once=2)
async def make_copy(context: JobContext, payload: Payload) -> None:
    """Make the copy that a shopper has asked for."""
    affiliate_id, shopper_id, copy_id = payload["affiliate_id"], payload["shopper_id"], payload["copy_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(shopper_id, UUID) or not isinstance(copy_id, UUID):
        raise Unretryable("the job does not name a copy")
    scope = Scope(affiliate_id, None, "shopper", "system", shopper_id=shopper_id)
    await making.make(context.settings, scope, copy_id, str(payload["media_key"]), context.now())


@cron("rights.forget_copies", "15 * * * *")
async def forget_copies(context: JobContext, payload: Payload) -> None:
    """Remove copies that are seven days old."""
    await copying.forget_copies(context.settings, context.now())


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
