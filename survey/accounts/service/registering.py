"""Sign-ins of shoppers. They belong to the platform's own tenant, so that no affiliate sees who works for others."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from privacy.crypto import random_id
from privacy.vault import Place, create_subject, seal
from survey.db import Role, connection, transaction
from survey.settings import Settings

from .. import queries
from ..domain import EMAIL, NAME, AccountRole, Status, address_index
from .records import itself, note
from .signing import Attempt, Opened, Refusal, Refused, count_stranger, judge_password, note_failure, open_for


class ShopperAccount(NamedTuple):
    """The sign-in of an address. has_password: whether somebody has taken it up."""

    id: UUID
    has_password: bool


async def shopper_account(settings: Settings, address: str, name: str, now: datetime) -> ShopperAccount | None:
    """The shopper's sign-in of this address, made where there is none; it has no password until it is confirmed.

    None where the address belongs to somebody who runs the platform, or was disabled. Role.GATE.
    """
    index = address_index(settings.index_key, address)
    tenant_id = await queries.provider_tenant()
    await queries.lock_address(index)
    if row := await queries.account_at(tenant_id, index):
        usable = row["role"] == AccountRole.SHOPPER and row["status"] != Status.DISABLED
        return ShopperAccount(row["id"], row["has_password"]) if usable else None
    account_id = random_id()
    key = await create_subject(connection(), settings.keyring, tenant_id, account_id)
    await queries.insert_account(
        account_id,
        tenant_id,
        role=AccountRole.SHOPPER,
        place=None,
        email=seal(key, Place(EMAIL, account_id, account_id), address),
        email_index=index,
        name=seal(key, Place(NAME, account_id, account_id), name),
        password_hash=None,
        now=now,
    )
    await note(itself(tenant_id, account_id), "account.register", account_id, now)
    return ShopperAccount(account_id, has_password=False)


async def sign_in_to(attempt: Attempt, account_id: UUID) -> Refused | Opened:
    """Sign in to one account that a link from a mail names, with its password. Opens its own transactions."""
    async with transaction(Role.GATE):
        account = await queries.credentials_in(account_id)
        wait_seconds = await count_stranger(attempt, account_id)
    if wait_seconds:
        return Refused(Refusal.SLOW, wait_seconds)
    if not await judge_password(account, attempt.password):
        await note_failure([account], [], attempt.now)
        return Refused(Refusal.WRONG)
    if not account.is_welcome:
        return Refused(Refusal.DISABLED)
    return await open_for(attempt, account)
