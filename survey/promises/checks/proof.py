"""The promise that the proof keeps: what its last run at each company has found."""

from survey.db import Role, transaction

from ..domain import Found
from ..domain.proof import RunState
from ..queries import proving as queries
from .deployment import Deployment

FAULTS = {
    RunState.BREACH: "a business could read something of a shopper when its last search was made",
    RunState.BROKEN: "the last search proves nothing: it did not find what an editor is shown",
}


async def proven(deployment: Deployment) -> Found:
    """Read what came of the last run at each company. Where none has been made, nothing is claimed of it."""
    async with transaction(Role.WORKER) as here:
        last = await queries.last_said(here)
    faults = sorted({words for row in last if (words := FAULTS.get(RunState(row["state"])))})
    if not last:
        return Found("no search has said anything yet, and nothing is claimed of one", ())
    return Found(f"looked at the last search of {len(last)} companies; each found nothing", tuple(faults))
