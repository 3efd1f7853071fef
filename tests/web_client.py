"""Visitors for tests of pages: anonymous ones, and people of every role who are signed in by a row of their own.

In an area's conftest.py: `from tests.web_client import clock, front, site  # noqa: F401`. Then:

    async def test_a_manager_sees_the_clients(site: Site, world: World) -> None:
        manager = await site.signed_in(world.alices.affiliate_id, "manager")
        page = await manager.get("/clients")
        answer = await manager.submit("/clients/new", {"name": "Northwind"})   # loads the page, then sends its form
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from privacy.crypto import sha256
from survey.app import build
from survey.db import Database
from survey.settings import Settings
from survey.web.cookies import cookie_name
from survey.web.csrf import token_for
from survey.web.front import Front
from survey.web.guards import Access, Plane
from survey.web.visit import Visit

from .conftest import NOW

BASE_URL = "https://testserver.local"
CSRF_FIELD = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Browser:
    """What a person does: open pages and send their forms. Cookies are kept, redirects are not followed."""

    client: httpx.AsyncClient
    settings: Settings
    account_id: UUID | None = None
    session_hash: bytes | None = None

    async def get(self, url: str, **options: Any) -> httpx.Response:
        """Open a page."""
        return await self.client.get(url, **options)

    async def post(self, url: str, fields: Mapping[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form with the token that a page of this session holds."""
        return await self.client.post(url, data={"csrf": self.csrf()} | dict(fields or {}), **options)

    async def submit(self, url: str, fields: Mapping[str, Any] | None = None, to: str = "") -> httpx.Response:
        """Open the page at `url`, take the token out of its form, and send the form back (or to another address)."""
        found = CSRF_FIELD.search((await self.client.get(url)).text)
        assert found, f"no form with a token at {url}"
        return await self.client.post(to or url, data={"csrf": found[1]} | dict(fields or {}))

    def csrf(self) -> str:
        """The token of a staff page's form, or of a public one where nobody is signed in."""
        visit = Visit(Access(Plane.PUBLIC, None), NOW, session_hash=self.session_hash)
        return token_for(visit, self.settings.token_keys)


@dataclass
class Site:
    """The whole site, called directly, with a clock that stands still until a test moves it."""

    front: Front
    settings: Settings
    superuser: asyncpg.Connection
    stack: AsyncExitStack
    clock: "Clock"

    async def visitor(self, **options: Any) -> Browser:
        """Somebody nobody knows."""
        transport = httpx.ASGITransport(app=self.front)  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url=BASE_URL, **options)
        await self.stack.enter_async_context(client)
        return Browser(client, self.settings)

    async def signed_in(self, affiliate_id: UUID, role: str = "manager", stage: str = "full") -> Browser:
        """A new account of the affiliate with an open session. For client viewers see `viewer`."""
        account_id = await self._account(affiliate_id, role, None, None)
        return await self.with_session(affiliate_id, account_id, stage)

    async def viewer(self, affiliate_id: UUID, client_id: UUID, location_id: UUID) -> Browser:
        """A new client viewer, bound to a node of the client's tree."""
        account_id = await self._account(affiliate_id, "client_viewer", client_id, location_id)
        browser = await self.with_session(affiliate_id, account_id, "full")
        await self.superuser.execute(
            "INSERT INTO ops.portal_session (id_hash, affiliate_id, client_id, node_path, expires_at)"
            " SELECT $1, $2, $3, path, $4 FROM field.location WHERE id = $5",
            browser.session_hash,
            affiliate_id,
            client_id,
            self.clock.now + timedelta(hours=8),
            location_id,
        )
        return browser

    async def limited(self, affiliate_id: UUID, role: str, *client_ids: UUID) -> Browser:
        """The same, of somebody who works for these clients alone."""
        browser = await self.signed_in(affiliate_id, role)
        await self.superuser.execute("UPDATE identity.account SET is_limited = true WHERE id = $1", browser.account_id)
        await self.superuser.execute(
            "INSERT INTO identity.account_client (account_id, client_id, affiliate_id)"
            " SELECT $1, c.id, $2 FROM unnest($3::uuid[]) AS c (id)",
            browser.account_id,
            affiliate_id,
            list(client_ids),
        )
        return browser

    async def with_session(self, affiliate_id: UUID, account_id: UUID, stage: str = "full") -> Browser:
        """A browser with a session of an account that exists."""
        token = f"{uuid4().hex}{uuid4().hex}"[:43]
        browser = await self.visitor(cookies={cookie_name(self.settings.plain_http_cookies): token})
        browser.account_id, browser.session_hash = account_id, sha256(token.encode())
        await self.superuser.execute(
            "INSERT INTO ops.session (id_hash, affiliate_id, account_id, stage, created_at, seen_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $5, $6)",
            browser.session_hash,
            affiliate_id,
            account_id,
            stage,
            self.clock.now,
            self.clock.now + timedelta(hours=8),
        )
        return browser

    async def _account(self, affiliate_id: UUID, role: str, client_id: UUID | None, location_id: UUID | None) -> UUID:
        account_id = uuid4()
        await self.superuser.execute(
            "INSERT INTO identity.account"
            " (id, affiliate_id, role, client_id, location_id, email, email_index, name, status, created_at)"
            " VALUES ($1, $2, $3, $4, $5, '', $6, '', 'active', $7)",
            account_id,
            affiliate_id,
            role,
            client_id,
            location_id,
            account_id.bytes,
            self.clock.now,
        )
        return account_id


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def clock() -> Clock:
    """The clock of the site under test."""
    return Clock()


@pytest.fixture(scope="session")
def front(settings: Settings, clock: Clock) -> Front:
    """The product's own site, put together once."""
    return build(settings, clock)


@pytest.fixture
async def site(
    front: Front, database: Database, settings: Settings, superuser: asyncpg.Connection, clock: Clock
) -> AsyncIterator[Site]:
    """The site on the shared test database."""
    clock.now = NOW
    async with AsyncExitStack() as stack:
        yield Site(front, settings, superuser, stack, clock)
