"""What the parts of sending share: who composes, where to hand over, how fast, and what is in hand."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from survey.db import Role, transaction
from survey.settings import Settings

from . import queries
from .composing import Composer
from .domain import Breaker, Claimed, InDoubt, Pacer
from .envelope import Letterhead, letterhead_of
from .marking import Marker
from .relay import Relay
from .skeleton import Message

BATCH = 200
HALF_A_MINUTE = 2


@dataclass(frozen=True, slots=True)
class Tuning:
    """The numbers of sending."""

    connections: int = 5
    per_minute: int = 0
    in_doubt: InDoubt = InDoubt.RESEND
    in_doubt_seconds: float = 900
    lease_seconds: float = 300
    poll_seconds: float = 1.0
    grace_seconds: float = 20

    @property
    def batch(self) -> int:
        """How many rows to hold: with a slow pace no more than half a minute's worth, so that leases do not run out."""
        if not self.per_minute:
            return BATCH
        return min(BATCH, max(self.connections, self.per_minute // HALF_A_MINUTE))


def tuning_of(settings: Settings) -> Tuning:
    """The numbers that this deployment has chosen."""
    return Tuning(
        connections=max(1, settings.mail_connections),
        per_minute=settings.mail_per_minute,
        in_doubt=InDoubt(settings.mail_in_doubt),
        in_doubt_seconds=settings.mail_in_doubt_seconds,
    )


def utc_now() -> datetime:
    """The clock of a real process."""
    return datetime.now(UTC)


@dataclass
class Dispatch:
    """One process's sending of mail."""

    settings: Settings
    composers: Mapping[str, Composer]
    relay: Relay
    marker: Marker
    tuning: Tuning
    clock: Callable[[], datetime]
    stop: asyncio.Event
    letterhead: Letterhead = field(init=False)
    pacer: Pacer = field(init=False)
    breaker: Breaker = field(default_factory=Breaker, init=False)
    ready: "asyncio.Queue[Message | None]" = field(default_factory=asyncio.Queue, init=False)
    hungry: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    in_hand: dict[UUID, Claimed] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.letterhead = letterhead_of(self.settings)
        self.pacer = Pacer(self.tuning.per_minute)

    async def nap(self, seconds: float) -> None:
        """Wait, but not beyond the end of the process."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stop.wait(), seconds)

    async def give_back(self, rows: Iterable[Claimed]) -> None:
        """Put rows back into the outbox as they were; nobody's attempt counts.

        Where the database does not take them now, they are left to their lease: nobody holds on to it any more.
        """
        held = list(rows)
        if not held:
            return
        for row in held:
            self.in_hand.pop(row.id, None)
        async with transaction(Role.WORKER) as connection:
            await queries.release(connection, held)

    async def give_back_what_waits(self) -> None:
        """Put back every message that no connection has taken up yet."""
        waiting = []
        while not self.ready.empty():
            message = self.ready.get_nowait()
            if message is not None:
                waiting.append(message.row)
        await self.give_back(waiting)
