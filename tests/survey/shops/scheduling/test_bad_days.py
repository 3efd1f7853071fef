"""Days in addresses and forms that are none, or lie out of reach: ignored in a filter, explained in a form."""

import pytest

from tests.shop_world import ShopWorld
from tests.web_client import Browser, Site

TYPED = ("abc", "2026-13-45", "0001-01-01", "9999-12-31", "-1", "2026-11-30T00:00")
BAD = (*TYPED, "2026-W48-1", "20261130")  # the last two are days, though nobody writes them so
PAGES = (
    ("/shops", "due_before", "scheduler"),
    ("/shops", "from_day", "scheduler"),
    ("/shops?view=agenda", "from_day", "scheduler"),
    ("/shops?view=map", "due_before", "scheduler"),
    ("/shops/export", "due_before", "scheduler"),
    ("/shops/risk", "due_before", "scheduler"),
    ("/shops", "until", "scheduler"),
    ("/messages", "until", "scheduler"),
    ("/shops/extensions", "until", "scheduler"),
    ("/reviews", "until", "editor"),
    ("/reviews/contests", "until", "editor"),
    ("/appeals", "until", "editor"),
    ("/appeals/errors", "from", "manager"),
    ("/appeals/errors", "to", "manager"),
    ("/appeals/errors/file", "to", "manager"),
    ("/pay", "until", "affiliate_admin"),
    ("/appeals/reshoots", "until", "editor"),
    ("/pay/batches", "until", "affiliate_admin"),
    ("/pay/batches/new", "until", "affiliate_admin"),
)


@pytest.mark.parametrize("day", BAD)
async def test_a_day_in_an_address_that_is_none_is_ignored(site: Site, shops: ShopWorld, day: str) -> None:
    await shops.shop()
    browsers: dict[str, Browser] = {}
    found: dict[tuple[str, str], int] = {}
    for page, name, role in PAGES:
        if role not in browsers:
            browsers[role] = await site.signed_in(shops.affiliate_id, role)
        answer = await browsers[role].get(f"{page}{'&' if '?' in page else '?'}{name}={day}")
        if answer.status_code != 200:
            found[page, name] = answer.status_code
    assert found == {}


@pytest.mark.parametrize("day", TYPED)
async def test_a_day_typed_for_many_shops_that_is_none_is_explained(site: Site, shops: ShopWorld, day: str) -> None:
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    await shops.shopper(display_code="S-FAR1")
    fields = {
        "kind": "assign", "ids": str(await shops.shop()), "shopper": "S-FAR1", "day": day, "override": "yes",
        "override_reason": "the client knows them",
    }  # fmt: skip
    answer = await scheduler.post("/shops/bulk/preview", fields)
    assert answer.status_code == 422
    assert "Enter a day, for example 2026-11-30" in answer.text


@pytest.mark.parametrize("day", TYPED)
async def test_a_day_typed_for_another_visit_that_is_none_is_explained(site: Site, shops: ShopWorld, day: str) -> None:
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    shop_id = await shops.shop("REJECTED")
    answer = await scheduler.post(f"/shops/{shop_id}/reshoot", {"first": day, "last": day})
    assert answer.status_code == 422
    assert "Enter a day, for example 2026-11-30" in answer.text
