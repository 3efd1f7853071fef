"""Reading the send log."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged
from survey.mail.domain import Reason, State
from survey.studies.domain import Message

from ..domain import Count, Line, LogFilter

CSV_BATCH = 1000

# Of a stop only its age in days leaves the statement, and only of one that stops this very message: one of everything,
# of this client or of this affiliate. In whose mail somebody pressed the button is nobody's business here.
_LINE = """
SELECT d.id, d.kind, d.state, d.reason, d.attempts, d.not_before, d.sent_at,
       CASE WHEN d.reason = $6 THEN
           (SELECT extract(day FROM $5::timestamptz - min(stop.at))::integer
              FROM ledger.opt_out stop
             WHERE stop.suppression_key = d.suppression_key
               AND stop.lifts IS NULL
               AND (stop.scope = 'everything' OR stop.client_id = d.client_id
                    OR (stop.scope = 'affiliate' AND stop.sender_id = d.affiliate_id))
               AND NOT EXISTS (SELECT FROM ledger.opt_out undo WHERE undo.lifts = stop.id)) END AS opted_out_days
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


async def lines_of(scope: Scope, study_id: UUID, wanted: LogFilter, keyset: Keyset, now: datetime) -> Paged[Line]:
    """One page of the log, in the order of random ids. Raises BadCursor."""
    after = keyset.after_as(tuple[UUID])
    rows = await connection().fetch(
        _LINE + " AND ($7::uuid IS NULL OR d.id > $7) ORDER BY d.id LIMIT $8",
        scope.affiliate_id,
        study_id,
        wanted.kind,
        wanted.state,
        now,
        Reason.OPTED_OUT,
        after[0] if after else None,
        keyset.rows_to_fetch,
    )
    return paged([_line(row) for row in rows], keyset, lambda line: (line.id,))


async def every_line(scope: Scope, study_id: UUID, wanted: LogFilter, now: datetime) -> AsyncIterator[list[Line]]:
    """The whole log in batches, through a cursor of the open transaction."""
    cursor = await connection().cursor(
        _LINE + " ORDER BY d.id", scope.affiliate_id, study_id, wanted.kind, wanted.state, now, Reason.OPTED_OUT
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
