"""A report as a shopper writes it, in a browser without scripts."""

from datetime import timedelta

from tests.shop_world import ShopWorld
from tests.web_client import Site

from .conftest import Visit, visit_by, words_of


async def test_a_shop_of_another_shopper_is_not_there(visit: Visit, shops: ShopWorld, site: Site) -> None:
    stranger = await shops.signed_in(site, await shops.shopper())
    for place in ("", "/guideline", "/report", "/report/1", "/report/visit", "/report/evidence", "/report/check"):
        assert (await stranger.get(f"{visit.base}{place}")).status_code == 404, place


async def test_a_whole_report_can_be_written_and_handed_in(visit: Visit) -> None:
    assert "Start the visit" in (await visit.get()).text
    await visit.fill_in()
    page = await visit.get("check")
    assert page.status_code == 200
    assert "Before you can hand it in" not in page.text
    sent = await visit.hand_in()
    assert sent.headers["location"] == f"{visit.base}/report"
    assert await visit.there.state_of(visit.shop_id) == "SUBMITTED"
    assert "Handed in" in words_of(await visit.browser.get(f"{visit.base}/report"))
