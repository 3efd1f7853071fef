"""Writing between staff and shoppers. Words are sealed with the shopper's key; opening them is recorded for staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from privacy.audit import Event, record, record_many
from privacy.vault import KeyRing, Place, data_key, data_keys, seal, unseal_text
from survey.db import NotFound, Scope, connection
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import Addressed, Unaddressed
from ..queries import Opened, Thread, Written

BODY = "identity.message.body"
SHOWN = 100
READ_PURPOSE = "answer a shopper"
NOBODY = "Nobody who can be written to has that code"
NO_SHOP = "There is no shop of that reference"
NOT_THEIRS = "This shopper has not had that shop, nor asked for it. Write in general, and do not name it"
RESTRICTED = (
    "This shopper has restricted what is done with their data: write to them only about a shop that they have, or"
    " answer what they wrote"
)


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
    sealed = await queries.sealed_messages(scope, thread_id, SHOWN, now)
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
    scope: Scope,
    ring: KeyRing,
    about: Sequence[tuple[UUID, UUID | None]],
    words: str,
    now: datetime,
    shown_from: datetime | None = None,
) -> dict[UUID, Opened]:
    """Staff write the same to each of the shoppers; about: shopper and shop. Fixed number of statements. Role.STAFF.

    shown_from: from when on the shoppers see it. Returns by message its thread as it was: what taking it back needs.
    """
    threads = await queries.open_threads(scope, about, scope.account_id, now)
    messages = await _sealed(ring, about, words)
    placed = [(threads[(each.shopper_id, each.shop_id)].id, each) for each in messages]
    await queries.insert_messages(scope, "staff", placed, now, shown_from)
    await queries.mark_answered(scope, [thread_id for thread_id, _ in placed])
    await _note(scope, placed, now)
    return {each.id: threads[(each.shopper_id, each.shop_id)] for each in messages}


async def begin(scope: Scope, ring: KeyRing, about: Addressed, words: str, now: datetime) -> UUID:
    """Staff write to one shopper of their own accord; returns the thread. Raises Unaddressed."""
    shopper_id = await queries.find_addressee(scope, about.shopper_code)
    if shopper_id is None:
        raise Unaddressed("shopper", NOBODY)
    shop_id = await _shop_of(scope, shopper_id, about.shop_ref) if about.shop_ref else None
    holds = shop_id is not None and (await queries.tie(shopper_id, shop_id))[0]
    if not holds and await shoppers.restricting.stands(scope, shopper_id, now):
        raise Unaddressed("shopper", RESTRICTED)
    written = await write(scope, ring, [(shopper_id, shop_id)], words, now)
    return next(iter(written.values())).id


async def _shop_of(scope: Scope, shopper_id: UUID, ref: str) -> UUID:
    """A shop of which the shopper knows: of no other one may they hear by a message."""
    found = [each.shop_id for each in await queries.shops_meant(scope, [ref]) if each.is_ref]
    if not found:
        raise Unaddressed("shop", NO_SHOP)
    if not (await queries.tie(shopper_id, found[0]))[1]:
        raise Unaddressed("shop", NOT_THEIRS)
    return found[0]


async def ask(scope: Scope, ring: KeyRing, shop_id: UUID | None, words: str, now: datetime) -> UUID:
    """A shopper writes, about a shop or in general; returns the thread. The response clock runs. Role.SHOPPER."""
    if scope.shopper_id is None:
        raise NotFound("shopper")
    about = (scope.shopper_id, shop_id)
    threads = await queries.open_threads(scope, [about], None, now)
    thread_id = threads[about].id
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


async def take_back(
    scope: Scope, messages: Mapping[UUID, Opened], written_at: datetime, writer_id: UUID | None
) -> int:  # fmt: skip
    """Remove messages of a moment ago, and let their threads be as they were, or not at all; how many there were."""
    count = await queries.take_messages_back(scope, list(messages))
    await queries.restore_threads(scope, list(messages.values()), written_at, writer_id)
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
