"""Delivering the demo world's mail while it is built: the real sending, with a clock that stands on a past day."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from survey.db import Role, transaction
from survey.mail.catcher import catching
from survey.mail.dispatch import Tuning
from survey.mail.mailbox import folder_of
from survey.mail.sending import send_mail

from .stage import Stage

POLL_SECONDS = 0.1
TUNING = Tuning(connections=32, poll_seconds=POLL_SECONDS)


async def deliver(stage: Stage, at: datetime, waiting: Callable[[], Awaitable[int]]) -> None:
    """Send what was due at `at` until nothing is waiting any more. It goes to the catcher, whatever the settings."""

    def clock() -> datetime:
        return at

    stop = asyncio.Event()
    async with catching(folder_of(stage.settings), clock) as relay:
        sending = asyncio.create_task(
            send_mail(stage.settings, stage.database, stage.composers, relay, stop, tuning=TUNING, clock=clock)
        )
        # Nobody tells: the rows are another task's, and in the product another process's.
        while await _count(waiting) and not sending.done():  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)
        stop.set()
        await sending


async def _count(waiting: Callable[[], Awaitable[int]]) -> int:
    async with transaction(Role.WORKER):
        return await waiting()
