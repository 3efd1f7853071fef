"""Background work of fieldwork: recordings made anew, files that were taken away, drafts that nobody finishes."""

from uuid import UUID

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


@job("fieldwork.prepare_recording", at_once=1)
async def prepare_recording(context: JobContext, payload: Payload) -> None:
    """Make one recording anew; the next one waits."""
    recording_id = UUID(str(payload["recording_id"]))
    await service.prepare_recording(context.settings, media_of(context.settings), recording_id, context.now())


@cron("fieldwork.give_up_recordings", "23 * * * *")
async def give_up_recordings(context: JobContext, payload: Payload) -> None:
    """Refuse recordings that no worker comes back to."""
    await service.give_up_recordings(context.settings, context.now())
