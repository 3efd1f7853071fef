"""People of two affiliates, made by the product itself, and a mailbox that shows what their letters say."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import httpx
import pyotp
import pytest

from privacy.crypto import sha256
from survey.accounts import emails, service
from survey.accounts.domain import AccountRole, Invitee, Place
from survey.accounts.service import NewAccount
from survey.db import Role, Scope, transaction
from survey.mail.composing import Composing, composers_of
from survey.mail.domain import Claimed, Outgoing
from survey.settings import Settings
from survey.web.cookies import cookie_name
from tests.conftest import NOW, World
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

PASSWORD = "brisk lantern oboe meadow"
OTHER_PASSWORD = "walrus teaspoon gravel sonnet"
COMPOSERS = composers_of([emails])


@dataclass(frozen=True)
class Someone:
    """An account that can sign in."""

    id: UUID
    email: str
    password: str
    affiliate_id: UUID


@pytest.fixture(autouse=True)
async def unhurried(superuser: asyncpg.Connection) -> None:
    """Counters of other tests do not count: everybody here comes from one address, and time stands still."""
    await superuser.execute("DELETE FROM ops.throttle")


async def someone(
    settings: Settings,
    affiliate_id: UUID,
    role: AccountRole = AccountRole.MANAGER,
    email: str = "",
    password: str = PASSWORD,
    place: Place | None = None,
) -> Someone:
    """A new account, active at once."""
    address = email or f"{uuid4().hex}@people.test"
    scope = Scope(affiliate_id, None, "affiliate_admin", "system")
    async with transaction(Role.STAFF, affiliate=affiliate_id):
        new = NewAccount(Invitee(address, "Robin Example", role, place), password)
        account_id = await service.create_account(scope, settings, new, NOW)
    return Someone(account_id, address, password, affiliate_id)


@pytest.fixture
async def manager(settings: Settings, world: World) -> Someone:
    """Alice's manager."""
    return await someone(settings, world.alices.affiliate_id)


@pytest.fixture
async def administrator(settings: Settings, world: World) -> Someone:
    """Alice's only administrator."""
    return await someone(settings, world.alices.affiliate_id, AccountRole.AFFILIATE_ADMIN)


@pytest.fixture
async def office(site: Site, administrator: Someone) -> Browser:
    """The administrator's browser, signed in."""
    return await site.with_session(administrator.affiliate_id, administrator.id)


@dataclass
class Mailbox:
    """What was asked to be sent to an account, composed as the worker does it."""

    superuser: asyncpg.Connection
    settings: Settings

    async def letters(self, account_id: UUID) -> list[Outgoing]:
        """Every letter to the account, in the order in which they were asked for."""
        rows = await self.superuser.fetch(
            "SELECT id, affiliate_id, campaign_id, recipient_id, kind, is_bulk, client_id, opt_out_link_id, context,"
            " coalesce(message_id, '') AS message_id, attempts, in_doubt, claims"
            " FROM ops.delivery WHERE recipient_id = $1 ORDER BY created_at, id",
            account_id,
        )
        found: list[Outgoing] = []
        for row in rows:
            values = dict(row)
            claimed = Claimed(**values | {"context": _object(values["context"])})
            async with transaction(Role.WORKER, affiliate=claimed.affiliate_id) as connection:
                composing = Composing(connection, self.settings, NOW)
                found += [
                    one for one in await COMPOSERS[claimed.kind](composing, [claimed]) if isinstance(one, Outgoing)
                ]
        return found

    async def link(self, account_id: UUID) -> str:
        """The path in the latest letter that has a link of its own."""
        linked = [letter for letter in await self.letters(account_id) if "link" in letter.values]
        return linked[-1].values["link"].removeprefix(self.settings.base_url)


def _object(value: object) -> dict[str, str | int | None]:
    return cast("dict[str, str | int | None]", json.loads(value) if isinstance(value, str) else value)


@pytest.fixture
def mailbox(superuser: asyncpg.Connection, settings: Settings) -> Mailbox:
    """Looks into what was asked to be sent."""
    return Mailbox(superuser, settings)


async def signs_in(browser: Browser, who: Someone, password: str = "", **fields: str) -> httpx.Response:
    """Somebody fills in the sign-in page and sends it."""
    sent = {"email": who.email, "password": password or who.password} | fields
    return await browser.submit("/sign-in", sent)


def adopt(browser: Browser) -> Browser:
    """Let the browser make the tokens of its session's forms, now that a response has brought the cookie."""
    token = browser.client.cookies.get(cookie_name(browser.settings.plain_http_cookies))
    browser.session_hash = sha256(token.encode()) if token else None
    return browser


async def with_factor(browser: Browser, now: datetime) -> str:
    """Set up a second factor in a signed-in browser, as a person does; returns the secret."""
    await browser.submit("/account/second-factor")
    page = (await browser.get("/account/second-factor/app")).text
    secret = re.search(r'translate="no">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]
    answer = await browser.submit("/account/second-factor/app", {"code": pyotp.TOTP(secret).at(now)})
    assert answer.status_code == 200, answer.text
    adopt(browser)
    return secret


async def events(superuser: asyncpg.Connection, account_id: UUID) -> list[str]:
    """What the ledger says of an account, in order."""
    rows = await superuser.fetch(
        "SELECT action FROM ledger.event WHERE subject_id = $1 ORDER BY recorded_at", account_id
    )
    return [row["action"] for row in rows]
