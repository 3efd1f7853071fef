"""Writing between staff and shoppers. Words are sealed with the shopper's key; opening them is recorded for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from privacy.audit import Event, record, record_many
from privacy.vault import KeyRing, Place, data_key, data_keys, seal, unseal_text
from survey.db import NotFound, Scope, connection

from .. import queries
from ..queries import Thread, Written

BODY = "identity.message.body"
SHOWN = 100
READ_PURPOSE = "answer a shopper"


@dataclass(frozen=True, slots=True)
class Message:
    """A message, opened. is_staff: written by the affiliate's people."""

    id: UUID
    is_staff: bool
    account_id: UUID | None
    words: str
    created_at: datetime


async def read_thread(scope: Scope, ring: KeyRing, thread_id: UUID, now: datetime) -> tuple[Thread, list[Message]]:
    """A thread with its latest messages. Staff's look is recorded. Role.STAFF or Role.SHOPPER. Raises NotFound."""
    thread = await queries.thread_in(scope, thread_id)
    key = await data_key(connection(), ring, thread.shopper_id)
    sealed = await queries.sealed_messages(scope, thread_id, SHOWN)
    if scope.shopper_id is None:
        event = Event(
            scope.affiliate_id, scope.actor_kind, scope.account_id, "thread.read", "thread", thread_id,
            subject_id=thread.shopper_id, purpose=READ_PURPOSE, detail=scope.seen_as,
        )  # fmt: skip
        await record(connection(), event, now)
    return thread, [
        Message(
            row.id, row.author == "staff", row.account_id,
            unseal_text(key, Place(BODY, row.id, thread.shopper_id), row.body), row.created_at,
        )
        for row in sealed
    ]  # fmt: skip


async def write(
    scope: Scope, ring: KeyRing, about: Sequence[tuple[UUID, UUID | None]], words: str, now: datetime
) -> dict[UUID, tuple[UUID, datetime | None]]:
    """Staff write the same to each of the shoppers; about: shopper and shop. Fixed number of statements. Role.STAFF.

    Returns by message its thread, and since when that had waited: what taking it back needs.
    """
    threads = await queries.open_threads(scope, about, scope.account_id, now)
    messages = await _sealed(ring, about, words)
    placed = [(threads[(each.shopper_id, each.shop_id)][0], each) for each in messages]
    await queries.insert_messages(scope, "staff", placed, now)
    await queries.mark_answered(scope, [thread_id for thread_id, _ in placed])
    await _note(scope, placed, now)
    return {each.id: threads[(each.shopper_id, each.shop_id)] for each in messages}


async def ask(scope: Scope, ring: KeyRing, shop_id: UUID | None, words: str, now: datetime) -> UUID:
    """A shopper writes, about a shop or in general; returns the thread. The response clock runs. Role.SHOPPER."""
    if scope.shopper_id is None:
        raise NotFound("shopper")
    about = (scope.shopper_id, shop_id)
    threads = await queries.open_threads(scope, [about], None, now)
    thread_id, _ = threads[about]
    placed = [(thread_id, each) for each in await _sealed(ring, [about], words)]
    await queries.insert_messages(scope, "shopper", placed, now)
    await queries.mark_asked(scope, thread_id, now)
    await _note(scope, placed, now)
    return thread_id


async def take_over(scope: Scope, thread_id: UUID, now: datetime) -> None:
    """Be the one who answers a thread. Raises NotFound."""
    await queries.own_thread(scope, thread_id, scope.account_id)
    await record(
        connection(),
        Event(scope.affiliate_id, scope.actor_kind, scope.account_id, "thread.own", "thread", thread_id),
        now,
    )


async def take_back(scope: Scope, messages: Mapping[UUID, tuple[UUID, datetime | None]], now: datetime) -> int:
    """Remove messages of a moment ago, and let their threads wait as they did; how many there were."""
    count = await queries.take_messages_back(scope, list(messages))
    await queries.wait_again(scope, [(thread_id, since) for thread_id, since in messages.values() if since])
    return count


async def _sealed(ring: KeyRing, about: Sequence[tuple[UUID, UUID | None]], words: str) -> list[Written]:
    """The words once for each, sealed with each one's key. Whoever has been erased has none, and gets none."""
    keys = await data_keys(connection(), ring, list({who for who, _ in about}))
    written = []
    for who, which in about:
        if key := keys.get(who):
            message_id = uuid4()
            written.append(Written(message_id, who, which, seal(key, Place(BODY, message_id, who), words)))
    return written


async def _note(scope: Scope, placed: Sequence[tuple[UUID, Written]], now: datetime) -> None:
    events = [
        Event(
            scope.affiliate_id, scope.actor_kind, scope.account_id, "message.write", "thread", thread_id,
            subject_id=each.shopper_id,
        )
        for thread_id, each in placed
    ]  # fmt: skip
    await record_many(connection(), events, now)
