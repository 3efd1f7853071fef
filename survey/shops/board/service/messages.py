"""A shopper's threads with the staff. Role.SHOPPER; the words are sealed where threads are kept, in scheduling."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from privacy.vault import KeyRing
from survey.db import Keyset, NotFound, Paged, Scope
from survey.shops.scheduling import service as scheduling

from .. import queries
from ..queries.threads import OwnThread

SAME = timedelta(minutes=10)  # the same words again so soon are the same click


async def own_threads(scope: Scope, keyset: Keyset, now: datetime) -> Paged[OwnThread]:
    """One page of threads. Raises BadCursor."""
    return await queries.threads.own_threads(scope, keyset, now)


async def read_thread(
    scope: Scope, ring: KeyRing, thread_id: UUID, now: datetime
) -> tuple[scheduling.Thread, Sequence[scheduling.Message]]:
    """A thread with its latest words; none of them is new after that. Raises NotFound.

    What staff write while it is opened was not shown, and is new still.
    """
    thread, messages = await scheduling.read_thread(scope, ring, thread_id, now)
    await queries.threads.mark_read(scope, thread_id, [each.id for each in messages if each.is_staff])
    return thread, messages


async def count_unread(scope: Scope, now: datetime) -> int:
    """How many threads hold something that the shopper has not opened yet."""
    return await queries.threads.count_unread(scope, now)


async def waits_since(scope: Scope, thread_id: UUID, now: datetime) -> datetime | None:
    """Since when its shopper waits for an answer. One that staff can still take back is none yet."""
    thread = await queries.threads.find_own_thread(scope, thread_id, now)
    return thread.waiting_since if thread else None


async def check_about(scope: Scope, shop_id: UUID | None, now: datetime) -> None:
    """One writes about a shop with which one has or had to do. Raises NotFound."""
    if shop_id is not None and not await queries.shop.had_to_do_with(scope, shop_id, now):
        raise NotFound("shop")


async def say(scope: Scope, ring: KeyRing, shop_id: UUID | None, words: str, now: datetime) -> UUID:
    """Write to the staff, about a shop or in general; the thread. Clicked twice is written once. NotFound."""
    await check_about(scope, shop_id, now)
    thread_id = await queries.threads.find_thread_about(scope, shop_id)
    if thread_id is not None:
        _, messages = await scheduling.read_thread(scope, ring, thread_id, now)
        last = messages[-1] if messages else None
        if last and not last.is_staff and last.words == words and now - last.created_at < SAME:
            return thread_id
    return await scheduling.ask(scope, ring, shop_id, words, now)
