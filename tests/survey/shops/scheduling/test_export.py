"""The board as a file: its rows and columns and order, all pages of it, harmless to open, and on record."""

import csv
import io

import pytest

from survey.shops.scheduling.domain import COLUMNS, file_head
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment
from tests.web_client import Browser, Site

EXPORT = "/shops/export"


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def lines(browser: Browser, query: str) -> list[dict[str, str]]:
    """The file as a spreadsheet reads it."""
    answer = await browser.get(f"{EXPORT}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", ["editor", "payroll"])
async def test_who_does_not_schedule_gets_no_file(site: Site, shops: ShopWorld, role: str) -> None:
    browser = await site.signed_in(shops.affiliate_id, role)
    assert (await browser.get(EXPORT)).status_code == 403


async def test_another_affiliates_shops_are_in_no_file(site: Site, shops: ShopWorld, world: World) -> None:
    await shops.shop(public_ref="SECRET-1")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    for query in ("state=all", f"client={shops.client_id}", "q=SECRET-1"):
        assert "SECRET" not in str(await lines(stranger, query))


async def test_the_file_has_the_rows_and_the_order_of_the_view(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="A-LITTLE", bonus_cents=100)
    await shops.shop(public_ref="MUCH", bonus_cents=900)
    await shops.shop("ASSIGNED", public_ref="SOMEBODYS", due_at=moment(9))
    assert [line["Shop"] for line in await lines(scheduler, "state=OPEN&sort=-pay")] == ["MUCH", "A-LITTLE"]


async def test_the_file_has_the_columns_of_the_view_each_with_one_value(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper("Robin Marsh", display_code="S-7F3K")
    await shops.shop(
        "ASSIGNED", robin, public_ref="NL-1", planned_on=NOW.date() + DAY, bonus_cents=350, is_on_hold=True
    )
    (line,) = await lines(scheduler, "state=all&columns=place+planned+pay+state+shopper")
    assert line == {
        "Shop": "NL-1", "Location code": "CK-031", "Location": "Riverside", "City": "Leeds", "Planned": "2026-11-23",
        "Pay": "15.50", "Currency": "USD", "State": "Assigned", "On hold": "yes", "Flaked": "", "Shopper": "S-7F3K",
    }  # fmt: skip


async def test_the_last_day_is_that_of_the_place_and_moments_have_their_offset(
    scheduler: Browser, shops: ShopWorld
) -> None:
    far = await shops.location("NY-1", time_zone="America/New_York")
    await shops.shop(location_id=far, window_end=NOW.replace(hour=5, minute=0) + 2 * DAY)
    (line,) = await lines(scheduler, "state=all&columns=until+since")
    assert line["Last day"] == "2026-11-23"
    assert line["In this state since"] == "2026-11-22T09:30+00:00"


async def test_all_pages_are_in_it_once(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(450)
    found = [line["Shop"] for line in await lines(scheduler, "state=OPEN&sort=ref")]
    assert (len(found), found) == (450, sorted(set(found)))


async def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(scheduler: Browser, shops: ShopWorld) -> None:
    place = await shops.location("=1+1", name="@SUM(A1)", city="-Leeds")
    await shops.shop(location_id=place)
    (line,) = await lines(scheduler, "state=all")
    assert (line["Location code"], line["Location"], line["City"]) == ("'=1+1", "'@SUM(A1)", "'-Leeds")


async def test_the_export_is_on_record_without_the_words_that_were_looked_for(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shops(3)
    await lines(scheduler, "state=OPEN&q=riverside&columns=place+pay")
    (event,) = [row for row in await shops.events(shops.affiliate_id) if row["action"] == "shops.export"]
    detail = str(event["detail"])
    assert ("'shops': 3" in detail or '"shops": 3' in detail, "riverside" in detail) == (True, False)
    assert "state q" in detail
    assert "place pay" in detail


async def test_the_file_is_offered_for_what_the_table_shows(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop()
    assert 'href="/shops/export?state=OPEN&amp;sort=-pay"' in (await scheduler.get("/shops?state=OPEN&sort=-pay")).text


def test_every_column_of_the_board_has_its_place_in_the_file() -> None:
    for name in COLUMNS:
        assert file_head([name]).decode("utf-8-sig").startswith("Shop,")
