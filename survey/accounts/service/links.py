"""What links from mails lead to: taking up an invitation, and a new password for a forgotten one."""

import asyncio
from datetime import datetime
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from privacy.vault import Place, data_key, seal, unseal_text
from survey.db import Role, connection, transaction
from survey.settings import Settings
from survey.web.sessions import open_session, revoke_all

from .. import queries
from ..domain import (
    EMAIL,
    INVITATION_LIFE,
    NAME,
    RESET_LIFE,
    Credentials,
    DeviceCookie,
    LinkKind,
    LinkState,
    Occasion,
    Status,
    address_index,
    hashed,
    stage_after_password,
    state_of,
)
from .records import ask_for_mail, itself, note
from .signing import Opened
from .threads import aside

SHORTEST_ANSWER_SECONDS = 0.25


class Behind(NamedTuple):
    """What a link leads to. Address and name are empty unless the link works."""

    state: LinkState
    occasion: Occasion | None
    address: str
    name: str


async def look_behind(settings: Settings, kind: LinkKind, delivery_id: UUID, now: datetime) -> Behind:
    """Judge a link and open what its page shows. Role.GATE."""
    occasion = await queries.occasion_of(kind, delivery_id)
    state = state_of(kind, occasion, now)
    if occasion is None or state is not LinkState.GOOD:
        return Behind(state, occasion, "", "")
    account_id = occasion.account_id
    key = await data_key(connection(), settings.keyring, account_id)
    address = unseal_text(key, Place(EMAIL, account_id, account_id), occasion.email)
    return Behind(state, occasion, address, unseal_text(key, Place(NAME, account_id, account_id), occasion.name))


class Taking(NamedTuple):
    """Somebody takes up an invitation."""

    name: str
    password: str
    device: str
    browser: DeviceCookie
    now: datetime


async def accept_invitation(settings: Settings, occasion: Occasion, taking: Taking) -> Opened | None:
    """Give the account its password and sign in; None when another tab was faster. Role.GATE."""
    return await take_up(settings, occasion.account_id, taking)


async def take_up(settings: Settings, account_id: UUID, taking: Taking) -> Opened | None:
    """The same for an account that a link of another area names. Role.GATE."""
    key = await data_key(connection(), settings.keyring, account_id)
    name = seal(key, Place(NAME, account_id, account_id), taking.name)
    if not await queries.welcome(account_id, await aside(hashed, taking.password), name, taking.now):
        return None
    account = await queries.credentials_in(account_id)
    stage = stage_after_password(account)
    token = await open_session(account_id, stage, taking.device, taking.now)
    await note(itself(account.affiliate_id, account_id), "account.welcome", account_id, taking.now)
    return Opened(token, stage, account.role, taking.browser.knowing(settings.token_keys, account_id))


async def ask_for_reset(settings: Settings, address: str, now: datetime) -> None:
    """Write to the address if it has accounts; takes as long if it has none. Opens its own transaction.

    Whoever was invited and has lost the mail gets the invitation again.
    """
    began = monotonic()
    async with transaction(Role.GATE):
        for account in await queries.addressed_accounts(address_index(settings.index_key, address)):
            await _send_link(settings, account, address, now)
    await asyncio.sleep(max(0.0, began + SHORTEST_ANSWER_SECONDS - monotonic()))


async def reset_password(
    settings: Settings, occasion: Occasion, password: str, browser: DeviceCookie, now: datetime
) -> DeviceCookie:
    """Put the new password in place and end every session. The browser is known from now on. Role.GATE."""
    account_id = occasion.account_id
    await queries.put_password(account_id, await aside(hashed, password), now)
    ended = await revoke_all(account_id)
    await note(itself(occasion.affiliate_id, account_id), "account.reset", account_id, now, sessions_ended=ended)
    return browser.knowing(settings.token_keys, account_id)


async def _send_link(settings: Settings, account: Credentials, address: str, now: datetime) -> None:
    if account.affiliate_status != "active" or account.status == Status.DISABLED:
        return
    is_invited = account.status == Status.INVITED
    await ask_for_mail(
        settings,
        kind=LinkKind.INVITATION if is_invited else LinkKind.RESET,
        affiliate_id=account.affiliate_id,
        account_id=account.id,
        address=address,
        now=now,
        life=INVITATION_LIFE if is_invited else RESET_LIFE,
        is_asked=True,
    )
    await note(itself(account.affiliate_id, account.id), "account.reset_ask", account.id, now)
