"""A ZIP file that is written while it is sent: what has been packed goes on at once, and nothing is ever kept whole."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

OWNER_READS = 0o600 << 16

Put = Callable[[bytes], Awaitable[None]]


class Archive:
    """Files one after the other into `put`. Names and times say nothing of the machine that made it."""

    def __init__(self, put: Put, now: datetime) -> None:
        self._put, self._now = put, now
        self._waiting = _Outlet()
        self._zip = ZipFile(self._waiting, "w", allowZip64=True)  # type: ignore[call-overload]

    async def add(self, name: str, content: AsyncGenerator[bytes, None], *, is_packed: bool = True) -> None:
        """One file. is_packed: whether it gets smaller by it; pictures and recordings do not."""
        entry = ZipInfo(name, self._now.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED if is_packed else ZIP_STORED
        entry.external_attr = OWNER_READS
        with self._zip.open(entry, "w", force_zip64=True) as file:
            async with aclosing(content):
                async for some in content:
                    file.write(some)
                    await self._pass_on()
        await self._pass_on()

    async def close(self) -> None:
        """Write the list of files, without which it is none."""
        self._zip.close()
        await self._pass_on()

    async def _pass_on(self) -> None:
        if written := self._waiting.taken():
            await self._put(written)


class _Outlet:
    """What a ZipFile writes to; it cannot go back, so that what was written can go on."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def write(self, content: bytes) -> int:
        self._kept += content
        return len(content)

    def flush(self) -> None:
        """Nothing to do: whoever packs takes it."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        written = bytes(self._kept)
        self._kept.clear()
        return written


async def piped(write: Callable[[Put], Awaitable[None]]) -> AsyncGenerator[bytes, None]:
    """What `write` puts, piece by piece. It runs as a task of its own, never more than a few pieces ahead.

    Whoever reads may do so from anywhere: the writer's transactions stay in the writer's task.
    """
    waiting: asyncio.Queue[bytes | None] = asyncio.Queue(2)

    async def run() -> None:
        try:
            await write(waiting.put)
        except Exception:
            # Whoever reads would wait for ever. Whoever has stopped reading cancels, and nobody waits.
            await waiting.put(None)
            raise
        await waiting.put(None)

    task = asyncio.create_task(run())
    try:
        while (some := await waiting.get()) is not None:
            yield some
        await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task
