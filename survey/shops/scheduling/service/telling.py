"""Asking for mail to shoppers. What is told is found by looking: twice, late or after a crash it is told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from privacy.optouts import links_for
from survey.db import Role, connection, transaction
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import BULK, WAIT, Untold

BATCH = 500
ACTS = 50  # of other days, each of up to two thousand shops


async def tell(settings: Settings, now: datetime) -> int:
    """Tell shoppers of offers, assignments, shops taken back, answers and messages; how many mails were asked for."""
    async with transaction(Role.WORKER):
        acts = await queries.redated(now, ACTS)
        untold = await queries.untold(now, BATCH, acts)
        count = await _ask(settings, untold, now, WAIT)
        if len(untold) < BATCH:  # else the rest of them is found the next time
            await queries.mark_told(acts, now)
        return count


async def remind(settings: Settings, now: datetime) -> int:
    """Remind shoppers whose day has come, and warn those who are late; how many mails were asked for."""
    async with transaction(Role.WORKER):
        return await _ask(settings, await queries.due_reminders(now, BATCH), now, timedelta())


async def _ask(settings: Settings, untold: Sequence[Untold], now: datetime, wait: timedelta) -> int:
    """Addresses are opened only to know whether their owners want no such mail."""
    if not untold:
        return 0
    keys = await shoppers.suppression_keys_of(settings, list({each.shopper_id for each in untold}))
    reached = [each for each in untold if each.shopper_id in keys]
    links = await links_for(connection(), [(keys[each.shopper_id], each.affiliate_id) for each in reached])
    deliveries = [_delivery(each, keys[each.shopper_id], links, now + wait) for each in reached]
    return await mail.enqueue_many(connection(), deliveries)


def _delivery(each: Untold, key: bytes, links: dict[tuple[bytes, UUID], UUID], not_before: datetime) -> Delivery:
    day = {"step": each.step, "day": each.day.isoformat()} if each.day else {}
    return Delivery(
        each.affiliate_id,
        each.occasion,
        each.shopper_id,
        each.kind.value,
        is_bulk=each.kind in BULK,
        suppression_key=key,
        not_before=not_before,
        opt_out_link_id=links[(key, each.affiliate_id)],
        context={"about": str(each.about), **day},
    )
