"""A shopper takes a copy of what one company holds about them: theirs alone, behind the password, and gone in a week."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import asyncpg
import pytest

from survey.accounts.domain import hashed
from survey.db import Database
from survey.queue import JobContext
from survey.queue.domain import decoded
from survey.rights.jobs import make_copy
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.web_client import Browser, Site

PASSWORD = "brisk lantern oboe meadow"
HASH = hashed(PASSWORD)


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who takes a copy, with a browser."""

    there: ShopWorld
    shopper: Shopper
    browser: Browser
    database: Database

    @property
    def url(self) -> str:
        """The page of the profile."""
        return f"/shopper/data/{self.shopper.id}"

    async def jobs(self) -> list[dict[str, Any]]:
        """The copies that were asked for."""
        rows = await self.there.owner.fetch(
            "SELECT payload FROM ops.job WHERE entrypoint = 'rights.make_copy'"
            " AND convert_from(payload, 'UTF8') LIKE $1 ORDER BY id",
            f"%{self.shopper.id}%",
        )
        return [decoded(row["payload"]) for row in rows]

    async def ask(self) -> None:
        """Press the button."""
        assert (await self.browser.submit(self.url)).status_code == 303

    async def make(self) -> None:
        """What the worker does."""
        context = JobContext(self.there.settings, self.database, lambda: NOW)
        await make_copy.handler(context, (await self.jobs())[-1])

    async def fetch(self, password: str = PASSWORD) -> Any:
        """Fetch the copy."""
        return await self.browser.submit(self.url, {"password": password}, to=f"{self.url}/copy")

    async def taken(self) -> "Taken":
        """Ask, wait, fetch, open."""
        await self.ask()
        await self.make()
        answer = await self.fetch()
        assert answer.headers["content-type"] == "application/zip", answer.text
        return Taken(ZipFile(BytesIO(answer.content)))


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy, opened."""

    zip: ZipFile

    def part(self, name: str) -> Mapping[str, list[dict[str, Any]]]:
        """One of its files."""
        found: Mapping[str, list[dict[str, Any]]] = json.loads(self.zip.read(f"{name}.json"))
        return found

    @property
    def everything(self) -> bytes:
        """All its bytes, file after file."""
        return b"\n".join(self.zip.read(name) for name in self.zip.namelist())


@pytest.fixture
async def taker(
    site: Site, superuser: asyncpg.Connection, settings: Settings, world: World, database: Database
) -> Taker:
    """Robin, of whom there is hardly more than a profile."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    return await taker_of(site, there, await there.shopper("Robin Marsh"), database)


async def taker_of(site: Site, there: ShopWorld, shopper: Shopper, database: Database) -> Taker:
    """The shopper with a password and a browser."""
    await there.owner.execute("UPDATE identity.account SET password_hash = $2 WHERE id = $1", shopper.account_id, HASH)
    return Taker(there, shopper, await there.signed_in(site, shopper), database)


async def test_the_profile_leads_to_the_page_and_from_there_to_a_copy_with_the_name_in_it(taker: Taker) -> None:
    assert 'href="/shopper/data"' in (await taker.browser.get("/shopper/profile")).text
    led = await taker.browser.get("/shopper/data")
    assert (led.status_code, led.headers["location"]) == (303, taker.url)
    assert "Make my copy" in (await taker.browser.get(taker.url)).text
    copy = await taker.taken()
    assert copy.part("profile")["shopper"][0]["name"] == "Robin Marsh"
    assert copy.part("profile")["shopper"][0]["address"]["street"] == "9 Mill Lane"
    assert "Robin Marsh" in copy.zip.read("index.html").decode()
