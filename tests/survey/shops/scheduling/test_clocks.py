"""Staff read moments by a clock of theirs, with its name: the place's, or that of most places."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.clients import service as clients
from survey.db import Role, transaction
from survey.web.rendering import by_clock
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, insert, shop_world
from tests.web_client import Browser, Site

NEW_YORK = "America/New_York"


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in, whose places are in New York."""
    await shops.owner.execute(
        "UPDATE field.location SET time_zone = $2 WHERE affiliate_id = $1", shops.affiliate_id, NEW_YORK
    )
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def a_thread(shops: ShopWorld) -> UUID:
    """A thread that waits for nobody, last written in at NOW."""
    someone, thread_id = await shops.shopper(), uuid4()
    row = {"id": thread_id, "affiliate_id": shops.affiliate_id, "shopper_id": someone.id}
    await insert(shops.owner, "identity.thread", row | {"last_at": NOW, "created_at": NOW})
    return thread_id


def test_the_clock_of_a_zone_has_its_name_in_summer_and_in_winter() -> None:
    assert by_clock(NOW, NEW_YORK) == "22 Nov 04:30 EST"
    assert by_clock(NOW - timedelta(days=150), NEW_YORK) == "25 Jun 05:30 EDT"
    assert by_clock(NOW, "Asia/Kolkata", "%A %H:%M %Z") == "Sunday 15:00 IST"


async def test_messages_are_shown_by_the_clock_of_most_places(scheduler: Browser, shops: ShopWorld) -> None:
    await a_thread(shops)
    page = (await scheduler.get("/messages")).text
    assert "22 Nov 04:30 EST" in page
    assert "UTC" not in page


async def test_the_board_shows_since_when_by_the_clock_of_the_place(scheduler: Browser, shops: ShopWorld) -> None:
    far = await shops.location("FAR", time_zone="Asia/Kolkata")
    await shops.shop(location_id=far)
    assert "22 Nov 15:00 IST" in (await scheduler.get("/shops?state=all&columns=since")).text


async def test_most_stores_decide_and_another_affiliates_do_not(shops: ShopWorld, world: World) -> None:
    theirs = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    for number in range(5):
        await theirs.location(f"T-{number}", time_zone="Asia/Kolkata")
    for number in range(3):
        await shops.location(f"M-{number}", time_zone=NEW_YORK)
    async with transaction(Role.STAFF, affiliate=shops.affiliate_id):
        assert await clients.usual_zone(shops.scope) == NEW_YORK
