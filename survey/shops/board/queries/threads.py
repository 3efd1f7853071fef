"""The shopper's own threads with the staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from survey.db import Keyset, Paged, Scope, connection, paged

_THREADS = """
SELECT t.id, t.shop_id, s.public_ref, l.name AS place, t.owner_id IS NOT NULL AS has_owner, t.waiting_since, t.last_at
  FROM identity.thread t
  LEFT JOIN field.shop s ON s.id = t.shop_id
  LEFT JOIN field.location l ON l.id = s.location_id
 WHERE t.affiliate_id = $1
   AND t.shopper_id = $2
   AND ($3::timestamptz IS NULL OR (t.last_at, t.id) < ($3, $4::uuid))
 ORDER BY t.last_at DESC, t.id DESC
 LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A thread as its shopper sees it: about which shop, and whether an answer is waited for."""

    id: UUID
    shop_id: UUID | None
    public_ref: str | None
    place: str | None
    has_owner: bool
    waiting_since: datetime | None
    last_at: datetime


async def own_threads(scope: Scope, keyset: Keyset) -> Paged[OwnThread]:
    """One page of the shopper's threads, what was said last first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_THREADS, scope.affiliate_id, scope.shopper_id, *after, keyset.rows_to_fetch)
    return paged([OwnThread(**dict(row)) for row in rows], keyset, lambda thread: (thread.last_at, thread.id))


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
