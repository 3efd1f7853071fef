"""People of a client's staff who are named in reports: kept apart, and emptied on a clock of their own."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Scope, connection

# A shop that the law holds keeps who is named in it.
_PURGE = """
UPDATE field.employee_mention m
   SET name = NULL, description = NULL
  FROM field.report r
  JOIN field.shop s ON s.id = r.shop_id
 WHERE r.id = m.report_id
   AND m.purge_after < $1
   AND (m.name IS NOT NULL OR m.description IS NOT NULL)
   AND NOT s.is_legal_hold
RETURNING m.affiliate_id
"""


class MentionRow(NamedTuple):
    """Somebody in a report, sealed."""

    id: UUID
    token: str
    role: str
    name: bytes | None
    description: bytes | None
    purge_after: date


async def insert_mention(scope: Scope, report_id: UUID, mention: MentionRow, now: datetime) -> None:
    """Somebody who is in the report."""
    await connection().execute(
        "INSERT INTO field.employee_mention (id, affiliate_id, report_id, token, role, name, description, purge_after,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        mention.id, scope.affiliate_id, report_id, mention.token, mention.role, mention.name, mention.description,
        mention.purge_after, now,
    )  # fmt: skip


async def purge_mentions(today: date) -> list[UUID]:
    """Forget names and descriptions whose time is over, everywhere; of each the affiliate. Role.WORKER."""
    return [row["affiliate_id"] for row in await connection().fetch(_PURGE, today)]
