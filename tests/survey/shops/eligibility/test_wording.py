"""Reasons name the visit that closes the day, as what it is: made, planned, or with no day yet."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from survey.shops.campaigns.domain import Rotation
from survey.shops.eligibility import service
from survey.shops.eligibility.domain import Pair, Reason, Visit, in_turn, reasons
from tests.shop_world import ShopWorld
from tests.survey.shops.eligibility.test_asking import day as real_day
from tests.survey.shops.eligibility.test_rules import NOW, TODAY, a_shop, a_shopper, a_visit, day

AWAY = uuid4()


def undated(last: int, **columns: object) -> Visit:
    """A visit that somebody has and for which nobody has chosen a day."""
    return a_visit(last, is_made=False, is_held=True, last_day=day(last), **columns)


def planned(number: int, **columns: object) -> Visit:
    """A visit that somebody means to make on a day."""
    return a_visit(number, **{"is_made": False, "is_held": True} | columns)


def told(rotation: Rotation, *visits: Visit, on: date | None = None) -> Reason:
    (found,) = reasons(a_shopper(*visits), a_shop(rotation), NOW, on)
    return found


@pytest.mark.parametrize(
    ("visit", "staff", "shopper"),
    [
        (undated(20), "has a shop here until 3 June", "have a shop here until 3 June"),
        (planned(20), "has a visit planned here on 3 June", "have a visit planned here on 3 June"),
        (planned(0), "has a visit planned here today", "have a visit planned here today"),
        (planned(-2), "has a shop here that was planned for 12 May", "have a shop here that was planned for 12 May"),
        (undated(-2), "has a shop here whose days ended on 12 May", "have a shop here whose days ended on 12 May"),
        (a_visit(0), "was here today", "were here today"),
        (a_visit(-1), "was here yesterday", "were here yesterday"),
    ],
)
def test_a_visit_here_is_told_as_what_it_is(visit: Visit, staff: str, shopper: str) -> None:
    reason = told(Rotation(location_days=60), visit)
    assert reason.staff.startswith(f"The shopper {staff} (rule: 60 days); free again on ")
    assert reason.shopper.startswith(f"You {shopper}; free again on ")


@pytest.mark.parametrize(
    ("visit", "words"),
    [
        (undated(20, location_id=AWAY), "has a shop of this client until 3 June"),
        (planned(20, location_id=AWAY), "has a shop of this client planned on 3 June"),
        (planned(0, location_id=AWAY), "has a shop of this client planned today"),
        (a_visit(0, location_id=AWAY), "visited this client today"),
    ],
)
def test_a_visit_to_the_client_is_told_as_what_it_is(visit: Visit, words: str) -> None:
    assert told(Rotation(brand_days=60), visit).staff.startswith(f"The shopper {words} (rule: 60 days)")


def test_without_a_day_the_rule_is_over_on_a_day_at_the_latest() -> None:
    assert told(Rotation(location_days=60), undated(20)).shopper.endswith("; free again on 2 August at the latest.")
    assert told(Rotation(location_days=60), planned(20)).shopper.endswith("; free again on 2 August.")
    other = undated(5, location_id=AWAY, client_id=uuid4())
    assert told(Rotation(gap_days=9), other).staff.endswith("; free again on 29 May at the latest")


def test_the_visit_that_closes_the_day_asked_about_is_named_and_not_the_latest() -> None:
    rule, visits = Rotation(location_days=10), (a_visit(-5), planned(16))
    reason = told(rule, *visits, on=day(2))
    assert reason.staff == "The shopper was here 5 days ago (rule: 10 days); free again on 19 May"
    assert told(rule, *visits, on=day(8)).staff.startswith("The shopper has a visit planned here on 30 May (")


def test_where_several_visits_close_the_day_both_are_named_and_the_last_says_when_it_is_over() -> None:
    visits, rule = (a_visit(-50), planned(10)), Rotation(location_days=60)
    both = (
        "The shopper was here 50 days ago and has a visit planned here on 24 May (rule: 60 days); free again on 23 July"
    )
    assert told(rule, *visits).staff == both
    assert told(rule, *visits, on=day(9)).staff == both
    assert told(rule, *visits, on=day(10)).staff == both.replace("was here 50 days ago and ", "")


def test_what_follows_without_a_gap_is_named_because_it_decides_the_day() -> None:
    reason = told(Rotation(location_days=10), a_visit(-5), planned(13), on=day(0))
    assert reason.shopper == "You were here 5 days ago and have a visit planned here on 27 May; free again on 6 June."


def test_two_visits_of_which_the_same_is_to_be_said_are_told_once() -> None:
    visits = [replace(undated(20, location_id=AWAY), day=day(number)) for number in (2, 12)]
    reason = told(Rotation(brand_days=60), *visits)
    assert reason.staff.startswith("The shopper has a shop of this client until 3 June (rule: 60 days)")
    assert reason.shopper.startswith("You have a shop of this client until 3 June")
    assert " and " not in reason.shopper


def test_a_rule_that_closes_only_a_later_day_is_free_again_after_that_one() -> None:
    rule = Rotation(location_days=5, blackout=((day(0), day(3)),))
    closed = reasons(a_shopper(planned(8)), replace(a_shop(rule), last_day=day(10)), NOW)
    assert [reason.free_on for reason in closed] == [day(13), day(4)]


def test_of_two_pairs_in_a_row_the_second_invents_no_day_for_the_first() -> None:
    first, second = a_shop(Rotation(location_days=60)), a_shop(Rotation(location_days=60))
    person = a_shopper()
    chosen = in_turn([Pair(person, first), Pair(person, second)], NOW)[1].reasons[0]
    assert chosen.staff == "The shopper has a shop here until 27 May (rule: 60 days)"
    chosen = in_turn([Pair(person, first, day(2)), Pair(person, second)], NOW)[1].reasons[0]
    assert chosen.staff == "The shopper has a visit planned here on 16 May (rule: 60 days); free again on 15 July"


@given(st.lists(st.integers(-90, 90), min_size=1, max_size=6, unique=True), st.integers(1, 60), st.integers(0, 13))
def test_the_day_that_is_named_is_the_first_that_the_rule_leaves(numbers: list[int], days: int, number: int) -> None:
    def is_closed(at: int) -> bool:
        return any(abs(at - each) < days for each in numbers)

    shop = a_shop(Rotation(location_days=days))
    visits = [planned(each, is_held=False) for each in numbers]
    found = reasons(a_shopper(*visits), shop, NOW, day(number))
    if not is_closed(number):
        assert found == ()
        return
    free = next(at for at in range(number, 300) if not is_closed(at))
    assert found[0].free_on == day(free)
    closing = [day(each) for each in numbers if abs(number - each) < days]
    assert any(f"{each.day} {each:%B}" in found[0].staff or each == TODAY for each in closing)


async def test_a_held_shop_without_a_day_is_told_with_its_last_day(shops: ShopWorld) -> None:
    await shops.configure(rotation={"brand_days": 30})
    me, place = await shops.shopper(), await shops.location(time_zone="America/Los_Angeles")
    last = real_day(9)
    ends_at = datetime(last.year, last.month, last.day, tzinfo=NOW.tzinfo) + timedelta(hours=32)
    await shops.shop("ASSIGNED", me, location_id=place, window_end=ends_at)
    asked = await shops.shop("OPEN")
    async with me.transaction():
        verdicts = await service.shopper_for_shops(me.scope, me.id, [asked], real_now())
    assert verdicts[asked].reasons[0].shopper.startswith(f"You have a shop of this client until {last.day} {last:%B}")


def real_now() -> datetime:
    """Noon of the day on which the shops' world stands."""
    today = real_day(0)
    return datetime(today.year, today.month, today.day, 12, tzinfo=NOW.tzinfo)
