"""Names and descriptions of a client's staff go on their own clock."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record_many
from survey.db import Role, transaction

from .. import queries


async def purge_mentions(now: datetime) -> int:
    """Forget those whose time is over, at every affiliate; how many. The tokens and roles stay."""
    async with transaction(Role.WORKER) as here:
        gone = await queries.purge_mentions(now.date())
        await record_many(here, [_event(*each) for each in Counter(gone).items()], now)
    return len(gone)


def _event(affiliate_id: UUID, count: int) -> Event:
    return Event(
        affiliate_id, "system", None, "retention.sweep", "retention", None, detail={"what": "mentions", "n": count}
    )
