"""Visits to competitors in the client's portal: a thing of their own, counted with nothing of the client's."""

import re
from uuid import UUID

import asyncpg
import pytest

from survey.settings import Settings
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, shop_world
from tests.survey.releases.shops import BAD, VISIT, approved, release, tell
from tests.web_client import Browser, Site

PLACE = "Bean There"


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made)
    return made


@pytest.fixture
async def head(site: Site, there: ShopWorld) -> Browser:
    """Somebody at headquarters."""
    return await site.viewer(there.affiliate_id, there.client_id, there.root_id)


@pytest.fixture
async def both(there: ShopWorld) -> tuple[str, UUID]:
    """A visit to an own location and, later, one to a competitor: its address, and its wave."""
    await release(await approved(there))
    campaign_id, _ = await there.campaign("A Look at the Others", kind="competitor", employee_id_mode="none")
    wave_id = await there.wave("Rivals", campaign_id=campaign_id, starts_on=NOW.date() + DAY)
    await there.owner.execute(
        "UPDATE field.campaign SET scoring = (SELECT scoring FROM field.campaign WHERE id = $2) WHERE id = $1",
        campaign_id,
        there.campaign_id,
    )
    place_id = await there.location("RV-1", name=PLACE, is_competitor=True)
    one = await approved(there, campaign_id=campaign_id, wave_id=wave_id, location_id=place_id, coded=BAD)
    return f"/portal/shops/{await release(one)}", wave_id


async def body(browser: Browser, url: str) -> str:
    answer = await browser.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    return answer.text


async def test_a_viewer_of_a_store_reads_nothing_of_competitors(
    site: Site, there: ShopWorld, both: tuple[str, UUID]
) -> None:
    store = await site.viewer(there.affiliate_id, there.client_id, there.store_id)
    url, wave_id = both
    assert (await store.get(url)).status_code == 404
    assert (await store.get(f"/portal/shops/overview?wave={wave_id}")).status_code == 404
    assert "competitors" not in await body(store, "/portal/shops/overview")


@pytest.mark.parametrize(
    "page",
    ["/portal/shops", "/portal/shops/files/csv", "/portal/shops/overview", "/portal/shops/overview/files/csv"],
)
async def test_the_clients_own_pages_and_files_count_no_competitor(
    head: Browser, both: tuple[str, UUID], page: str
) -> None:
    text = await body(head, page)
    assert "Riverside" in text
    assert PLACE not in text
    assert "Rivals" not in text


@pytest.mark.parametrize(
    "page",
    ["/portal/shops", "/portal/shops/files/csv", "/portal/shops/overview", "/portal/shops/overview/files/csv"],
)
async def test_competitors_have_pages_and_files_of_their_own(head: Browser, both: tuple[str, UUID], page: str) -> None:
    text = await body(head, f"{page}?whose=competitors")
    assert PLACE in text
    assert "Riverside" not in text
    assert "ompetitors" in text


async def test_a_wave_at_competitors_says_by_itself_whose_it_is(head: Browser, both: tuple[str, UUID]) -> None:
    _, wave_id = both
    page = await body(head, f"/portal/shops/overview?wave={wave_id}")
    assert "None of them is counted with your own" in page
    assert PLACE in page


async def test_the_own_pages_lead_to_competitors_only_where_there_are_some(head: Browser, there: ShopWorld) -> None:
    await release(await approved(there))
    assert "whose=competitors" not in await body(head, "/portal/shops/overview")


async def test_the_own_pages_lead_to_competitors(head: Browser, both: tuple[str, UUID]) -> None:
    for page in ("/portal/shops", "/portal/shops/overview"):
        assert f"{page}?whose=competitors" in await body(head, page)


async def test_the_comparison_is_labelled_and_tells_what_both_asked(head: Browser, both: tuple[str, UUID]) -> None:
    page = await body(head, "/portal/shops/overview?whose=competitors")
    assert "Competitors beside your own locations" in page
    rows = {
        cells[0]: cells[1:]
        for cells in (
            re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)
        )
        if len(cells) == 4
    }
    assert rows["Allergens named?"] == ["0.0", "100.0", "+100.0"]
    assert rows["Whole visit"][2] == "–"


async def test_nothing_is_compared_on_the_clients_own_pages(head: Browser, both: tuple[str, UUID]) -> None:
    assert "beside your own" not in await body(head, "/portal/shops/overview")


async def test_a_visit_to_a_competitor_says_so_and_asks_for_no_action_plan(
    head: Browser, both: tuple[str, UUID]
) -> None:
    page = await body(head, both[0])
    assert "Competitor’s location" in page
    assert "Write an action plan" not in page
