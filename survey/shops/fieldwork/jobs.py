"""Background work of fieldwork: files of pictures that were taken away, and drafts that nobody finishes."""

from survey.media import media_of
from survey.queue import JobContext, Payload, cron, job

from . import service


@job("fieldwork.remove_media")
async def remove_media(context: JobContext, payload: Payload) -> None:
    """Remove a file."""
    await service.remove_media(media_of(context.settings), str(payload["media_key"]))


@cron("fieldwork.sweep_drafts", "50 2 * * *")
async def sweep_drafts(context: JobContext, payload: Payload) -> None:
    """Remove drafts whose time is over."""
    await service.sweep_drafts(media_of(context.settings), context.now())
