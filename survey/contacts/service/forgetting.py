"""Letting people go whom no list of their client has named for long: what an erasure does, for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from privacy.vault import shred_many
from survey.db import Scope, connection
from survey.mail import service as mail

from .. import queries
from .notes import note_people

PURPOSE = "no list has named them for as long as contacts are kept"


async def forget_unnamed(contact_ids: Sequence[UUID], named_before: date, now: datetime) -> None:
    """Erase those of the contacts whom no list has named since, at whichever affiliate. Role.WORKER.

    A wish not to be written to stays: it is kept by a keyed hash alone, and meets whoever comes again.
    """
    gone = await queries.forget_contacts(contact_ids, named_before)
    await mail.forget(connection(), [(row["affiliate_id"], row["suppression_key"]) for row in gone])
    await shred_many(connection(), [row["id"] for row in gone])
    by_affiliate: dict[UUID, list[UUID]] = defaultdict(list)
    for row in gone:
        by_affiliate[row["affiliate_id"]].append(row["id"])
    for affiliate_id, ids in by_affiliate.items():
        await note_people(Scope(affiliate_id, actor_kind="system"), "contact.erase", ids, PURPOSE, now)
