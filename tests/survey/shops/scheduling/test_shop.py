"""One shop's page: who could make it, who asked for it, what is decided, and offers that go on by themselves."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.shops.scheduling import queries, service
from survey.shops.scheduling.domain import Filter, suggested_bonus
from survey.shops.visits import service as visits
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment
from tests.web_client import Browser, Site

from .effects import do, preview, text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def test_another_affiliates_shop_and_application_are_not_there(
    site: Site, shops: ShopWorld, world: World
) -> None:
    shop_id = await shops.shop()
    asked = await shops.application(shop_id, await shops.shopper(), note="Please")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    for path in (f"/shops/{shop_id}", f"/shops/{shop_id}/shoppers"):
        assert (await stranger.get(path)).status_code == 404
    for path in (
        f"/shops/{shop_id}/take-back", f"/shops/{shop_id}/lift-hold", f"/shops/{shop_id}/offers",
        f"/shops/{shop_id}/offers/stop", f"/shops/applications/{asked}/approve",
        f"/shops/applications/{asked}/decline", f"/shops/applications/{asked}/note",
    ):  # fmt: skip
        assert (await stranger.post(path, {"reason": "client_asked"})).status_code == 404, path
    assert await shops.state_of(shop_id) == "OPEN"
    assert "Nothing is at risk" in (await stranger.get("/shops/risk")).text


async def test_a_shop_shows_codes_and_no_name(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED", await shops.shopper("Robin Marsh", display_code="S-7F3K"))
    page = (await scheduler.get(f"/shops/{shop_id}")).text
    assert "S-7F3K" in page
    assert "Robin" not in page


async def test_what_is_not_paid_is_not_spoken_of(scheduler: Browser, shops: ShopWorld) -> None:
    for shop_id, words in (
        (await shops.shop(), "USD 12.00, up to USD 8.00 paid back"),
        (await shops.shop(bonus_cents=250, reimbursement_cap_cents=0), "USD 12.00 + USD 2.50 bonus"),
        (await shops.shop(reimbursement_cap_cents=0), "USD 12.00"),
    ):
        said = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
        assert f"Pay {words} Came back" in said


async def test_applications_are_compared_the_best_first(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop()
    await shops.configure(rotation={"location_days": 60})
    best = await shops.shopper(display_code="S-BEST", grade_tenths=91)
    good = await shops.shopper(display_code="S-GOOD", grade_tenths=72)
    was_here = await shops.shopper(display_code="S-HERE", grade_tenths=99)
    await shops.visited(was_here, NOW.date() - 10 * DAY)
    for who in (was_here, good, best):
        await shops.application(shop_id, who)
    page = HTMLParser((await scheduler.get(f"/shops/{shop_id}")).text)
    assert [node.text() for node in page.css("tbody th a")] == ["S-BEST", "S-GOOD", "S-HERE"]
    assert "was here 10 days ago (rule: 60 days)" in page.text()


async def test_an_application_is_approved_and_the_others_end(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop()
    chosen, other = await shops.shopper(), await shops.shopper()
    asked = await shops.application(shop_id, chosen)
    beside = await shops.application(shop_id, other)
    assert (await scheduler.post(f"/shops/applications/{asked}/approve")).status_code == 303
    assert await shops.state_of(shop_id) == "ASSIGNED"
    states = await shops.owner.fetch("SELECT id, state FROM identity.application WHERE shop_id = $1", shop_id)
    assert {row["id"]: row["state"] for row in states} == {asked: "APPROVED", beside: "SUPERSEDED"}
    again = await scheduler.post(f"/shops/applications/{asked}/approve")
    assert "That was done already" in (await scheduler.get(again.headers["location"])).text
    late = await scheduler.post(f"/shops/applications/{asked}/decline", {"reason": "another_day"})
    assert "Nothing was changed" in (await scheduler.get(late.headers["location"])).text
    assert await shops.state_of(shop_id) == "ASSIGNED"


@pytest.mark.parametrize("reason", ["", "just because"])
async def test_nobody_is_declined_for_a_reason_that_nobody_chose(
    scheduler: Browser, shops: ShopWorld, reason: str
) -> None:
    asked = await shops.application(await shops.shop(), await shops.shopper())
    answer = await scheduler.post(f"/shops/applications/{asked}/decline", {"reason": reason})
    page = HTMLParser((await scheduler.get(answer.headers["location"])).text)
    assert "Choose why the application is declined" in page.text()
    assert page.css("select[name=reason] option")[0].attributes["value"] == ""
    assert await shops.owner.fetchval("SELECT state FROM identity.application WHERE id = $1", asked) == "SUBMITTED"


async def test_rules_against_an_applicant_need_a_reason(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60})
    shop_id, robin = await shops.shop(), await shops.shopper()
    await shops.visited(robin, NOW.date() - 10 * DAY)
    asked = await shops.application(shop_id, robin)
    refused = await scheduler.post(f"/shops/applications/{asked}/approve")
    assert (refused.status_code, await shops.state_of(shop_id)) == (422, "OPEN")
    assert "was here 10 days ago" in refused.text
    assert HTMLParser(refused.text).css_first("input#override_reason") is not None
    await scheduler.post(f"/shops/applications/{asked}/approve", {"override_reason": "nobody else"})
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def test_an_applicant_is_judged_on_the_day_that_was_proposed(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60})
    shop_id, robin = await shops.shop(), await shops.shopper()
    await shops.visited(robin, NOW.date() - 57 * DAY)
    await shops.application(shop_id, robin, proposed_on=NOW.date() + 2 * DAY)
    row = HTMLParser((await scheduler.get(f"/shops/{shop_id}")).text).css_first("td[data-label=Against]")
    assert row is not None
    assert "rule: 60 days" in row.text()


async def test_a_note_is_opened_on_demand_and_the_look_is_recorded(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id, robin = await shops.shop(), await shops.shopper()
    asked = await shops.application(shop_id, robin, note="I can go on Thursday.")
    assert "Thursday." not in (await scheduler.get(f"/shops/{shop_id}")).text
    assert "I can go on Thursday." in (await scheduler.post(f"/shops/applications/{asked}/note")).text
    (event,) = await shops.events(asked)
    assert (event["action"], event["subject_id"], event["purpose"]) == (
        "application.read", robin.id, "decide on an application",
    )  # fmt: skip


async def test_a_shop_is_taken_back_with_a_reason(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop("ASSIGNED")
    assert (await scheduler.post(f"/shops/{shop_id}/take-back")).status_code == 422
    assert (await scheduler.post(f"/shops/{shop_id}/take-back", {"reason": "client_asked"})).status_code == 303
    assert await shops.state_of(shop_id) == "OPEN"
    (event,) = await shops.events(shop_id)
    assert json.loads(event["detail"])["reason"] == "client_asked"


async def test_the_list_of_shoppers_begins_with_the_best_and_says_why_not(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-FAR", latitude=51.5, longitude=-0.1)
    await shops.shopper(display_code="S-NEAR")
    await shops.shopper(display_code="S-PAUSED", status="paused")
    await shops.shopper(display_code="S-FULL", held_limit=0)
    page = HTMLParser((await scheduler.get(f"/shops/{await shops.shop()}/shoppers")).text)
    assert [node.text() for node in page.css("tbody th a")] == ["S-NEAR", "S-FAR", "S-FULL"]
    assert "2 of 3 shoppers" in page.text()


async def test_the_list_of_shoppers_begins_with_what_is_asked_for(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 10})
    best = await shops.shopper(display_code="S-BEST", grade_tenths=95, latitude=53.9, longitude=-1.5)
    await shops.shopper(display_code="S-NEAR", grade_tenths=60)
    await shops.visited(best, NOW.date() - 3 * DAY)
    await shops.shopper(display_code="S-FULL", held_limit=0, grade_tenths=99)
    shop_id = await shops.shop(public_ref="THAT-ONE")
    for order, first in (("", "S-BEST"), ("nearest", "S-NEAR"), ("soonest", "S-NEAR"), ("nonsense", "S-BEST")):
        page = HTMLParser((await scheduler.get(f"/shops/{shop_id}/shoppers?order={order}")).text)
        codes = [node.text() for node in page.css("tbody th a")]
        assert (codes[0], codes[-1]) == (first, "S-FULL")


async def test_whoever_is_chosen_from_the_list_is_shown_with_the_effects_at_once(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shopper(display_code="S-NEAR")
    shop_id = await shops.shop()
    page = HTMLParser((await scheduler.get(f"/shops/{shop_id}/shoppers")).text)
    form = next(each for each in page.css("tbody form") if each.css("input[value=assign]"))
    fields = {str(each.attributes["name"]): each.attributes["value"] for each in form.css("input")}
    said = await scheduler.post(str(form.attributes["action"]), fields)
    assert "1 assigned." in said.text
    assert await shops.state_of(shop_id) == "OPEN"


@pytest.mark.parametrize("typed", ["near1", "s-near1", " S-NEAR1 "])
async def test_a_shoppers_code_is_known_with_and_without_its_beginning(
    scheduler: Browser, shops: ShopWorld, typed: str
) -> None:
    near = await shops.shopper(display_code="S-NEAR1")
    shop_id = await shops.shop(public_ref="THAT-ONE")
    for terms in (
        {"kind": "assign", "shopper": typed, "ids": str(shop_id)},
        {"kind": "lines", "lines": f"THAT-ONE;{typed}"},
    ):
        assert "1 assigned." in (await scheduler.post("/shops/bulk/preview", terms)).text
    await shops.shop("ASSIGNED", near, public_ref="HELD-ONE")
    page = HTMLParser((await scheduler.get("/shops", params={"shopper": typed})).text)
    assert [node.text() for node in page.css("#shops tbody th a")] == ["HELD-ONE"]


async def test_offers_go_to_one_after_another_and_to_nobody_twice(scheduler: Browser, shops: ShopWorld) -> None:
    first = await shops.shopper(grade_tenths=90)
    second = await shops.shopper(grade_tenths=80)
    shop_id = await shops.shop()
    await scheduler.post(f"/shops/{shop_id}/offers")
    assert await shops.state_of(shop_id) == "OFFERED"
    await service.go_on_offering(NOW)
    assert await asked(shops, shop_id) == [first.id]
    async with first.transaction():
        await visits.decline(first.scope, shop_id, NOW)
    for _ in range(2):
        await service.go_on_offering(NOW + timedelta(minutes=1))
    assert await asked(shops, shop_id) == [first.id, second.id]
    async with second.transaction():
        await visits.decline(second.scope, shop_id, NOW + timedelta(minutes=2))
    await service.go_on_offering(NOW + timedelta(minutes=3))
    assert await shops.state_of(shop_id) == "OPEN"
    assert await shops.owner.fetchval("SELECT outcome FROM field.auto_offer WHERE shop_id=$1", shop_id) == "nobody_left"
    actions = [row["action"] for row in await shops.events(shop_id)]
    assert actions == [
        "shop.auto_offer",
        "shop.offer",
        "shop.decline",
        "shop.offer",
        "shop.decline",
        "shop.auto_offer_end",
    ]


async def asked(shops: ShopWorld, shop_id: UUID) -> list[UUID]:
    """Who has been offered a shop, in order."""
    rows = await shops.owner.fetch(
        "SELECT shopper_id FROM identity.assignment WHERE shop_id = $1 ORDER BY assigned_at", shop_id
    )
    return [row["shopper_id"] for row in rows]


async def test_offers_end_when_somebody_has_taken_it_or_they_are_stopped(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    taken, stopped = await shops.shop(), await shops.shop(location_id=await shops.location("FREE-1"))
    for shop_id in (taken, stopped):
        await scheduler.post(f"/shops/{shop_id}/offers")
    async with robin.transaction():
        await visits.accept(robin.scope, taken, NOW)
    await scheduler.post(f"/shops/{stopped}/offers/stop")
    await service.go_on_offering(NOW + timedelta(minutes=1))
    rows = await shops.owner.fetch(
        "SELECT shop_id, outcome FROM field.auto_offer WHERE affiliate_id=$1", shops.affiliate_id
    )
    assert {row["shop_id"]: row["outcome"] for row in rows} == {taken: "taken", stopped: "stopped"}


async def test_what_is_at_risk_comes_with_the_ladders_bonus_and_its_cost(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(bonus_ladder=[[7, 200], [3, 500]])
    near = await shops.shop(window_end=moment(2), public_ref="NEAR")
    week = await shops.shop(window_end=moment(5), public_ref="WEEK")
    await shops.shop(public_ref="FINE")
    said = text_of((await scheduler.get("/shops/risk")).text)
    assert "FINE" not in said
    assert "What that costs USD 7.00" in said
    fields = {"kind": "bonus", "all": "1", "query": "risk=1"}
    assert "2 with a higher bonus." in await preview(scheduler, fields)
    await do(scheduler, fields)
    assert [(await shops.row(each))["bonus_cents"] for each in (near, week)] == [500, 200]
    said = await preview(scheduler, fields)
    assert "0 with a higher bonus, 2 skipped: pays that already" in said


async def test_what_it_costs_is_never_added_up_over_currencies(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(bonus_ladder=[[7, 200], [3, 500]])
    ids = [await shops.shop(window_end=moment(2), currency=currency) for currency in ("USD", "GBP", "GBP")]
    said = text_of((await scheduler.get("/shops/risk")).text)
    assert "What that costs GBP 10.00 What that costs USD 5.00" in said
    said = await preview(scheduler, {"kind": "bonus", "all": "1", "query": "risk=1"})
    assert "The pay changes by GBP +10.00 and USD +5.00 in all." in said
    said = text_of((await scheduler.get("/shops/route?" + "&".join(f"shop={each}" for each in ids))).text)
    assert "GBP 24.00 and USD 12.00 in all" in said


async def test_at_risk_counts_and_costs_every_shop_however_many_and_each_currency_by_itself(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.configure(bonus_ladder=[[7, 200], [3, 500]])
    await shops.shops(2100, window_end=moment(2))
    await shops.shops(10, window_end=moment(4))
    await shops.shop(window_end=moment(4), bonus_cents=900)
    await shops.shop(window_end=moment(4), currency="EUR")
    said = text_of((await scheduler.get("/shops/risk")).text)
    assert "At risk 2,112 " in said
    assert "With a higher bonus by now 2,111 " in said
    assert "What that costs EUR 2.00" in said
    assert "What that costs USD 10,520.00" in said


@pytest.mark.parametrize("days", [0.5, 2.99, 3, 3.01, 7, 7.5, 30])
async def test_the_cost_of_all_is_the_sum_of_what_each_shop_is_said_to_need(shops: ShopWorld, days: float) -> None:
    ladder = ((7, 200), (3, 500))
    await shops.configure(bonus_ladder=[list(step) for step in ladder])
    shop_id = await shops.shop(window_end=moment(days), bonus_cents=100)
    async with shops.transaction():
        (shop,) = await queries.chosen_shops(shops.scope, [shop_id])
        found = await queries.ladder_of(shops.scope, Filter(), NOW)
    more = suggested_bonus(shop, NOW) - 100
    assert (found.cost_cents.get("USD", 0), found.raised) == (more, int(more > 0))


async def test_a_shop_tells_its_history_in_words(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    shop_id = await shops.shop("ASSIGNED", robin)
    code = f"S-{robin.id.hex[:6].upper()}"
    for fields in ({"kind": "pay", "bonus": "2"}, {"kind": "hold", "reason": "legal"}):
        await do(scheduler, {**fields, "ids": str(shop_id)})
    await scheduler.post(f"/shops/{shop_id}/lift-hold")
    await scheduler.post(f"/shops/{shop_id}/take-back", {"reason": "client_asked"})
    said = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    for line in (
        f"Taken back assigned → open {code} (client asked) by",
        "Lift hold",
        "Hold (legal)",
        "Pay bonus USD 0.00 → USD 2.00 by",
        "Published with its wave",
    ):
        assert line in said
