"""Removing drafts that nobody will hand in, and files that no report shows any more. Runs as candour_worker."""

from datetime import datetime, timedelta

from privacy.audit import Event, record
from privacy.vault import shred_many
from survey.db import Role, connection, transaction
from survey.media import Media

from .. import queries
from ..domain import DRAFT_KEPT_DAYS

SWEPT_AT_ONCE = 200


async def sweep_drafts(media: Media, now: datetime) -> None:
    """Remove old drafts of shops that their writers no longer hold, with words, keys and pictures. Twice is once."""
    before = now - timedelta(days=DRAFT_KEPT_DAYS)
    async with transaction(Role.WORKER):
        found = await queries.old_drafts(before, SWEPT_AT_ONCE)
        # Before the rows that name them: a file whose row is gone would never be found again.
        for media_key in [key for row in found for key in row["media_keys"]]:
            await media.delete(media_key)
        report_ids = [row["report_id"] for row in found]
        await queries.delete_drafts(report_ids)
        await shred_many(connection(), report_ids)
        for row in found:
            event = Event(row["affiliate_id"], "system", None, "report.draft_expired", "report", row["report_id"])
            await record(connection(), event, now)


async def remove_media(media: Media, media_key: str) -> None:
    """Remove the file of a picture that was taken out of its tray."""
    await media.delete(media_key)
