"""A shopper asks for a copy of what one company holds about them, fetches it with the password, and it goes by itself.

Whoever the company has shut out may take one as well, and nobody has to accept anything first.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record, record_many
from privacy.crypto import random_id
from privacy.vault import data_key
from survey.accounts import service as accounts
from survey.db import NotFound, Role, Scope, Transaction, connection, transaction
from survey.media import Media, media_of, new_key
from survey.queue import enqueue
from survey.rights import queries
from survey.rights.domain.copies import KEPT, Copy, NothingToTake
from survey.settings import Settings
from survey.shoppers import service as shoppers
from survey.shoppers.domain import OwnProfile
from survey.web.visit import Session

from .sealed_files import opened

MEDIA_KIND = "copies"
PURPOSE = "your own copy"
BATCH = 100


async def own_profile(session: Session, shopper_id: UUID) -> tuple[OwnProfile, Scope]:
    """One of one's own profiles, and the scope of its pages. Opens its own transaction. Raises NotFound."""
    async with transaction(Role.GATE):
        one = await shoppers.choosing.profile(session, shopper_id)
    return one, Scope(one.affiliate_id, one.id, "shopper", "shopper", shopper_id=one.id)


def as_the_person(scope: Scope) -> Transaction:
    """A transaction that sees what the person may see, whatever the company has decided."""
    return transaction(Role.SHOPPER, affiliate=scope.affiliate_id, shopper=scope.shopper_id)


async def own_copy(scope: Scope) -> Copy | None:
    """The copy that there is. Role.SHOPPER."""
    return await queries.copies.find_copy(scope)


async def ask_copy(scope: Scope, instead_of: UUID | None, now: datetime) -> None:
    """Have a copy made. Twice is once. instead_of: the copy that it replaces, as the page showed it. Role.SHOPPER."""
    there = await queries.copies.find_copy(scope)
    if there is not None and there.id == instead_of and not there.is_coming(now):
        await _drop(scope, there)
    made = await queries.copies.ask_copy(scope, random_id(), new_key(MEDIA_KIND), now)
    if made is None:
        return
    await record(connection(), _of_copy(scope, "shopper.copy_ask"), now)
    payload = {
        "affiliate_id": scope.affiliate_id, "shopper_id": scope.shopper_id, "copy_id": made.id,
        "media_key": made.media_key,
    }  # fmt: skip
    await enqueue(connection(), "rights.make_copy", payload, unique=str(made.id))


async def hand_over(
    settings: Settings, session: Session, scope: Scope, password: str, now: datetime
) -> AsyncIterator[bytes]:
    """The copy, to whoever knows the password, and on record. Opens its own transactions.

    Raises WrongPassword, and NothingToTake where there is none that could be fetched; one whose file is lost goes.
    """
    async with transaction(Role.GATE):
        await accounts.require_password(session.account_id, password)
    media = media_of(settings)
    async with as_the_person(scope) as here:
        found = await queries.copies.find_copy(scope)
        if found is None or not found.is_ready(now) or scope.shopper_id is None:
            raise NothingToTake
        key = await data_key(here, settings.keyring, scope.shopper_id)
        is_there = await _is_there(media, found)
        if is_there:
            await queries.copies.note_taken(scope, found.id, now)
            await record(here, _of_copy(scope, "copy.read", PURPOSE), now)
        else:
            await _drop(scope, found)
    if not is_there:
        raise NothingToTake
    return opened(key, found.id, media.stream(found.media_key))


async def forget_copies(settings: Settings, now: datetime) -> int:
    """Let copies go whose time is over, at every affiliate; how many. Opens its own transactions. Twice is once."""
    count, media = 0, media_of(settings)
    while True:
        async with transaction(Role.WORKER) as here:
            rows = await queries.copies.copies_due(now - KEPT, BATCH)
            # Before the rows that name them: a file whose row is gone would never be found again.
            for row in rows:
                await media.delete(row["media_key"])
            await queries.copies.delete_copies([row["id"] for row in rows])
            events = [_dropped(row["affiliate_id"], row["shopper_id"]) for row in rows]
            if events:
                await record_many(here, events, now)
        count += len(rows)
        if len(rows) < BATCH:
            return count


async def _is_there(media: Media, found: Copy) -> bool:
    try:
        return await media.size_bytes(found.media_key) == found.size_bytes
    except NotFound:
        return False


async def _drop(scope: Scope, found: Copy) -> None:
    media_key = await queries.copies.drop_copy(scope, found.id)
    if media_key is not None:
        await shoppers.files.remove_later(connection(), media_key)


def _of_copy(scope: Scope, action: str, purpose: str | None = None) -> Event:
    me = scope.shopper_id
    return Event(scope.affiliate_id, "shopper", me, action, "shopper", me, subject_id=me, purpose=purpose)


def _dropped(affiliate_id: UUID, shopper_id: UUID) -> Event:
    return Event(affiliate_id, "system", None, "shopper.copy_drop", "shopper", shopper_id, subject_id=shopper_id)
