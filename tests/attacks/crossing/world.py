"""Everybody in the world of these attacks, and what the attacks share: browsers, routes with ids, and a fingerprint."""

import hashlib
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

import asyncpg

from survey.db import Role, Scope, transaction
from survey.web.cookies import cookie_name
from survey.web.sessions import hash_of, open_session
from tests.web_client import Browser, Site

from .affiliates import Affiliate

PROFILE = "UPDATE ops.session SET shopper_id = $2 WHERE id_hash = $1"
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname !~ '^pg_|^information_schema$'
   AND c.relkind IN ('r', 'm')
 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two affiliates, the provider, and viewers of three clients, all at work on the same site."""

    site: Site
    owner: Scope
    ours: Affiliate
    theirs: Affiliate
    accounts: dict[str, UUID]
    logged: BytesIO = field(repr=False)

    async def browser(self, who: str) -> Browser:
        """Somebody's browser, signed in; `nobody` is a visitor."""
        browser = await self.site.visitor()
        if who == "nobody":
            return browser
        async with transaction(Role.GATE):
            token = await open_session(self.accounts[who], "full", "a browser", self.site.clock.now)
        browser.client.cookies.set(cookie_name(self.site.settings.plain_http_cookies), token, "testserver.local")
        browser.account_id, browser.session_hash = self.accounts[who], hash_of(token)
        if who in {"shopper", "other-shopper"}:
            one = self.ours if who == "shopper" else self.theirs
            await self.site.superuser.execute(PROFILE, browser.session_hash, one.ids["shopper_id"])
        return browser


async def rows_of(superuser: asyncpg.Connection) -> dict[str, bytes]:
    """Every table as COPY writes it: what a dump of the database would hold."""
    tables = [row[0] for row in await superuser.fetch(TABLES)]
    found = {}
    for table in tables:
        out = BytesIO()
        await superuser.copy_from_query(f"SELECT * FROM {table} t ORDER BY t::text", output=out)
        found[table] = out.getvalue()
    return found


async def fingerprints(superuser: asyncpg.Connection) -> dict[str, str]:
    """One checksum a table: equal before and after means that nothing was written."""
    return {table: hashlib.sha256(rows).hexdigest() for table, rows in (await rows_of(superuser)).items()}
