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


class Opened(NamedTuple):
    """A thread as it was before something was written: since when it waited, whose it was, and what was said last.

    last_at: None where there was no thread.
    """

    id: UUID
    waiting_since: datetime | None
    owner_id: UUID | None
    last_at: datetime | None


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
   AND ($4::timestamptz IS NULL OR shown_from IS NULL OR shown_from <= $4)
 ORDER BY created_at DESC, id DESC
 LIMIT $3
"""

_OPEN = """
WITH opened AS (
INSERT INTO identity.thread (affiliate_id, shopper_id, shop_id, owner_id, last_at, created_at)
SELECT $1, m.shopper_id, m.shop_id, $2, $3, $3
  FROM (SELECT DISTINCT * FROM unnest($4::uuid[], $5::uuid[]) AS given (shopper_id, shop_id)) AS m
    ON CONFLICT (shopper_id, shop_id) DO UPDATE SET last_at = excluded.last_at
RETURNING id, shopper_id, shop_id
)
SELECT o.id, o.shopper_id, o.shop_id, was.waiting_since, was.owner_id, was.last_at
  FROM opened o
  LEFT JOIN identity.thread was ON was.id = o.id
"""

_INSERT = """
INSERT INTO identity.message
       (id, affiliate_id, thread_id, shopper_id, author, account_id, body, created_at, shown_from)
SELECT m.id, $1, m.thread_id, m.shopper_id, $2, $3, m.body, $4, $9
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

_ADDRESSEE = """
SELECT id
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND display_code = $2
   AND status IN ('active', 'paused')
"""

# What a shopper has to do with a shop: whether they have it now, and whether they have, had or asked for it.
_TIE = """
SELECT EXISTS (SELECT FROM identity.assignment a
                WHERE a.shop_id = $2 AND a.shopper_id = $1 AND a.state IN ('offered', 'held')) AS holds,
       EXISTS (SELECT FROM identity.assignment a WHERE a.shop_id = $2 AND a.shopper_id = $1)
       OR EXISTS (SELECT FROM identity.application q WHERE q.shop_id = $2 AND q.shopper_id = $1) AS knows
"""

_WAITING = "SELECT count(*) FROM identity.thread WHERE affiliate_id = $1 AND waiting_since IS NOT NULL"

_TAKE_BACK = "DELETE FROM identity.message WHERE affiliate_id = $1 AND id = ANY($2::uuid[]) RETURNING thread_id"

# Where somebody has written since, the thread goes on; whoever has taken it over since keeps it. $7: who wrote.
_RESTORE = """
UPDATE identity.thread t
   SET waiting_since = m.waiting_since, last_at = m.last_at,
       owner_id = CASE WHEN t.owner_id = coalesce(m.owner_id, $7) THEN m.owner_id ELSE t.owner_id END
  FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::timestamptz[]) AS m (id, waiting_since, owner_id, last_at)
 WHERE t.affiliate_id = $1
   AND t.id = m.id
   AND t.last_at = $6
   AND m.last_at IS NOT NULL
"""

_FORGET = """
DELETE FROM identity.thread t
 WHERE t.affiliate_id = $1
   AND t.id = ANY($2::uuid[])
   AND NOT EXISTS (SELECT FROM identity.message m WHERE m.thread_id = t.id)
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


async def sealed_messages(scope: Scope, thread_id: UUID, limit: int, now: datetime) -> list[Sealed]:
    """The latest messages of a thread, the earliest of them first; a shopper sees none that can still be undone."""
    seen_at = now if scope.shopper_id is not None else None
    rows = await connection().fetch(_MESSAGES, scope.affiliate_id, thread_id, limit, seen_at)
    return [Sealed(*row) for row in reversed(rows)]


async def open_threads(
    scope: Scope, about: Sequence[tuple[UUID, UUID | None]], owner_id: UUID | None, now: datetime
) -> dict[tuple[UUID, UUID | None], Opened]:
    """Threads of shoppers about shops, made where there are none, each as it was before."""
    rows = await connection().fetch(
        _OPEN, scope.affiliate_id, owner_id, now, [who for who, _ in about], [which for _, which in about]
    )
    return {
        (row["shopper_id"], row["shop_id"]): Opened(row["id"], row["waiting_since"], row["owner_id"], row["last_at"])
        for row in rows
    }


async def insert_messages(
    scope: Scope,
    author: str,
    messages: Sequence[tuple[UUID, Written]],
    now: datetime,
    shown_from: datetime | None = None,
) -> None:
    """Store messages; each with its thread. shown_from: from when on the shoppers see them, if not at once."""
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
        shown_from,
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


async def find_addressee(scope: Scope, code: str) -> UUID | None:
    """The shopper with a display code who can read messages; None where there is none."""
    found: UUID | None = await connection().fetchval(_ADDRESSEE, scope.affiliate_id, code)
    return found


async def tie(shopper_id: UUID, shop_id: UUID) -> tuple[bool, bool]:
    """Whether a shopper has a shop, and whether they know of it: have it, had it or asked for it. Role.STAFF."""
    row = await connection().fetchrow(_TIE, shopper_id, shop_id)
    return row["holds"], row["knows"]


async def count_waiting(scope: Scope) -> int:
    """How many threads wait for an answer."""
    count: int = await connection().fetchval(_WAITING, scope.affiliate_id)
    return count


async def take_messages_back(scope: Scope, message_ids: Sequence[UUID]) -> int:
    """Remove messages that were sent a moment ago; how many there were."""
    return len(await connection().fetch(_TAKE_BACK, scope.affiliate_id, list(message_ids)))


async def restore_threads(
    scope: Scope, threads: Sequence[Opened], written_at: datetime, writer_id: UUID | None
) -> None:
    """Let threads be as they were before that moment; those that were not there go, where nothing is said in them."""
    columns = [list(column) for column in zip(*threads, strict=True)] if threads else [[], [], [], []]
    await connection().execute(_RESTORE, scope.affiliate_id, *columns, written_at, writer_id)
    made = [each.id for each in threads if each.last_at is None]
    await connection().execute(_FORGET, scope.affiliate_id, made)


async def holders_of(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Who has, or is offered, each of the shops; by shop."""
    rows = await connection().fetch(_HOLDERS, scope.affiliate_id, list(shop_ids))
    return {row["shop_id"]: row["shopper_id"] for row in rows}


def _thread(row: Record) -> Thread:
    return Thread(
        row["id"], row["shopper_id"], row["display_code"], row["shop_id"], row["public_ref"], row["owner_id"],
        row["waiting_since"], row["last_at"],
    )  # fmt: skip
