"""alice's shops, a shopper who holds one, and the pages of its report."""

import re
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from PIL import Image

from survey.questionnaires.domain import Definition, store_visit
from survey.settings import Settings
from tests.conftest import World
from tests.field_study import FORM, encoded, fill
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

TODAY = date(2026, 11, 22)  # the day of the tests' NOW, which is 9:30 by the clock of the place
TIMES = {"day": "2026-11-22", "time_in": "08:10", "time_out": "08:25", "receipt": "6.95", "go": "on"}
DECLARED = {"declared": "yes"}
CLOSED_DOOR = {"reason": "shut", "day": "2026-11-22", "time_in": "08:10", "go": "on"}


def photo(colour: str = "teal", size: tuple[int, int] = (640, 480), form: str = "JPEG", **options: Any) -> bytes:
    """A picture as a file."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, form, **options)
    return written.getvalue()


@dataclass
class Visit:
    """A shopper's browser at one shop."""

    there: ShopWorld
    shopper: Shopper
    browser: Browser
    shop_id: UUID
    definition: Definition

    @property
    def base(self) -> str:
        """The shop's page."""
        return f"/shopper/shops/{self.shop_id}"

    def at(self, place: str) -> str:
        """A part of the report."""
        return f"{self.base}/report/{place}"

    async def get(self, place: str = "") -> httpx.Response:
        """Open a part of the report, or the shop's page."""
        return await self.browser.get(self.at(place) if place else self.base)

    async def start(self, then: str = "report") -> httpx.Response:
        """Press "Start the visit"."""
        return await self.browser.post(f"{self.base}/start", {"then": then})

    async def answer(self, number: int, **fields: object) -> httpx.Response:
        """Send one section with a plain answer to each question."""
        form = fill(self.definition, number - 1) | {"csrf": [self.browser.csrf()]}
        form |= {name: value if isinstance(value, list) else [str(value)] for name, value in fields.items()}
        return await self.browser.client.post(self.at(str(number)), content=encoded(form), headers=FORM)

    async def answer_all(self) -> None:
        """Start, and answer every section."""
        await self.start()
        for number in range(1, len(self.definition.sections) + 1):
            sent = await self.answer(number)
            assert sent.status_code == 303, sent.text

    async def times(self, **fields: str) -> httpx.Response:
        """Send times and receipt."""
        return await self.browser.post(self.at("visit"), TIMES | fields)

    async def picture(self, content: bytes | None = None, kind: str = "receipt", name: str = "a.jpg") -> httpx.Response:
        """Add a picture."""
        files = {"picture": (name, photo() if content is None else content, "image/jpeg")}
        return await self.browser.post(self.at("evidence"), {"kind": kind}, files=files)

    async def fill_in(self) -> None:
        """All that is needed before it can be handed in."""
        await self.answer_all()
        assert (await self.times()).status_code == 303
        assert (await self.picture()).status_code == 303

    async def hand_in(self, fields: dict[str, str] | None = None) -> httpx.Response:
        """Tick the declaration and hand it in."""
        return await self.browser.post(self.at("check"), DECLARED if fields is None else fields)

    async def report(self) -> asyncpg.Record:
        """The report as it is stored, whether handed in or not."""
        return await self.there.owner.fetchrow(
            "SELECT r.* FROM field.report r LEFT JOIN identity.draft d ON d.report_id = r.id"
            " WHERE r.shop_id = $1 OR (d.shop_id = $1 AND d.shopper_id = $2)",
            self.shop_id,
            self.shopper.id,
        )

    async def pictures(self) -> list[asyncpg.Record]:
        """The tray as it is stored."""
        found = await self.report()
        rows: list[asyncpg.Record] = await self.there.owner.fetch(
            "SELECT * FROM field.evidence WHERE report_id = $1 ORDER BY created_at, id", found["id"]
        )
        return rows


@pytest.fixture
async def shops(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client with one store, and a campaign with a wave that has no shops yet."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id)
    await there.configure(attempt_fee_cents=400)
    return there


@pytest.fixture
async def visit(shops: ShopWorld, site: Site) -> Visit:
    """A shop that was assigned, in the browser of the shopper who holds it."""
    return await visit_by(shops, site)


async def visit_by(there: ShopWorld, site: Site, shopper: Shopper | None = None, **columns: Any) -> Visit:
    """Another visit."""
    who = shopper or await there.shopper()
    shop_id = await there.shop("ASSIGNED", who, **{"planned_on": TODAY} | columns)
    return Visit(there, who, await there.signed_in(site, who), shop_id, store_visit())


def words_of(page: httpx.Response) -> str:
    """The page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))
