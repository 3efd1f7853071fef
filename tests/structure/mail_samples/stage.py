"""What a sample has to work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from survey.db import Role, Scope, transaction
from survey.mail import queries
from survey.mail.domain import Claimed
from survey.settings import Settings
from tests.conftest import NOW

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """One affiliate, in which a sample may do what leads to its message."""

    scope: Scope
    settings: Settings
    superuser: asyncpg.Connection

    @property
    def affiliate_id(self) -> UUID:
        """The tenant."""
        return self.scope.affiliate_id

    async def claimed(self, kind: str) -> list[Claimed]:
        """What of this kind was asked for, as the worker gets it."""
        later = NOW + 30 * DAY
        async with transaction(Role.WORKER) as connection:
            rows, _ = await queries.claim(connection, later, 10_000, later + DAY, self.settings.mail_domain)
        return [row for row in rows if row.affiliate_id == self.affiliate_id and row.kind == kind]


# Does what makes the product ask for one message of its kind.
Sample = Callable[[Stage], Awaitable[object]]
