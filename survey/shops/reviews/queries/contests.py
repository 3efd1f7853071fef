"""Contests of rejections and grades: one as its shopper and as staff see it, what waits, and what is decided."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.accounts import service as accounts
from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Contest, ContestKind, ContestState, WaitingContest

_INSERT = """
INSERT INTO field.rejection_contest (id, affiliate_id, shop_id, report_id, kind, rejected_at, words, raised_at,
       on_hold_for)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, field.time_held($3, $6))
ON CONFLICT (report_id, rejected_at) DO NOTHING
RETURNING id
"""

# A report that was decided about again may be contested again.
_OWN = """
SELECT k.id, k.kind, k.report_id, k.rejected_at AS contested_at, k.state, k.raised_at, k.words, k.answer
  FROM field.rejection_contest k
 WHERE k.affiliate_id = $1
   AND k.report_id = $2
 ORDER BY k.rejected_at DESC
 LIMIT 20
"""

# Who decided then, who decides the report now, and who had proposed it.
_CONTEST = """
SELECT k.id, k.kind, k.shop_id, k.report_id, s.public_ref, s.state AS shop_state, s.is_legal_hold,
       k.rejected_at AS contested_at, k.state,
       k.raised_at, k.decided_at, CASE WHEN v.decision = 'rejected' THEN v.reason ELSE '' END AS reason, s.grade,
       coalesce(v.breakdown, '{}') AS breakdown,
       array_remove(ARRAY[v.decided_by, v.proposed_by], NULL) || ARRAY(
           SELECT d.by_id FROM field.review_decision d
            WHERE d.report_id = k.report_id AND d.at = k.rejected_at AND d.by_id IS NOT NULL) AS deciders,
       k.words, k.answer
  FROM field.rejection_contest k
  JOIN field.shop s ON s.id = k.shop_id
  JOIN field.review v ON v.report_id = k.report_id
 WHERE k.affiliate_id = $1
   AND k.shop_id = $2
 ORDER BY k.state = 'RAISED' DESC, k.rejected_at DESC
 LIMIT 1
"""

_WAITING = """
SELECT k.id, k.kind, k.shop_id, s.public_ref, b.name AS client_name, c.name AS campaign_name, l.code AS location_code,
       l.name AS location_name, s.is_legal_hold, v.reason, s.grade, k.raised_at
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

# Who may decide it: at work, and without a part in what is contested.
_DECIDERS = f"""
SELECT a.id, a.email
  FROM identity.account a
  JOIN field.shop s ON s.id = $4 AND s.affiliate_id = a.affiliate_id
 WHERE a.affiliate_id = $1
   AND {accounts.works_for("a", "s.client_id")}
   AND a.role IN ('affiliate_admin', 'manager', 'editor')
   AND a.status = 'active'
   AND a.id <> ALL ($2::uuid[])
 ORDER BY a.role = 'editor', a.id
 LIMIT $3
"""  # noqa: S608  (made of constants)


async def insert_contest(
    scope: Scope, contest_id: UUID, contested: tuple[UUID, UUID, str, datetime], words: bytes, now: datetime
) -> bool:
    """Write a contest; False where the decision is contested already. Role.SHOPPER.

    contested: shop, report, a ContestKind, when it was decided.
    """
    made = await connection().fetchval(_INSERT, contest_id, scope.affiliate_id, *contested, words, now)
    return made is not None


async def contests_of(scope: Scope, report_id: UUID) -> list[Record]:
    """The contests of a report, sealed, the last first. Role.STAFF, or SHOPPER for one's own."""
    rows: list[Record] = await connection().fetch(_OWN, scope.affiliate_id, report_id)
    return rows


async def contest_in(scope: Scope, shop_id: UUID) -> Contest:
    """The contest of a shop that waits, or the last one. Raises NotFound."""
    row = await connection().fetchrow(_CONTEST, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("contest")
    return _contest(row)


async def find_contest_state(scope: Scope, shop_id: UUID) -> tuple[ContestKind, ContestState] | None:
    """What the last contest of a shop is about, and where it stands."""
    row = await connection().fetchrow(
        "SELECT kind, state FROM field.rejection_contest WHERE affiliate_id = $1 AND shop_id = $2"
        " ORDER BY state = 'RAISED' DESC, rejected_at DESC LIMIT 1",
        scope.affiliate_id,
        shop_id,
    )
    return (ContestKind(row["kind"]), ContestState(row["state"])) if row else None


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
    rows = await connection().fetch(_DECIDERS, scope.affiliate_id, list(contest.deciders), most, contest.shop_id)
    return [(row["id"], row["email"]) for row in rows]


def _contest(row: Record) -> Contest:
    typed = {"kind": ContestKind(row["kind"]), "state": ContestState(row["state"]), "deciders": tuple(row["deciders"])}
    return Contest(**(dict(row) | typed))
