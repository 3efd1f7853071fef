"""Where mail leads: an offer, an assignment and a message open for the shopper whose they are."""

from survey.db import Role, transaction
from survey.shops.scheduling import service as scheduling
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld
from tests.web_client import Browser


async def test_the_link_of_an_offers_mail_leads_to_where_it_is_answered(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("OFFERED", me, planned_on=NOW.date() + DAY)
    page = await browser.get(f"/shopper/shops/{shop_id}")
    assert f"/shopper/board/{shop_id}" in page.text
    assert "Take this shop" in (await browser.get(f"/shopper/board/{shop_id}")).text


async def test_a_shop_of_ones_own_leads_to_another_day_to_the_scheduler_and_back(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me, planned_on=NOW.date() + DAY)
    page = (await browser.get(f"/shopper/shops/{shop_id}")).text
    for address in (f"/shopper/shops/{shop_id}/extension", f"/shopper/shops/{shop_id}/give-back",
                    f"/shopper/messages/new?shop={shop_id}"):  # fmt: skip
        assert f'href="{address}"' in page
        assert (await browser.get(address)).status_code == 200


async def test_a_message_of_the_staff_opens_under_the_address_in_its_mail(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        await scheduling.write(shops.scope, shops.settings.keyring, [(me.id, None)], "Doors close at six.", NOW)
    thread_id = await shops.owner.fetchval("SELECT id FROM identity.thread WHERE shopper_id = $1", me.id)
    assert "Doors close at six." in (await browser.get(f"/shopper/messages/{thread_id}")).text
