"""Letting accounts go that were disabled long ago: rows, keys, and who was written to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record_many
from privacy.vault import shred_many
from survey.db import connection
from survey.mail import service as mail

from .. import queries


async def forget_disabled(account_ids: Sequence[UUID], before: datetime, now: datetime) -> None:
    """Erase those of the accounts that were disabled before that and still are, at whichever affiliate. Role.WORKER.

    What they did stays in the ledger, under an id that leads to nobody any more.
    """
    gone = await queries.forget_disabled(account_ids, before)
    ids = [row["id"] for row in gone]
    await mail.forget_written_to(connection(), ids)
    await shred_many(connection(), ids)
    events = [
        Event(row["affiliate_id"], "system", None, "account.erase", "account", row["id"], subject_id=row["id"])
        for row in gone
    ]
    await record_many(connection(), events, now)
