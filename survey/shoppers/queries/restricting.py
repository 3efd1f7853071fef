"""Restrictions of processing. Role.SHOPPER for one's own, Role.STAFF to answer.

What was announced to end has ended once that moment is over, whoever looks: no job has to run for it.
"""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, Paged, Scope, connection, paged

from ..domain.restricting import QueuedRestriction

_STANDING = """
SELECT id,
       ground,
       words,
       asked_at,
       verdict,
       answer,
       decided_at,
       ends_at
  FROM identity.restriction
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND ended_at IS NULL
   AND (ends_at IS NULL OR ends_at > $3)
"""

_CLOSE_RUN_OUT = """
UPDATE identity.restriction
   SET ended_at = ends_at
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND ended_at IS NULL
   AND ends_at <= $3
"""

_END = """
UPDATE identity.restriction
   SET ended_at = $3
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND ended_at IS NULL
   AND (ends_at IS NULL OR ends_at > $3)
RETURNING id
"""

_DECIDE = """
UPDATE identity.restriction
   SET verdict = $3,
       answer = $4,
       decided_by = $5,
       decided_at = $6,
       ends_at = $7
 WHERE affiliate_id = $1
   AND id = $2
   AND ended_at IS NULL
   AND (ends_at IS NULL OR ends_at > $6)
RETURNING id
"""

_WAITING = """
SELECT count(*)
  FROM identity.restriction
 WHERE affiliate_id = $1
   AND verdict IS NULL
   AND ended_at IS NULL
"""

_QUEUE = """
SELECT r.id,
       r.shopper_id,
       s.display_code,
       r.ground,
       r.asked_at,
       r.verdict,
       r.ends_at
  FROM identity.restriction r
  JOIN identity.shopper s ON s.id = r.shopper_id
 WHERE r.affiliate_id = $1
   AND r.ended_at IS NULL
   AND (r.ends_at IS NULL OR r.ends_at > $2)
   AND ($3::timestamptz IS NULL OR (r.asked_at, r.id) > ($3, $4::uuid))
 ORDER BY r.asked_at, r.id
 LIMIT $5
"""


def stands_for(shopper: str, now: str) -> str:
    """A condition: whether one stands. shopper, now: expressions of the statement, never a value."""
    return (
        f"EXISTS (SELECT FROM identity.restriction x WHERE x.shopper_id = {shopper}"
        f" AND x.ended_at IS NULL AND (x.ends_at IS NULL OR x.ends_at > {now}))"
    )


async def standing(scope: Scope, shopper_id: UUID, now: datetime) -> Record | None:
    """The restriction that stands, sealed; None where there is none."""
    return await connection().fetchrow(_STANDING, scope.affiliate_id, shopper_id, now)


async def insert(scope: Scope, one: tuple[UUID, str, bytes | None], now: datetime) -> None:
    """Begin one. one: id, ground, sealed words. What had run out before is closed. Role.SHOPPER."""
    await connection().execute(_CLOSE_RUN_OUT, scope.affiliate_id, scope.shopper_id, now)
    await connection().execute(
        "INSERT INTO identity.restriction (affiliate_id, shopper_id, id, ground, words, asked_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        scope.affiliate_id, scope.shopper_id, *one, now,
    )  # fmt: skip


async def end(scope: Scope, now: datetime) -> bool:
    """End one's own; False where none stands. Role.SHOPPER."""
    return await connection().fetchval(_END, scope.affiliate_id, scope.shopper_id, now) is not None


async def decide(
    scope: Scope, restriction_id: UUID, verdict: str, answer: bytes | None, times: tuple[datetime, datetime | None]
) -> bool:
    """Answer one; False where it stands no more. times: now, and when it ends. Role.STAFF."""
    found = await connection().fetchval(
        _DECIDE, scope.affiliate_id, restriction_id, verdict, answer, scope.account_id, *times
    )
    return found is not None


async def count_waiting(scope: Scope) -> int:
    """How many wait for an answer. Role.STAFF."""
    found: int = await connection().fetchval(_WAITING, scope.affiliate_id)
    return found


async def queue(scope: Scope, now: datetime, keyset: Keyset) -> Paged[QueuedRestriction]:
    """One page of those that stand, the oldest first. Role.STAFF. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_QUEUE, scope.affiliate_id, now, *after, keyset.rows_to_fetch)
    return paged([QueuedRestriction(**row) for row in rows], keyset, lambda one: (one.asked_at, one.id))
