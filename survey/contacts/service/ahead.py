"""Making the next thing while the last one is being used, in a thread beside the event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Thread:
    """One thread for all that a piece of work has to compute.

    Not one for each step: sealing and hashing let go of the interpreter at every call, and two threads that do so
    hand it to one another thousands of times a second, which costs more than the work.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1)

    def __enter__(self) -> "Thread":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def do(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Do something in the thread, after what it has been given before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: work(*arguments, **named))


class Ahead(Generic[T]):
    """Calls `make` again as soon as its result has been asked for; None from it is the end."""

    def __init__(self, make: Callable[[], Coroutine[Any, Any, T | None]]) -> None:
        self._make = make
        self._making = asyncio.create_task(make())

    async def next(self) -> T | None:
        """What has been made, or None at the end. Raises what `make` raises."""
        made = await self._making
        if made is not None:
            self._making = asyncio.create_task(self._make())
        return made

    async def close(self) -> None:
        """Wait for what is still being made and throw it away: a thread at work cannot be stopped."""
        await asyncio.gather(self._making, return_exceptions=True)
