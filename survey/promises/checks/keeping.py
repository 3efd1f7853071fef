"""The promise that nothing outlives the time that is declared for it."""

from datetime import UTC, datetime, timedelta

from survey.db import Role, transaction
from survey.rights.service.erasing import IDLE_DAYS, WARNED_DAYS
from survey.sweeps import service as sweeps

from .. import queries
from ..domain import Found
from ..queries import keeping
from .deployment import Deployment

GRACE = timedelta(days=2)


async def kept_no_longer(deployment: Deployment) -> Found:
    """Look for anything whose time is over and that is still there, and for what is left of erased shoppers."""
    now = datetime.now(UTC)
    async with transaction(Role.WORKER) as here:
        overdue = await sweeps.overdue(now, GRACE)
        late = await queries.shoppers.late_names(here, (now - GRACE).date())
        idle = await queries.shoppers.idle_profiles(here, now - timedelta(days=IDLE_DAYS + WARNED_DAYS) - GRACE)
        left = await queries.shoppers.left_of_erased(here)
        open_late = await keeping.still_open(here, now - GRACE)
        orphaned = await keeping.orphaned_keys(here, (now - GRACE).date())
        begun_late = await keeping.still_begun(here, now - GRACE)
    faults = [f"{count} {name} should have gone" for name, count in overdue.items() if count]
    faults += [f"{late} names of a client’s staff should have gone"] if late else []
    faults += [f"{idle} profiles of whom nothing was heard should have gone"] if idle else []
    faults += [f"{left} erased profiles still say something"] if left else []
    faults += [f"{orphaned} keys have outlived what they opened"] if orphaned else []
    faults += [f"{open_late} studies should have closed"] if open_late else []
    faults += [f"{begun_late} answers that nobody sent should have gone"] if begun_late else []
    return Found(f"looked at {len(overdue) + 5} kinds of things that go by themselves; nothing is late", tuple(faults))
