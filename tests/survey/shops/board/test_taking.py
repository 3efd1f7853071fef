"""Taking a shop, asking for one, answering an offer: what is refused, what happens once, and who wins."""

import asyncio
from datetime import date
from uuid import UUID

import asyncpg
import pytest

from survey.shoppers.domain import ConflictKind
from survey.shops.visits import service as visits
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, insert, moment, shop_world, update
from tests.web_client import Browser, Site

NEXT = NOW.date() + DAY
TOMORROW = {"day": NEXT.isoformat()}


def at(shop_id: UUID, act: str = "") -> str:
    """The address of a shop on the board, or of something to do with it."""
    return f"/shopper/board/{shop_id}" + (f"/{act}" if act else "")


async def offered(shops: ShopWorld, me: Shopper, hours: float = 5, *, on: date | None = NEXT, why: str = "") -> UUID:
    """A shop that is offered for so many hours more, on a day or on any; why: rules were set aside for it."""
    shop_id = await shops.shop("OFFERED", me, planned_on=on)
    if why:
        await shops.owner.execute(
            "UPDATE identity.assignment SET override_reason = $2 WHERE shop_id = $1", shop_id, why
        )
    timer = {"shop_id": shop_id, "kind": "offer_timeout", "affiliate_id": shops.affiliate_id}
    await insert(shops.owner, "field.shop_timer", timer | {"due_at": moment(hours=hours)})
    return shop_id


async def actions_on(shops: ShopWorld, object_id: UUID) -> list[str]:
    """What the ledger says of a shop."""
    return [event["action"] for event in await shops.events(object_id)]


@pytest.mark.parametrize("act", ["take", "apply", "withdraw", "accept", "decline"])
async def test_another_affiliates_shop_is_not_found_whatever_one_wants_of_it(
    browser: Browser, shops: ShopWorld, world: World, act: str
) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    await there.configure(is_self_assign=True)
    foreign = await there.shop()
    assert (await browser.post(at(foreign, act), TOMORROW)).status_code == 404
    assert (await browser.get(at(foreign))).status_code == 404
    assert (await browser.get(at(await shops.shop("DRAFT")))).status_code == 404
    assert await there.state_of(foreign) == "OPEN"


async def test_an_offer_to_somebody_else_is_neither_taken_nor_declined(browser: Browser, shops: ShopWorld) -> None:
    shop_id = await offered(shops, await shops.shopper())
    for act in ("accept", "decline"):
        assert (await browser.post(at(shop_id, act), TOMORROW)).status_code == 404
    assert await shops.state_of(shop_id) == "OFFERED"


@pytest.mark.parametrize(("act", "is_self_assign"), [("take", True), ("apply", False)])
async def test_what_is_posted_directly_meets_the_same_rules_and_reads_why(
    browser: Browser, shops: ShopWorld, me: Shopper, act: str, is_self_assign: bool
) -> None:
    await shops.configure(is_self_assign=is_self_assign, rotation={"location_days": 60})
    await shops.visited(me, NOW.date() - 41 * DAY)
    shop_id = await shops.shop()
    refused = await browser.post(at(shop_id, act), TOMORROW)
    assert refused.status_code == 422
    assert "You were here 41 days ago; free again on 11 December." in refused.text
    assert await shops.state_of(shop_id) == "OPEN"
    assert await actions_on(shops, shop_id) == []
    assert await shops.owner.fetchval("SELECT count(*) FROM identity.application WHERE shop_id = $1", shop_id) == 0


@pytest.mark.parametrize("status", ["closed", "temporarily_closed"])
@pytest.mark.parametrize(("act", "is_self_assign"), [("take", True), ("apply", False)])
async def test_nobody_sees_or_takes_a_shop_whose_location_has_closed(
    browser: Browser, shops: ShopWorld, act: str, is_self_assign: bool, status: str
) -> None:
    await shops.configure(is_self_assign=is_self_assign)
    shop_id = await shops.shop()
    assert at(shop_id) in (await browser.get("/shopper/board")).text
    await shops.owner.execute("UPDATE field.location SET status = $2 WHERE id = $1", shops.store_id, status)
    assert at(shop_id) not in (await browser.get("/shopper/board")).text
    refused = await browser.post(at(shop_id, act), TOMORROW)
    assert refused.status_code == 422
    assert "This place is closed for" in refused.text
    assert await shops.state_of(shop_id) == "OPEN"


async def test_an_offer_for_a_location_that_has_closed_cannot_be_taken(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await offered(shops, me)
    await shops.owner.execute("UPDATE field.location SET status = 'closed' WHERE id = $1", shops.store_id)
    assert (await browser.post(at(shop_id, "accept"), TOMORROW)).status_code == 422
    assert await shops.state_of(shop_id) == "OFFERED"


@pytest.mark.parametrize("conflicts", [True, False])
async def test_a_conflict_of_interest_keeps_one_from_taking_it(
    browser: Browser, shops: ShopWorld, me: Shopper, conflicts: bool
) -> None:
    if conflicts:
        values = {"affiliate_id": me.affiliate_id, "shopper_id": me.id, "client_id": shops.client_id, "source": "self"}
        kind = next(iter(ConflictKind))
        await insert(shops.owner, "identity.conflict", values | {"kind": kind, "created_at": NOW})
    shop_id = await shops.shop()
    answer = await browser.post(at(shop_id, "take"), TOMORROW)
    assert answer.status_code == (422 if conflicts else 303)


async def test_the_quiz_is_linked_where_it_is_all_that_is_missing(browser: Browser, shops: ShopWorld) -> None:
    await shops.configure(is_certified=True)
    shop_id = await shops.shop()
    page = (await browser.get(at(shop_id))).text
    assert f'href="/shopper/guidelines/{shops.guideline_id}?shop={shop_id}"' in page
    assert "a short quiz first" in page
    assert (await browser.post(at(shop_id, "take"), TOMORROW)).status_code == 422


@pytest.mark.parametrize("day", ["", "soon", "2026-11-21", "2027-03-01"])
async def test_a_day_that_cannot_be_is_refused(browser: Browser, shops: ShopWorld, day: str) -> None:
    shop_id = await shops.shop()
    assert (await browser.post(at(shop_id, "take"), {"day": day})).status_code == 422
    assert await shops.state_of(shop_id) == "OPEN"


async def test_what_has_to_be_asked_for_cannot_be_taken(browser: Browser, shops: ShopWorld) -> None:
    await shops.configure(is_self_assign=False)
    shop_id = await shops.shop()
    refused = await browser.post(at(shop_id, "take"), TOMORROW)
    assert (refused.status_code, await shops.state_of(shop_id)) == (422, "OPEN")
    assert "Ask for it instead" in refused.text


async def test_taking_it_twice_is_taking_it_once_and_it_stands_in_my_shops(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await shops.shop()
    for _ in range(2):
        taken = await browser.submit(at(shop_id), TOMORROW, to=at(shop_id, "take"))
        assert (taken.status_code, taken.headers["location"]) == (303, "/shopper/shops")
    assert await actions_on(shops, shop_id) == ["shop.self_assign"]
    page = (await browser.get("/shopper/shops")).text
    assert "Riverside" in page
    assert "Monday 23 November" in page
    row = await shops.row(shop_id)
    assert (row["planned_on"], row["state"]) == (NOW.date() + DAY, "ASSIGNED")


@pytest.mark.parametrize("attempt", range(3))
async def test_of_two_who_take_it_at_once_one_wins_and_the_other_reads_what_else_is_near(
    site: Site, shops: ShopWorld, attempt: int
) -> None:
    shop_id, other = await shops.shop(), await shops.shop(public_ref=f"T-NEAR-{attempt}")
    rivals = [await shops.signed_in(site, await shops.shopper()) for _ in range(2)]
    answers = await asyncio.gather(*(each.post(at(shop_id, "take"), TOMORROW) for each in rivals))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (loser,) = [answer for answer in answers if answer.status_code == 409]
    assert "Somebody was a little faster" in loser.text
    assert "What else is near" in loser.text
    assert str(other) in loser.text
    standing = "SELECT count(*) FROM identity.assignment WHERE shop_id = $1 AND state = 'held'"
    assert await shops.owner.fetchval(standing, shop_id) == 1


async def test_two_tabs_cannot_take_more_than_one_may_hold(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    await shops.owner.execute("UPDATE identity.shopper SET held_limit = 1 WHERE id = $1", me.id)
    first, second = await shops.shops(2)
    answers = await asyncio.gather(*(browser.post(at(each, "take"), TOMORROW) for each in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]


async def test_two_of_one_household_cannot_both_take_what_the_rule_gives_to_one(site: Site, shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60, "is_household": True})
    pair = [await shops.signed_in(site, await shops.shopper(household_index=b"home")) for _ in range(2)]
    chosen = await shops.shops(2)
    acts = (each.post(at(shop_id, "take"), TOMORROW) for each, shop_id in zip(pair, chosen, strict=True))
    assert sorted(answer.status_code for answer in await asyncio.gather(*acts)) == [303, 422]


async def test_an_application_is_sealed_sent_once_and_can_be_taken_back(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(is_self_assign=False)
    shop_id = await shops.shop()
    for _ in range(2):
        sent = await browser.submit(at(shop_id), TOMORROW | {"words": "After four."}, to=at(shop_id, "apply"))
        assert sent.status_code == 303
        await browser.get(at(shop_id))
        assert "You have asked for this shop" in (await browser.get(at(shop_id))).text
    row = await shops.owner.fetchrow("SELECT * FROM identity.application WHERE shop_id = $1", shop_id)
    assert (row["shopper_id"], row["proposed_on"], row["state"]) == (me.id, NOW.date() + DAY, "SUBMITTED")
    assert b"After" not in row["note"]
    for _ in range(2):
        assert (await browser.post(at(shop_id, "withdraw"))).status_code == 303
    assert [event["action"] for event in await shops.events(row["id"])] == [
        "application.submit",
        "application.withdraw",
    ]


def blackout(*days: int) -> dict[str, object]:
    """A rotation that closes these days, counted from today."""
    return {"blackout": [[(NOW.date() + day * DAY).isoformat()] * 2 for day in days]}


def on(day: int) -> dict[str, str]:
    """The form that names a day, counted from today."""
    return {"day": (NOW.date() + day * DAY).isoformat()}


async def test_an_offer_is_not_accepted_on_a_day_that_is_blacked_out(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(rotation=blackout(2))
    shop_id = await offered(shops, me)
    refused = await browser.post(at(shop_id, "accept"), on(2))
    assert refused.status_code == 422
    assert "Nobody visits on these days" in refused.text
    assert (await shops.state_of(shop_id), await actions_on(shops, shop_id)) == ("OFFERED", [])
    assert (await browser.post(at(shop_id, "accept"), on(3))).status_code == 303
    assert await actions_on(shops, shop_id) == ["shop.accept"]


async def test_who_removes_their_place_keeps_the_offer_that_was_made_to_them(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(requirements={"radius_km": 5})
    shop_id = await offered(shops, me)
    await update(shops.owner, "identity.shopper", me.id, {"latitude": None, "longitude": None})
    assert (await browser.post(at(shop_id, "accept"), on(1))).status_code == 303
    assert await actions_on(shops, shop_id) == ["shop.accept"]


async def test_who_has_moved_far_away_since_does_not(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    await shops.configure(requirements={"radius_km": 5})
    shop_id = await offered(shops, me)
    await update(shops.owner, "identity.shopper", me.id, {"latitude": 51.5, "longitude": 0.0})
    assert (await browser.post(at(shop_id, "accept"), on(1))).status_code == 422
    assert await shops.state_of(shop_id) == "OFFERED"


async def test_without_a_place_a_shop_for_people_near_is_not_taken_but_says_what_to_do(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(requirements={"radius_km": 5})
    shop_id = await shops.shop()
    await update(shops.owner, "identity.shopper", me.id, {"latitude": None, "longitude": None})
    refused = await browser.post(at(shop_id, "take"), on(1))
    assert refused.status_code == 422
    for link in ("/shopper/profile/start", "/shopper/messages/new"):
        assert f'href="{link}"' in refused.text
    assert await shops.state_of(shop_id) == "OPEN"


async def test_an_offer_is_not_accepted_on_a_day_that_is_full_and_its_own_day_counts_for_nothing(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(rotation={"daily_limit": 1})
    await shops.shop("ASSIGNED", me, planned_on=NOW.date() + 2 * DAY)
    shop_id = await offered(shops, me)
    refused = await browser.post(at(shop_id, "accept"), on(2))
    assert (refused.status_code, await shops.state_of(shop_id)) == (422, "OFFERED")
    assert "You have as many shops on these days as one may have" in refused.text
    assert (await browser.post(at(shop_id, "accept"), on(1))).status_code == 303


async def test_of_two_offers_accepted_at_once_for_a_day_with_room_for_one_the_second_is_refused(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(rotation={"daily_limit": 1})
    both = [await offered(shops, me, on=None) for _ in range(2)]
    await shops.owner.execute("UPDATE field.shop SET window_end = $2 WHERE id = ANY($1)", both, moment(9))
    answers = await asyncio.gather(*(browser.post(at(each, "accept"), on(3)) for each in both))
    assert sorted(answer.status_code for answer in answers) == [303, 422]


@pytest.mark.parametrize("named", [1, None])
@pytest.mark.parametrize("day", [1, 2])
async def test_whoever_has_paused_since_accepts_no_offer_even_where_rules_were_set_aside(
    browser: Browser, shops: ShopWorld, me: Shopper, named: int | None, day: int
) -> None:
    shop_id = await offered(shops, me, on=NOW.date() + named * DAY if named else None, why="nobody else lives near")
    await update(shops.owner, "identity.shopper", me.id, {"status": "paused"})
    assert (await browser.post(at(shop_id, "accept"), on(day))).status_code == 422
    assert await shops.state_of(shop_id) == "OFFERED"
    await update(shops.owner, "identity.shopper", me.id, {"status": "active"})
    assert (await browser.post(at(shop_id, "accept"), on(day))).status_code == 303


@pytest.mark.parametrize("named", [1, None])
async def test_rules_that_staff_set_aside_for_an_offer_stay_aside_on_its_day(
    browser: Browser, shops: ShopWorld, me: Shopper, named: int | None
) -> None:
    await shops.configure(rotation=blackout(1))
    day = NOW.date() + named * DAY if named else None
    shop_id = await offered(shops, me, on=day, why="the client asked for this day")
    assert (await browser.post(at(shop_id, "accept"), on(1))).status_code == 303
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def test_on_another_day_what_was_set_aside_stays_aside_and_what_stands_there_alone_counts(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(rotation=blackout(3) | {"location_days": 60})
    await shops.visited(me, NOW.date() - 10 * DAY)
    shop_id = await offered(shops, me, why="nobody else lives near")
    refused = await browser.post(at(shop_id, "accept"), on(3))
    assert refused.status_code == 422
    assert "Nobody visits on these days" in refused.text
    assert "You were here" not in refused.text
    assert (await browser.post(at(shop_id, "accept"), on(2))).status_code == 303


async def test_a_shopper_learns_that_rules_were_set_aside_and_never_why(shops: ShopWorld, me: Shopper) -> None:
    shop_id = await offered(shops, me, why="nobody else lives near")
    async with me.transaction() as connection:
        seen = "SELECT is_override FROM identity.assignment WHERE shop_id = $1"
        assert await connection.fetchval(seen, shop_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with me.transaction() as connection:
            await connection.fetchval("SELECT override_reason FROM identity.assignment WHERE shop_id = $1", shop_id)


async def test_an_offer_says_how_long_one_has_and_accepting_twice_is_accepting_once(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await offered(shops, me)
    assert "You have 5 hours to answer" in (await browser.get(at(shop_id))).text
    day = {"day": (NOW.date() + 2 * DAY).isoformat()}
    for _ in range(2):
        assert (await browser.post(at(shop_id, "accept"), day)).status_code == 303
    row = await shops.row(shop_id)
    assert (row["state"], row["planned_on"]) == ("ASSIGNED", NOW.date() + 2 * DAY)
    assert await actions_on(shops, shop_id) == ["shop.accept"]


async def test_an_offer_whose_time_is_over_is_not_accepted_even_before_the_job_has_ended_it(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    shop_id = await offered(shops, me, hours=-0.01)
    late = await browser.post(at(shop_id, "accept"), TOMORROW)
    assert (late.status_code, await shops.state_of(shop_id)) == (409, "OFFERED")
    assert "The time of the offer was over" in late.text
    await visits.fire_timers(NOW)
    assert (await browser.post(at(shop_id, "accept"), TOMORROW)).status_code == 409
    assert await shops.state_of(shop_id) == "OPEN"


async def test_declining_leaves_it_to_others_and_twice_is_once(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    shop_id = await offered(shops, me)
    for _ in range(2):
        assert (await browser.post(at(shop_id, "decline"), TOMORROW)).status_code == 303
    assert await shops.state_of(shop_id) == "OPEN"
    assert await actions_on(shops, shop_id) == ["shop.decline"]
