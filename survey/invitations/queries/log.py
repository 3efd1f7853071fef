"""Reading the send log."""

from collections.abc import AsyncIterator
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.mail.domain import State
from survey.studies.domain import Message

from ..domain import Count, Line, LogFilter

CSV_BATCH = 1000

_LINE = """
SELECT d.id, d.kind, d.state, d.reason, d.attempts, d.not_before, d.sent_at
  FROM ops.delivery d
 WHERE d.affiliate_id = $1
   AND d.campaign_id = $2
   AND d.is_bulk
   AND d.kind = $3
   AND ($4::text IS NULL OR d.state = $4)
"""
_COUNTS = """
SELECT d.kind, d.state, d.reason, count(*) AS messages
  FROM ops.delivery d
 WHERE d.affiliate_id = $1
   AND d.campaign_id = $2
   AND d.is_bulk
 GROUP BY d.kind, d.state, d.reason
 ORDER BY d.kind, count(*) DESC, d.state, d.reason
"""
_WHO = """
SELECT i.contact_id, i.panelist_id
  FROM ops.delivery d
  JOIN identity.invitation i ON i.id = d.recipient_id
 WHERE d.affiliate_id = $1
   AND d.campaign_id = $2
   AND d.id = $3
   AND d.kind = ANY($4::text[])
"""


class Who(NamedTuple):
    """The person behind a line of the log: one of the two."""

    contact_id: UUID | None
    panelist_id: UUID | None


async def counts_of(scope: Scope, study_id: UUID) -> list[Count]:
    """Messages by kind, state and reason."""
    rows = await connection().fetch(_COUNTS, scope.affiliate_id, study_id)
    return [Count(Message(row["kind"]), State(row["state"]), row["reason"], row["messages"]) for row in rows]


async def lines_of(scope: Scope, study_id: UUID, wanted: LogFilter, keyset: Keyset) -> Paged[Line]:
    """One page of the log, in the order of random ids. Raises BadCursor."""
    after = keyset.after_as(tuple[UUID])
    rows = await connection().fetch(
        _LINE + " AND ($5::uuid IS NULL OR d.id > $5) ORDER BY d.id LIMIT $6",
        scope.affiliate_id,
        study_id,
        wanted.kind,
        wanted.state,
        after[0] if after else None,
        keyset.rows_to_fetch,
    )
    return paged([_line(row) for row in rows], keyset, lambda line: (line.id,))


async def every_line(scope: Scope, study_id: UUID, wanted: LogFilter) -> AsyncIterator[list[Line]]:
    """The whole log in batches, through a cursor of the open transaction."""
    cursor = await connection().cursor(
        _LINE + " ORDER BY d.id", scope.affiliate_id, study_id, wanted.kind, wanted.state
    )
    while rows := await cursor.fetch(CSV_BATCH):
        yield [_line(row) for row in rows]


async def who_in(scope: Scope, study_id: UUID, delivery_id: UUID, kinds: list[str]) -> Who:
    """Whom a line of the log is about, if it is of these kinds. Raises NotFound."""
    row = await connection().fetchrow(_WHO, scope.affiliate_id, study_id, delivery_id, kinds)
    if row is None:
        raise NotFound("message")
    return Who(row["contact_id"], row["panelist_id"])


def _line(row: Record) -> Line:
    return Line(**(dict(row) | {"kind": Message(row["kind"]), "state": State(row["state"])}))
