"""The promise to shoppers that each can take a copy of all that one company holds about them."""

from datetime import UTC, datetime, timedelta

from survey.db import Role, transaction
from survey.rights.service import comparing
from survey.rights.service.copy_plan import unnamed

from .. import queries
from ..domain import Found
from .deployment import Deployment

SAMPLE = 20
GRACE = timedelta(hours=6)


async def copies_complete(deployment: Deployment) -> Found:
    """Gather what copies of some shoppers would hold, as they would, and compare it with what there is."""
    faults = [f"{place} is about shoppers and in no copy" for place in unnamed()]
    async with transaction(Role.WORKER) as here:
        sample = await queries.shoppers.some_shoppers(here, SAMPLE)
        overdue = await comparing.count_overdue(datetime.now(UTC) - GRACE)
    rows = 0
    for shopper_id, affiliate_id in sample:
        compared = await comparing.compare(deployment.settings, affiliate_id, shopper_id)
        rows += compared.rows
        faults += [f"a copy would not hold what {table} does" for table in compared.lacking]
        faults += [f"{compared.unreadable} values of a copy cannot be opened"] if compared.unreadable else []
    faults += [f"{overdue} copies should have been removed"] if overdue else []
    looked = f"gathered {rows:,} entries for copies of {len(sample)} shoppers; nothing is missing"
    return Found(looked, tuple(dict.fromkeys(faults)))
