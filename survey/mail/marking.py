"""Writing down how far messages have come: one statement for all connections that ask at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from survey.db import LOST, Database, DatabaseUnavailable, Role

from . import queries
from .domain import Claimed, Sent

log = structlog.get_logger("candour.mail")

ASTRAY = (*LOST, asyncpg.PostgresError, DatabaseUnavailable)
RECONNECT_SECONDS = 1.0
GATHER_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one connection asks for: its last message is sent, its next one is about to be."""

    sent: Sent | None
    next_row: Claimed | None
    granted: asyncio.Future[bool]


@dataclass
class Marker:
    """The one writer of marks. Its commits do not wait for the disk: what a crash of that host forgets is in doubt.

    A mark that cannot be written is tried again until it is: a message is never given to the relay without one.
    """

    database: Database
    clock: Callable[[], datetime]
    at_work: int = field(default=0, init=False)  # connections that will ask soon
    _wishes: list[_Wish] = field(default_factory=list, init=False)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _complete: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def before_dot(self, next_row: Claimed, sent: Sent | None) -> Awaitable[bool]:
        """Mark this row as being at the dot, and the one before it as sent. False: it must not go out after all."""
        return self._wish(sent, next_row)

    async def after_last(self, sent: Sent) -> None:
        """Mark a message as sent after which the connection has nothing to do."""
        await self._wish(sent, None)

    def _wish(self, sent: Sent | None, next_row: Claimed | None) -> "asyncio.Future[bool]":
        granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wishes.append(_Wish(sent, next_row, granted))
        self._wanted.set()
        if len(self._wishes) >= self.at_work:
            self._complete.set()
        return granted

    async def run(self) -> None:
        """Write marks until cancelled."""
        connection: asyncpg.Connection | None = None
        try:
            while True:
                await self._wanted.wait()
                await self._gather()
                self._wanted.clear()
                wishes, self._wishes = self._wishes, []
                connection = await self._write(connection, wishes)
        finally:
            if connection is not None:
                connection.terminate()

    async def _gather(self) -> None:
        """Wait a moment for connections that are about to ask: one statement for five costs what one for one does."""
        self._complete.clear()
        if len(self._wishes) >= self.at_work:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_SECONDS):
                await self._complete.wait()

    async def _write(self, connection: asyncpg.Connection | None, wishes: list[_Wish]) -> asyncpg.Connection:
        while True:
            try:
                connection = connection or await self._connected()
                granted = await self._marked(connection, wishes)
            except ASTRAY as error:
                log.warning("marks are waiting for the database", kind=type(error).__name__)
                if connection is not None:
                    connection.terminate()
                connection = None
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            for wish in wishes:
                with suppress(asyncio.InvalidStateError):
                    wish.granted.set_result(wish.next_row is not None and wish.next_row.id in granted)
            return connection

    async def _marked(self, connection: asyncpg.Connection, wishes: list[_Wish]) -> set[UUID]:
        sent = [wish.sent for wish in wishes if wish.sent]
        rows = [wish.next_row for wish in wishes if wish.next_row]
        return await queries.mark(connection, sent, rows, self.clock())

    async def _connected(self) -> asyncpg.Connection:
        connection = await self.database.connect(Role.WORKER)
        await connection.execute("SET synchronous_commit = off")
        return connection
