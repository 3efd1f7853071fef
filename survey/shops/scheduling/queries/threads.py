"""Threads and their messages as rows. The words are sealed before they come here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as lists show it: a code, never a name."""

    id: UUID
    shopper_id: UUID
    display_code: str
    shop_id: UUID | None
    public_ref: str | None
    owner_id: UUID | None
    waiting_since: datetime | None
    last_at: datetime


class Sealed(NamedTuple):
    """A message with its words sealed."""

    id: UUID
    author: str
    account_id: UUID | None
    body: bytes
    created_at: datetime


class Written(NamedTuple):
    """A message to be stored. thread: the shopper and, if it is about one, the shop."""

    id: UUID
    shopper_id: UUID
    shop_id: UUID | None
    body: bytes


_COLUMNS = """t.id, t.shopper_id, p.display_code, t.shop_id, s.public_ref, t.owner_id, t.waiting_since, t.last_at"""

_FROM = """
  FROM identity.thread t
  JOIN identity.shopper p ON p.id = t.shopper_id
  LEFT JOIN field.shop s ON s.id = t.shop_id
"""

# Whoever waits longest comes first; then what was said last.
_LIST = f"""
SELECT {_COLUMNS}, (t.waiting_since IS NULL) AS is_answered,
       CASE WHEN t.waiting_since IS NULL THEN -extract(epoch FROM t.last_at)
            ELSE extract(epoch FROM t.waiting_since) END AS key
{_FROM}
 WHERE t.affiliate_id = $1
   AND ($2::uuid IS NULL OR t.owner_id = $2)
   AND ($3::boolean IS NULL OR (t.waiting_since IS NULL, CASE WHEN t.waiting_since IS NULL
            THEN -extract(epoch FROM t.last_at) ELSE extract(epoch FROM t.waiting_since) END, t.id)
        > ($3, $4::text::numeric, $5::uuid))
 ORDER BY is_answered, key, t.id
 LIMIT $6
"""  # noqa: S608

_ONE = f"SELECT {_COLUMNS} {_FROM} WHERE t.affiliate_id = $1 AND t.id = $2"

_MESSAGES = """
SELECT id, author, account_id, body, created_at
  FROM identity.message
 WHERE affiliate_id = $1
   AND thread_id = $2
 ORDER BY created_at DESC, id DESC
 LIMIT $3
"""

_OPEN = """
INSERT INTO identity.thread (affiliate_id, shopper_id, shop_id, owner_id, last_at, created_at)
SELECT $1, m.shopper_id, m.shop_id, $2, $3, $3
  FROM (SELECT DISTINCT * FROM unnest($4::uuid[], $5::uuid[]) AS given (shopper_id, shop_id)) AS m
    ON CONFLICT (shopper_id, shop_id) DO UPDATE SET last_at = excluded.last_at
RETURNING id, shopper_id, shop_id, waiting_since
"""

_INSERT = """
INSERT INTO identity.message (id, affiliate_id, thread_id, shopper_id, author, account_id, body, created_at)
SELECT m.id, $1, m.thread_id, m.shopper_id, $2, $3, m.body, $4
  FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::bytea[]) AS m (id, thread_id, shopper_id, body)
"""

_ANSWERED = """
UPDATE identity.thread
   SET waiting_since = NULL, owner_id = coalesce(owner_id, $3)
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
"""

_ASKED = """
UPDATE identity.thread
   SET waiting_since = coalesce(waiting_since, $3), last_at = $3
 WHERE affiliate_id = $1
   AND id = $2
"""

_OWN = "UPDATE identity.thread SET owner_id = $3 WHERE affiliate_id = $1 AND id = $2 RETURNING id"

_WAITING = "SELECT count(*) FROM identity.thread WHERE affiliate_id = $1 AND waiting_since IS NOT NULL"

_TAKE_BACK = "DELETE FROM identity.message WHERE affiliate_id = $1 AND id = ANY($2::uuid[]) RETURNING thread_id"

_WAIT_AGAIN = """
UPDATE identity.thread t
   SET waiting_since = m.waiting_since
  FROM unnest($2::uuid[], $3::timestamptz[]) AS m (id, waiting_since)
 WHERE t.affiliate_id = $1
   AND t.id = m.id
   AND t.waiting_since IS NULL
"""

_HOLDERS = """
SELECT a.shop_id, a.shopper_id
  FROM identity.assignment a
  JOIN identity.shopper p ON p.id = a.shopper_id AND p.status <> 'erased'
 WHERE a.affiliate_id = $1
   AND a.shop_id = ANY($2::uuid[])
   AND a.state IN ('offered', 'held')
"""


async def threads_of(scope: Scope, keyset: Keyset, owner_id: UUID | None = None) -> Paged[Thread]:
    """One page of threads, of one owner or of all: unanswered first, the longest wait first. Raises BadCursor."""
    after = keyset.after_as(tuple[bool, str, UUID]) or (None, None, None)
    rows = await connection().fetch(_LIST, scope.affiliate_id, owner_id, *after, keyset.rows_to_fetch)
    page = paged(rows, keyset, lambda row: (row["is_answered"], str(row["key"]), row["id"]))
    return Paged([_thread(row) for row in page.rows], page.next_cursor)


async def thread_in(scope: Scope, thread_id: UUID) -> Thread:
    """A thread. Raises NotFound."""
    row = await connection().fetchrow(_ONE, scope.affiliate_id, thread_id)
    if row is None:
        raise NotFound("thread")
    return _thread(row)


async def sealed_messages(scope: Scope, thread_id: UUID, limit: int) -> list[Sealed]:
    """The latest messages of a thread, the earliest of them first."""
    rows = await connection().fetch(_MESSAGES, scope.affiliate_id, thread_id, limit)
    return [Sealed(*row) for row in reversed(rows)]


async def open_threads(
    scope: Scope, about: Sequence[tuple[UUID, UUID | None]], owner_id: UUID | None, now: datetime
) -> dict[tuple[UUID, UUID | None], tuple[UUID, datetime | None]]:
    """Threads of shoppers about shops, made where there are none: their ids, and since when each has waited."""
    rows = await connection().fetch(
        _OPEN, scope.affiliate_id, owner_id, now, [who for who, _ in about], [which for _, which in about]
    )
    return {(row["shopper_id"], row["shop_id"]): (row["id"], row["waiting_since"]) for row in rows}


async def insert_messages(scope: Scope, author: str, messages: Sequence[tuple[UUID, Written]], now: datetime) -> None:
    """Store messages; each with its thread."""
    await connection().execute(
        _INSERT,
        scope.affiliate_id,
        author,
        scope.account_id if author == "staff" else None,
        now,
        [message.id for _, message in messages],
        [thread_id for thread_id, _ in messages],
        [message.shopper_id for _, message in messages],
        [message.body for _, message in messages],
    )


async def mark_answered(scope: Scope, thread_ids: Sequence[UUID]) -> None:
    """The staff have answered; a thread that was nobody's is now the answerer's."""
    await connection().execute(_ANSWERED, scope.affiliate_id, list(thread_ids), scope.account_id)


async def mark_asked(scope: Scope, thread_id: UUID, now: datetime) -> None:
    """The shopper has written; the clock runs from the first word that nobody has answered."""
    await connection().execute(_ASKED, scope.affiliate_id, thread_id, now)


async def own_thread(scope: Scope, thread_id: UUID, owner_id: UUID | None) -> None:
    """Let somebody answer from now on, or, with None, nobody in particular. Raises NotFound."""
    if await connection().fetchval(_OWN, scope.affiliate_id, thread_id, owner_id) is None:
        raise NotFound("thread")


async def count_waiting(scope: Scope) -> int:
    """How many threads wait for an answer."""
    count: int = await connection().fetchval(_WAITING, scope.affiliate_id)
    return count


async def take_messages_back(scope: Scope, message_ids: Sequence[UUID]) -> int:
    """Remove messages that were sent a moment ago; how many there were."""
    return len(await connection().fetch(_TAKE_BACK, scope.affiliate_id, list(message_ids)))


async def wait_again(scope: Scope, since: Sequence[tuple[UUID, datetime]]) -> None:
    """Let threads wait for an answer as they did."""
    await connection().execute(_WAIT_AGAIN, scope.affiliate_id, [each for each, _ in since], [at for _, at in since])


async def holders_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Who has, or is offered, each of the shops; by shop."""
    rows = await connection().fetch(_HOLDERS, scope.affiliate_id, list(shop_ids))
    return {row["shop_id"]: row["shopper_id"] for row in rows}


def _thread(row: Record) -> Thread:
    return Thread(
        row["id"], row["shopper_id"], row["display_code"], row["shop_id"], row["public_ref"], row["owner_id"],
        row["waiting_since"], row["last_at"],
    )  # fmt: skip
