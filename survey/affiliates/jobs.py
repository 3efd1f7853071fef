"""Removing the files of logos that were replaced or taken away."""

from survey.media import media_of
from survey.queue import JobContext, Payload, job

from .service import LOGOS


@job("affiliates.remove_logo")
async def remove_logo(context: JobContext, payload: Payload) -> None:
    """Remove the file; one that is gone already is fine."""
    await media_of(context.settings).delete(f"{LOGOS}/{payload['logo']}")
