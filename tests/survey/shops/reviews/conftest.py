"""alice's editors, and a report that waits for them: answers, a story that names people, a picture."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from PIL import Image

from privacy.crypto import sha256
from privacy.vault import Place, create_subject, data_key, seal, unseal_text
from survey.accounts.domain import EMAIL
from survey.db import Role, Scope, Transaction, transaction
from survey.media import media_of
from survey.settings import Settings
from survey.shoppers.domain import email_index
from survey.shops.fieldwork.service import place as text_place
from survey.shops.reviews import service
from survey.shops.reviews.domain import RUBRIC
from survey.shops.reviews.service.flagging import flag
from tests.conftest import NOW, World, unheard_of
from tests.shop_world import Shopper, ShopWorld, insert, shop_world
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

TOLD = "The receipt shows another day."
STORY = "My server Anna was kind. Anna wrote her number on the slip: 4111 1111 1111 1111."
PLAIN = "The shelves were full and the floor was dry when I walked in."
CODED = {"found_all": "yes", "clean": 5, "recommend": 9}
POINTS = {part.code: str(part.most) for part in RUBRIC} | {"is_read": "yes"}


def photo(colour: str = "teal", size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture as a file."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return written.getvalue()


@dataclass
class Desk:
    """An editor's browser before one report."""

    there: ShopWorld
    settings: Settings
    shopper: Shopper
    address: str
    editor: Browser
    shop_id: UUID
    report_id: UUID
    base: str = field(init=False)

    def __post_init__(self) -> None:
        self.base = f"/reviews/{self.shop_id}"

    def transaction(self) -> Transaction:
        """A transaction as the staff's pages open it."""
        return transaction(Role.STAFF, affiliate=self.there.affiliate_id)

    async def page(self) -> str:
        """The report's page."""
        page = await self.editor.get(self.base)
        assert page.status_code == 200, page.text[:500]
        return page.text

    async def do(self, part: str, **fields: str) -> httpx.Response:
        """Send a form of the report's page."""
        return await self.editor.post(f"{self.base}/{part}", fields)

    async def pick_up(self) -> None:
        """Pick the report up."""
        assert (await self.do("pick-up")).status_code == 303
        assert await self.there.state_of(self.shop_id) == "IN_REVIEW"

    async def reopen(self, **fields: str) -> httpx.Response:
        """Open an approved report again."""
        return await self.do("reopen", **{"reason": "overlooked", "words": "We look at the times again.", **fields})

    async def opened(self) -> service.Opened:
        """The report, opened as its pages open it."""
        async with self.transaction():
            return await service.opened(self.there.scope, self.settings, self.shop_id)

    async def write(self, question_id: str, text: str) -> None:
        """Put words into the report, as its shopper does."""
        await write_text(self.there, self.report_id, question_id, text)

    async def findings(self) -> list[tuple[str, str]]:
        """Kind and digest of what the scan finds and nobody has dealt with."""
        return [(each.finding.kind.value, each.digest) for each in (await self.opened()).scanned if not each.is_left]

    async def clean(self) -> None:
        """Deal with every finding in the shortest way."""
        while left := [each for each in (await self.opened()).scanned if not each.is_left]:
            fields = {"field": left[0].question_id, "finding": left[0].digest, "act": "replace"}
            assert (await self.do("findings", **fields)).status_code == 303

    async def flags(self, shop_id: UUID | None = None) -> list[str]:
        """The flags of one report, looked through as the worker does: of this one, or of another shop's."""
        shop_id = shop_id or self.shop_id
        async with transaction(Role.WORKER, affiliate=self.there.affiliate_id):
            await flag(Scope(self.there.affiliate_id, actor_kind="system"), self.settings, shop_id, NOW)
        raised: list[str] = await self.there.owner.fetchval(
            "SELECT flags FROM field.review WHERE shop_id = $1", shop_id
        )
        return raised

    async def text(self, question_id: str = "improve") -> str:
        """Words of the report as they stand now."""
        sealed = await self.there.owner.fetchval(
            "SELECT sealed FROM field.report_text WHERE report_id = $1 AND question_id = $2",
            self.report_id,
            question_id,
        )
        key = await data_key(self.there.owner, self.settings.keyring, self.report_id)
        return unseal_text(key, text_place(self.report_id, question_id), sealed)

    async def picture(
        self, kind: str = "photo", content: bytes | None = None, report_id: UUID | None = None, **columns: object
    ) -> UUID:
        """A picture in the tray of this report, or of another."""
        picture_id, file = uuid4(), content or photo()
        key = await media_of(self.settings).put("evidence", file, limit_bytes=1_000_000)
        values = {
            "id": picture_id, "affiliate_id": self.there.affiliate_id, "report_id": report_id or self.report_id,
            "kind": kind, "media_key": key, "digest": sha256(file), "size_bytes": len(file), "width": 640,
            "height": 480, "created_at": NOW, **columns,
        }  # fmt: skip
        await insert(self.there.owner, "field.evidence", values)
        return picture_id


async def write_text(there: ShopWorld, report_id: UUID, question_id: str, text: str) -> None:
    """Put sealed words into a report."""
    key = await data_key(there.owner, there.settings.keyring, report_id)
    await there.owner.execute(
        "INSERT INTO field.report_text (report_id, question_id, affiliate_id, sealed) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (report_id, question_id) DO UPDATE SET sealed = excluded.sealed",
        report_id, question_id, there.affiliate_id, seal(key, text_place(report_id, question_id), text),
    )  # fmt: skip


async def reported(there: ShopWorld, shopper: Shopper, story: str = STORY, **columns: object) -> tuple[UUID, UUID]:
    """A shop that was taken the day before, with a report that waits: the ids of both."""
    shop_id = await there.shop("SUBMITTED", shopper, planned_on=NOW.date(), **columns)
    await there.owner.execute(
        "UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", shop_id, NOW - timedelta(days=1)
    )
    report_id = await there.report(
        shop_id, CODED, started_at=NOW - timedelta(hours=2), time_in=NOW - timedelta(hours=1), time_out=NOW
    )
    await write_text(there, report_id, "improve", story)
    return shop_id, report_id


async def with_address(there: ShopWorld, account_id: UUID, address: str) -> None:
    """Give an account of the tests an address of its own."""
    key = await create_subject(there.owner, there.settings.keyring, there.affiliate_id, account_id)
    sealed = seal(key, Place(EMAIL, account_id, account_id), address)
    name = seal(key, Place("identity.account.name", account_id, account_id), "Nell")
    await there.owner.execute(
        "UPDATE identity.account SET email = $2, name = $3 WHERE id = $1", account_id, sealed, name
    )


@pytest.fixture
async def there(superuser: asyncpg.Connection, settings: Settings, world: World) -> ShopWorld:
    """alice's client with a campaign."""
    return await shop_world(superuser, settings, world.alices.affiliate_id)


@pytest.fixture
async def desk(site: Site, there: ShopWorld, settings: Settings) -> Desk:
    """An editor, and a report that waits."""
    # An address of its own: a stop of all mail holds for the whole platform, and the tests share one.
    address = f"{unheard_of()}@shopper.test"
    index = email_index(settings.index_key, there.affiliate_id, address)
    shopper = await there.shopper("Robin Marsh", address, email_index=index)
    shop_id, report_id = await reported(there, shopper)
    editor = await site.signed_in(there.affiliate_id, "editor")
    return Desk(there, settings, shopper, address, editor, shop_id, report_id)
