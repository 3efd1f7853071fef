"""Another address to sign in with: asked for with password and code, confirmed from the new mailbox.

The old mailbox is told at once and can stop it for a week: before it counts, or after, when it is put back. What is
stopped for an address by an opt-out hangs on the address and not on the account: it goes on holding for both.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from privacy.crypto import random_id
from privacy.optouts import normalised
from privacy.vault import DataKey, KeyRing, Place, data_key, data_keys, seal, unseal_text
from survey.db import NotFound, Role, connection, transaction
from survey.settings import Settings
from survey.web.sessions import revoke_all
from survey.web.visit import Session

from .. import queries
from ..domain import (
    CONFIRM_LIFE,
    EMAIL,
    KEPT,
    NEW_ADDRESS,
    OLD_ADDRESS,
    SAME_PRESS,
    STOP_LIFE,
    AddressChange,
    Blocked,
    ChangeState,
    OwnAccount,
    SameAddress,
    TakenAddress,
    WrongCode,
    accepted_step,
    address_index,
)
from .own import own_account, require_password
from .records import ask_for_mail, itself, note

ADDRESS_NEW = "account.address_new"
ADDRESS_NOTICE = "account.address_notice"
BATCH = 500


class Asked(NamedTuple):
    """What somebody types to change the address. code: of the authenticator; empty where there is none."""

    address: str
    password: str
    code: str


class Addresses(NamedTuple):
    """A change with its addresses open. is_in_use: the new one is somebody else's already."""

    change: AddressChange
    new: str
    old: str
    is_in_use: bool


async def ask_change(session: Session, settings: Settings, asked: Asked, now: datetime) -> None:
    """Write to the new address and to the present one, which goes on counting. Role.GATE.

    The same whoever else has the new address. Raises WrongPassword, WrongCode, SameAddress, Blocked.
    """
    account_id = session.account_id
    await require_password(account_id, asked.password)
    await queries.lock_account(account_id)
    own = await own_account(settings, account_id)
    if normalised(asked.address) == normalised(own.email):
        raise SameAddress
    if await queries.is_blocked(account_id, now - STOP_LIFE):
        raise Blocked
    index = address_index(settings.index_key, asked.address)
    if await queries.was_just_asked(account_id, index, now - SAME_PRESS):
        return
    await _require_code(own, asked.code, now)
    change_id = await _insert(settings, own, asked.address, index, now)
    await note(itself(session.affiliate_id, account_id), "account.address_ask", account_id, now)
    for kind, address, life in (
        (ADDRESS_NEW, asked.address, CONFIRM_LIFE), (ADDRESS_NOTICE, own.email, STOP_LIFE),
    ):  # fmt: skip
        await ask_for_mail(
            settings, kind=kind, affiliate_id=own.affiliate_id, account_id=account_id, address=address, now=now,
            life=life, context={"change_id": str(change_id)}, is_asked=True,
        )  # fmt: skip


async def change_behind(change_id: UUID, now: datetime) -> ChangeState:
    """What can be done about the change behind a link. Role.GATE. Raises NotFound."""
    return (await queries.change_in(change_id)).state(now)


async def make_change(settings: Settings, change_id: UUID, but: Session | None, now: datetime) -> ChangeState:
    """The new mailbox has answered: from now on the address counts, and other sessions end. Opens its own transaction.

    but: the session of whoever presses the button, which goes on if it is the account's own. Twice is once: what became
    of it is returned. Raises NotFound, TakenAddress.
    """
    async with transaction(Role.GATE):
        change = await _locked(change_id)
        state = change.state(now)
        if state is not ChangeState.OPEN:
            return state
        await _put(settings, change, NEW_ADDRESS, now)
        await queries.mark_taken(change.id, now)
        is_own = but is not None and but.account_id == change.account_id
        ended = await revoke_all(change.account_id, but=but if is_own else None)
        scope = itself(change.affiliate_id, change.account_id)
        await note(scope, "account.address", change.account_id, now, sessions_ended=ended)
    return ChangeState.TAKEN


async def can_be_stopped(change_id: UUID, now: datetime) -> bool:
    """Whether the link in the notice has something to do; False where it was done. Role.GATE. Raises NotFound."""
    change = await queries.change_in(change_id)
    if not change.can_be_stopped(now):
        raise NotFound("change of address")
    return change.stopped_at is None


async def stop_change(settings: Settings, change_id: UUID, now: datetime) -> None:
    """The old mailbox says that it was not its owner: nothing changes, or it is changed back, and every session ends.
    For a week nobody can ask again. Opens its own transaction. Twice is once. Raises NotFound, TakenAddress.
    """
    async with transaction(Role.GATE):
        change = await _locked(change_id)
        if not change.can_be_stopped(now):
            raise NotFound("change of address")
        if change.stopped_at is not None:
            return
        await queries.mark_stopped(change, now)
        has_moved = await queries.has_moved(change)
        if has_moved:
            await _put(settings, change, OLD_ADDRESS, now)
        ended = await revoke_all(change.account_id)
        scope, detail = itself(change.affiliate_id, change.account_id), {"is_changed_back": has_moved}
        await note(scope, "account.address_stop", change.account_id, now, sessions_ended=ended, **detail)


async def addresses_in(here: Connection, ring: KeyRing, change_ids: list[UUID], now: datetime) -> dict[UUID, Addresses]:
    """Changes with both addresses opened; for the letters. Role.WORKER."""
    changes = await queries.changes_in(here, change_ids)
    keys = await data_keys(here, ring, [one.account_id for one in changes.values()])
    in_use = await queries.in_use(here, change_ids, now - STOP_LIFE)
    found = {}
    for one in changes.values():
        if key := keys.get(one.account_id):
            new, old = _opened(key, one, NEW_ADDRESS, one.email), _opened(key, one, OLD_ADDRESS, one.old_email)
            found[one.id] = Addresses(one, new, old, one.id in in_use)
    return found


async def forget_changes(here: Connection, now: datetime) -> int:
    """Remove a batch of changes that nobody can do anything about any more; how many there were. Role.WORKER."""
    return len(await queries.forget_changes(here, now - KEPT, BATCH))


async def _require_code(own: OwnAccount, code: str, now: datetime) -> None:
    if not own.has_factor:
        return
    step = accepted_step(own.totp_secret, code, own.totp_last_step, now)
    if step is None or not await queries.take_step(own.id, step):
        raise WrongCode


async def _insert(settings: Settings, own: OwnAccount, address: str, index: bytes, now: datetime) -> UUID:
    change_id, key = random_id(), await data_key(connection(), settings.keyring, own.id)
    sealed = (
        seal(key, Place(NEW_ADDRESS, change_id, own.id), address),
        seal(key, Place(OLD_ADDRESS, change_id, own.id), own.email),
    )
    await queries.insert_change(change_id, own.id, sealed, index, now)
    return change_id


async def _locked(change_id: UUID) -> AddressChange:
    """The change as it is once nobody else is at the account."""
    await queries.lock_account((await queries.change_in(change_id)).account_id)
    return await queries.change_in(change_id)


async def _put(settings: Settings, change: AddressChange, column: str, now: datetime) -> None:
    """Let one of the two addresses be the account's."""
    key = await data_key(connection(), settings.keyring, change.account_id)
    is_new = column == NEW_ADDRESS
    sealed, index = (change.email, change.email_index) if is_new else (change.old_email, change.old_email_index)
    if is_new and await queries.in_use(connection(), [change.id], now - STOP_LIFE):
        raise TakenAddress
    address = _opened(key, change, column, sealed)
    place = Place(EMAIL, change.account_id, change.account_id)
    await queries.put_address(change.account_id, seal(key, place, address), index)


def _opened(key: DataKey, change: AddressChange, column: str, sealed: bytes) -> str:
    return unseal_text(key, Place(column, change.id, change.account_id), sealed)
