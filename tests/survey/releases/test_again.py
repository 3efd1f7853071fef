"""A report that leaves again after an appeal: what the client reads already is no news to it, all else is looked at."""

import asyncpg
import pytest

from survey.media import media_of
from survey.releases import service
from survey.settings import Settings
from survey.shops.reviews.domain import Undecided
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, shop_world

from .shops import VISIT, Approved, approved, release, seal_text, snapshot, tell

AT = "They were out of lids at 12:04."
LATER = "At 13:15 they had some."


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client, which is told the minute of a visit."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made, time_precision="minute")
    return made


@pytest.fixture
async def told(there: ShopWorld) -> Approved:
    """A report whose client reads a time of day; by now one person works alone there, which makes it somebody."""
    one = await approved(there)
    await seal_text(there, one.report_id, "allergen-comment", AT)
    await release(one)
    await there.owner.execute("UPDATE field.location SET is_single_staffed = true WHERE id = $1", there.store_id)
    return one


async def again(one: Approved) -> None:
    """Release it anew, as an appeal does once it has changed an answer."""
    there = one.there
    async with there.transaction():
        await service.release_again(there.scope, there.settings, media_of(there.settings), one.shop_id, NOW)


@pytest.mark.parametrize("comment", [LATER, f"{LATER} {AT}", AT.lower()])
async def test_a_time_in_words_that_the_client_has_not_read_keeps_the_report(
    there: ShopWorld, told: Approved, comment: str
) -> None:
    await seal_text(there, told.report_id, "greeted-comment", comment)
    with pytest.raises(Undecided):
        await again(told)
    assert (await snapshot(told))["version"] == 1


async def test_a_name_keeps_it_though_the_client_has_read_it(there: ShopWorld, told: Approved) -> None:
    await there.owner.execute(
        "UPDATE release.shop_report SET snapshot = jsonb_set(snapshot, '{answers,0,comment}', '\"Ask Tamsin Vale.\"')"
        " WHERE shop_id = $1",
        told.shop_id,
    )
    await seal_text(there, told.report_id, "greeted-comment", "Ask Tamsin Vale.")
    with pytest.raises(Undecided):
        await again(told)


async def test_a_time_that_the_client_has_read_does_not(told: Approved) -> None:
    await again(told)
    stands = await snapshot(told)
    assert (stands["version"], AT in str(stands["snapshot"])) == (2, True)


async def test_of_a_report_that_leaves_for_the_first_time_every_time_is_looked_at(there: ShopWorld) -> None:
    await there.configure(time_precision="daypart")
    one = await approved(there)
    await seal_text(there, one.report_id, "allergen-comment", AT)
    with pytest.raises(Undecided):
        await release(one)
