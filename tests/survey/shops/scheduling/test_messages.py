"""Messages: sealed, each thread with an owner and a clock, a shopper's own for the shopper."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.db import NotFound
from survey.settings import Settings
from survey.shops.scheduling import service
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld
from tests.web_client import Browser, Site


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def ask(settings: Settings, shopper: Shopper, words: str, shop_id: UUID | None = None, hours: float = 0) -> UUID:
    """The shopper writes, so many hours ago."""
    async with shopper.transaction():
        return await service.ask(shopper.scope, settings.keyring, shop_id, words, NOW - timedelta(hours=hours))


async def test_a_thread_of_another_affiliate_is_not_there(
    site: Site, shops: ShopWorld, world: World, settings: Settings
) -> None:
    thread_id = await ask(settings, await shops.shopper(), "May I go on Sunday?")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert (await stranger.get(f"/messages/{thread_id}")).status_code == 404
    for path in (f"/messages/{thread_id}", f"/messages/{thread_id}/own"):
        assert (await stranger.post(path, {"words": "Hello"})).status_code == 404
    assert "0 wait for an answer" in " ".join(HTMLParser((await stranger.get("/messages")).text).text().split())


async def test_another_shoppers_thread_is_not_there(shops: ShopWorld, settings: Settings) -> None:
    thread_id = await ask(settings, await shops.shopper(), "May I go on Sunday?")
    other = await shops.shopper()
    with pytest.raises(NotFound):
        async with other.transaction():
            await service.read_thread(other.scope, settings.keyring, thread_id, NOW)


async def test_a_shopper_cannot_write_as_staff(shops: ShopWorld, settings: Settings) -> None:
    robin = await shops.shopper()
    thread_id = await ask(settings, robin, "May I go on Sunday?")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with robin.transaction() as here:
            await here.execute(
                "INSERT INTO identity.message"
                " (affiliate_id, thread_id, shopper_id, author, account_id, body, created_at)"
                " VALUES ($1, $2, $3, 'staff', $4, '', $5)",
                shops.affiliate_id, thread_id, robin.id, robin.account_id, NOW,
            )  # fmt: skip


async def test_words_are_sealed_and_every_look_of_staff_is_recorded(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    thread_id = await ask(settings, robin, "May I go on Sunday?")
    (body,) = await shops.owner.fetchrow("SELECT body FROM identity.message WHERE thread_id = $1", thread_id)
    assert b"Sunday" not in body
    assert "May I go on Sunday?" in (await scheduler.get(f"/messages/{thread_id}")).text
    looks = [row for row in await shops.events(thread_id) if row["action"] == "thread.read"]
    assert [(row["subject_id"], row["purpose"]) for row in looks] == [(robin.id, "answer a shopper")]


async def test_who_waits_longest_comes_first_and_the_clock_says_so(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    for code, hours in (("S-NEW", 1), ("S-OLD", 30), ("S-DONE", 50)):
        thread_id = await ask(settings, await shops.shopper(display_code=code), "Hello?", hours=hours)
    await scheduler.post(f"/messages/{thread_id}", {"words": "Hello."})
    page = HTMLParser((await scheduler.get("/messages")).text)
    assert [node.text() for node in page.css("tbody th a")] == ["S-OLD", "S-NEW", "S-DONE"]
    said = " ".join(page.text().split())
    assert "waits for 1 day" in said
    assert "waits for 1 hour" in said


async def test_answering_stops_the_clock_and_makes_an_owner(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    thread_id = await ask(settings, robin, "May I go on Sunday?", hours=1)
    assert (await scheduler.post(f"/messages/{thread_id}")).status_code == 422
    assert (await scheduler.post(f"/messages/{thread_id}", {"words": "Yes, from ten."})).status_code == 303
    row = await shops.owner.fetchrow("SELECT waiting_since, owner_id FROM identity.thread WHERE id = $1", thread_id)
    assert (row["waiting_since"], row["owner_id"]) == (None, scheduler.account_id)
    async with robin.transaction():
        _, messages = await service.read_thread(robin.scope, settings.keyring, thread_id, NOW)
    assert [(each.is_staff, each.words) for each in messages] == [
        (False, "May I go on Sunday?"),
        (True, "Yes, from ten."),
    ]


async def test_the_clock_runs_from_the_first_word_without_an_answer(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    await ask(settings, robin, "Hello?", hours=5)
    thread_id = await ask(settings, robin, "Is anybody there?", hours=1)
    since = await shops.owner.fetchval("SELECT waiting_since FROM identity.thread WHERE id = $1", thread_id)
    assert since == NOW - timedelta(hours=5)


async def test_every_thread_is_seen_once_on_pages(scheduler: Browser, shops: ShopWorld, settings: Settings) -> None:
    for number in range(53):
        await ask(settings, await shops.shopper(), "Hello?", hours=number / 7)
    seen: list[str] = []
    path = "/messages"
    while path:
        page = HTMLParser((await scheduler.get(path)).text)
        seen += [node.text() for node in page.css("tbody th a")]
        following = page.css_first(".pager [rel=next]")
        path = f"/messages{following.attributes['href']}" if following else ""
    assert len(seen) == len(set(seen)) == 53
