"""Making the next thing while the last one is being used."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


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
