"""Sending what is in the outbox, until told to stop."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from survey.db import Database
from survey.settings import Settings

from .composing import Composer
from .dispatch import Dispatch, Tuning, tuning_of, utc_now
from .feeding import feed
from .lanes import Lane
from .marking import ASTRAY, Marker
from .relay import Relay

log = structlog.get_logger("candour.mail")


async def send_mail(  # noqa: PLR0913  (the composition root names each)
    settings: Settings,
    database: Database,
    composers: Mapping[str, Composer],
    relay: Relay,
    stop: asyncio.Event,
    *,
    tuning: Tuning | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> None:
    """Deliver until `stop` is set. Messages under way are finished, the others given back."""
    marker = Marker(database, clock)
    dispatch = Dispatch(settings, composers, relay, marker, tuning or tuning_of(settings), clock, stop)
    marking = asyncio.create_task(marker.run())
    lanes = [asyncio.create_task(Lane(dispatch).run()) for _ in range(dispatch.tuning.connections)]
    try:
        await feed(dispatch)
        await _end(dispatch, lanes)
    finally:
        for task in (*lanes, marking):
            task.cancel()
        await asyncio.gather(*lanes, marking, return_exceptions=True)


async def _end(dispatch: Dispatch, lanes: "list[asyncio.Task[None]]") -> None:
    try:
        await dispatch.give_back_what_waits()
    except ASTRAY as error:
        log.warning("outbox cannot be reached", kind=type(error).__name__)
    for _ in lanes:
        dispatch.ready.put_nowait(None)
    _, late = await asyncio.wait(lanes, timeout=dispatch.tuning.grace_seconds)
    if late:
        log.warning("connections did not end in time", lanes=len(late))
