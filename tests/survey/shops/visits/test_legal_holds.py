"""Legal holds: placed and lifted by an administrator, on record, and no part of the shop's own machine."""

from uuid import UUID, uuid4

import pytest

from survey.shops.visits.domain import is_reference
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld
from tests.web_client import Browser, Site

WHY = {"reason": "claim", "reference": "2026-0417"}
LIFT = {"lift_reason": "closed"}


@pytest.fixture
async def shop_id(shops: ShopWorld) -> UUID:
    """A shop that is over."""
    return await shops.shop("CLOSED", await shops.shopper())


@pytest.fixture
async def admin(site: Site, shops: ShopWorld) -> Browser:
    """Somebody who answers for privacy."""
    return await site.signed_in(shops.affiliate_id, "affiliate_admin")


async def is_held(shops: ShopWorld, shop_id: UUID) -> bool:
    """What the sweeps read."""
    return bool(await shops.owner.fetchval("SELECT is_legal_hold FROM field.shop WHERE id = $1", shop_id))


@pytest.mark.parametrize("role", ["manager", "scheduler", "editor", "payroll"])
async def test_who_is_no_administrator_holds_nothing(shops: ShopWorld, site: Site, shop_id: UUID, role: str) -> None:
    browser = await site.signed_in(shops.affiliate_id, role)
    assert (await browser.get("/shops/legal-holds")).status_code == 403
    assert (await browser.post(f"/shops/{shop_id}/legal-hold", WHY)).status_code == 403
    assert not await is_held(shops, shop_id)


async def test_another_affiliate_neither_sees_nor_places_nor_lifts_it(
    shops: ShopWorld, site: Site, admin: Browser, shop_id: UUID, world: World
) -> None:
    await admin.post(f"/shops/{shop_id}/legal-hold", WHY)
    stranger = await site.signed_in(world.charlies.affiliate_id, "affiliate_admin")
    assert "2026-0417" not in (await stranger.get("/shops/legal-holds")).text
    for path, fields in (("", WHY), ("/lift", LIFT)):
        assert (await stranger.post(f"/shops/{shop_id}/legal-hold{path}", fields)).status_code == 404
    assert (await stranger.get(f"/shops/{shop_id}/legal-hold")).status_code == 404
    assert await is_held(shops, shop_id)


@pytest.mark.parametrize("fields", [{"reason": "x"}, {"reference": ""}, {"reference": "Mary Whitfield"}])
async def test_without_a_reason_and_a_number_nothing_is_held(
    shops: ShopWorld, admin: Browser, shop_id: UUID, fields: dict[str, str]
) -> None:
    assert (await admin.post(f"/shops/{shop_id}/legal-hold", WHY | fields)).status_code == 422
    assert not await is_held(shops, shop_id)


def test_the_number_of_a_matter_is_no_sentence() -> None:
    assert is_reference("CV 2026/0417-b")
    assert not is_reference("Whitfield, 3 May; she said so")


async def test_a_shop_goes_on_hold_with_who_when_and_why_and_a_badge(
    shops: ShopWorld, site: Site, admin: Browser, shop_id: UUID
) -> None:
    assert (await admin.post(f"/shops/{shop_id}/legal-hold", WHY)).status_code == 303
    assert await is_held(shops, shop_id)
    page = (await admin.get(f"/shops/{shop_id}/legal-hold")).text
    assert "2026-0417" in page
    assert "Somebody claims something" in page
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    assert "On legal hold" in (await scheduler.get(f"/shops/{shop_id}")).text


async def test_placing_and_lifting_are_on_record_once(shops: ShopWorld, admin: Browser, shop_id: UUID) -> None:
    for _ in range(2):
        await admin.post(f"/shops/{shop_id}/legal-hold", WHY)
    for _ in range(2):
        await admin.post(f"/shops/{shop_id}/legal-hold/lift", LIFT)
    rows = await shops.owner.fetch(
        "SELECT action, detail::text FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at, id", shop_id
    )
    assert [row["action"] for row in rows] == ["shop.legal_hold", "shop.lift_legal_hold"]
    assert not await is_held(shops, shop_id)


async def test_lifting_needs_a_reason(shops: ShopWorld, admin: Browser, shop_id: UUID) -> None:
    await admin.post(f"/shops/{shop_id}/legal-hold", WHY)
    assert (await admin.post(f"/shops/{shop_id}/legal-hold/lift", {"lift_reason": ""})).status_code == 422
    assert await is_held(shops, shop_id)


async def test_the_list_is_narrowed_by_its_address(admin: Browser, shops: ShopWorld, shop_id: UUID) -> None:
    other = await shops.shop("CLOSED", await shops.shopper())
    await admin.post(f"/shops/{shop_id}/legal-hold", WHY)
    await admin.post(f"/shops/{other}/legal-hold", WHY | {"reference": "2026-0999"})
    await admin.post(f"/shops/{other}/legal-hold/lift", LIFT)
    standing = (await admin.get("/shops/legal-holds")).text
    assert ("2026-0417" in standing, "2026-0999" in standing) == (True, False)
    assert "2026-0999" in (await admin.get("/shops/legal-holds?state=lifted")).text
    assert "2026-0417" not in (await admin.get("/shops/legal-holds?q=0999")).text


async def test_a_legal_hold_does_not_stop_the_shop(shops: ShopWorld, admin: Browser) -> None:
    shop_id = await shops.shop("OPEN")
    await admin.post(f"/shops/{shop_id}/legal-hold", WHY)
    row = await shops.owner.fetchrow("SELECT is_on_hold, hold_reason, state FROM field.shop WHERE id = $1", shop_id)
    assert tuple(row) == (False, "", "OPEN")


async def test_a_shop_that_nobody_has_cannot_be_held(admin: Browser) -> None:
    assert (await admin.post(f"/shops/{uuid4()}/legal-hold", WHY)).status_code == 404


async def test_staff_read_of_a_legal_hold_wherever_they_act_on_the_shop(shops: ShopWorld, site: Site) -> None:
    scheduler, editor = [await site.signed_in(shops.affiliate_id, role) for role in ("scheduler", "editor")]
    open_id, waiting = await shops.shop("OPEN"), await shops.shop("SUBMITTED")
    approved = await shops.shop("APPROVED")
    for shop_id in (waiting, approved):
        await shops.report(shop_id, time_in=NOW)
    places = [
        *((scheduler, f"/shops?state=all&view={view}") for view in ("board", "agenda", "table")),
        (scheduler, f"/shops/{open_id}"), (editor, "/reviews"), (editor, f"/reviews/{waiting}"),
        (editor, "/releases"), (editor, f"/releases/{approved}"),
    ]  # fmt: skip
    for is_legal_hold, is_read in ((False, False), (True, True)):
        await shops.owner.execute(
            "UPDATE field.shop SET is_legal_hold = $2 WHERE affiliate_id = $1", shops.affiliate_id, is_legal_hold
        )
        found = {url: "On legal hold" in (await browser.get(url)).text for browser, url in places}
        assert found == dict.fromkeys(found, is_read)


async def test_no_shopper_reads_of_a_legal_hold(shops: ShopWorld, site: Site) -> None:
    me = await shops.shopper()
    browser = await shops.signed_in(site, me)
    shop_id = await shops.shop("ASSIGNED", me, is_legal_hold=True)
    await shops.shop("OPEN", is_legal_hold=True)
    for url in ("/shopper", "/shopper/shops", f"/shopper/shops/{shop_id}", "/shopper/board"):
        page = (await browser.get(url, follow_redirects=True)).text.lower()
        assert ("legal hold" in page, "shop" in page) == (False, True), url
