"""Pay that waits for want of an account: its shopper is told twice by us, and not more than weekly by payroll."""

from datetime import datetime, timedelta

import pytest

from survey.settings import Settings
from survey.shops.payments import service
from survey.shops.payments.domain import (
    REMIND_AFTER,
    WHERE_AGAIN_KIND,
    WHERE_ASKED_KIND,
    WHERE_KIND,
    WHERE_KINDS,
    Item,
)
from tests.conftest import NOW, new_affiliate
from tests.outbox import mails, stop_mail
from tests.shop_world import Shopper
from tests.web_client import Browser, Site

from .conftest import Payroll

DAY = timedelta(days=1)


async def kinds_of(pay: Payroll, shopper: Shopper) -> list[str]:
    """The mails that were asked for, in their order."""
    rows = await pay.there.owner.fetch(
        "SELECT kind FROM ops.delivery WHERE recipient_id = $1 AND kind = ANY ($2::text[]) ORDER BY not_before",
        shopper.id, list(WHERE_KINDS),
    )  # fmt: skip
    return [row["kind"] for row in rows]


async def tell(settings: Settings, *moments: datetime) -> None:
    """What the job does at these moments."""
    for now in moments:
        await service.tell_waiting(settings, now)


@pytest.fixture
async def robin(pay: Payroll) -> Shopper:
    """A shopper who has not said where the money goes."""
    return await pay.there.shopper()


@pytest.fixture
async def owed(pay: Payroll, robin: Shopper) -> Item:
    """What is owed to Robin."""
    return await pay.payable(robin)


async def test_whoever_is_promised_something_or_has_an_account_is_not_told(pay: Payroll, settings: Settings) -> None:
    promised, settled = await pay.there.shopper(), await pay.payee()
    await pay.promised(promised)
    await pay.payable(settled)
    await tell(settings, NOW)
    assert [await kinds_of(pay, one) for one in (promised, settled)] == [[], []]


async def test_whoever_first_waits_is_told_once_and_reminded_once(
    pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    await tell(settings, NOW, NOW + DAY, NOW + REMIND_AFTER, NOW + REMIND_AFTER + DAY, NOW + 9 * REMIND_AFTER)
    assert await kinds_of(pay, robin) == [WHERE_KIND, WHERE_AGAIN_KIND]


async def test_a_second_visit_that_waits_is_no_second_mail(
    pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    await tell(settings, NOW)
    await pay.payable(robin)
    await tell(settings, NOW + DAY)
    assert await kinds_of(pay, robin) == [WHERE_KIND]


async def test_whoever_has_said_where_meanwhile_is_not_reminded(
    pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    await tell(settings, NOW)
    await pay.payout(robin)
    await tell(settings, NOW + REMIND_AFTER)
    assert await kinds_of(pay, robin) == [WHERE_KIND]


async def test_the_mail_says_where_to_go_with_a_way_out_and_no_amount(
    pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    await tell(settings, NOW)
    (told,) = [one for one in await mails(settings, pay.scope.affiliate_id, WHERE_KIND) if one.recipient_id == robin.id]
    assert f"{settings.base_url}/shopper/profile/payout" in told.text
    assert told.way_out in told.text
    for secret in ("USD", "12.00", "18.95", "Copperkettle", "Robin"):
        assert secret not in told.text


async def test_a_mail_that_is_out_of_date_when_it_would_go_stays_here(
    pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    await tell(settings, NOW)
    await pay.payout(robin)
    (told,) = [one for one in await mails(settings, pay.scope.affiliate_id, WHERE_KIND) if one.recipient_id == robin.id]
    assert told.withheld


async def test_home_asks_where_the_money_goes_as_soon_as_something_is_owed(
    site: Site, pay: Payroll, robin: Shopper
) -> None:
    browser = await pay.there.signed_in(site, robin)
    await pay.promised(robin)
    assert "Say where we pay you" not in (await browser.get("/shopper")).text
    await pay.payable(robin)
    assert "Say where we pay you" in (await browser.get("/shopper")).text
    await pay.payout(robin)
    assert "Say where we pay you" not in (await browser.get("/shopper")).text


@pytest.mark.parametrize("role", ["editor", "scheduler"])
async def test_only_payroll_asks(site: Site, pay: Payroll, owed: Item, role: str) -> None:
    browser = await site.signed_in(pay.scope.affiliate_id, role)
    for part in ("/pay/ask/preview", "/pay/ask"):
        assert (await browser.post(part, {"ids": str(owed.id), "shown": "1"})).status_code == 403


async def test_another_affiliates_payroll_asks_nobody_here(
    site: Site, pay: Payroll, robin: Shopper, owed: Item
) -> None:
    stranger = await site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "payroll")
    assert "Nobody" in (await stranger.post("/pay/ask/preview", {"ids": str(owed.id)})).text
    await stranger.post("/pay/ask", {"ids": str(owed.id), "shown": "5"})
    assert await kinds_of(pay, robin) == []


async def test_the_list_offers_to_ask_only_for_what_waits(clerk: Browser, pay: Payroll, owed: Item) -> None:
    settled = await pay.payable(await pay.payee())
    page = (await clerk.get("/pay")).text
    assert "No account yet" in page
    assert (f'value="{owed.id}"' in page, f'value="{settled.id}"' in page) == (True, False)


async def test_a_preview_counts_and_sends_nothing(clerk: Browser, pay: Payroll, robin: Shopper, owed: Item) -> None:
    settled = await pay.payable(await pay.payee())
    page = (await clerk.post("/pay/ask/preview", {"ids": [str(owed.id), str(settled.id)]})).text
    assert "1 shopper gets a mail" in page
    assert await kinds_of(pay, robin) == []


async def test_who_is_asked_gets_one_mail_and_it_is_recorded(
    clerk: Browser, pay: Payroll, robin: Shopper, owed: Item
) -> None:
    second = await pay.payable(robin)
    await clerk.post("/pay/ask", {"ids": [str(owed.id), str(second.id)], "shown": "1"})
    assert await kinds_of(pay, robin) == [WHERE_ASKED_KIND]
    [event] = [one for one in await pay.there.events(robin.id) if one["action"] == "pay.ask_account"]
    assert (event["subject_id"], event["actor_id"]) == (robin.id, clerk.account_id)


async def test_nobody_is_asked_more_than_once_a_week(
    pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    sent = []
    for days in (0, 1, 6, 8):
        async with pay.transaction():
            sent.append(await service.ask_where(pay.scope, settings, [owed.id], 1, NOW + days * DAY))
    assert sent == [1, 0, 0, 1]
    async with pay.transaction():
        found = await service.asking_of(pay.scope, [owed.id], NOW + 9 * DAY)
    assert (len(found.codes), len(found.asked_lately)) == (0, 1)


async def test_a_mail_of_our_own_counts_as_asking(
    clerk: Browser, pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    await tell(settings, NOW)
    await clerk.post("/pay/ask", {"ids": str(owed.id), "shown": "1"})
    assert await kinds_of(pay, robin) == [WHERE_KIND]


async def test_more_people_than_were_shown_are_shown_again(
    clerk: Browser, pay: Payroll, robin: Shopper, owed: Item
) -> None:
    other = await pay.payable(await pay.there.shopper("Kim Vale"))
    page = await clerk.post("/pay/ask", {"ids": [str(owed.id), str(other.id)], "shown": "1"})
    assert "2 shoppers get a mail" in page.text
    assert await kinds_of(pay, robin) == []


async def test_whoever_wants_no_mail_gets_none(
    clerk: Browser, pay: Payroll, robin: Shopper, owed: Item, settings: Settings
) -> None:
    address = f"{robin.id.hex[:8]}@shopper.test"
    await stop_mail(settings, pay.scope.affiliate_id, address)
    await clerk.post("/pay/ask", {"ids": str(owed.id), "shown": "1"})
    told = [
        one for one in await mails(settings, pay.scope.affiliate_id, WHERE_ASKED_KIND) if one.recipient_id == robin.id
    ]
    assert [one.text for one in told if not one.withheld] == []
