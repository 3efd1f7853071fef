"""Who made the visits of a wave: counts of ten people or more, once, to the head of the tree, where a campaign says."""

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.db import Role, transaction
from survey.releases import service
from survey.releases.domain.makeup import ALL, BandsAsked, MakeupLine, makeup_lines
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, insert, shop_world
from tests.web_client import Browser, Site

from .shops import approved, release, tell

OVER = NOW + 30 * DAY
AGE = BandsAsked("age", "How old are you?", {"u30": "Under 30", "o30": "30 or older"})
BANDS = [["u30", "Under 30"], ["o30", "30 or older"]]


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """A campaign that lets bands be counted, at an affiliate that asks its shoppers how old they are."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id)
    await tell(made, demographics_mode="bands")
    question = {
        "id": uuid4(), "affiliate_id": made.affiliate_id, "code": "age", "label": "How old are you?",
        "bands": json.dumps(BANDS), "is_required": False, "reason": "Some visits ask for it", "created_at": NOW,
    }  # fmt: skip
    await insert(superuser, "field.band_question", question)
    return made


async def visited(there: ShopWorld, ages: Sequence[str], state: str = "CLOSED") -> None:
    """A shop of the wave for each of these people."""
    for age in ages:
        shopper = await there.shopper(bands=json.dumps({"age": age} if age else {}))
        await there.shop(state, shopper)


async def told(there: ShopWorld) -> list[tuple[str, int | None]]:
    """What has left of the wave."""
    rows = await there.owner.fetch(
        "SELECT band, people FROM release.wave_makeup WHERE wave_id = $1 ORDER BY position", there.wave_id
    )
    return [tuple(row) for row in rows]


async def head(site: Site, there: ShopWorld) -> Browser:
    """Somebody at headquarters, who may read of a released visit of the wave."""
    await release(await approved(there, location_id=there.store_id))
    return await site.viewer(there.affiliate_id, there.client_id, there.root_id)


TWELVE_AND_TEN = ["u30"] * 12 + ["o30"] * 10


async def test_a_campaign_that_tells_nothing_of_shoppers_tells_nothing(there: ShopWorld) -> None:
    await there.configure(demographics_mode="none")
    await visited(there, TWELVE_AND_TEN)
    await service.tell_makeups(there.settings, OVER)
    assert await told(there) == []


async def test_a_wave_that_is_not_settled_is_not_counted(there: ShopWorld) -> None:
    await visited(there, TWELVE_AND_TEN)
    await service.tell_makeups(there.settings, NOW)
    await visited(there, ["u30"], "RELEASED")
    await service.tell_makeups(there.settings, OVER)
    assert await told(there) == []


async def test_a_settled_wave_is_told_in_rounded_counts_with_an_account_of_it(there: ShopWorld) -> None:
    await visited(there, TWELVE_AND_TEN)
    await visited(there, ["o30"] * 9, "EXCLUDED")
    await service.tell_makeups(there.settings, OVER)
    assert await told(there) == [("", 20), ("Under 30", 10), ("30 or older", 10)]
    left = await there.owner.fetchrow("SELECT * FROM ledger.disclosure WHERE object_id = $1", there.wave_id)
    assert (left["object_kind"], left["client_id"]) == ("wave_makeup", there.client_id)
    (event,) = await there.events(there.wave_id)
    assert event["action"] == "wave.makeup"


async def test_somebody_who_went_twice_counts_once(there: ShopWorld) -> None:
    await visited(there, ["u30"] * 9)
    often = await there.shopper(bands=json.dumps({"age": "u30"}))
    for _ in range(12):
        await there.shop("CLOSED", often)
    await service.tell_makeups(there.settings, OVER)
    assert await told(there) == [("", 10), ("Under 30", 10)]


@pytest.mark.parametrize("ages", [["u30"] * 9, ["u30"] * 12 + ["o30"] * 3, [""] * 20])
async def test_where_few_could_be_told_apart_nothing_leaves_and_it_is_not_tried_again(
    there: ShopWorld, ages: list[str]
) -> None:
    await visited(there, ages)
    await service.tell_makeups(there.settings, OVER)
    assert await told(there) == []
    await visited(there, TWELVE_AND_TEN)
    await service.tell_makeups(there.settings, OVER + timedelta(days=1))
    assert await told(there) == []


async def test_headquarters_read_it_and_nobody_below(there: ShopWorld, site: Site) -> None:
    await visited(there, TWELVE_AND_TEN)
    await service.tell_makeups(there.settings, OVER)
    browser = await head(site, there)
    page = (await browser.get("/portal/shops/overview")).text
    assert "Who made the visits" in page
    assert "Under 30" in page
    assert "Under 30" in (await browser.get("/portal/shops/overview/files/csv")).text
    assert "Under 30" not in (await browser.get(f"/portal/shops/overview?place={there.store_id}")).text
    for node in (there.region_id, there.store_id):
        below = await site.viewer(there.affiliate_id, there.client_id, node)
        assert "Under 30" not in (await below.get("/portal/shops/overview")).text


async def test_another_client_of_the_affiliate_reads_none_of_it(there: ShopWorld) -> None:
    await visited(there, TWELVE_AND_TEN)
    await service.tell_makeups(there.settings, OVER)
    path = await there.owner.fetchval("SELECT path FROM field.location WHERE id = $1", there.root_id)
    async with transaction(Role.CLIENT, affiliate=there.affiliate_id, client=uuid4(), node=path) as here:
        assert await here.fetchval("SELECT count(*) FROM release.wave_makeup") == 0


@given(st.lists(st.sampled_from(["u30", "o30", "gone", ""]), max_size=60))
def test_no_number_stands_for_fewer_than_ten(ages: list[str]) -> None:
    lines = makeup_lines([AGE], [{"age": age} for age in ages])
    truth = {"Under 30": ages.count("u30"), "30 or older": ages.count("o30"), ALL: len(ages)}
    for line in lines:
        if line.people is not None:
            assert truth.get(line.band, ages.count("gone") + ages.count("")) >= 10
            assert line.people % 5 == 0
    hidden = [line for line in lines if line.people is None]
    assert len(hidden) != 1


def test_each_question_is_told_by_itself() -> None:
    other = BandsAsked("home", "Where do you live?", {"town": "In town", "land": "In the country"})
    people = [{"age": "u30", "home": "town"}] * 10 + [{"age": "u30", "home": "land"}] * 10
    assert makeup_lines([AGE, other], people) == [
        MakeupLine("How old are you?", ALL, 20),
        MakeupLine("How old are you?", "Under 30", 20),
        MakeupLine("Where do you live?", ALL, 20),
        MakeupLine("Where do you live?", "In town", 10),
        MakeupLine("Where do you live?", "In the country", 10),
    ]
