"""Messages with the schedulers, words against a mark, and the news by mail."""

from uuid import UUID, uuid4

import pytest

from survey.db import Role, transaction
from survey.shops.board import queries, service
from survey.shops.scheduling import service as scheduling
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, insert, moment, update
from tests.web_client import Browser, Site

MESSAGES = "/shopper/messages"


async def written(browser: Browser, shop_id: UUID, words: str = "The door was shut.") -> str:
    """The address of the thread after writing about a shop."""
    sent = await browser.submit(
        f"{MESSAGES}/new?shop={shop_id}", {"shop": str(shop_id), "words": words}, f"{MESSAGES}/new"
    )
    assert sent.status_code == 303
    return sent.headers["location"]


async def test_one_writes_only_about_shops_with_which_one_has_to_do(browser: Browser, shops: ShopWorld) -> None:
    for unknown in (await shops.shop("ASSIGNED", await shops.shopper()), uuid4()):
        assert (await browser.get(f"{MESSAGES}/new?shop={unknown}")).status_code == 404
        assert (await browser.post(f"{MESSAGES}/new", {"shop": str(unknown), "words": "Hello"})).status_code == 404


async def test_another_shoppers_and_another_affiliates_thread_is_not_found(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper, world: World
) -> None:
    thread = await written(browser, await shops.shop("ASSIGNED", me))
    other = await shops.signed_in(site, await shops.shopper())
    assert (await other.get(thread)).status_code == 404
    assert (await other.post(thread, {"words": "Mine?"})).status_code == 404
    assert "No messages" in (await other.get(MESSAGES)).text
    foreign = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert (await foreign.get(thread.removeprefix("/shopper"))).status_code == 404


async def test_a_message_is_sealed_and_a_second_click_is_no_second_message(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    assert await written(browser, shop_id) == await written(browser, shop_id)
    rows = await shops.owner.fetch("SELECT body, author FROM identity.message WHERE shopper_id = $1", me.id)
    assert [row["author"] for row in rows] == ["shopper"]
    assert b"door" not in rows[0]["body"]


async def test_an_empty_message_is_not_sent(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    thread = await written(browser, await shops.shop("ASSIGNED", me))
    for address in (thread, f"{MESSAGES}/new"):
        assert (await browser.post(address, {"words": "  "})).status_code == 422


async def test_the_clock_runs_until_a_scheduler_answers(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread = await written(browser, shop_id)
    site.clock.now = moment(hours=0.5)
    assert "Your message waits for 30 minutes" in (await browser.get(thread)).text
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        about = [(me.id, shop_id)]
        await scheduling.write(shops.scope, shops.settings.keyring, about, "Try the side door.", moment(hours=0.6))
    page = (await browser.get(thread)).text
    assert "Try the side door." in page
    assert "waits for" not in page
    assert ">Read<" in (await browser.get(MESSAGES)).text
    assert (await browser.submit(thread, {"words": "Thank you."})).status_code == 303


async def test_who_writes_again_before_an_answer_stands_waits_since_they_first_wrote(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread = await written(browser, shop_id)
    async with shops.transaction():
        about, ring = [(me.id, shop_id)], shops.settings.keyring
        await scheduling.write(shops.scope, ring, about, "Try it.", moment(hours=0.1), shown_from=moment(hours=1))
    site.clock.now = moment(hours=0.2)
    assert (await browser.submit(thread, {"words": "Is anybody there?"})).status_code == 303
    site.clock.now = moment(hours=0.5)
    assert "Your message waits for 30 minutes" in (await browser.get(thread)).text
    assert "Not answered yet" in (await browser.get(MESSAGES)).text


async def test_an_answer_is_marked_as_new_until_it_is_opened(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread = await written(browser, shop_id)
    assert "New: not read yet" not in (await browser.get(MESSAGES)).text
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        await scheduling.write(shops.scope, shops.settings.keyring, [(me.id, shop_id)], "Try the side door.", NOW)
    assert "New: not read yet" in (await browser.get(MESSAGES)).text
    assert "Messages (1 new)" in (await browser.get("/shopper/shops")).text
    await browser.get(thread)
    assert "New: not read yet" not in (await browser.get(MESSAGES)).text
    assert "new)" not in (await browser.get("/shopper/shops")).text


async def test_what_is_kept_of_reading_is_the_message_and_not_the_moment(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread = await written(browser, shop_id)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        await scheduling.write(shops.scope, shops.settings.keyring, [(me.id, shop_id)], "Try the side door.", NOW)
    before = await shops.events(UUID(thread[-36:]))
    site.clock.now = moment(hours=0.3)
    await browser.get(thread)
    read_to = await shops.owner.fetchval("SELECT read_to FROM identity.thread WHERE shop_id = $1", shop_id)
    assert read_to == NOW
    assert await shops.events(UUID(thread[-36:])) == before


async def test_a_message_that_can_still_be_taken_back_is_new_once_it_stands(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread = await written(browser, shop_id)
    ring, about, later = shops.settings.keyring, [(me.id, shop_id)], moment(hours=0.5)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        await scheduling.write(shops.scope, ring, about, "Doors close at six.", NOW, shown_from=later)
        await scheduling.write(shops.scope, ring, about, "Try the side door.", moment(hours=0.1))
    site.clock.now = moment(hours=0.2)
    await browser.get(thread)
    assert "New: not read yet" not in (await browser.get(MESSAGES)).text
    site.clock.now = later
    assert "New: not read yet" in (await browser.get(MESSAGES)).text


async def test_words_that_were_not_there_when_a_thread_was_opened_are_new_still(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread_id = UUID((await written(browser, shop_id))[-36:])
    ring, about = shops.settings.keyring, [(me.id, shop_id)]
    async with shops.transaction():
        shown = await scheduling.write(shops.scope, ring, about, "Try the side door.", NOW)
        await scheduling.write(shops.scope, ring, about, "Ring twice.", moment(hours=0.1))
    async with me.transaction():
        await queries.threads.mark_read(me.scope, thread_id, list(shown))
        assert await service.messages.count_unread(me.scope, moment(hours=0.2)) == 1
        await service.messages.read_thread(me.scope, ring, thread_id, moment(hours=0.2))
        assert await service.messages.count_unread(me.scope, moment(hours=0.2)) == 0


async def test_what_staff_read_is_still_new_to_the_shopper(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop("ASSIGNED", me)
    thread = await written(browser, shop_id)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    await scheduler.submit(thread.removeprefix("/shopper"), {"words": "Try the side door."})
    await scheduler.get(thread.removeprefix("/shopper"))
    assert "New: not read yet" in (await browser.get(MESSAGES)).text


async def proposed(shops: ShopWorld, me: Shopper) -> UUID:
    """A mark that a machine has proposed."""
    shop_id = await shops.shop("OPEN")
    values: dict[str, object] = {
        "id": uuid4(), "affiliate_id": shops.affiliate_id, "shopper_id": me.id, "shop_id": shop_id, "kind": "no_show",
        "assignment_id": await shops.assignment(shop_id, me, "taken_back"), "proposed_at": NOW,
    }  # fmt: skip
    await insert(shops.owner, "identity.mark", values)
    return UUID(str(values["id"]))


async def test_words_against_a_mark_are_sealed_and_whoever_opens_them_leaves_a_trace(
    browser: Browser, site: Site, shops: ShopWorld, me: Shopper, world: World
) -> None:
    mark_id = await proposed(shops, me)
    fields = {"reason": "told_scheduler", "words": "I rang on Thursday."}
    assert (await browser.submit("/shopper/marks", fields, to=f"/shopper/marks/{mark_id}")).status_code == 303
    assert "I rang on Thursday." in (await browser.get("/shopper/marks")).text
    sealed = await shops.owner.fetchval("SELECT contest_words FROM identity.mark WHERE id = $1", mark_id)
    assert b"Thursday" not in sealed
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert (await stranger.get(f"/shops/marks/{mark_id}")).status_code == 404
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    listed = (await scheduler.get("/shops/marks")).text
    assert "Thursday" not in listed
    assert f'href="/shops/marks/{mark_id}"' in listed
    assert "I rang on Thursday." in (await scheduler.get(f"/shops/marks/{mark_id}")).text
    look = (await shops.events(mark_id))[-1]
    assert (look["action"], look["subject_id"], look["purpose"]) == ("mark.read", me.id, "decide about a mark")


async def news_of(shops: ShopWorld) -> list[UUID]:
    """Who is written to of new shops."""
    rows = await shops.owner.fetch(
        "SELECT recipient_id, is_bulk, opt_out_link_id FROM ops.delivery"
        " WHERE affiliate_id = $1 AND kind = 'shop-news'",
        shops.affiliate_id,
    )
    assert all(row["is_bulk"] and row["opt_out_link_id"] for row in rows)
    return [row["recipient_id"] for row in rows]


async def test_who_has_not_asked_hears_nothing_of_new_shops(shops: ShopWorld, me: Shopper) -> None:
    await shops.shop()
    await service.news.send_news(shops.settings, NOW)
    assert await news_of(shops) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "paused"},
        {"status": "erased"},
        {"latitude": 51.5, "longitude": 0},
        {"latitude": None, "longitude": None},
    ],
)
async def test_who_is_far_off_away_or_nowhere_hears_nothing(
    shops: ShopWorld, me: Shopper, columns: dict[str, object]
) -> None:
    await shops.shop()
    await update(shops.owner, "identity.shopper", me.id, {"wants_news": True} | columns)
    await service.news.send_news(shops.settings, NOW)
    assert await news_of(shops) == []


async def test_who_asked_gets_one_mail_a_day_with_a_way_out_and_none_without_news(
    shops: ShopWorld, me: Shopper
) -> None:
    await update(shops.owner, "identity.shopper", me.id, {"wants_news": True})
    await service.news.send_news(shops.settings, NOW)
    assert await news_of(shops) == []
    await shops.shop()
    for hours in (0, 1, 2):
        await service.news.send_news(shops.settings, moment(hours=hours))
    assert await news_of(shops) == [me.id]
    await service.news.send_news(shops.settings, NOW + 2 * DAY)
    assert await news_of(shops) == [me.id]
