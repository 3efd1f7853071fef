"""Which file of a batch is the current one: what says the same is the same file, anything else is another."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from privacy.crypto import derive_key, hmac_sha256, sha256
from survey.shoppers.domain import PayoutKind
from survey.shops.payments import queries, service
from survey.shops.payments.domain import Account, NotTransferable, Order, Transfer, contents
from survey.shops.payments.service import BankFile, FileKind
from tests.conftest import NOW
from tests.shop_world import Shopper
from tests.web_client import Browser

from .conftest import IBAN, OWN_IBAN, TODAY, Payroll, words_of


async def export(pay: Payroll, batch_id: UUID, kind: FileKind = FileKind.CSV, now: datetime = NOW) -> BankFile:
    async with pay.transaction():
        return await service.export(pay.scope, pay.there.settings, batch_id, kind, now)


async def test_a_file_taken_again_is_the_same_file_to_the_byte(pay: Payroll) -> None:
    await pay.account()
    await pay.payable(await pay.payee())
    batch = await pay.batch()
    made = [await export(pay, batch.id, FileKind.XML, NOW + timedelta(minutes=later)) for later in (0, 5)]
    assert made[0] == made[1]
    assert references(made[0])[:2] == ["PAY-1", "PAY-1-P1"]


async def test_a_file_that_says_something_else_has_another_name_and_the_same_payments(pay: Payroll) -> None:
    await pay.account()
    gone, stays = await pay.payee(), await pay.payee("Kim Vale")
    for shopper in (gone, stays):
        await pay.payable(shopper)
    batch = await pay.batch()
    first = references(await export(pay, batch.id, FileKind.XML))
    async with pay.transaction():
        await service.take_out(pay.scope, batch.id, [await code_of(pay, gone)], NOW)
    made = await export(pay, batch.id, FileKind.XML)
    assert references(made)[0] == "PAY-1-2"
    assert set(references(made)[1:]) == set(first[1:]) - {f"PAY-1-{await code_of(pay, gone)}"}
    assert made.name == "pay-1-2.xml"


async def test_a_file_taken_on_another_day_has_that_day_and_the_name_by_which_the_bank_knows_it(pay: Payroll) -> None:
    await pay.account()
    await pay.payable(await pay.payee())
    batch = await pay.batch()
    made = [await export(pay, batch.id, FileKind.XML, NOW + timedelta(days=later)) for later in (0, 1)]
    assert references(made[0]) == references(made[1])
    days = [TODAY + timedelta(days=later) for later in (1, 2)]
    assert [f"<Dt>{day}</Dt>".encode() in each.body for day, each in zip(days, made, strict=True)] == [True, True]


async def test_another_account_makes_another_file(pay: Payroll) -> None:
    await pay.account()
    shopper = await pay.payee()
    await pay.payable(shopper)
    batch = await pay.batch()
    await export(pay, batch.id, FileKind.XML)
    await pay.there.owner.execute("DELETE FROM identity.payout WHERE shopper_id = $1", shopper.id)
    await pay.payout(shopper, OWN_IBAN)
    assert references(await export(pay, batch.id, FileKind.XML))[:2] == ["PAY-1-2", "PAY-1-P1"]


async def test_a_batch_says_which_of_its_files_is_the_current_one(pay: Payroll) -> None:
    people = [await pay.payee(), await pay.payee("Kim Vale")]
    for shopper in people:
        await pay.payable(shopper)
    batch = await pay.batch()
    assert (batch.file_number, batch.is_file_current) == (0, False)
    await export(pay, batch.id)
    assert await file_in(pay, batch.id) == ("PAY-1", True)
    async with pay.transaction():
        await service.take_out(pay.scope, batch.id, [await code_of(pay, people[0])], NOW)
    assert await file_in(pay, batch.id) == ("PAY-1", False)
    await export(pay, batch.id)
    assert await file_in(pay, batch.id) == ("PAY-1-2", True)


async def test_a_file_that_was_refused_does_not_count(pay: Payroll) -> None:
    await pay.payable(await pay.payee())
    batch = await pay.batch()
    with pytest.raises(NotTransferable):
        await export(pay, batch.id, FileKind.XML)
    assert (await export(pay, batch.id)).name == "pay-1.csv"


async def test_what_is_kept_of_a_file_cannot_be_tried_for_accounts_without_a_key(pay: Payroll) -> None:
    shopper = await pay.payee("Robin Marsh")
    item = await pay.payable(shopper)
    batch = await pay.batch()
    await export(pay, batch.id)
    account = Account(PayoutKind.IBAN, "Robin Marsh", IBAN)
    paid = Transfer(await code_of(pay, shopper), "Robin Marsh", account, item.amounts.total_cents, 1)
    said = contents(Order("PAY-1", 1, "USD", NOW, TODAY + timedelta(days=1), None, [paid]))
    kept = await pay.there.owner.fetchval("SELECT file_digest FROM identity.pay_batch WHERE id = $1", batch.id)
    assert kept == hmac_sha256(derive_key(pay.there.settings.index_key, "files of batches"), said)
    assert kept != sha256(said)


async def test_the_page_of_a_batch_names_its_current_file_and_says_when_there_is_none(
    pay: Payroll, clerk: Browser
) -> None:
    people = [await pay.payee(), await pay.payee("Kim Vale")]
    for shopper in people:
        await pay.payable(shopper)
    url = f"/pay/batches/{(await pay.exported()).id}"
    assert "The current file is PAY-1, made on" in words_of((await clerk.get(url)).text)
    filled = {"codes": await code_of(pay, people[0]), "not_paid": "yes"}
    assert (await clerk.post(f"{url}/take-out", filled)).status_code == 303
    page = words_of((await clerk.get(url)).text)
    assert "there is no current file" in page
    assert "The next one is called PAY-1-2" in page


def references(made: BankFile) -> list[str]:
    """The file's own name, that of its payment, and those of its transfers."""
    return re.findall(r"<(?:MsgId|PmtInfId|EndToEndId)>(.+?)<", made.body.decode())


async def code_of(pay: Payroll, shopper: Shopper) -> str:
    code: str = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    return code


async def file_in(pay: Payroll, batch_id: UUID) -> tuple[str, bool]:
    async with pay.transaction():
        batch = await queries.batch_in(pay.scope, batch_id)
    return batch.file_name, batch.is_file_current
