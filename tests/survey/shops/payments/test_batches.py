"""Batches: what a dry run shows is what is made, files open people with a record, lines fail, batches are cancelled."""

import asyncio
import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest

from privacy.vault import shred
from survey.db import Conflict, NotFound
from survey.shoppers.domain import PayoutKind
from survey.shops.payments import queries, service
from survey.shops.payments.domain import (
    NAMESPACE,
    Account,
    BatchState,
    NotTransferable,
    Payer,
    Skip,
    State,
    WrongBatch,
)
from survey.shops.payments.service import BankFile, FileKind
from tests.conftest import NOW

from .conftest import FAR, IBAN, OWN_IBAN, TODAY, Payroll


async def preview(pay: Payroll, until: date = FAR, currency: str = "USD") -> Any:
    async with pay.transaction():
        return await service.preview(pay.scope, currency, until, TODAY)


async def planned(pay: Payroll, batch_id: UUID | None = None) -> service.Planned:
    result = await preview(pay)
    return service.Planned(batch_id or uuid4(), "USD", FAR, len(result.included), result.total_cents)


async def export(pay: Payroll, batch_id: UUID, kind: FileKind = FileKind.CSV) -> BankFile:
    async with pay.transaction():
        return await service.export(pay.scope, pay.there.settings, batch_id, kind, NOW)


async def test_another_affiliates_batch_is_not_found(pay: Payroll, theirs: Payroll) -> None:
    await theirs.payable(await theirs.payee())
    batch = await theirs.batch()
    for act in (
        lambda: service.take_out(pay.scope, batch.id, ["S-1"], NOW),
        lambda: service.settle(pay.scope, batch.id, TODAY, [], NOW),
        lambda: service.cancel(pay.scope, batch.id, NOW),
        lambda: service.export(pay.scope, pay.there.settings, batch.id, FileKind.CSV, NOW),
    ):
        with pytest.raises(NotFound):
            async with pay.transaction():
                await act()


async def test_a_batch_with_the_id_of_another_affiliates_is_refused_and_takes_nothing(
    pay: Payroll, theirs: Payroll
) -> None:
    await theirs.payable(await theirs.payee())
    item = await pay.payable(await pay.payee())
    plan = await planned(pay, (await theirs.batch()).id)
    with pytest.raises(Conflict):
        async with pay.transaction():
            await service.create_batch(pay.scope, plan, NOW)
    assert (await pay.item(item)).state is State.PAYABLE


async def test_a_dry_run_says_who_is_left_out_and_why(pay: Payroll) -> None:
    rich = await pay.payee()
    await pay.account(tax_from_cents=1200)
    paid, held = await pay.payable(await pay.payee(), fee_cents=1100), await pay.payable(await pay.payee())
    homeless, taxed = await pay.payable(await pay.there.shopper()), await pay.payable(rich)
    await pay.there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", held.shop_id)
    result = await preview(pay)
    assert [each.item_id for each in result.included] == [paid.id]
    assert {each.candidate.item_id: each.reason for each in result.skipped} == {
        held.id: Skip.ON_HOLD, homeless.id: Skip.NO_PAYOUT, taxed.id: Skip.NO_TAX_NUMBER,
    }  # fmt: skip


async def test_a_tax_number_that_was_asked_for_and_not_given_is_none(pay: Payroll) -> None:
    shopper = await pay.payee()
    await pay.account(tax_from_cents=1)
    await pay.payable(shopper)
    assert (await preview(pay)).included == []
    await pay.there.owner.execute(
        "UPDATE identity.tax_identity SET number = '\\x00', collected_at = $2 WHERE shopper_id = $1", shopper.id, NOW
    )
    assert len((await preview(pay)).included) == 1


async def test_what_was_earned_this_year_counts_and_last_years_does_not(pay: Payroll) -> None:
    shopper = await pay.payee()
    await pay.paid(shopper)
    await pay.account(tax_from_cents=2400)
    await pay.payable(shopper)
    assert [each.reason for each in (await preview(pay)).skipped] == [Skip.NO_TAX_NUMBER]
    await pay.there.owner.execute("UPDATE identity.pay_item SET paid_on = '2025-12-31' WHERE state = 'PAID'")
    assert len((await preview(pay)).included) == 1


async def test_a_dry_run_holds_what_is_promised_by_the_day_in_one_currency(pay: Payroll) -> None:
    shopper = await pay.payee()
    soon = await pay.payable(shopper)
    await pay.payable(shopper, currency="GBP")
    assert [each.item_id for each in (await preview(pay, soon.promised_on)).included] == [soon.id]
    assert (await preview(pay, soon.promised_on - timedelta(days=1))).included == []


async def test_a_dry_run_changes_nothing(pay: Payroll) -> None:
    item = await pay.payable(await pay.payee())
    await preview(pay)
    assert await pay.item(item) == item


async def test_a_batch_takes_what_is_owed_and_adds_up(pay: Payroll) -> None:
    items = [await pay.payable(await pay.payee()) for _ in range(3)]
    batch = await pay.batch()
    assert (batch.state, batch.number, batch.item_count) == (BatchState.DRAFT, 1, 3)
    assert batch.total_cents == sum(item.amounts.total_cents for item in items)
    now = [await pay.item(item) for item in items]
    assert {(item.state, item.batch_id) for item in now} == {(State.PENDING, batch.id)}
    assert "pay.batch_create" in await pay.actions(batch.id)
    assert (await pay.actions(items[0].id))[-1] == "pay.batch"


async def test_the_same_form_sent_twice_makes_one_batch(pay: Payroll) -> None:
    await pay.payable(await pay.payee())
    plan = await planned(pay)
    async with pay.transaction():
        first = await service.create_batch(pay.scope, plan, NOW)
        assert await service.create_batch(pay.scope, plan, NOW) == first
    assert await pay.there.owner.fetchval(BATCHES, pay.scope.affiliate_id) == 1


BATCHES = "SELECT count(*) FROM identity.pay_batch WHERE affiliate_id = $1"


async def test_a_batch_that_is_not_what_was_shown_is_not_made(pay: Payroll) -> None:
    await pay.payable(await pay.payee())
    plan = await planned(pay)
    await pay.payable(await pay.payee())
    with pytest.raises(service.Changed) as changed:
        async with pay.transaction():
            await service.create_batch(pay.scope, plan, NOW)
    assert len(changed.value.result.included) == 2
    assert await pay.there.owner.fetchval(BATCHES, pay.scope.affiliate_id) == 0


async def test_of_two_clerks_at_once_one_makes_the_batch_and_the_other_is_told(pay: Payroll) -> None:
    items = [await pay.payable(await pay.payee()) for _ in range(3)]

    async def clerk() -> str:
        plan = await planned(pay)
        ready.release()
        await both.wait()
        try:
            async with pay.transaction():
                await service.create_batch(pay.scope, plan, NOW)
        except service.Changed as changed:
            return f"nothing left: {len(changed.result.included)}"
        return "made"

    ready, both = asyncio.Semaphore(0), asyncio.Event()
    clerks = [asyncio.create_task(clerk()) for _ in range(2)]
    for _ in clerks:
        await ready.acquire()
    both.set()
    assert sorted(await asyncio.gather(*clerks)) == ["made", "nothing left: 0"]
    assert len({(await pay.item(item)).batch_id for item in items}) == 1


async def test_an_empty_batch_is_not_made(pay: Payroll) -> None:
    with pytest.raises(service.Changed):
        async with pay.transaction():
            await service.create_batch(pay.scope, service.Planned(uuid4(), "USD", FAR, 0, 0), NOW)


async def test_the_batches_of_each_affiliate_are_counted_from_one(pay: Payroll, theirs: Payroll) -> None:
    numbers = []
    for payroll in (pay, theirs, pay):
        await payroll.payable(await payroll.payee())
        numbers.append((await payroll.batch()).number)
    assert numbers == [1, 1, 2]


async def test_a_file_names_each_person_once_with_all_they_get(pay: Payroll) -> None:
    shopper = await pay.payee("Zoë Müller")
    first, second = await pay.payable(shopper), await pay.payable(shopper, receipt_cents=0)
    made = await export(pay, (await pay.batch()).id)
    [row] = csv.DictReader(io.StringIO(made.body.decode("utf-8-sig")))
    total = first.amounts.total_cents + second.amounts.total_cents
    assert (row["name"], row["account"], row["shops"]) == ("Zoë Müller", IBAN, "2")
    assert row["amount"] == f"{total // 100}.{total % 100:02}"
    assert made.name == "pay-1.csv"


READS = "SELECT subject_id, purpose, actor_id FROM ledger.event WHERE affiliate_id = $1 AND action = $2"


@pytest.mark.parametrize("action", ["shopper.read", "shopper.payout_read"])
async def test_each_person_whose_name_and_account_were_opened_finds_that_in_the_ledger(
    pay: Payroll, action: str
) -> None:
    people = [await pay.payee(), await pay.payee("Kim Vale")]
    for shopper in people:
        await pay.payable(shopper)
    batch = await pay.batch()
    await export(pay, batch.id)
    reads = await pay.there.owner.fetch(READS, pay.scope.affiliate_id, action)
    assert len(reads) == len(people)
    assert {row["subject_id"] for row in reads} == {shopper.id for shopper in people}
    assert {(row["purpose"], row["actor_id"]) for row in reads} == {(service.PAY_PURPOSE, pay.scope.account_id)}
    assert (await pay.actions(batch.id))[-1] == "pay.export"


async def test_the_ledger_holds_no_name_and_no_account(pay: Payroll) -> None:
    await pay.payable(await pay.payee("Zanzibar Quill"))
    await export(pay, (await pay.batch()).id)
    written = await pay.there.owner.fetch(
        "SELECT row_to_json(e)::text AS event FROM ledger.event e WHERE affiliate_id = $1", pay.scope.affiliate_id
    )
    assert written
    assert not [row for row in written if "Zanzibar" in row["event"] or IBAN[-8:] in row["event"]]


async def test_a_bank_file_adds_up_to_its_batch(pay: Payroll) -> None:
    await pay.account()
    for _ in range(2):
        await pay.payable(await pay.payee())
    batch = await pay.batch()
    made = await export(pay, batch.id, FileKind.XML)
    tree = ElementTree.fromstring(made.body)
    amounts = [node.text or "" for node in tree.iter(f"{{{NAMESPACE}}}InstdAmt")]
    assert sum(int(amount.replace(".", "")) for amount in amounts) == batch.total_cents
    assert {node.text for node in tree.iter(f"{{{NAMESPACE}}}IBAN")} == {IBAN, OWN_IBAN}


async def test_a_bank_file_is_refused_without_an_account_of_ones_own_and_says_nothing_of_anybody(pay: Payroll) -> None:
    await pay.payable(await pay.payee())
    batch = await pay.batch()
    with pytest.raises(NotTransferable):
        await export(pay, batch.id, FileKind.XML)
    assert "pay.export" not in await pay.actions(batch.id)


async def test_whoever_has_no_account_any_more_must_be_taken_out_first(pay: Payroll) -> None:
    gone, stays = await pay.payee(), await pay.payee("Kim Vale")
    for shopper in (gone, stays):
        await pay.payable(shopper)
    batch = await pay.batch()
    await shred(pay.there.owner, gone.id)
    with pytest.raises(service.NoAccount) as refused:
        await export(pay, batch.id)
    async with pay.transaction():
        await service.take_out(pay.scope, batch.id, refused.value.codes, NOW)
    assert b"Kim Vale" in (await export(pay, batch.id)).body


async def test_a_batch_of_which_no_file_was_taken_cannot_have_been_paid(pay: Payroll) -> None:
    await pay.payable(await pay.payee())
    batch = await pay.batch()
    with pytest.raises(WrongBatch):
        async with pay.transaction():
            await service.settle(pay.scope, batch.id, TODAY, [], NOW)


async def test_a_batch_is_paid_but_for_whom_the_bank_refused(pay: Payroll) -> None:
    unlucky = await pay.payee()
    refused, paid = await pay.payable(unlucky), await pay.payable(await pay.payee("Kim Vale"))
    batch = await pay.exported()
    code = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", unlucky.id)
    async with pay.transaction():
        done = await service.settle(pay.scope, batch.id, TODAY, [code.lower()], NOW)
        assert await service.settle(pay.scope, batch.id, TODAY, [code], NOW) == done
    assert (done.state, done.item_count, done.total_cents) == (BatchState.PAID, 1, paid.amounts.total_cents)
    assert replace(await pay.item(paid), revision=0) == replace(
        paid, state=State.PAID, paid_on=TODAY, batch_id=batch.id, revision=0
    )
    back = await pay.item(refused)
    assert (back.state, back.batch_id, back.reason) == (State.PAYABLE, None, "bank_refused")
    assert (await pay.actions(refused.id))[-1] == "pay.take_out"
    assert (await pay.actions(paid.id))[-1] == "pay.pay"


async def test_a_code_that_is_not_in_the_batch_stops_everything(pay: Payroll) -> None:
    item = await pay.payable(await pay.payee())
    batch = await pay.exported()
    with pytest.raises(service.UnknownCodes) as refused:
        async with pay.transaction():
            await service.settle(pay.scope, batch.id, TODAY, ["S-NOBODY"], NOW)
    assert refused.value.codes == ("S-NOBODY",)
    assert (await pay.item(item)).state is State.PENDING


async def test_a_batch_in_which_nobody_could_be_paid_is_cancelled(pay: Payroll) -> None:
    shopper = await pay.payee()
    await pay.payable(shopper)
    batch = await pay.exported()
    code = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    async with pay.transaction():
        assert (await service.settle(pay.scope, batch.id, TODAY, [code], NOW)).state is BatchState.CANCELLED


async def test_a_cancelled_batch_gives_everything_back_and_can_be_made_anew(pay: Payroll) -> None:
    item = await pay.payable(await pay.payee())
    batch = await pay.exported()
    async with pay.transaction():
        done = await service.cancel(pay.scope, batch.id, NOW)
        assert await service.cancel(pay.scope, batch.id, NOW) == done
    assert done.state is BatchState.CANCELLED
    assert replace(await pay.item(item), revision=0) == replace(item, revision=0)
    assert (await pay.batch()).item_count == 1


async def test_a_paid_batch_can_neither_be_cancelled_nor_exported(pay: Payroll) -> None:
    item = await pay.paid(await pay.payee())
    assert item.batch_id
    with pytest.raises(WrongBatch):
        async with pay.transaction():
            await service.cancel(pay.scope, item.batch_id, NOW)
    with pytest.raises(WrongBatch):
        await export(pay, item.batch_id)


async def test_ones_own_account_is_changed_by_whoever_saw_it_last(pay: Payroll) -> None:
    new = Payer(Account(PayoutKind.IBAN, "Northlight", OWN_IBAN), 60_000)
    async with pay.transaction():
        assert await service.change_payer(pay.scope, new, NOW)
        stored = await queries.payer_of(pay.scope)
        assert stored == replace(new, revision=1)
        assert not await service.change_payer(pay.scope, stored, NOW)
        with pytest.raises(Conflict):
            await service.change_payer(pay.scope, replace(new, tax_from_cents=None), NOW)
    [event] = await pay.there.events(pay.scope.affiliate_id)
    assert event["action"] == "pay.settings"
    assert OWN_IBAN not in str(dict(event))
