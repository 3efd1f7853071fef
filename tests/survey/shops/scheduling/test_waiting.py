"""What waits for its undo shows on the board and on the shop; what was undone leaves nothing behind."""

from datetime import timedelta
from uuid import UUID

import pytest

from survey.settings import Settings
from survey.shops.scheduling import service
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment
from tests.web_client import Browser, Site

from .effects import do, text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def doomed(scheduler: Browser, *shop_ids: UUID, kind: str = "cancel") -> str:
    """Ask for a cancellation (or an opening); the path of the act."""
    return await do(scheduler, {"kind": kind, "reason": "twice", "ids": [str(each) for each in shop_ids]})


@pytest.mark.parametrize("path", ["/shops", "/shops?view=board", "/shops/{shop}"])
async def test_a_cancellation_that_waits_shows_with_its_seconds_and_its_undo(
    site: Site, scheduler: Browser, shops: ShopWorld, path: str
) -> None:
    shop_id = await shops.shop()
    act = await doomed(scheduler, shop_id)
    site.clock.now = NOW + timedelta(seconds=12)
    page = (await scheduler.get(path.format(shop=shop_id))).text
    assert "to be cancelled in 18 s" in text_of(page).lower()
    assert f'"{act}/undo"' in page
    assert (await scheduler.post(f"{act}/undo")).status_code == 303
    assert "to be cancelled" not in text_of((await scheduler.get(path.format(shop=shop_id))).text).lower()


async def test_drafts_that_are_to_open_show_it_and_say_how_many_an_undo_reaches(
    scheduler: Browser, shops: ShopWorld
) -> None:
    first, second = await shops.shop("DRAFT"), await shops.shop("DRAFT")
    await doomed(scheduler, first, second, kind="open")
    said = text_of((await scheduler.get(f"/shops/{first}")).text)
    assert "This shop is to be opened in 30 s" in said
    assert "Until then nothing happens" in said
    assert "Undo for all 2 shops" in said
    assert "Undo (2 shops)" in text_of((await scheduler.get("/shops?state=DRAFT")).text)


async def test_once_the_half_minute_is_over_there_is_no_undo_and_once_done_no_word(
    site: Site, scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    shop_id = await shops.shop()
    act = await doomed(scheduler, shop_id)
    site.clock.now = NOW + timedelta(seconds=31)
    page = (await scheduler.get(f"/shops/{shop_id}")).text
    for words in ("This shop is being cancelled now", "It can no longer be undone."):
        assert words in text_of(page)
    assert f'"{act}/undo"' not in page
    await service.carry_out_waiting(settings.keyring, site.clock.now)
    assert "being cancelled" not in (await scheduler.get(f"/shops/{shop_id}")).text


async def test_another_affiliate_sees_nothing_of_what_waits(
    site: Site, scheduler: Browser, shops: ShopWorld, world: World
) -> None:
    await doomed(scheduler, await shops.shop())
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert "to be cancelled" not in (await stranger.get("/shops")).text.lower()


async def test_a_message_that_was_undone_leaves_no_thread(scheduler: Browser, shops: ShopWorld) -> None:
    robin, kim = await shops.shopper(), await shops.shopper()
    ids = [str(await shops.shop("ASSIGNED", who)) for who in (robin, kim)]
    act = await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": ids})
    await scheduler.post(f"{act}/undo")
    for table in ("thread", "message"):
        left = f"SELECT count(*) FROM identity.{table} WHERE affiliate_id = $1"
        assert await shops.owner.fetchval(left, shops.affiliate_id) == 0


async def test_a_thread_of_before_stays_as_it_was(
    site: Site, scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    shop_id = await shops.shop("ASSIGNED", robin)
    async with robin.transaction():
        thread_id = await service.ask(robin.scope, settings.keyring, shop_id, "May I?", NOW - timedelta(hours=3))
    was = await shops.owner.fetchrow("SELECT * FROM identity.thread WHERE id = $1", thread_id)
    act = await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": str(shop_id)})
    assert await shops.owner.fetchrow("SELECT * FROM identity.thread WHERE id = $1", thread_id) != was
    await scheduler.post(f"{act}/undo")
    assert await shops.owner.fetchrow("SELECT * FROM identity.thread WHERE id = $1", thread_id) == was


async def test_a_thread_in_which_the_shopper_has_written_meanwhile_goes_on(
    site: Site, scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    shop_id = await shops.shop("ASSIGNED", robin)
    act = await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": str(shop_id)})
    site.clock.now = NOW + timedelta(seconds=9)
    async with robin.transaction():
        thread_id = await service.ask(robin.scope, settings.keyring, shop_id, "May I?", site.clock.now)
    await scheduler.post(f"{act}/undo")
    row = await shops.owner.fetchrow("SELECT * FROM identity.thread WHERE id = $1", thread_id)
    assert (row["waiting_since"], row["last_at"]) == (site.clock.now, site.clock.now)


async def test_a_thread_that_a_colleague_has_taken_over_meanwhile_stays_theirs(
    site: Site, scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    robin = await shops.shopper()
    shop_id = await shops.shop("ASSIGNED", robin)
    async with robin.transaction():
        thread_id = await service.ask(robin.scope, settings.keyring, shop_id, "May I?", NOW - timedelta(hours=3))
    act = await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": str(shop_id)})
    colleague = await site.signed_in(shops.affiliate_id, "manager")
    assert (await colleague.post(f"/messages/{thread_id}/own")).status_code == 303
    await scheduler.post(f"{act}/undo")
    row = await shops.owner.fetchrow("SELECT * FROM identity.thread WHERE id = $1", thread_id)
    assert (row["owner_id"], row["waiting_since"]) == (colleague.account_id, NOW - timedelta(hours=3))


async def test_a_day_that_is_put_back_keeps_the_time_that_a_hold_gave_back(
    scheduler: Browser, shops: ShopWorld
) -> None:
    due = moment(5, 7)
    shop_id = await shops.shop("ASSIGNED", planned_on=NOW.date() + 3 * DAY, due_at=due)
    fields = {"kind": "plan", "day": str(NOW.date() + 4 * DAY), "override": "1", "override_reason": "ill"}
    act = await do(scheduler, fields | {"ids": str(shop_id)})
    assert (await shops.row(shop_id))["due_at"] != due
    await scheduler.post(f"{act}/undo")
    row = await shops.row(shop_id)
    assert (row["planned_on"], row["due_at"]) == (NOW.date() + 3 * DAY, due)
