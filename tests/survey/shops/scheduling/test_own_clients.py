"""A scheduler who works for one of two clients: what is seen and done, and what counts although it is not seen."""

from datetime import timedelta
from uuid import UUID

import pytest

from survey.db import NotFound, Role, Transaction, transaction
from survey.settings import Settings
from survey.shoppers.queries import resembling
from survey.shops.eligibility import service as eligibility
from survey.shops.eligibility.domain import Verdict
from survey.shops.reviews.service.verdicts import regrade
from survey.shops.scheduling import queries, service
from tests.conftest import NOW
from tests.shop_world import DAY, Shopper, ShopWorld, moment, shop_world
from tests.web_client import Browser, Site

from .effects import do, preview, text_of

SOON = NOW.date() + 2 * DAY


@pytest.fixture
async def others(shops: ShopWorld) -> ShopWorld:
    """Another client of the same company, for which the scheduler does not work."""
    there = await shop_world(shops.owner, shops.settings, shops.affiliate_id)
    await shops.owner.execute("UPDATE field.client SET name = 'Hidden Harbour' WHERE id = $1", there.client_id)
    await shops.owner.execute("UPDATE field.location SET name = 'Hidden Quay' WHERE client_id = $1", there.client_id)
    return there


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """Works for the client of `shops` alone."""
    return await site.limited(shops.affiliate_id, "scheduler", shops.client_id)


def within(shops: ShopWorld) -> Transaction:
    """A transaction as the scheduler's pages open it."""
    return transaction(Role.STAFF, affiliate=shops.affiliate_id, clients=[shops.client_id])


async def judged(shops: ShopWorld, here: Transaction, me: Shopper, shop_id: UUID) -> Verdict:
    """What stands between somebody and a shop."""
    async with here:
        return (await eligibility.shopper_for_shops(shops.scope, me.id, [shop_id], NOW))[shop_id]


@pytest.mark.parametrize(
    ("rotation", "held_limit"), [({"daily_limit": 1}, 9), ({"gap_days": 9}, 9), ({}, 1)], ids=["day", "gap", "held"]
)
async def test_nobody_is_booked_twice_because_the_other_visit_is_for_another_client(
    shops: ShopWorld, others: ShopWorld, scheduler: Browser, rotation: dict[str, int], held_limit: int
) -> None:
    await shops.configure(rotation=rotation)
    me, free = await shops.shopper(held_limit=held_limit), await shops.shopper()
    hidden = await others.shop("ASSIGNED", me, planned_on=SOON, public_ref="HIDDEN-1")
    shop_id = await shops.shop(window_start=moment(2, 1), window_end=moment(2, 8))
    found = await judged(shops, within(shops), me, shop_id)
    assert found.reasons
    assert found == await judged(shops, shops.transaction(), me, shop_id)
    assert not (await judged(shops, within(shops), free, shop_id)).reasons
    asked = {"kind": "assign", "day": SOON.isoformat(), "ids": [str(shop_id)]}
    said = [
        (await scheduler.get(f"/shops/{shop_id}/shoppers")).text,
        await preview(scheduler, {**asked, "shopper": await code_of(shops, me)}),
    ]
    assert found.reasons[0].staff.lower() in said[1].lower()
    assert not [secret for secret in ("Hidden", "HIDDEN-1", str(hidden)) if secret in "".join(said)]
    await do(scheduler, {**asked, "shopper": await code_of(shops, free)})
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def code_of(shops: ShopWorld, shopper: Shopper) -> str:
    """What staff call somebody."""
    code: str = await shops.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", shopper.id)
    return code


async def test_what_was_looked_at_beyond_is_not_seen_afterwards(shops: ShopWorld, others: ShopWorld) -> None:
    me, shop_id = await shops.shopper(), await shops.shop()
    hidden = await others.shop("ASSIGNED", me, planned_on=SOON)
    async with within(shops) as here:
        await eligibility.shopper_for_shops(shops.scope, me.id, [shop_id], NOW)
        assert await here.fetchval("SELECT count(*) FROM identity.assignment WHERE shopper_id = $1", me.id) == 0
        with pytest.raises(NotFound):
            await queries.shop_page_in(shops.scope, hidden)


async def test_whoever_is_chosen_from_shows_all_they_hold_and_have_let_down_in_numbers(
    shops: ShopWorld, others: ShopWorld
) -> None:
    me = await shops.shopper()
    await others.shop("ASSIGNED", me)
    await others.visited(me, NOW.date() - 3 * DAY)
    async with within(shops):
        [person] = await queries.people_of(shops.scope, [me.id], NOW - timedelta(days=90))
    assert (person.held, person.made, person.let_down) == (1, 1, 0)


async def test_a_grade_is_the_mean_of_all_clients_whoever_gives_the_last_part(
    shops: ShopWorld, others: ShopWorld
) -> None:
    me = await shops.shopper()
    await others.shop("APPROVED", me, grade=4)
    shop_id = await shops.shop("APPROVED", me, grade=10)
    async with within(shops):
        await regrade(shops.scope, shop_id, NOW)
    assert await shops.owner.fetchval("SELECT grade_tenths FROM identity.shopper WHERE id = $1", me.id) == 70


async def test_who_joins_two_homes_joins_their_visits_for_every_client(shops: ShopWorld, others: ShopWorld) -> None:
    one, other = await shops.shopper(household_index=b"one"), await shops.shopper(household_index=b"other")
    own, hidden = await shops.shop("ASSIGNED", other), await others.shop("ASSIGNED", other)
    async with within(shops):
        await resembling.move_household(shops.scope, other.id, b"other", b"one")
    homes = await shops.owner.fetch(
        "SELECT household_index FROM identity.assignment WHERE shop_id = ANY($1::uuid[])", [own, hidden]
    )
    assert [row["household_index"] for row in homes] == [b"one", b"one"], one


async def test_the_board_its_counts_its_file_and_its_calendar_hold_the_own_client_alone(
    site: Site, scheduler: Browser, shops: ShopWorld, others: ShopWorld
) -> None:
    await shops.shop(public_ref="OWN-1", planned_on=SOON)
    await others.shop(public_ref="HIDDEN-1", planned_on=SOON)
    for view in ("", "&view=board", "&view=agenda", "&view=map", "&q=HIDDEN-1", f"&client={others.client_id}"):
        page = await scheduler.get(f"/shops?state=all{view}")
        assert page.status_code == 200
        assert "Hidden" not in page.text, view
        assert "HIDDEN-1" not in page.text.replace('value="HIDDEN-1"', "").replace("q=HIDDEN-1", ""), view
    file = (await scheduler.get("/shops/export?state=all")).text
    assert ("OWN-1" in file, "HIDDEN-1" in file) == (True, False)
    await scheduler.post("/shops/calendar", {"query": "state=all"})
    address = (await scheduler.get("/shops/calendar")).text.partition('id="address"')[2].partition('value="')[2]
    path = address.partition('"')[0].removeprefix("https://testserver.local")
    feed = (await (await site.visitor()).get(path)).text
    assert ("OWN-1" in feed, "HIDDEN-1" in feed) == (True, False)


async def test_a_calendar_that_was_opened_before_keeps_to_the_limit(
    site: Site, shops: ShopWorld, others: ShopWorld
) -> None:
    before = await site.signed_in(shops.affiliate_id, "scheduler")
    await others.shop("ASSIGNED", public_ref="HIDDEN-1", planned_on=SOON)
    await before.post("/shops/calendar", {"query": "state=all"})
    address = (await before.get("/shops/calendar")).text.partition('id="address"')[2].partition('value="')[2]
    path, visitor = address.partition('"')[0].removeprefix("https://testserver.local"), await site.visitor()
    assert "HIDDEN-1" in (await visitor.get(path)).text
    await shops.owner.execute("UPDATE identity.account SET is_limited = true WHERE id = $1", before.account_id)
    assert "HIDDEN-1" not in (await visitor.get(path)).text


async def test_a_colleagues_view_for_another_client_is_not_offered(
    site: Site, scheduler: Browser, shops: ShopWorld, others: ShopWorld
) -> None:
    colleague = await site.signed_in(shops.affiliate_id, "scheduler")
    for name, there in (("Harbour late", others), ("Ours late", shops)):
        form = {"query": f"client={there.client_id}&state=OPEN", "name": name, "shared": "yes"}
        assert (await colleague.post("/shops/views", form)).status_code == 303
    offered = (await scheduler.get("/shops")).text
    assert ("Ours late" in offered, "Harbour late" in offered) == (True, False)
    assert "Harbour late" in (await colleague.get("/shops")).text


async def test_a_colleagues_act_on_another_clients_shops_is_neither_read_nor_undone(
    site: Site, scheduler: Browser, shops: ShopWorld, others: ShopWorld
) -> None:
    colleague = await site.signed_in(shops.affiliate_id, "scheduler")
    own, hidden = await shops.shop(), await others.shop()
    mixed = await do(colleague, {"kind": "cancel", "reason": "twice", "ids": [str(own), str(hidden)]})
    assert (await scheduler.get(mixed)).status_code == 404
    assert (await scheduler.post(f"{mixed}/undo")).status_code == 404
    alone = await do(colleague, {"kind": "hold", "reason": "legal", "ids": [str(await shops.shop())]})
    assert (await scheduler.get(alone)).status_code == 200


async def test_what_waits_for_its_undo_is_not_done_for_a_client_that_was_taken_away_meanwhile(
    site: Site, shops: ShopWorld, others: ShopWorld, settings: Settings
) -> None:
    browser = await site.limited(shops.affiliate_id, "scheduler", shops.client_id, others.client_id)
    own, taken = await shops.shop(), await others.shop()
    await do(browser, {"kind": "cancel", "reason": "twice", "ids": [str(own), str(taken)]})
    await shops.owner.execute(
        "DELETE FROM identity.account_client WHERE account_id = $1 AND client_id = $2",
        browser.account_id,
        others.client_id,
    )
    await service.carry_out_waiting(settings.keyring, NOW + timedelta(minutes=5))
    assert [await shops.state_of(own), await others.state_of(taken)] == ["CANCELLED", "OPEN"]


async def test_an_act_leaves_out_another_clients_shops_as_if_there_were_none(
    scheduler: Browser, shops: ShopWorld, others: ShopWorld
) -> None:
    own, hidden = await shops.shop(), await others.shop(public_ref="HIDDEN-1")
    act = await do(scheduler, {"kind": "hold", "reason": "legal", "ids": [str(own), str(hidden)]})
    assert "HIDDEN-1" not in text_of((await scheduler.get(act)).text)
    assert [(await shops.row(each))["is_on_hold"] for each in (own, hidden)] == [True, False]


async def test_nobody_who_is_limited_adds_a_client(site: Site, shops: ShopWorld) -> None:
    manager = await site.limited(shops.affiliate_id, "manager", shops.client_id)
    assert (await manager.get("/clients/new")).status_code == 403
    assert (await manager.post("/clients/new", {"name": "One more"})).status_code == 403
    assert "/clients/new" not in (await manager.get("/clients")).text
