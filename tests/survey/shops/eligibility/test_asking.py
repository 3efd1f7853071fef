"""Eligibility asked of the database: by staff, by a shopper, for many."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from privacy.optouts import suppression_key
from survey.db import NotFound
from survey.shops.eligibility import service
from survey.shops.eligibility.domain import Known, Verdict
from tests.conftest import NOW, World
from tests.shop_world import Shopper, ShopWorld, counted, insert, moment, shop_world

TODAY = NOW.date()
HOME = b"9 mill lane"


def day(number: int):  # type: ignore[no-untyped-def]
    """So many days from today."""
    return TODAY + timedelta(days=number)


async def as_staff(shops: ShopWorld, me: Shopper, *shop_ids: UUID, **known: Sequence[UUID]) -> list[list[str]]:
    """The codes for each shop, as the scheduler learns them."""
    async with shops.transaction():
        found = await service.shopper_for_shops(shops.scope, me.id, shop_ids, NOW, **known)
    return [codes(found[shop_id]) for shop_id in shop_ids]


async def as_shopper(me: Shopper, *shop_ids: UUID, **known: Sequence[UUID]) -> list[list[str]]:
    """The same, as the shopper learns them."""
    async with me.transaction():
        found = await service.shopper_for_shops(me.scope, me.id, shop_ids, NOW, **known)
    return [codes(found[shop_id]) for shop_id in shop_ids]


def codes(verdict: Verdict) -> list[str]:
    """What stands against it."""
    return [reason.code.value for reason in verdict.reasons]


async def test_another_affiliates_people_and_shops_are_not_found(shops: ShopWorld, world: World) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    stranger, shop_id, foreign = await there.shopper(), await shops.shop("OPEN"), await there.shop("OPEN")
    async with shops.transaction():
        with pytest.raises(NotFound):
            await service.shopper_for_shops(shops.scope, stranger.id, [shop_id], NOW)
        with pytest.raises(NotFound):
            await service.shoppers_for_shop(shops.scope, foreign, None, NOW)
        assert await service.shoppers_for_shop(shops.scope, shop_id, [stranger.id], NOW) == {}


async def test_a_shopper_asks_about_nobody_else(shops: ShopWorld) -> None:
    me, other, shop_id = await shops.shopper(), await shops.shopper(), await shops.shop("OPEN")
    async with me.transaction():
        with pytest.raises(NotFound):
            await service.shopper_for_shops(me.scope, other.id, [shop_id], NOW)


async def test_staff_and_shopper_hear_the_same(shops: ShopWorld) -> None:
    await shops.configure(
        rotation={"location_days": 60, "brand_days": 30, "is_household": True, "location_gap_days": 2, "gap_days": 1},
        requirements={"radius_km": 20, "least_grade_tenths": 60},
    )
    me, housemate = await shops.shopper(household_index=HOME), await shops.shopper(household_index=HOME)
    place, far = await shops.location(), await shops.location(latitude=51.5, longitude=-0.1)
    await shops.visited(me, day(-20))
    await shops.visited(housemate, day(-3), location_id=place)
    asked = [
        await shops.shop("OPEN"),
        await shops.shop("OPEN", location_id=place),
        await shops.shop("OPEN", location_id=far),
    ]
    by_staff = await as_staff(shops, me, *asked)
    assert by_staff == await as_shopper(me, *asked)
    assert [("rotation_location" in each, "household" in each, "radius" in each) for each in by_staff] == [
        (True, True, False),
        (False, True, False),
        (False, True, True),
    ]


async def test_nothing_stands_against_a_shopper_who_is_new(shops: ShopWorld) -> None:
    me = await shops.shopper()
    asked = [await shops.shop("OPEN"), await shops.shop("OPEN")]
    assert await as_shopper(me, *asked) == [[], []]


async def test_what_was_given_back_is_no_visit(shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60, "once_per_campaign": True})
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    for state in ("given_back", "taken_back", "flaked", "declined"):
        await shops.assignment(await shops.shop("OPEN"), me, state, planned_on=day(-5))
    assert await as_staff(shops, me, shop_id) == [[]]


@pytest.mark.parametrize(
    "rule",
    [{"location_days": 60}, {"brand_days": 60}, {"once_per_campaign": True}, {"gap_days": 9}, {"location_gap_days": 9}],
    ids=str,
)
async def test_an_attempt_that_was_accepted_is_no_visit_and_closes_nothing(
    shops: ShopWorld, rule: dict[str, object]
) -> None:
    await shops.configure(rotation=rule)
    me, shop_id = await shops.shopper(), await shops.shop("OPEN", window_end=moment(2))
    attempt = await shops.visited(me, day(-1))
    assert await as_shopper(me, shop_id) != [[]]
    await shops.owner.execute("UPDATE field.shop SET is_attempt = true WHERE id = $1", attempt)
    assert await as_shopper(me, shop_id) == [[]]
    assert await as_staff(shops, me, shop_id) == [[]]


async def test_once_a_campaign_is_found_however_long_ago(shops: ShopWorld) -> None:
    await shops.configure(rotation={"once_per_campaign": True})
    me = await shops.shopper()
    await shops.visited(me, day(-2000))
    assert await as_shopper(me, await shops.shop("OPEN")) == [["once_per_campaign"]]


async def test_conflicts_and_quizzes_come_from_the_caller(shops: ShopWorld) -> None:
    await shops.configure(is_certified=True)
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    assert await as_staff(shops, me, shop_id) == [["certification"]]
    assert await as_staff(shops, me, shop_id, certified=[shops.guideline_id]) == [[]]
    found = await as_staff(shops, me, shop_id, certified=[shops.guideline_id], conflicts=[shops.client_id])
    assert found == [["conflict"]]


async def test_a_reading_is_of_one_version_and_of_one_person(shops: ShopWorld) -> None:
    await shops.configure(is_certified=True)
    me, reader, shop_id = await shops.shopper(has_read=False), await shops.shopper(), await shops.shop("OPEN")
    passed = [shops.guideline_id]
    assert await as_staff(shops, me, shop_id, certified=passed) == [["reading"]]
    assert await as_shopper(reader, shop_id, certified=passed) == [[]]


async def test_all_shoppers_are_asked_for_one_shop(shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60, "is_household": True}, is_certified=True)
    fresh, regular, housemate, untaught, related = (
        await shops.shopper(),
        await shops.shopper(household_index=HOME),
        await shops.shopper(household_index=HOME),
        await shops.shopper(),
        await shops.shopper(),
    )
    paused = await shops.shopper(status="paused")
    await shops.visited(regular, day(-5))
    shop_id = await shops.shop("OPEN")
    passed = [each.id for each in (fresh, regular, housemate, related)]
    async with shops.transaction():
        found = await service.shoppers_for_shop(
            shops.scope, shop_id, None, NOW, conflicted=[related.id], certified=passed
        )
    assert paused.id not in found
    assert {person: codes(verdict) for person, verdict in found.items()} == {
        fresh.id: [],
        regular.id: ["rotation_location"],
        housemate.id: ["household"],
        untaught.id: ["certification"],
        related.id: ["conflict"],
    }


async def test_days_are_the_locations_own(shops: ShopWorld) -> None:
    """At half past nine in London it is evening in Auckland already: its last day began earlier and is still on."""
    place = await shops.location(time_zone="Pacific/Auckland", opening_hours={"sun": [["08:00", "23:00"]]})
    shop_id = await shops.shop("OPEN", location_id=place, window_end=NOW + timedelta(hours=1))
    me = await shops.shopper()
    async with shops.transaction():
        found = await service.shopper_for_shops(shops.scope, me.id, [shop_id], NOW)
    assert found[shop_id].first_day == TODAY
    assert TODAY.strftime("%A") == "Sunday"


async def test_the_places_days_are_counted_whoever_goes(shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_gap_days": 30})
    await shops.shop("ASSIGNED", planned_on=day(3))
    assert await as_shopper(await shops.shopper(), await shops.shop("OPEN")) == [["location_gap"]]


@pytest.mark.parametrize("count", [3, 60])
async def test_any_number_takes_the_same_statements(shops: ShopWorld, count: int) -> None:
    await shops.configure(rotation={"location_days": 60, "is_household": True, "location_gap_days": 2})
    me, shop_ids = await shops.shopper(household_index=HOME), await shops.shops(count)
    people = [await shops.shopper() for _ in range(count // 10)]
    async with shops.transaction() as connection, counted(connection) as first:
        await service.shopper_for_shops(shops.scope, me.id, shop_ids, NOW)
    async with shops.transaction() as connection, counted(connection) as second:
        await service.shoppers_for_shop(shops.scope, shop_ids[0], [each.id for each in people] + [me.id], NOW)
    async with shops.transaction() as connection, counted(connection) as third:
        await service.pairs_in_turn(shops.scope, [(me.id, shop_id, None) for shop_id in shop_ids], NOW, Known())
    assert [len(asked) for asked in (first, second, third)] == [6, 6, 6]


async def test_pairs_are_judged_in_turn_and_what_is_missing_is_said(shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60})
    me, (first, second) = await shops.shopper(), await shops.shops(2)
    async with shops.transaction():
        pairs = [(me.id, first, day(1)), (me.id, second, day(2)), (uuid4(), second, None), (me.id, uuid4(), None)]
        found = await service.pairs_in_turn(shops.scope, pairs, NOW, Known())
    assert [codes(each) for each in found] == [[], ["rotation_location"], ["taken"], ["taken"]]


async def test_what_somebody_did_for_another_affiliate_is_never_looked_at(shops: ShopWorld, world: World) -> None:
    there = await shop_world(shops.owner, shops.settings, world.charlies.affiliate_id)
    account = await shops.account()
    here = await shops.shopper(account_id=account, household_index=HOME)
    elsewhere = await there.shopper(account_id=account, household_index=HOME)
    rules = {"once_per_campaign": True, "location_days": 60, "brand_days": 60, "is_household": True, "gap_days": 9}
    await shops.configure(rotation=rules)
    await there.visited(elsewhere, TODAY)
    asked = [await shops.shop("OPEN")]
    assert await as_shopper(here, *asked) == [[]]
    assert await as_staff(shops, here, *asked) == [[]]


async def test_opting_out_and_taking_away_what_is_optional_never_changes_the_answer(shops: ShopWorld) -> None:
    await shops.configure(rotation={"location_days": 60}, requirements={"radius_km": 50, "bands": {"age": ["25-34"]}})
    me = await shops.shopper(bands={"age": "25-34", "car": "yes", "pets": "dog"}, household_index=HOME)
    place = await shops.location()
    await shops.visited(me, day(-9))
    asked = [await shops.shop("OPEN"), await shops.shop("OPEN", location_id=place)]
    before = await as_shopper(me, *asked)
    await shops.owner.execute(
        "UPDATE identity.shopper SET bands = bands - 'car' - 'pets', phone = NULL, name = '', household_index = NULL,"
        " time_zone = 'UTC' WHERE id = $1",
        me.id,
    )
    await shops.owner.execute(
        "INSERT INTO ledger.opt_out (suppression_key, scope, source, at) VALUES ($1, 'everything', 'page', $2)",
        suppression_key(shops.settings.index_key, f"{me.id.hex[:8]}@shopper.test"),
        NOW,
    )
    assert before == [["rotation_location"], []]
    assert await as_shopper(me, *asked) == before
    assert await as_staff(shops, me, *asked) == before


async def test_a_qualification_that_is_asked_for_is_looked_up_for_staff_and_for_the_shopper(shops: ShopWorld) -> None:
    await shops.configure(requirements={"qualifications": ["forklift"]})
    await insert(
        shops.owner,
        "field.qualification_kind",
        {"affiliate_id": shops.affiliate_id, "code": "forklift", "label": "Forklift licence", "created_at": NOW},
    )
    held, lapsed, asked, nobody = [await shops.shopper() for _ in range(4)]
    for person, status, last in ((held, "held", None), (lapsed, "held", day(-1)), (asked, "asked", None)):
        await insert(shops.owner, "identity.qualification", {
            "affiliate_id": shops.affiliate_id, "shopper_id": person.id, "code": "forklift", "source": "document",
            "status": status, "expires_on": last, "created_at": NOW,
        })  # fmt: skip
    shop_id = await shops.shop("OPEN")
    assert [await as_staff(shops, each, shop_id) for each in (held, lapsed, asked, nobody)] == [
        [[]], [["qualification"]], [["qualification"]], [["qualification"]]
    ]  # fmt: skip
    assert [await as_shopper(each, shop_id) for each in (held, nobody)] == [[[]], [["qualification"]]]


async def test_the_reason_calls_a_qualification_as_the_affiliate_does(shops: ShopWorld) -> None:
    await shops.configure(requirements={"qualifications": ["diver", "gone"]})
    await insert(
        shops.owner,
        "field.qualification_kind",
        {"affiliate_id": shops.affiliate_id, "code": "diver", "label": "Diving card", "created_at": NOW},
    )
    me, shop_id = await shops.shopper(), await shops.shop("OPEN")
    async with shops.transaction():
        found = await service.shopper_for_shops(shops.scope, me.id, [shop_id], NOW)
    assert [reason.staff for reason in found[shop_id].reasons] == [
        "Has no “Diving card”, which the campaign asks for", "Has no “gone”, which the campaign asks for"
    ]  # fmt: skip
