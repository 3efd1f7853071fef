"""Contests of rejections: one as its shopper and as staff see it, what waits, and what is decided."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Contest, ContestState, WaitingContest

_INSERT = """
INSERT INTO field.rejection_contest (id, affiliate_id, shop_id, report_id, rejected_at, words, raised_at, on_hold_for)
VALUES ($1, $2, $3, $4, $5, $6, $7, field.time_held($3, $5))
ON CONFLICT (report_id, rejected_at) DO NOTHING
RETURNING id
"""

# The last one: a report that was rejected again may be contested again.
_OWN = """
SELECT k.id, k.report_id, k.rejected_at, k.state, k.raised_at, k.words, k.answer
  FROM field.rejection_contest k
 WHERE k.affiliate_id = $1
   AND k.report_id = $2
 ORDER BY k.rejected_at DESC
 LIMIT 1
"""

_CONTEST = """
SELECT k.id, k.shop_id, k.report_id, s.public_ref, s.is_legal_hold, k.rejected_at, k.state, k.raised_at, k.decided_at,
       v.reason, array_remove(ARRAY[v.decided_by, v.proposed_by], NULL) AS rejected_by, k.words, k.answer
  FROM field.rejection_contest k
  JOIN field.shop s ON s.id = k.shop_id
  JOIN field.review v ON v.report_id = k.report_id
 WHERE k.affiliate_id = $1
   AND k.shop_id = $2
 ORDER BY k.rejected_at DESC
 LIMIT 1
"""

_WAITING = """
SELECT k.id, k.shop_id, s.public_ref, b.name AS client_name, c.name AS campaign_name, l.code AS location_code,
       l.name AS location_name, s.is_legal_hold, v.reason, k.raised_at
  FROM field.rejection_contest k
  JOIN field.shop s ON s.id = k.shop_id
  JOIN field.review v ON v.report_id = k.report_id
  JOIN field.client b ON b.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.location l ON l.id = s.location_id
 WHERE k.affiliate_id = $1
   AND k.state = 'RAISED'
   AND ($2::timestamptz IS NULL OR (k.raised_at, k.id) > ($2, $3::uuid))
 ORDER BY k.raised_at, k.id
 LIMIT $4
"""

_DECIDE = """
UPDATE field.rejection_contest
   SET state = $3, answer = $4, decided_by = $5, decided_at = $6
 WHERE affiliate_id = $1
   AND id = $2
"""

# Who may decide it: at work, and without a part in the rejection.
_DECIDERS = """
SELECT a.id, a.email
  FROM identity.account a
 WHERE a.affiliate_id = $1
   AND a.role IN ('affiliate_admin', 'manager', 'editor')
   AND a.status = 'active'
   AND a.id <> ALL ($2::uuid[])
 ORDER BY a.role = 'editor', a.id
 LIMIT $3
"""


async def insert_contest(
    scope: Scope, contest_id: UUID, rejection: tuple[UUID, UUID, datetime], words: bytes, now: datetime
) -> bool:
    """Write a contest; False where the rejection is contested already. rejection: shop, report, when. Role.SHOPPER."""
    shop_id, report_id, rejected_at = rejection
    made = await connection().fetchval(
        _INSERT, contest_id, scope.affiliate_id, shop_id, report_id, rejected_at, words, now
    )
    return made is not None


async def find_own_contest(scope: Scope, report_id: UUID) -> Mapping[str, object] | None:
    """The last contest of a report of the shopper's own, sealed. Role.SHOPPER."""
    row = await connection().fetchrow(_OWN, scope.affiliate_id, report_id)
    return dict(row) if row else None


async def contest_in(scope: Scope, shop_id: UUID) -> Contest:
    """The last contest of a shop's rejection. Raises NotFound."""
    row = await connection().fetchrow(_CONTEST, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("contest")
    return _contest(row)


async def find_contest_state(scope: Scope, shop_id: UUID) -> ContestState | None:
    """Where the last contest of a shop's rejection stands."""
    state: str | None = await connection().fetchval(
        "SELECT state FROM field.rejection_contest WHERE affiliate_id = $1 AND shop_id = $2"
        " ORDER BY rejected_at DESC LIMIT 1",
        scope.affiliate_id,
        shop_id,
    )
    return ContestState(state) if state else None


async def waiting_contests(scope: Scope, keyset: Keyset) -> Paged[WaitingContest]:
    """One page of contests that nobody has decided, the longest waiting first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_WAITING, scope.affiliate_id, *after, keyset.rows_to_fetch)
    return paged([WaitingContest(**dict(row)) for row in rows], keyset, lambda each: (each.raised_at, each.id))


async def count_contests(scope: Scope) -> int:
    """How many contests wait."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM field.rejection_contest WHERE affiliate_id = $1 AND state = 'RAISED'",
        scope.affiliate_id,
    )
    return found


async def decide_contest(
    scope: Scope, contest_id: UUID, decision: tuple[ContestState, bytes | None], now: datetime
) -> None:
    """Write how a contest ended; decision: its state, and the sealed answer."""
    await connection().execute(_DECIDE, scope.affiliate_id, contest_id, *decision, scope.account_id, now)


async def deciders_of(scope: Scope, contest: Contest, most: int) -> list[tuple[UUID, bytes]]:
    """Who may decide a contest, managers first: account and sealed address."""
    rows = await connection().fetch(_DECIDERS, scope.affiliate_id, list(contest.rejected_by), most)
    return [(row["id"], row["email"]) for row in rows]


def _contest(row: Record) -> Contest:
    values = dict(row) | {"state": ContestState(row["state"]), "rejected_by": tuple(row["rejected_by"])}
    return Contest(**values)
