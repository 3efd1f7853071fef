"""The shopper's own threads with the staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from survey.db import Keyset, Paged, Scope, connection, paged

# Words that staff can still take back are not there yet: their thread stands, and waits, as it did before them.
_OWN = """
SELECT t.id, t.shop_id, s.public_ref, l.name AS place, t.owner_id IS NOT NULL AS has_owner, seen.waiting_since,
       seen.last_at, EXISTS (
       SELECT FROM identity.message m
        WHERE m.thread_id = t.id
          AND m.author = 'staff'
          AND (m.shown_from IS NULL OR m.shown_from <= $3)
          AND coalesce(m.shown_from, m.created_at) > coalesce(t.read_to, '-infinity')) AS is_unread
  FROM identity.thread t
 CROSS JOIN LATERAL (
       SELECT count(m.id) AS said, count(m.id) FILTER (WHERE m.is_shown) AS shown,
              max(m.created_at) FILTER (WHERE m.is_shown) AS last_at,
              max(m.created_at) FILTER (WHERE m.is_shown AND m.author = 'staff') AS answered_at
         FROM (SELECT x.id, x.author, x.created_at, x.shown_from IS NULL OR x.shown_from <= $3 AS is_shown
                 FROM identity.message x
                WHERE x.thread_id = t.id) AS m) AS talk
 CROSS JOIN LATERAL (
       SELECT t.waiting_since, t.last_at
        WHERE talk.shown = talk.said
        UNION ALL
       SELECT min(m.created_at), talk.last_at
         FROM identity.message m
        WHERE m.thread_id = t.id
          AND m.author = 'shopper'
          AND (talk.answered_at IS NULL OR m.created_at > talk.answered_at)
       HAVING talk.shown BETWEEN 1 AND talk.said - 1) AS seen
  LEFT JOIN field.shop s ON s.id = t.shop_id
  LEFT JOIN field.location l ON l.id = s.location_id
 WHERE t.affiliate_id = $1
   AND t.shopper_id = $2
"""

_THREADS = f"""
{_OWN}
   AND ($4::timestamptz IS NULL OR (seen.last_at, t.id) < ($4, $5::uuid))
 ORDER BY seen.last_at DESC, t.id DESC
 LIMIT $6
"""

_UNREAD = """
SELECT count(DISTINCT t.id)
  FROM identity.thread t
  JOIN identity.message m ON m.thread_id = t.id
 WHERE t.affiliate_id = $1
   AND t.shopper_id = $2
   AND m.author = 'staff'
   AND (m.shown_from IS NULL OR m.shown_from <= $3)
   AND coalesce(m.shown_from, m.created_at) > coalesce(t.read_to, '-infinity')
"""

# Up to the last message that was shown, not when it was read: nobody needs to know that.
_MARK_READ = """
UPDATE identity.thread t
   SET read_to = said.last_at
  FROM (SELECT max(coalesce(m.shown_from, m.created_at)) AS last_at
          FROM identity.message m
         WHERE m.thread_id = $3
           AND m.id = ANY($4::uuid[])) AS said
 WHERE t.affiliate_id = $1
   AND t.shopper_id = $2
   AND t.id = $3
   AND said.last_at > coalesce(t.read_to, '-infinity')
"""


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A thread as its shopper sees it: about which shop, whether an answer is waited for, and whether one is new."""

    id: UUID
    shop_id: UUID | None
    public_ref: str | None
    place: str | None
    has_owner: bool
    waiting_since: datetime | None
    last_at: datetime
    is_unread: bool


async def own_threads(scope: Scope, keyset: Keyset, now: datetime) -> Paged[OwnThread]:
    """One page of the shopper's threads, what was said last first; nothing that can still be undone. BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_THREADS, scope.affiliate_id, scope.shopper_id, now, *after, keyset.rows_to_fetch)
    return paged([OwnThread(**dict(row)) for row in rows], keyset, lambda thread: (thread.last_at, thread.id))


async def find_own_thread(scope: Scope, thread_id: UUID, now: datetime) -> OwnThread | None:
    """One of the shopper's threads, as the list has it; None where nothing in it is there to be read yet."""
    row = await connection().fetchrow(_OWN + " AND t.id = $4", scope.affiliate_id, scope.shopper_id, now, thread_id)
    return None if row is None else OwnThread(**row)


async def find_thread_about(scope: Scope, shop_id: UUID | None) -> UUID | None:
    """The shopper's thread about a shop, or the general one."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM identity.thread"
        " WHERE affiliate_id = $1 AND shopper_id = $2 AND shop_id IS NOT DISTINCT FROM $3",
        scope.affiliate_id,
        scope.shopper_id,
        shop_id,
    )
    return found


async def count_unread(scope: Scope, now: datetime) -> int:
    """How many of the shopper's threads hold words of staff that were not opened yet."""
    found: int = await connection().fetchval(_UNREAD, scope.affiliate_id, scope.shopper_id, now)
    return found


async def mark_read(scope: Scope, thread_id: UUID, shown: Sequence[UUID]) -> None:
    """That the shopper has opened a thread. shown: the messages of staff that they were shown."""
    await connection().execute(_MARK_READ, scope.affiliate_id, scope.shopper_id, thread_id, list(shown))
