"""The page that draws the machine."""

import re

import pytest

from survey.shops.visits.domain import MACHINE, State
from tests.shop_world import ShopWorld
from tests.web_client import Site


@pytest.mark.parametrize("role", ["payroll"])
async def test_roles_that_move_no_shops_do_not_see_it(shops: ShopWorld, site: Site, role: str) -> None:
    assert (await (await site.signed_in(shops.affiliate_id, role)).get("/shops/machine")).status_code == 403


async def test_a_shopper_and_a_visitor_do_not_see_it(shops: ShopWorld, site: Site) -> None:
    me = await shops.signed_in(site, await shops.shopper())
    assert (await me.get("/shops/machine")).status_code == 403
    assert (await (await site.visitor()).get("/shops/machine")).status_code == 303


@pytest.mark.parametrize("role", ["scheduler", "editor", "manager", "affiliate_admin"])
async def test_those_who_move_shops_see_every_state_and_every_way(shops: ShopWorld, site: Site, role: str) -> None:
    page = (await (await site.signed_in(shops.affiliate_id, role)).get("/shops/machine")).text
    drawn, listed = page.split('<div class="machine">', 1)[1].split("<tbody>", 1)
    assert len(re.findall(r"<rect ", drawn)) == len(State)
    assert len(re.findall(r"<tr>", listed)) == len(MACHINE)
    for state in State:
        assert f">{state.replace('_', ' ').capitalize()}</text>" in drawn
