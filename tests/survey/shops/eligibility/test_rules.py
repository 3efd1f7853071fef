"""Every rule of eligibility, without a database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from survey.clients.domain import distance_km
from survey.shops.campaigns.domain import Requirements, Rotation
from survey.shops.eligibility.domain import (
    Code,
    Pair,
    Place,
    Reason,
    Rules,
    ShopFacts,
    ShopperFacts,
    Visit,
    history_of,
    in_turn,
    open_weekdays,
    reasons,
    verdict,
)
from survey.shops.visits.domain import State

NOW = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
CLIENT, PLACE, CAMPAIGN, GUIDELINE = uuid4(), uuid4(), uuid4(), uuid4()
LEEDS, LONDON = (53.7965, -1.5478), (51.5074, -0.1278)


def day(number: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=number)


def a_shop(rotation: Rotation | None = None, requirements: Requirements | None = None, **columns: object) -> ShopFacts:
    """An open shop with two weeks' window; columns override the place's, the rules' or the shop's own."""
    place = Place(PLACE, "open", "UTC", *LEEDS)
    rules = Rules(CAMPAIGN, "in_person", False, GUIDELINE, rotation or Rotation(), requirements or Requirements())
    mine = {name: columns.pop(name) for name in list(columns) if name in Place.__struct_fields__ and name != "id"}
    theirs = {name: columns.pop(name) for name in list(columns) if name in Rules.__struct_fields__}
    ends = datetime.combine(day(14), datetime.min.time(), UTC)
    shop = ShopFacts(
        uuid4(), CLIENT, State.OPEN, False, ends, TODAY, day(13), frozenset(range(7)),
        replace(place, **mine), replace(rules, **theirs),
    )  # fmt: skip
    return replace(shop, **columns)


def a_shopper(*visits: Visit, **columns: object) -> ShopperFacts:
    """Somebody against whom nothing stands."""
    person = ShopperFacts(uuid4(), "active", True, 5, b"home", 53.80, -1.55, history=history_of(visits))
    return replace(person, **columns)


def a_visit(number: int, **columns: object) -> Visit:
    """A visit to the place, so many days from today."""
    return replace(Visit(uuid4(), PLACE, CLIENT, CAMPAIGN, day(number)), **columns)


def codes(person: ShopperFacts, shop: ShopFacts, on: date | None = None) -> list[str]:
    """The codes of what stands against it."""
    return [reason.code.value for reason in reasons(person, shop, NOW, on)]


def the_one(person: ShopperFacts, shop: ShopFacts, on: date | None = None) -> Reason:
    """The only thing that stands against it."""
    (reason,) = reasons(person, shop, NOW, on)
    return reason


def test_against_nobody_in_particular_nothing_stands() -> None:
    assert verdict(a_shopper(), a_shop(), NOW).first_day == TODAY


@pytest.mark.parametrize("status", ["pending", "paused", "deactivated", "erased"])
def test_who_is_not_active_makes_no_shop(status: str) -> None:
    assert codes(a_shopper(status=status), a_shop()) == ["status"]


def test_who_has_not_accepted_the_agreement_makes_no_shop() -> None:
    assert codes(a_shopper(has_agreed=False), a_shop()) == ["agreement"]


@pytest.mark.parametrize("state", sorted(set(State) - {State.OPEN}))
def test_a_shop_that_is_not_open_is_not_to_be_had(state: State) -> None:
    assert codes(a_shopper(), a_shop(state=state)) == ["taken"]


def test_an_offer_is_open_to_whom_it_was_made() -> None:
    shop = a_shop(Rotation(location_days=60), state=State.OFFERED)
    mine = a_visit(3, shop_id=shop.id, is_held=True)
    assert codes(a_shopper(mine, held_limit=1), shop) == []


def test_a_shop_on_hold_is_not_to_be_had() -> None:
    assert codes(a_shopper(), a_shop(is_on_hold=True)) == ["taken"]


@pytest.mark.parametrize("status", ["closed", "temporarily_closed"])
def test_nobody_is_sent_to_a_closed_place(status: str) -> None:
    assert codes(a_shopper(), a_shop(status=status)) == ["location_closed"]


def test_a_window_that_is_over_is_over_to_the_minute() -> None:
    assert codes(a_shopper(), a_shop(first_day=day(-9), last_day=day(-1))) == ["window"]
    assert codes(a_shopper(), a_shop(last_day=TODAY, window_end=NOW)) == ["window"]


@pytest.mark.parametrize("number", [-1, 14])
def test_a_day_outside_the_window_is_refused(number: int) -> None:
    assert codes(a_shopper(), a_shop(), day(number)) == ["window"]


def test_who_has_to_do_with_the_client_does_not_go_there() -> None:
    assert codes(a_shopper(conflicts=frozenset({CLIENT})), a_shop()) == ["conflict"]
    assert codes(a_shopper(conflicts=frozenset({uuid4()})), a_shop()) == []


LICENCE = Requirements(qualifications=("forklift",))


def test_what_a_campaign_asks_for_must_be_recorded() -> None:
    reason = the_one(a_shopper(), a_shop(None, LICENCE, labels={"forklift": "Forklift licence"}))
    assert reason.code is Code.QUALIFICATION
    assert reason.staff == "Has no “Forklift licence”, which the campaign asks for"
    assert reason.shopper == (
        "This shop asks for “Forklift licence”, which is not recorded for you. Your profile says how to get it."
    )


def test_what_does_not_run_out_is_good_for_ever_and_other_things_do_not_count() -> None:
    assert codes(a_shopper(qualifications={"forklift": None}), a_shop(None, LICENCE)) == []
    assert codes(a_shopper(qualifications={"diver": None}), a_shop(None, LICENCE)) == ["qualification"]


def test_what_has_run_out_is_said_with_its_day() -> None:
    reason = the_one(a_shopper(qualifications={"forklift": day(-1)}), a_shop(None, LICENCE))
    assert reason.staff == "“forklift” ran out on 13 May"
    assert reason.shopper == "Your “forklift” ran out on 13 May; send a new document in your profile."
    assert reason.free_on is None


def test_on_its_last_day_it_is_good_and_on_the_next_it_is_not() -> None:
    person, shop = a_shopper(qualifications={"forklift": day(3)}), a_shop(None, LICENCE)
    assert codes(person, shop, day(3)) == []
    assert the_one(person, shop, day(4)).shopper == (
        "Your “forklift” runs out on 17 May, before the visit; send a new document in your profile."
    )
    assert verdict(person, shop, NOW).first_day == TODAY


def test_what_runs_out_before_the_window_begins_is_no_use() -> None:
    person = a_shopper(qualifications={"forklift": day(1)})
    assert codes(person, a_shop(None, LICENCE, first_day=day(2))) == ["qualification"]


def test_of_several_all_are_asked_for() -> None:
    both = Requirements(qualifications=("diver", "forklift"))
    assert codes(a_shopper(qualifications={"forklift": day(-1)}), a_shop(None, both)) == ["qualification"] * 2
    assert codes(a_shopper(qualifications={"forklift": None, "diver": day(30)}), a_shop(None, both)) == []


def test_the_quiz_of_the_current_guideline_is_asked_for_and_no_other() -> None:
    read = frozenset({GUIDELINE})
    assert codes(a_shopper(certified=frozenset({uuid4()}), read=read), a_shop(is_certified=True)) == ["certification"]
    assert codes(a_shopper(certified=frozenset({GUIDELINE}), read=read), a_shop(is_certified=True)) == []


def test_who_has_passed_the_quiz_and_not_read_is_told_to_read() -> None:
    asked = a_shop(is_certified=True)
    found = the_one(a_shopper(certified=frozenset({GUIDELINE}), read=frozenset({uuid4()})), asked)
    assert (found.code, found.staff) == ("reading", "Has not said to have read the current guideline")
    assert found.shopper == "You have passed the quiz. Read the guidelines too, and say that you have."
    assert "nor passed its quiz" in the_one(a_shopper(), asked).staff
    assert codes(a_shopper(), a_shop(is_certified=False)) == []


@pytest.mark.parametrize(("grade", "found"), [(None, ["grade"]), (69, ["grade"]), (70, []), (95, [])])
def test_a_grade_that_is_asked_for_is_needed(grade: int | None, found: list[str]) -> None:
    assert codes(a_shopper(grade_tenths=grade), a_shop(requirements=Requirements(least_grade_tenths=70))) == found


def test_who_holds_as_many_as_allowed_takes_no_more() -> None:
    held = [a_visit(5, is_held=True, location_id=uuid4()) for _ in range(2)]
    assert codes(a_shopper(*held, held_limit=2), a_shop()) == ["held"]
    assert codes(a_shopper(*held, held_limit=3), a_shop()) == []


def test_bands_that_are_asked_for_count_and_no_others() -> None:
    shop = a_shop(requirements=Requirements(bands={"age": ("18-24", "25-34")}))
    assert codes(a_shopper(bands={"age": "65+"}), shop) == ["band"]
    assert codes(a_shopper(), shop) == ["band"]
    assert codes(a_shopper(bands={"age": "25-34", "car": "none"}), shop) == []


def test_who_lives_too_far_away_is_told_how_far() -> None:
    shop = a_shop(requirements=Requirements(radius_km=50))
    far = the_one(a_shopper(latitude=LONDON[0], longitude=LONDON[1]), shop)
    assert far.code is Code.RADIUS
    assert far.shopper == "It is about 272 km from you; this shop is for people within 50 km."
    unknown = the_one(a_shopper(latitude=None, longitude=None), shop)
    assert unknown.code is Code.RADIUS
    assert "Where you start from" in unknown.staff
    assert unknown.shopper.endswith("Say it roughly, or ask us.")
    assert codes(a_shopper(), shop) == []


@pytest.mark.parametrize("kind", ["phone", "web"])
def test_nobody_travels_to_a_telephone(kind: str) -> None:
    shop = a_shop(requirements=Requirements(radius_km=5), kind=kind)
    assert codes(a_shopper(latitude=LONDON[0], longitude=LONDON[1]), shop) == []


def test_the_distance_is_that_of_the_great_circle() -> None:
    assert distance_km(LEEDS, LONDON) == pytest.approx(272.4, abs=0.5)
    assert distance_km(LEEDS, LEEDS) == 0


def test_somebody_who_was_here_waits_until_the_rule_is_over() -> None:
    reason = the_one(a_shopper(a_visit(-41)), a_shop(Rotation(location_days=80)))
    assert (reason.code, reason.free_on) == (Code.LOCATION, date(2026, 6, 22))
    assert reason.shopper == "You were here 41 days ago; free again on 22 June."
    assert reason.staff == "The shopper was here 41 days ago (rule: 80 days); free again on 22 June"


def test_somebody_whose_rule_ends_within_the_window_may_go_from_then_on() -> None:
    person, shop = a_shopper(a_visit(-41)), a_shop(Rotation(location_days=45))
    assert verdict(person, shop, NOW).first_day == day(4)
    assert codes(person, shop, day(3)) == ["rotation_location"]
    assert codes(person, shop, day(4)) == []


def test_a_visit_that_is_still_to_come_counts_as_well() -> None:
    reason = the_one(a_shopper(a_visit(20)), a_shop(Rotation(location_days=60)))
    assert reason.shopper == f"You have a visit planned here on 3 June; free again on {day(80).day} August."


def test_another_place_of_the_brand_has_its_own_rule() -> None:
    there = a_visit(-3, location_id=uuid4())
    assert codes(a_shopper(there), a_shop(Rotation(location_days=60))) == []
    reason = the_one(a_shopper(there), a_shop(Rotation(brand_days=30)))
    assert (reason.code, reason.free_on) == (Code.BRAND, day(27))


def test_another_client_is_no_brand_visit() -> None:
    assert codes(a_shopper(a_visit(-3, client_id=uuid4(), location_id=uuid4())), a_shop(Rotation(brand_days=30))) == []


def test_once_a_campaign_is_once_for_ever() -> None:
    shop = a_shop(Rotation(once_per_campaign=True))
    assert codes(a_shopper(a_visit(-900, location_id=uuid4())), shop) == ["once_per_campaign"]
    assert codes(a_shopper(a_visit(-900, campaign_id=uuid4())), shop) == []


@pytest.mark.parametrize(
    "rotation", [Rotation(location_days=60), Rotation(brand_days=60), Rotation(once_per_campaign=True)]
)
def test_a_household_counts_only_where_the_campaign_says_so(rotation: Rotation) -> None:
    person = a_shopper(a_visit(-5, is_own=False))
    assert codes(person, a_shop(rotation)) == []
    assert codes(person, a_shop(replace(rotation, is_household=True))) == ["household"]


def test_what_the_household_did_is_not_told() -> None:
    reason = the_one(a_shopper(a_visit(-5, is_own=False)), a_shop(Rotation(location_days=60, is_household=True)))
    assert "5 days ago" in reason.staff
    assert "5 days" not in reason.shopper


def test_own_shops_keep_their_distance_in_days() -> None:
    elsewhere = a_visit(2, location_id=uuid4(), client_id=uuid4(), campaign_id=uuid4())
    shop = a_shop(Rotation(gap_days=1))
    assert [codes(a_shopper(elsewhere), shop, day(number)) for number in range(5)] == [
        [],
        ["gap"],
        ["gap"],
        ["gap"],
        [],
    ]


def test_a_day_has_room_for_so_many() -> None:
    others = [a_visit(0, location_id=uuid4()) for _ in range(2)]
    shop = a_shop(Rotation(daily_limit=2))
    assert codes(a_shopper(*others), shop, TODAY) == ["daily_limit"]
    assert codes(a_shopper(*others[:1]), shop, TODAY) == []
    assert verdict(a_shopper(*others), shop, NOW).first_day == day(1)


def test_a_place_has_room_for_so_many_visits_a_day_whoever_makes_them() -> None:
    shop = a_shop(Rotation(location_daily_limit=1), taken=((uuid4(), TODAY),))
    assert codes(a_shopper(), shop, TODAY) == ["location_daily_limit"]
    assert codes(a_shopper(), shop, day(1)) == []


def test_visits_to_a_place_keep_their_distance_whoever_makes_them() -> None:
    shop = a_shop(Rotation(location_gap_days=3), taken=((uuid4(), day(5)),))
    assert codes(a_shopper(), shop, day(2)) == ["location_gap"]
    assert codes(a_shopper(), shop, day(1)) == []


def test_the_shop_itself_is_no_visit_that_stands_against_it() -> None:
    shop = a_shop(Rotation(location_days=60, brand_days=60, once_per_campaign=True, gap_days=5, location_gap_days=5))
    shop = replace(shop, place=replace(shop.place, taken=((shop.id, day(2)),)))
    assert codes(a_shopper(a_visit(2, shop_id=shop.id)), shop) == []


def test_on_days_that_are_blacked_out_nobody_goes() -> None:
    shop = a_shop(Rotation(blackout=((day(-3), day(4)), (day(5), day(6)))))
    assert codes(a_shopper(), shop, day(6)) == ["blackout"]
    assert verdict(a_shopper(), shop, NOW).first_day == day(7)
    assert codes(a_shopper(), a_shop(Rotation(blackout=((day(-1), day(30)),)))) == ["blackout"]


def test_a_place_that_is_closed_on_sundays_is_not_visited_then() -> None:
    sunday = date(2026, 5, 17)
    shop = a_shop(weekdays=frozenset({0, 1, 2, 3, 4, 5}))
    assert codes(a_shopper(), shop, sunday) == ["opening_hours"]
    assert codes(a_shopper(), shop, sunday + timedelta(days=1)) == []
    assert codes(a_shopper(), a_shop(weekdays=frozenset())) == ["opening_hours"]


@pytest.mark.parametrize(
    ("daypart", "found"), [("any", {0, 1}), ("morning", {0}), ("evening", {1}), ("late", {1}), ("midday", {0})]
)
def test_a_part_of_the_day_needs_a_place_that_is_open_then(daypart: str, found: set[int]) -> None:
    assert open_weekdays({"mon": [["07:00", "14:00"]], "tue": [["18:00", "02:00"]], "wed": []}, daypart) == found


def test_a_place_whose_hours_nobody_has_told_is_open() -> None:
    assert open_weekdays({}, "late") == frozenset(range(7))


def test_rules_that_close_different_days_close_the_window_together() -> None:
    rotation = Rotation(location_days=8, blackout=((day(7), day(20)),))
    assert codes(a_shopper(a_visit(-1)), a_shop(rotation)) == ["rotation_location", "blackout"]


def test_what_is_given_counts_for_the_next_of_the_same_batch() -> None:
    rules = Rotation(location_days=30, is_household=True)
    me, housemate, stranger = a_shopper(), a_shopper(), a_shopper(household=b"elsewhere")
    shops = [a_shop(rules) for _ in range(4)]
    pairs = [Pair(person, shop) for person, shop in zip((me, me, housemate, stranger), shops, strict=True)]
    found = [[reason.code.value for reason in judged.reasons] for judged in in_turn(pairs, NOW)]
    assert found == [[], ["rotation_location"], ["household"], []]


def test_a_place_fills_up_within_a_batch() -> None:
    shops = [a_shop(Rotation(location_daily_limit=1)) for _ in range(2)]
    found = in_turn([Pair(a_shopper(household=None), shop, day(1)) for shop in shops], NOW)
    assert [judged.is_eligible for judged in found] == [True, False]


def test_a_shop_that_moves_within_a_batch_leaves_its_old_day() -> None:
    shops = [a_shop(Rotation(gap_days=3)) for _ in range(2)]
    held = [a_visit(2, shop_id=shops[0].id, is_held=True), a_visit(9, shop_id=shops[1].id, is_held=True)]
    me = a_shopper(*held)
    first, second = Pair(me, shops[0], day(5)), Pair(me, shops[1], day(1))
    assert [judged.is_eligible for judged in in_turn([first, second], NOW)] == [True, True]
    assert [judged.is_eligible for judged in in_turn([second, first], NOW)] == [False, True]


def test_a_place_whose_visit_moves_within_a_batch_has_its_old_day_free() -> None:
    rules = Rotation(location_daily_limit=1)
    shops = [a_shop(rules) for _ in range(2)]
    place = replace(shops[0].place, taken=((shops[0].id, day(1)), (shops[1].id, day(2))))
    shops = [replace(shop, place=place) for shop in shops]
    pairs = [Pair(a_shopper(household=None), shop, on) for shop, on in zip(shops, (day(3), day(1)), strict=True)]
    assert [judged.is_eligible for judged in in_turn(pairs, NOW)] == [True, True]
    assert [judged.is_eligible for judged in in_turn(pairs[1:], NOW)] == [False]


ROTATIONS = st.builds(
    Rotation,
    location_days=st.integers(0, 90),
    brand_days=st.integers(0, 60),
    once_per_campaign=st.booleans(),
    is_household=st.booleans(),
    daily_limit=st.none() | st.integers(1, 3),
    gap_days=st.integers(0, 5),
)
VISITS = st.lists(
    st.builds(
        Visit,
        st.just(UUID(int=1)) | st.uuids(),
        st.sampled_from([PLACE, UUID(int=2)]),
        st.sampled_from([CLIENT, UUID(int=3)]),
        st.sampled_from([CAMPAIGN, UUID(int=4)]),
        st.integers(-90, 30).map(day),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
)


@given(ROTATIONS, VISITS)
def test_a_day_is_free_exactly_if_the_window_says_so(rotation: Rotation, visits: list[Visit]) -> None:
    """The quick way over spans of days finds what asking for each day finds."""
    person, shop = a_shopper(*visits, held_limit=100), a_shop(rotation)
    free = [number for number in range(14) if not reasons(person, shop, NOW, day(number))]
    judged = verdict(person, shop, NOW)
    assert judged.first_day == (day(free[0]) if free else None)
    assert judged.is_eligible == bool(free)


@given(ROTATIONS, VISITS, st.dictionaries(st.sampled_from(["car", "pets", "glasses"]), st.text(max_size=5)))
def test_bands_that_nobody_asks_for_never_change_the_answer(
    rotation: Rotation, visits: list[Visit], bands: dict[str, str]
) -> None:
    shop = a_shop(rotation, Requirements(bands={"age": ("25-34",)}))
    without = a_shopper(*visits, bands={"age": "25-34"})
    assert verdict(replace(without, bands={"age": "25-34", **bands}), shop, NOW) == verdict(without, shop, NOW)


@given(ROTATIONS, VISITS)
def test_words_never_name_anybody_and_always_say_something(rotation: Rotation, visits: list[Visit]) -> None:
    person, shop = a_shopper(*visits), a_shop(rotation)
    for reason in reasons(person, shop, NOW):
        assert reason.staff
        assert reason.shopper.endswith(".")
        assert str(person.id) not in reason.staff + reason.shopper
