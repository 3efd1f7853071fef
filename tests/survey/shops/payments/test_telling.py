"""Whoever was paid is told once for each batch, without an amount or an account."""

from uuid import UUID

import asyncpg

from survey.settings import Settings
from survey.shops.payments import service
from survey.shops.payments.domain import PAID_KIND
from tests.conftest import NOW, unheard_of
from tests.outbox import Mail, mails, stop_mail

from .conftest import IBAN, TODAY, Payroll


async def _told(pay: Payroll, settings: Settings, batch_id: UUID) -> list[Mail]:
    await service.tell_paid(settings, pay.scope.affiliate_id, batch_id, NOW)
    return await mails(settings, pay.scope.affiliate_id, PAID_KIND)


async def test_a_batch_that_is_not_paid_yet_tells_nobody(pay: Payroll, settings: Settings) -> None:
    await pay.payable(await pay.payee())
    assert await _told(pay, settings, (await pay.exported()).id) == []


async def test_whom_the_bank_refused_is_not_told_of_a_payment(pay: Payroll, settings: Settings) -> None:
    paid, refused = await pay.payee(), await pay.payee()
    await pay.payable(paid)
    await pay.payable(refused)
    batch = await pay.exported()
    code = await pay.there.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", refused.id)
    async with pay.transaction():
        await service.settle(pay.scope, batch.id, TODAY, [code], NOW)
    assert [each.recipient_id for each in await _told(pay, settings, batch.id)] == [paid.id]


async def test_whoever_was_paid_for_two_visits_gets_one_mail_and_never_another(
    pay: Payroll, settings: Settings
) -> None:
    robin = await pay.payee()
    await pay.payable(robin)
    item = await pay.paid(robin)
    assert item.batch_id is not None
    (told,) = await _told(pay, settings, item.batch_id)
    assert (told.recipient_id, told.subject) == (robin.id, "You have been paid")
    assert f"{settings.base_url}/shopper/pay" in told.text
    assert told.way_out in told.text
    assert await _told(pay, settings, item.batch_id) == []


async def test_the_mail_says_neither_how_much_nor_where_to(pay: Payroll, settings: Settings) -> None:
    item = await pay.paid(await pay.payee())
    assert item.batch_id is not None
    (told,) = await _told(pay, settings, item.batch_id)
    for secret in (IBAN, IBAN[-4:], "USD", "12.00", f"{item.amounts.total_cents / 100:.2f}", "Copperkettle", "Robin"):
        assert secret not in told.text


async def test_marking_a_batch_as_paid_asks_for_the_mails(pay: Payroll, superuser: asyncpg.Connection) -> None:
    item = await pay.paid(await pay.payee())
    asked = await superuser.fetchval(
        "SELECT count(*) FROM ops.job WHERE entrypoint = 'payments.tell_paid' AND dedupe_key LIKE '%' || $1 || '%'",
        str(item.batch_id),
    )
    assert asked == 1


async def test_money_that_came_back_before_the_mail_went_out_is_not_told_of(pay: Payroll, settings: Settings) -> None:
    item = await pay.paid(await pay.payee())
    assert item.batch_id is not None
    await service.tell_paid(settings, pay.scope.affiliate_id, item.batch_id, NOW)
    async with pay.transaction():
        await service.reverse(pay.scope, item.id, "bank_refused", NOW)
    (held_back,) = await mails(settings, pay.scope.affiliate_id, PAID_KIND)
    assert held_back.withheld == "it came back, or the profile was removed"


async def test_whoever_has_stopped_mail_is_paid_and_gets_none(pay: Payroll, settings: Settings) -> None:
    address = f"{unheard_of()}@shopper.test"
    robin = await pay.there.shopper("Robin Marsh", address)
    await pay.payout(robin)
    item = await pay.paid(robin)
    assert item.batch_id is not None
    await stop_mail(settings, pay.scope.affiliate_id, address)
    assert await _told(pay, settings, item.batch_id) == []
