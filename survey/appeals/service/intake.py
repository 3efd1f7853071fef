"""Tying what clients write in the release plane to shops, which they cannot reach; with the audit of it."""

from datetime import datetime

from privacy.audit import Event, record_many
from survey.db import Role, connection, transaction

from .. import queries
from .wishing import record_wishes

BATCH = 500


async def take_in(now: datetime) -> int:
    """Take in new appeals, answers, replies, what was let go or recalled, and what became of plans; how many are new.

    Late or twice does no harm.
    """
    async with transaction(Role.WORKER):
        fresh = await queries.take_in(now, BATCH)
        await queries.take_answers(now)
        events = [
            Event(affiliate_id, "viewer", None, "appeal.raised", "appeal", appeal_id, detail={"shop": str(shop_id)})
            for appeal_id, affiliate_id, shop_id in fresh
        ]
        events += [
            Event(
                each.affiliate_id, "viewer", None, each.action, each.action.partition(".")[0], each.object_id,
                detail={"shop": str(each.shop_id)} if each.shop_id else {},
            )
            for each in await queries.unrecorded(now, BATCH)
        ]  # fmt: skip
        events += [
            Event(
                affiliate_id, "viewer", None, f"appeal.{state.lower()}", "appeal", each, detail={"shop": str(shop_id)}
            )
            for each, affiliate_id, shop_id, state in await queries.let_go(now, BATCH)
        ]
        events += [
            Event(affiliate_id, "system", None, "appeal.recalled", "appeal", each, detail={"shop": str(shop_id)})
            for each, affiliate_id, shop_id in await queries.end_recalled(now, BATCH)
        ]
        if events:
            await record_many(connection(), events, now)
        await record_wishes(now)
    return len(fresh)
