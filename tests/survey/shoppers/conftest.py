"""Affiliates whose door is open, people who register there as a visitor does, and their mail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from privacy.crypto import sha256
from survey.db import Role, Scope, transaction
from survey.mail.composing import Composing, composers_of
from survey.mail.domain import Claimed, Outgoing
from survey.settings import Settings
from survey.shoppers import emails, service
from survey.shoppers.domain import QualificationKind
from survey.web.cookies import cookie_name
from tests.conftest import NOW, World
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

PASSWORD = "brisk lantern oboe meadow"
AGREEMENT = "I work as an independent contractor.\nI keep what I see to myself."
COMPOSERS = composers_of([emails])
OF_AGE = {"month": "5", "year": "1990"}
TOO_YOUNG = {"month": "5", "year": "2014"}
TYPED = {
    "name": "Ada Quillfeather",
    "phone": "+1 614 555 0134",
    "street": "12 Wrenfield Street",
    "city": "Larkhollow",
    "region": "Ohio",
    "postal_code": "43004-1234",
    "country": "US",
    "agreement": "1",
}
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('identity', 'field', 'release', 'ledger', 'vault', 'ops') AND c.relkind = 'r'
 ORDER BY 1
"""


@pytest.fixture(autouse=True)
async def unhurried(superuser: asyncpg.Connection) -> None:
    """Counters of other tests do not count: everybody here comes from one address, and time stands still."""
    await superuser.execute("DELETE FROM ops.throttle")


@pytest.fixture(autouse=True)
async def platform(superuser: asyncpg.Connection) -> UUID:
    """The platform's own tenant, in which shoppers' sign-ins are kept."""
    found = await superuser.fetchval("SELECT id FROM field.affiliate WHERE kind = 'provider' ORDER BY created_at, id")
    if found is None:
        found = await superuser.fetchval(
            "INSERT INTO field.affiliate (kind, name, slug, postal_address, contact_email, created_at)"
            " VALUES ('provider', 'Lanternworks', 'lanternworks', '2 Mill Lane', 'office@provider.test', $1)"
            " RETURNING id",
            NOW - timedelta(days=400),
        )
    return cast("UUID", found)


async def open_door(scope: Scope, least_age: int = 18) -> str:
    """Let an affiliate take shoppers; the path of its door."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await service.rules.publish_agreement(scope, AGREEMENT, NOW)
        await service.rules.set_entrance(scope, True, least_age, NOW)
    return f"/register/tenant-{scope.affiliate_id.hex}"


@pytest.fixture
async def door(world: World) -> str:
    """alice's."""
    return await open_door(world.alices)


@pytest.fixture
async def other_door(world: World) -> str:
    """charlie's."""
    return await open_door(world.charlies)


@dataclass
class Post:
    """What was asked to be sent to a shopper, composed as the worker does it."""

    superuser: asyncpg.Connection
    settings: Settings

    async def letters(self, affiliate_id: UUID) -> list[Outgoing]:
        """Every letter of an affiliate to shoppers, in the order in which they were asked for."""
        rows = await self.superuser.fetch(
            "SELECT id, affiliate_id, campaign_id, recipient_id, kind, is_bulk, client_id, opt_out_link_id, context,"
            " coalesce(message_id, '') AS message_id, attempts, in_doubt, claims FROM ops.delivery"
            " WHERE affiliate_id = $1 AND kind LIKE 'shopper.%' ORDER BY created_at, id",
            affiliate_id,
        )
        found: list[Outgoing] = []
        for row in rows:
            values = dict(row) | {"context": json.loads(row["context"])}
            claimed = Claimed(**values)
            async with transaction(Role.WORKER, affiliate=affiliate_id) as connection:
                made = await COMPOSERS[claimed.kind](Composing(connection, self.settings, NOW), [claimed])
            found += [one for one in made if isinstance(one, Outgoing)]
        return found

    async def link(self, affiliate_id: UUID) -> str:
        """The path of the confirmation in the latest letter."""
        values = (await self.letters(affiliate_id))[-1].values
        return values["link"].removeprefix(self.settings.base_url)


@pytest.fixture
def post(superuser: asyncpg.Connection, settings: Settings) -> Post:
    """Looks into what was asked to be sent."""
    return Post(superuser, settings)


@dataclass
class Registered:
    """Somebody registered and signed in, at one affiliate."""

    browser: Browser
    shopper_id: UUID
    account_id: UUID
    email: str
    scope: Scope


def adopt(browser: Browser) -> Browser:
    """Let the browser make the tokens of its session's forms, now that a response has brought the cookie."""
    token = browser.client.cookies.get(cookie_name(browser.settings.plain_http_cookies))
    browser.session_hash = sha256(token.encode()) if token else None
    return browser


async def register(browser: Browser, door: str, email: str, **fields: str) -> httpx.Response:
    """Pass the age gate and send the form."""
    await browser.submit(door, OF_AGE, to=f"{door}/age")
    return await browser.submit(door, TYPED | {"email": email} | fields)


async def registered(site: Site, post: Post, scope: Scope, door: str, **fields: str) -> Registered:
    """Somebody who has registered, confirmed, and is at the affiliate."""
    browser, email = await site.visitor(), fields.pop("email", f"{uuid4().hex}@people.test")
    await register(browser, door, email, **fields)
    answer = await browser.submit(await post.link(scope.affiliate_id), {"new_password": PASSWORD, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    adopt(browser)
    row = await site.superuser.fetchrow(
        "SELECT s.id, s.account_id FROM identity.shopper s JOIN ops.session o ON o.shopper_id = s.id"
        " WHERE o.id_hash = $1",
        browser.session_hash,
    )
    own = replace(scope, account_id=row["account_id"], role="shopper", actor_kind="shopper", shopper_id=row["id"])
    return Registered(browser, row["id"], row["account_id"], email, own)


async def restrict(who: Registered) -> None:
    """Let somebody restrict what is done with what is held about them."""
    asked = {"ground": "accuracy", "words": ""}
    assert (await who.browser.submit(f"/shopper/data/{who.shopper_id}/restrict", asked)).status_code == 303


@pytest.fixture
async def ada(site: Site, post: Post, world: World, door: str) -> Registered:
    """A shopper of alice's."""
    return await registered(site, post, world.alices, door)


@pytest.fixture
async def scheduler(site: Site, world: World) -> Browser:
    """A scheduler of alice's."""
    return await site.signed_in(world.alices.affiliate_id, "scheduler")


def a_kind(code: str = "own_car", label: str = "Has a car", **fields: Any) -> QualificationKind:
    """Something that can be recorded of a shopper."""
    return QualificationKind(uuid4(), code, label, NOW, **fields)


@pytest.fixture
async def admin(site: Site, world: World) -> Browser:
    """alice's administrator."""
    return await site.signed_in(world.alices.affiliate_id, "affiliate_admin")


async def counts(superuser: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = [row[0] for row in await superuser.fetch(TABLES)]
    return {table: await superuser.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


async def dump(superuser: asyncpg.Connection) -> bytes:
    """Every table as COPY writes it, bytes both as they are shown and as they are."""
    tables = [row[0] for row in await superuser.fetch(TABLES)]
    whole = BytesIO()
    for table in tables:
        for how in ({"format": "text"}, {"format": "binary"}):
            await superuser.copy_from_query(f"SELECT * FROM {table}", output=whole, **how)
    return whole.getvalue()


async def actions(superuser: asyncpg.Connection, subject_id: UUID) -> Sequence[str]:
    """What the ledger says of somebody, in order."""
    rows = await superuser.fetch(
        "SELECT action FROM ledger.event WHERE subject_id = $1 ORDER BY recorded_at, id", subject_id
    )
    return [row["action"] for row in rows]


async def files_to_remove(superuser: asyncpg.Connection) -> set[str]:
    """The files whose removal waits for the worker."""
    rows = await superuser.fetch("SELECT dedupe_key FROM ops.job WHERE entrypoint = 'shoppers.remove_file'")
    return {row["dedupe_key"].rpartition(" ")[2] for row in rows}
