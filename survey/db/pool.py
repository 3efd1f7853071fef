"""The connections of one role.

asyncpg's own pool wraps each connection in a proxy, releases it through a task and sends a reset query; together that
costs more than BEGIN and COMMIT. Nothing here outlives a transaction (only local settings, no listeners, temporary
tables ON COMMIT DROP), so a connection that has left its transaction is as good as new and goes straight back.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from .errors import DatabaseUnavailable

WAIT_SECONDS = 10
CLOSE_SECONDS = 5
UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)


class Pool:
    """At most `limit` connections, opened when first wanted, the most recently used first; `held_count` are in use."""

    __slots__ = ("_connect", "_idle", "_is_closing", "_slots", "held_count", "limit")

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection]], limit: int) -> None:
        self._connect = connect
        self._idle: list[asyncpg.Connection] = []
        self._slots = asyncio.Semaphore(limit)
        self._is_closing = False
        self.limit = limit
        self.held_count = 0

    async def acquire(self) -> asyncpg.Connection:
        """A connection outside any transaction. Raises DatabaseUnavailable after waiting for too long."""
        await self._slot()
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await self._opened()

    async def replace(self, connection: asyncpg.Connection) -> asyncpg.Connection:
        """A new connection for one that proved dead; those that lie idle are as old and go with it."""
        connection.terminate()
        while self._idle:
            self._idle.pop().terminate()
        return await self._opened()

    def release(self, connection: asyncpg.Connection) -> None:
        """Take a connection back. One in an unknown state is cut instead of kept."""
        if self._is_closing or connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append(connection)
        self._give_back()

    def discard(self, connection: asyncpg.Connection) -> None:
        """Cut a connection whose transaction could not be ended."""
        connection.terminate()
        self._give_back()

    async def close(self) -> None:
        """Close what is idle; what is still in use is cut when it comes back."""
        self._is_closing = True
        while self._idle:
            await self._idle.pop().close(timeout=CLOSE_SECONDS)

    async def _slot(self) -> None:
        try:
            if self._slots.locked():
                async with asyncio.timeout(WAIT_SECONDS):
                    await self._slots.acquire()
            else:
                await self._slots.acquire()
        except TimeoutError:
            raise DatabaseUnavailable(f"all {self.limit} connections were busy for {WAIT_SECONDS} seconds") from None
        self.held_count += 1

    def _give_back(self) -> None:
        self.held_count -= 1
        self._slots.release()

    async def _opened(self) -> asyncpg.Connection:
        try:
            return await self._connect()
        except UNREACHABLE as error:
            self._give_back()
            raise DatabaseUnavailable(f"cannot connect to the database: {type(error).__name__}") from error
        except BaseException:
            self._give_back()
            raise
