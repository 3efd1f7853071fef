"""The pages of marks: staff decide, shoppers answer."""

from uuid import UUID, uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, insert
from tests.web_client import Site


async def proposed(shops: ShopWorld, me: Shopper) -> UUID:
    """A mark that a machine has proposed."""
    shop_id = await shops.shop("OPEN")
    values: dict[str, object] = {
        "id": uuid4(), "affiliate_id": shops.affiliate_id, "shopper_id": me.id, "shop_id": shop_id, "kind": "no_show",
        "assignment_id": await shops.assignment(shop_id, me, "taken_back"), "proposed_at": NOW,
    }  # fmt: skip
    await insert(shops.owner, "identity.mark", values)
    return UUID(str(values["id"]))


async def state_of(shops: ShopWorld, mark_id: UUID) -> str:
    """Where a mark stands."""
    return str(await shops.owner.fetchval("SELECT state FROM identity.mark WHERE id = $1", mark_id))


CONFIRM = {"event": "confirm", "reason": "no_word"}


@pytest.mark.parametrize("role", ["editor", "payroll"])
async def test_who_schedules_nothing_decides_nothing(shops: ShopWorld, site: Site, role: str) -> None:
    mark_id = await proposed(shops, await shops.shopper())
    browser = await site.signed_in(shops.affiliate_id, role)
    assert (await browser.get("/shops/marks")).status_code == 403
    assert (await browser.post(f"/shops/marks/{mark_id}", CONFIRM)).status_code == 403


async def test_another_affiliate_neither_sees_nor_decides_it(shops: ShopWorld, site: Site, world: World) -> None:
    mark_id = await proposed(shops, await shops.shopper())
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert "Nothing to decide" in (await stranger.get("/shops/marks")).text
    assert (await stranger.post(f"/shops/marks/{mark_id}", CONFIRM)).status_code == 404
    assert await state_of(shops, mark_id) == "PROPOSED"


async def test_another_shopper_neither_sees_nor_contests_it(shops: ShopWorld, site: Site) -> None:
    mark_id = await proposed(shops, await shops.shopper())
    other = await shops.signed_in(site, await shops.shopper())
    assert "nothing against you" in (await other.get("/shopper/marks")).text
    assert (await other.post(f"/shopper/marks/{mark_id}", {"reason": "illness"})).status_code == 404


async def test_a_scheduler_decides_and_pressing_twice_changes_nothing(shops: ShopWorld, site: Site) -> None:
    me = await shops.shopper()
    mark_id = await proposed(shops, me)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    page = (await scheduler.get("/shops/marks")).text
    assert "Took the shop and did not make it" in page
    assert "Robin Marsh" not in page
    assert (await scheduler.submit("/shops/marks", CONFIRM, to=f"/shops/marks/{mark_id}")).status_code == 303
    again = await scheduler.post(f"/shops/marks/{mark_id}", {"event": "dismiss", "reason": "illness"})
    assert (again.status_code, await state_of(shops, mark_id)) == (303, "CONFIRMED")
    assert [event["action"] for event in await shops.events(mark_id)] == ["mark.confirm"]


@pytest.mark.parametrize("fields", [{}, {"event": "confirm", "reason": "illness"}, {"event": "erase", "reason": "x"}])
async def test_a_decision_needs_a_reason_of_its_own(shops: ShopWorld, site: Site, fields: dict[str, str]) -> None:
    mark_id = await proposed(shops, await shops.shopper())
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    await scheduler.post(f"/shops/marks/{mark_id}", fields)
    assert await state_of(shops, mark_id) == "PROPOSED"


async def test_no_reason_is_chosen_before_somebody_chooses_and_shop_and_shopper_are_a_click_away(
    shops: ShopWorld, site: Site
) -> None:
    me = await shops.shopper()
    mark_id = await proposed(shops, me)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    for path in ("/shops/marks", f"/shops/marks/{mark_id}"):
        page = HTMLParser((await scheduler.get(path)).text)
        first = page.css("select[name=reason] option:first-child")
        assert [each.attributes["value"] for each in first] == ["", ""]
        assert page.css(f"main a[href='/shoppers/{me.id}']")
        assert page.css("main a[href^='/shops/']:not([href^='/shops/marks'])")


async def test_a_shopper_reads_a_mark_and_answers_and_staff_read_the_answer(shops: ShopWorld, site: Site) -> None:
    me = await shops.shopper()
    mark_id = await proposed(shops, me)
    browser = await shops.signed_in(site, me)
    sent = await browser.submit("/shopper/marks", {"reason": "place_closed"}, to=f"/shopper/marks/{mark_id}")
    assert (sent.status_code, await state_of(shops, mark_id)) == (303, "CONTESTED")
    assert "You said: “The place was closed”." in (await browser.get("/shopper/marks")).text
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    assert "The place was closed" in (await scheduler.get("/shops/marks")).text


async def test_no_reason_is_chosen_for_the_shopper_and_without_one_nothing_is_sent(
    shops: ShopWorld, site: Site
) -> None:
    me = await shops.shopper()
    mark_id, browser = await proposed(shops, me), await shops.signed_in(site, me)
    page = (await browser.get("/shopper/marks")).text
    assert ('<option value="">Choose</option>' in page, "Riverside, T-" in page) == (True, True)
    await browser.submit("/shopper/marks", {"reason": ""}, to=f"/shopper/marks/{mark_id}")
    assert await state_of(shops, mark_id) == "PROPOSED"
