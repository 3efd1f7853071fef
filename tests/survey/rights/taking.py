"""Somebody who takes a copy of their own data, as a browser and a worker do it; and the copy, opened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from survey.accounts.domain import hashed
from survey.db import Database
from survey.queue import JobContext
from survey.queue.domain import decoded
from survey.rights.jobs import make_copy
from tests.conftest import NOW
from tests.shop_world import Shopper, ShopWorld
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


async def taker_of(site: Site, there: ShopWorld, shopper: Shopper, database: Database) -> Taker:
    """The shopper with a password and a browser."""
    await there.owner.execute("UPDATE identity.account SET password_hash = $2 WHERE id = $1", shopper.account_id, HASH)
    return Taker(there, shopper, await there.signed_in(site, shopper), database)
