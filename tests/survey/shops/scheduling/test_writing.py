"""Staff write to a shopper of their own accord: who applied for a shop, or holds none."""

from uuid import uuid4

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, insert, shop_world
from tests.web_client import Browser, Site

NOBODY = "Nobody who can be written to has that code"
HELLO = {"shopper": "S-7F3K", "words": "Could you go on Tuesday?"}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


@pytest.mark.parametrize("role", ["editor", "payroll"])
async def test_who_schedules_nothing_writes_to_nobody(site: Site, shops: ShopWorld, role: str) -> None:
    await shops.shopper(display_code="S-7F3K")
    browser = await site.signed_in(shops.affiliate_id, role)
    assert (await browser.get("/messages/new")).status_code == 403
    assert (await browser.post("/messages/new", HELLO)).status_code == 403


async def test_another_affiliates_shopper_and_shop_are_not_there(
    scheduler: Browser, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    await there.shopper(display_code="S-THERE")
    await there.shop(public_ref="THEIRS-1")
    await shops.shopper(display_code="S-7F3K")
    for fields, told in (
        ({"shopper": "S-THERE"}, NOBODY),
        ({"shop": "THEIRS-1"}, "There is no shop of that reference"),
    ):
        answer = await scheduler.post("/messages/new", HELLO | fields)
        assert (answer.status_code, told in answer.text) == (422, True)
    assert (
        await superuser.fetchval("SELECT count(*) FROM identity.thread WHERE affiliate_id = $1", there.affiliate_id)
        == 0
    )


@pytest.mark.parametrize("fields", [{"shopper": ""}, {"words": " "}, {"shopper": "S-NOBODY"}])
async def test_it_needs_somebody_and_words(scheduler: Browser, shops: ShopWorld, fields: dict[str, str]) -> None:
    await shops.shopper(display_code="S-7F3K")
    answer = await scheduler.post("/messages/new", HELLO | fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


@pytest.mark.parametrize("status", ["pending", "deactivated"])
async def test_whoever_can_read_no_message_is_not_written_to(scheduler: Browser, shops: ShopWorld, status: str) -> None:
    await shops.shopper(display_code="S-7F3K", status=status)
    assert NOBODY in (await scheduler.post("/messages/new", HELLO)).text


async def test_nobody_hears_by_a_message_of_a_shop_with_which_they_have_nothing_to_do(
    scheduler: Browser, shops: ShopWorld
) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    await shops.shop(public_ref="OTHERS-1")
    answer = await scheduler.post("/messages/new", HELLO | {"shop": "OTHERS-1"})
    assert (answer.status_code, "has not had that shop, nor asked for it" in answer.text) == (422, True)
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.thread WHERE shopper_id = $1", robin.id) == 0


async def test_whoever_has_restricted_is_written_to_about_the_shops_they_have_alone(
    scheduler: Browser, shops: ShopWorld
) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    asked = await shops.shop(public_ref="ASKED-1")
    await shops.application(asked, robin)
    await shops.shop("ASSIGNED", robin, public_ref="HELD-1")
    row = {"id": uuid4(), "affiliate_id": shops.affiliate_id, "shopper_id": robin.id, "ground": "accuracy"}
    await insert(shops.owner, "identity.restriction", row | {"asked_at": NOW})
    for shop, status in (("", 422), ("ASKED-1", 422), ("HELD-1", 303)):
        answer = await scheduler.post("/messages/new", HELLO | {"shop": shop})
        assert (answer.status_code, "has restricted" in answer.text) == (status, status == 422), shop


async def test_an_applicant_is_written_to_from_their_application_and_reads_it(
    scheduler: Browser, shops: ShopWorld, site: Site
) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop(public_ref="THAT-ONE")
    await shops.application(shop_id, robin)
    page = HTMLParser((await scheduler.get(f"/shops/{shop_id}")).text)
    (link,) = page.css("a[href^='/messages/new']")
    form = HTMLParser((await scheduler.get(str(link.attributes["href"]))).text)
    filled = {str(each.attributes["name"]): each.attributes["value"] for each in form.css("main .short")}
    assert filled == {"shopper": "S-7F3K", "shop": "THAT-ONE"}
    sent = await scheduler.post("/messages/new", HELLO | filled)
    thread = (await scheduler.get(sent.headers["location"])).text
    assert "Could you go on Tuesday?" in thread
    assert "Answered by you" in thread
    row = await shops.owner.fetchrow("SELECT shop_id, owner_id FROM identity.thread WHERE shopper_id = $1", robin.id)
    assert (row["shop_id"], row["owner_id"]) == (shop_id, scheduler.account_id)
    said = "SELECT array_agg(action) FROM ledger.event WHERE subject_id = $1 AND action = 'message.write'"
    assert await shops.owner.fetchval(said, robin.id) == ["message.write"]
    own = await shops.signed_in(site, robin)
    assert "THAT-ONE" in (await own.get("/shopper/messages")).text


async def test_in_general_from_the_shoppers_page(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    page = HTMLParser((await scheduler.get(f"/shoppers/{robin.id}")).text)
    assert page.css("main a[href='/messages/new?shopper=S-7F3K']")
    assert (await scheduler.post("/messages/new", HELLO | {"shopper": "7f3k"})).status_code == 303
    assert await shops.owner.fetchval("SELECT shop_id FROM identity.thread WHERE shopper_id = $1", robin.id) is None
