"""Names and descriptions of a client's staff go on their own clock."""

from datetime import datetime

from survey.db import Role, transaction

from .. import queries


async def purge_mentions(now: datetime) -> int:
    """Forget those whose time is over, at every affiliate; how many. The tokens and roles stay."""
    async with transaction(Role.WORKER):
        return await queries.purge_mentions(now.date())
