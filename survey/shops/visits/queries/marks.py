"""Marks as rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import Mark, MarkKind, MarkState

_MARKS = """
SELECT m.id, m.shopper_id, p.display_code AS shopper_code, m.shop_id, s.public_ref AS shop_ref, m.assignment_id, m.kind,
       m.state, m.reason, m.contest, m.proposed_at, m.decided_at, m.contest_words AS words,
       l.name AS place
  FROM identity.mark m
  JOIN identity.shopper p ON p.id = m.shopper_id
  JOIN field.shop s ON s.id = m.shop_id
  JOIN field.location l ON l.id = s.location_id
 WHERE m.affiliate_id = $1
"""

_INSERT = """
INSERT INTO identity.mark (affiliate_id, shopper_id, shop_id, assignment_id, kind, proposed_at)
SELECT given.affiliate_id, given.shopper_id, given.shop_id, given.assignment_id, given.kind, $1
  FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[])
       AS given (affiliate_id, shopper_id, shop_id, assignment_id, kind)
    ON CONFLICT DO NOTHING
"""

# By hand: the report is in, so its assignment is done.
_PROPOSE = """
INSERT INTO identity.mark (affiliate_id, shopper_id, shop_id, assignment_id, kind, proposed_at)
SELECT a.affiliate_id, a.shopper_id, a.shop_id, a.id, $3, $4
  FROM identity.assignment a
 WHERE a.affiliate_id = $1
   AND a.shop_id = $2
   AND a.state = 'done'
    ON CONFLICT (assignment_id, kind) DO UPDATE SET state = 'PROPOSED', reason = '', contest = '', decided_by = NULL,
       decided_at = NULL, contested_at = NULL, contest_words = NULL, proposed_at = excluded.proposed_at
RETURNING id, shopper_id
"""

_ONE = f"{_MARKS} AND m.id = $2"
LOCK = " FOR NO KEY UPDATE OF m"

_DECIDE = """
UPDATE identity.mark
   SET state = $3, reason = $4, decided_by = $5, decided_at = $6
 WHERE affiliate_id = $1
   AND id = $2
"""

_CONTEST = """
UPDATE identity.mark
   SET state = 'CONTESTED', contest = $3, contested_at = $4, contest_words = $5
 WHERE affiliate_id = $1
   AND id = $2
"""

_UNDECIDED = f"""{_MARKS}
   AND m.state IN ('PROPOSED', 'CONTESTED')
   AND ($2::timestamptz IS NULL OR (m.proposed_at, m.id) > ($2, $3::uuid))
 ORDER BY m.proposed_at, m.id
 LIMIT $4
"""

_OF_SHOPPER = f"""{_MARKS}
   AND m.shopper_id = $2
   AND ($3::timestamptz IS NULL OR (m.proposed_at, m.id) < ($3, $4::uuid))
 ORDER BY m.proposed_at DESC, m.id DESC
 LIMIT $5
"""


async def insert_marks(marks: Sequence[tuple[Record, MarkKind]], now: datetime) -> None:
    """Propose marks; each with the row of the assignment that ended. Proposing twice is as good as once."""
    rows = [row for row, _ in marks]
    await connection().execute(
        _INSERT,
        now,
        [row["affiliate_id"] for row in rows],
        [row["shopper_id"] for row in rows],
        [row["shop_id"] for row in rows],
        [row["id"] for row in rows],
        [kind.value for _, kind in marks],
    )


async def propose_mark(scope: Scope, shop_id: UUID, kind: MarkKind, now: datetime) -> Record | None:
    """Propose a mark against whoever made a shop, anew where one of its kind was there: id, shopper_id. None: gone."""
    return await connection().fetchrow(_PROPOSE, scope.affiliate_id, shop_id, kind.value, now)


async def find_mark(scope: Scope, shop_id: UUID, kind: MarkKind) -> Mark | None:
    """The mark of a kind that rests on a shop, locked."""
    row = await connection().fetchrow(
        f"{_MARKS} AND m.shop_id = $2 AND m.kind = $3{LOCK}", scope.affiliate_id, shop_id, kind.value
    )
    return _mark(row) if row else None


async def mark_in(scope: Scope, mark_id: UUID, *, lock: bool = True) -> Mark:
    """A mark, locked unless it is only read. Raises NotFound."""
    row = await connection().fetchrow(_ONE + (LOCK if lock else ""), scope.affiliate_id, mark_id)
    if row is None:
        raise NotFound("mark")
    return _mark(row)


async def decide_mark(scope: Scope, mark_id: UUID, state: MarkState, reason: str, now: datetime) -> None:
    """Write what staff decided."""
    await connection().execute(_DECIDE, scope.affiliate_id, mark_id, state, reason, scope.account_id, now)


async def contest_mark(scope: Scope, mark_id: UUID, said: tuple[str, bytes | None], now: datetime) -> None:
    """Write what the shopper says against it; said: a code, and sealed words."""
    reason, words = said
    await connection().execute(_CONTEST, scope.affiliate_id, mark_id, reason, now, words)


async def undecided_marks(scope: Scope, keyset: Keyset) -> Paged[Mark]:
    """One page of marks that wait for a person, the oldest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_UNDECIDED, scope.affiliate_id, *after, keyset.rows_to_fetch)
    return paged([_mark(row) for row in rows], keyset, lambda mark: (mark.proposed_at, mark.id))


async def marks_of(scope: Scope, shopper_id: UUID, keyset: Keyset) -> Paged[Mark]:
    """One page of a shopper's marks in every state, the latest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_OF_SHOPPER, scope.affiliate_id, shopper_id, *after, keyset.rows_to_fetch)
    return paged([_mark(row) for row in rows], keyset, lambda mark: (mark.proposed_at, mark.id))


def _mark(row: Record) -> Mark:
    return Mark(**(dict(row) | {"kind": MarkKind(row["kind"]), "state": MarkState(row["state"])}))
