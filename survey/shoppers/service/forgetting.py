"""What shoppers had shown of themselves goes when its day has come, and with the person. Runs as candour_worker."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection

from privacy.audit import Event, record_many
from survey.media import Media

from .. import queries

BATCH = 100


async def purge_documents(here: Connection, media: Media, today: date, now: datetime) -> int:
    """Remove a batch of papers whose day has come; how many there were. What was decided stays. Twice is once.

    Files first: whatever stops us in between, the row still names what is left to do.
    """
    rows = await queries.documents.due(here, today, BATCH)
    for row in rows:
        await media.delete(row["media_key"])
    await queries.documents.forget_files(here, [row["id"] for row in rows])
    events = [
        Event(row["affiliate_id"], "system", None, "document.purge", "document", row["id"], row["shopper_id"])
        for row in rows
    ]
    if events:
        await record_many(here, events, now)
    return len(rows)


async def forget_shown(here: Connection, media: Media, shopper_ids: Sequence[UUID]) -> None:
    """Remove photo, documents and answers of people who are erased or removed, files and all. Twice is once.

    For whoever erases: the rows go in the erasure's own transaction; who was erased in another way, the clock finds.
    """
    rows = [
        *await queries.portraits.drop_of(here, shopper_ids),
        *await queries.documents.drop_of(here, shopper_ids),
    ]
    await queries.fields.drop_of(here, shopper_ids)
    for media_key in [row["media_key"] for row in rows if row["media_key"] is not None]:
        await media.delete(media_key)


async def forget_erased(here: Connection, media: Media) -> int:
    """The same for a batch of those who were erased and of whom something is still there; how many there were."""
    shopper_ids = await queries.documents.erased_with_files(here, BATCH)
    await forget_shown(here, media, shopper_ids)
    return len(shopper_ids)
