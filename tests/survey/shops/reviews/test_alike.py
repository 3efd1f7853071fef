"""A picture that was seen before: in which shop, how alike, how long ago, and never beyond the affiliate."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from survey.settings import Settings
from survey.shops.reviews import service
from tests.conftest import NOW, World
from tests.shop_world import shop_world
from tests.survey.shops.reviews.conftest import PLAIN, Desk, photo, reported

LOOK = 0x1234_5678_9ABC_DEF0
SEEN = "Looks like the same picture as in"


def other_by(bits: int) -> int:
    """A look that differs from the first in so many bits."""
    return LOOK ^ ((1 << bits) - 1)


async def another(desk: Desk, look: int | None, days: int = 1) -> UUID:
    """Another shop whose report has a picture that looks so, from so many days before."""
    shop_id, report_id = await reported(desk.there, desk.shopper, PLAIN)
    at = NOW - timedelta(days=days)
    await desk.picture(content=photo("red"), report_id=report_id, look=look, created_at=at)
    return shop_id


async def test_a_picture_of_another_affiliate_is_no_sign(
    desk: Desk, superuser: asyncpg.Connection, settings: Settings, world: World
) -> None:
    charlies = await shop_world(superuser, settings, world.charlies.affiliate_id)
    _, report_id = await reported(charlies, await charlies.shopper(), PLAIN)
    picture_id = await desk.picture(content=photo("red"), report_id=report_id, look=LOOK)
    await superuser.execute(
        "UPDATE field.evidence SET affiliate_id = $2 WHERE id = $1", picture_id, charlies.affiliate_id
    )
    await desk.picture(look=LOOK)
    assert SEEN not in await desk.page()


@pytest.mark.parametrize(("bits", "is_seen"), [(0, True), (6, True), (7, False), (63, False)])
async def test_a_picture_that_looks_the_same_names_the_shop_where_it_was_seen(
    desk: Desk, bits: int, is_seen: bool
) -> None:
    shop_id = await another(desk, other_by(bits))
    await desk.picture(look=LOOK)
    page = await desk.page()
    reference = (await desk.there.row(shop_id))["public_ref"]
    assert (f'{SEEN} <a href="/reviews/{shop_id}">{reference}</a>' in page) is is_seen


async def test_receipts_of_one_till_look_alike_and_that_is_no_sign(desk: Desk) -> None:
    await another(desk, LOOK)
    await desk.picture(look=LOOK, kind="receipt")
    assert SEEN not in await desk.page()


async def test_the_sign_bit_counts_like_any_other(desk: Desk) -> None:
    await another(desk, LOOK - 2**63)
    await desk.picture(look=LOOK)
    assert SEEN in await desk.page()


@pytest.mark.parametrize(("days", "is_seen"), [(179, True), (181, False)])
async def test_only_recent_pictures_are_looked_through(desk: Desk, days: int, is_seen: bool) -> None:
    await another(desk, LOOK, days)
    await desk.picture(look=LOOK)
    assert (SEEN in await desk.page()) is is_seen


async def test_the_nearest_of_several_is_named(desk: Desk) -> None:
    await another(desk, other_by(5))
    nearest = await another(desk, other_by(1))
    await desk.picture(look=LOOK)
    assert f'{SEEN} <a href="/reviews/{nearest}">' in await desk.page()


async def test_two_pictures_of_one_report_may_look_alike(desk: Desk) -> None:
    await desk.picture(look=LOOK)
    await desk.picture(content=photo("red"), look=LOOK)
    assert SEEN not in await desk.page()


async def test_pictures_without_a_look_are_never_alike(desk: Desk) -> None:
    await another(desk, None)
    await desk.picture(look=None)
    assert SEEN not in await desk.page()


async def test_a_picture_that_looks_the_same_raises_the_flag(desk: Desk) -> None:
    await another(desk, other_by(6))
    await desk.picture(look=LOOK)
    while await service.flag_waiting(desk.settings, NOW):
        pass
    row = await desk.there.owner.fetchrow("SELECT flags FROM field.review WHERE shop_id = $1", desk.shop_id)
    assert "same_picture" in row["flags"]
    assert "Looks like a picture of another report" in await desk.page()
