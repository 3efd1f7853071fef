"""A world of shops with people to pay: reports that are in, payouts under seal, an account of the affiliate's."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from privacy.vault import Place, data_key, seal
from survey.db import Role, Scope, Transaction, transaction
from survey.settings import Settings
from survey.shops.payments import queries, service
from survey.shops.payments.domain import Batch, Item
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, insert, shop_world
from tests.web_client import Browser, Site, clock, front, site

__all__ = ["clock", "front", "site"]

TODAY = NOW.date()
FAR = date(2027, 12, 31)
IBAN = "GB29NWBK60161331926819"
OWN_IBAN = "DE89370400440532013000"
PAY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Payroll:
    """What a payroll clerk has before them, and the shortcuts to bring pay into a state."""

    there: ShopWorld
    scope: Scope

    def transaction(self) -> Transaction:
        """A transaction as the staff's pages open it."""
        return transaction(Role.STAFF, affiliate=self.scope.affiliate_id)

    async def payout(self, shopper: Shopper, handle: str = IBAN, kind: str = "iban") -> None:
        """Say where a shopper's money goes."""
        key = await data_key(self.there.owner, self.there.settings.keyring, shopper.id)
        place = Place("identity.payout.handle", shopper.id, shopper.id)
        await self.there.owner.execute(
            "INSERT INTO identity.payout (shopper_id, affiliate_id, kind, handle, last4, updated_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            shopper.id, self.there.affiliate_id, kind, seal(key, place, handle), handle[-4:], NOW,
        )  # fmt: skip

    async def payee(self, name: str = "Robin Marsh", handle: str = IBAN, kind: str = "iban") -> Shopper:
        """A shopper who has said where the money goes."""
        shopper = await self.there.shopper(name)
        await self.payout(shopper, handle, kind)
        return shopper

    async def reported(self, shopper: Shopper, receipt_cents: int | None = 695, **columns: object) -> UUID:
        """A shop that somebody has made and reported."""
        state = str(columns.pop("state", "IN_REVIEW"))
        shop_id = await self.there.shop(state, shopper, planned_on=TODAY, **columns)
        await self.there.report(shop_id, receipt_cents=receipt_cents)
        return shop_id

    async def promised(self, shopper: Shopper, **columns: object) -> Item:
        """Pay that is promised, as the shopper's own request does it."""
        shop_id = await self.reported(shopper, **columns)  # type: ignore[arg-type]
        async with shopper.transaction():
            return await service.promise(shopper.scope, shop_id, NOW)

    async def payable(self, shopper: Shopper, **columns: object) -> Item:
        """Pay that is owed."""
        item = await self.promised(shopper, **columns)
        async with self.transaction():
            return await service.make_payable(self.scope, item.shop_id, NOW)

    async def batch(self, currency: str = "USD") -> Batch:
        """Everything that is owed, in a batch."""
        async with self.transaction():
            result = await service.preview(self.scope, currency, FAR, TODAY)
            planned = service.Planned(uuid4(), currency, FAR, len(result.included), result.total_cents)
            return await service.create_batch(self.scope, planned, NOW)

    async def exported(self) -> Batch:
        """The same, with a file taken."""
        batch = await self.batch()
        async with self.transaction():
            await service.export(self.scope, self.there.settings, batch.id, service.FileKind.CSV, NOW)
        return batch

    async def paid(self, shopper: Shopper, **columns: object) -> Item:
        """Pay that was paid today."""
        item = await self.payable(shopper, **columns)
        batch = await self.exported()
        async with self.transaction():
            await service.settle(self.scope, batch.id, TODAY, [], NOW)
        return await self.item(item)

    async def item(self, item: Item) -> Item:
        """An item as it is now."""
        async with self.transaction():
            return await queries.item_in(self.scope, item.id)

    async def account(self, **columns: object) -> None:
        """The affiliate's own account."""
        values = {"affiliate_id": self.there.affiliate_id, "way": "iban", "holder": "Northlight", "number": OWN_IBAN}
        await insert(self.there.owner, "identity.payer", {**values, **columns})

    async def actions(self, item_id: UUID) -> list[str]:
        """What the ledger says happened to something."""
        return [event["action"] for event in await self.there.events(item_id)]


async def payroll_of(superuser: asyncpg.Connection, settings: Settings, scope: Scope) -> Payroll:
    """An affiliate's payroll."""
    there = await shop_world(superuser, settings, scope.affiliate_id)
    await there.configure(pay_days=PAY_DAYS, attempt_fee_cents=300)
    return Payroll(there, Scope(scope.affiliate_id, uuid4(), "payroll"))


@pytest.fixture
async def pay(superuser: asyncpg.Connection, settings: Settings, world: World) -> Payroll:
    """alice's payroll."""
    return await payroll_of(superuser, settings, world.alices)


@pytest.fixture
async def theirs(superuser: asyncpg.Connection, settings: Settings, world: World) -> Payroll:
    """charlie's payroll."""
    return await payroll_of(superuser, settings, world.charlies)


@pytest.fixture
async def clerk(site: Site, pay: Payroll) -> Browser:
    """alice's payroll clerk, signed in."""
    return await site.signed_in(pay.scope.affiliate_id, "payroll")


def words_of(page: str) -> str:
    """What a page says."""
    body = HTMLParser(page).body
    assert body is not None
    return " ".join(body.text(separator=" ").split()).replace(" ,", ",").replace(" .", ".")
