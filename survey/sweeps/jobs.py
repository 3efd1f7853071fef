"""The nightly sweep."""

from survey.media import media_of
from survey.queue import JobContext, Payload, cron

from . import service


@cron("sweeps.run", "10 4 * * *")
async def run(context: JobContext, payload: Payload) -> None:
    """Let everything go whose time is over."""
    await service.run(media_of(context.settings), context.now())
