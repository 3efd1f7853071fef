"""Working out where somebody starts from: which places match, what is said of it, and what a tap means."""

from math import cos, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.clients.domain import Point
from survey.shoppers.domain import Sought, Spot, Town, Units, View, code_of, guess, nearest_town, view_of, view_on
from survey.shoppers.domain.distances import distance_words, distances, units_of
from survey.shoppers.domain.places import TIME_ZONES, clock_of, clock_to_check, has_two_clocks, short_region, zone_of
from survey.shoppers.domain.towns import LARGE_TOWNS

CODES = st.sampled_from(["43004", "43004-1234", "43085", "44101", "9", ""])
degrees = {"latitude": st.floats(-85, 85), "longitude": st.floats(-80, 80)}
spots = st.lists(
    st.builds(Spot, **degrees, city=st.sampled_from(["Larkhollow", "Fernleigh"]),
              region=st.sampled_from(["OH", "Ohio"]), postal_code=CODES, country=st.just("US")),
    max_size=12,
)  # fmt: skip


def a_spot(code: str = "", city: str = "", region: str = "", country: str = "US", at: float = 40.0) -> Spot:
    """A place, by what is compared."""
    return Spot(at, 10.0, city, region, code, country)


def sought(code: str = "", city: str = "", region: str = "", country: str = "US") -> Sought:
    """What somebody typed."""
    return Sought(code, city, region, country)


def test_nothing_matches_nothing() -> None:
    assert guess([], sought("43004", "Larkhollow", "OH")) is None
    assert guess([a_spot("43004", "Larkhollow", "OH")], sought()) is None


@pytest.mark.parametrize(
    ("place", "asked"),
    [(a_spot("44101"), sought("43004")), (a_spot("43004", country="DE"), sought("43004")),
     (a_spot("E16 1AA", country="GB"), sought("E1 6AN", country="GB")),
     (a_spot("E16 1AA", country="GB"), sought("E1", country="GB")),
     (a_spot(city="Springfield", region="IL"), sought(city="Springfield", region="Ohio")),
     (a_spot(city="", region="OH"), sought(city="", region="OH"))],
)  # fmt: skip
def test_what_only_looks_alike_does_not_match(place: Spot, asked: Sought) -> None:
    assert guess([place], asked) is None


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [("43004-1234", "US", "43004"), (" se10  9nn", "GB", "SE10 9NN"), ("SE109NN", "GB", "SE10 9NN"),
     ("se10", "GB", "SE10 "), ("k1a 0b1", "CA", "K1A0B1"), ("1234 ab", "NL", "1234AB"), ("", "GB", ""),
     ("４３００４", "US", "43004")],
)  # fmt: skip
def test_a_code_has_one_spelling(typed: str, country: str, code: str) -> None:
    assert code_of(typed, country) == code


@pytest.mark.parametrize(
    ("places", "asked", "area", "count"),
    [([a_spot("43004"), a_spot("43085")], sought("43004-1234"), "43004", 1),
     ([a_spot("43085"), a_spot("43099")], sought("43004"), "the postal codes that begin with 430", 2),
     ([a_spot("43001"), a_spot("43085")], sought("43004"), "the postal codes that begin with 4300", 1),
     ([a_spot("SE10 8AA", country="GB")], sought("se109nn", country="GB"), "SE10", 1),
     ([a_spot("SE10 8AA", country="GB")], sought("SE10", country="GB"), "SE10", 1),
     ([a_spot("K1A 0B1", country="CA")], sought("K1A 9Z9", country="CA"), "the postal codes that begin with K1A", 1),
     ([a_spot("10115", country="DE")], sought("10999", country="DE"), "the postal codes that begin with 10", 1),
     ([a_spot("99999", "Larkhollow", "OH")], sought("43004", " larkHOLLOW", "Ohio"), "Larkhollow", 1),
     ([a_spot(city="Larkhollow", region="OH"), a_spot(city="Larkhollow")], sought(city="Larkhollow"), "Larkhollow", 2),
     ([a_spot("SE10 8AA", country="")], sought("SE10 9NN", country="GB"), "SE10", 1)],
)  # fmt: skip
def test_the_closest_likeness_counts(places: list[Spot], asked: Sought, area: str, count: int) -> None:
    found = guess(places, asked)
    assert found
    assert (found.area, found.count) == (area, count)


def test_two_towns_of_one_name_have_no_middle() -> None:
    towns = [a_spot(city="Springfield", region="IL", at=39.8), a_spot(city="Springfield", region="OH", at=39.9)]
    assert guess(towns, sought(city="Springfield")) is None
    found = guess(towns, sought(city="Springfield", region="Ohio"))
    assert found
    assert found.point[0] == 39.9


def test_it_says_how_rough_it_is() -> None:
    alone = guess([a_spot("43004")], sought("43004"))
    several = guess([a_spot("43004", at=40.0), a_spot("43004", at=40.2)], sought("43004"))
    assert alone
    assert several
    assert alone.words == "about the middle of 43004, from one place of ours there"
    assert several.words == "about the middle of 43004, from 2 places of ours there"
    assert (alone.reach(Units.KM), several.reach(Units.MILES)) == ("1 km", "7 miles")


corners = st.lists(st.tuples(st.floats(-85, 85), st.floats(-80, 80)), min_size=1, max_size=8)


@given(corners, corners, st.floats(0, 6.3))
def test_a_guess_lies_in_the_hull_of_what_matches_and_of_nothing_else(
    matching: list[tuple[float, float]], others: list[tuple[float, float]], angle: float
) -> None:
    places = [Spot(*at, "Larkhollow", "OH", "43004", "US") for at in matching]
    elsewhere = [Spot(*at, "Fernleigh", "OH", "99501", "US") for at in others]
    found = guess([*elsewhere, *places], sought("43004"))
    assert found
    assert found.count == len(matching)
    # A point is in a hull when no line, whichever way it runs, has it on one side and all the corners on the other.
    across = cos(angle), sin(angle)
    reach = max(across[0] * north + across[1] * east for north, east in matching)
    assert across[0] * found.point[0] + across[1] * found.point[1] <= reach + 1e-9


@given(corners, st.text(max_size=12))
def test_where_no_code_and_no_town_is_alike_there_is_no_guess(places: list[tuple[float, float]], city: str) -> None:
    spots = [Spot(*at, "Fernleigh", "OH", "99501", "US") for at in places]
    town = city if city.strip().casefold() != "fernleigh" else ""
    assert guess(spots, sought("43004", town, "OH")) is None


@given(st.text("0123456789abcXYZ -.", max_size=12), st.sampled_from(["US", "GB", "CA", "NL", "DE"]))
def test_spelling_a_code_again_or_in_capitals_or_with_spaces_changes_nothing(typed: str, country: str) -> None:
    code = code_of(typed, country)
    assert code_of(code, country) == code_of(typed.upper(), country) == code_of(f"  {typed}. ", country) == code


@given(spots, CODES)
def test_a_guess_lies_within_the_places_it_comes_from(places: list[Spot], code: str) -> None:
    found = guess(places, sought(code, "Larkhollow", "Ohio"))
    if found is None or not found.count:  # a larger town stands in only where nothing of ours is
        assert not [spot for spot in places if spot.city == "Larkhollow"]
        return
    north, east = found.point
    hair = 1e-9
    assert min(spot.latitude for spot in places) - hair <= north <= max(spot.latitude for spot in places) + hair
    assert min(spot.longitude for spot in places) - hair <= east <= max(spot.longitude for spot in places) + hair
    assert 1 <= found.count <= len(places)


def test_the_date_line_tears_no_town_apart() -> None:
    found = guess([Spot(-17, lng, "Taveuni", "", "", "NZ") for lng in (179.9, -179.7)], sought("", "Taveuni", "", "NZ"))
    assert found
    assert found.point[1] == pytest.approx(-179.9)


def test_states_are_the_same_however_they_are_written() -> None:
    assert short_region("New  York", "US") == short_region("ny", "US") == "ny"
    assert short_region("Quebec", "CA") == "qc"
    assert short_region("Ohio", "GB") == "ohio"


def test_the_nearest_town_is_named_in_whole_kilometres() -> None:
    here, there = Town(51.48, 0.0, "Here", 1), Town(52.48, 0.0, "There", 2)
    assert nearest_town([], (51.5, 0.0)) is None
    assert nearest_town([there, here], (51.5, 0.0)) == (here, 2)
    assert nearest_town([here], (51.48, 0.0)) == (here, 1)


@given(st.floats(-80, 80), st.floats(-179, 179), st.integers(3, 7), st.floats(1, 287), st.floats(1, 287))
def test_what_is_tapped_is_drawn_where_it_was_tapped(north: float, east: float, zoom: int, x: float, y: float) -> None:
    view = View(north, east, zoom)
    point = view.tapped(x, y)
    if point is not None:
        assert view.frame.place(*point) == pytest.approx((x, y), abs=0.01)


@given(st.floats(-85, 85), st.floats(-180, 180), st.integers(0, 7))
def test_every_link_of_the_map_leads_to_a_view(north: float, east: float, zoom: int) -> None:
    view = View(north, east, zoom)
    for each in (view.closer, view.wider, view.around((north, east)), *(moved for _, moved in view.moves)):
        assert each is None or view_of(each.at, str(each.zoom)) is not None


def test_the_first_view_shows_every_place() -> None:
    assert view_on([]) is None
    places = [Point(51.48, 0.0, ""), Point(55.97, -3.17, "")]
    view = view_on(places)
    assert view
    for place in places:
        x, y = view.frame.place(place.latitude, place.longitude)
        assert 0 < x < view.frame.width
        assert 0 < y < view.frame.height
    alone = view_on(places[:1])
    assert alone
    assert (alone.at, alone.is_fine) == ("51.48,0.00", False)


@pytest.mark.parametrize(
    ("sought", "town"),
    [
        (Sought("", "fresno", "California", "US"), "Fresno, CA"), (Sought("93721-1234", "", "", "US"), "Fresno, CA"),
        (Sought("", "Columbus", "GA", "US"), "Columbus, GA"), (Sought("", "Columbus", "", "US"), None),
        (Sought("", "Portland", "Texas", "US"), None), (Sought("93721", "", "", "DE"), None),
        (Sought("", "Smallville", "KS", "US"), None),
        (Sought("99559", "", "", "US"), None),  # Bethel, 600 km from Anchorage, whose codes begin alike
        (Sought("83467", "Boise", "ID", "US"), "Boise, ID"),
    ],
)  # fmt: skip
def test_where_no_place_of_ours_is_near_a_larger_town_is_known(sought: Sought, town: str | None) -> None:
    found = guess([], sought)
    assert (found.area if found else None) == town


def test_a_place_of_ours_is_nearer_than_the_middle_of_a_town() -> None:
    ours = Spot(36.80, -119.75, "Fresno", "CA", "93721", "US")
    found = guess([ours], Sought("93721", "Fresno", "CA", "US"))
    assert found is not None
    assert found.point == pytest.approx((36.80, -119.75))


def test_each_larger_town_is_on_land_of_its_country_once_and_owns_its_digits() -> None:
    assert len({(each.state, each.name) for each in LARGE_TOWNS}) == len(LARGE_TOWNS) > 150
    assert all(18 < each.latitude < 65 and -160 < each.longitude < -68 for each in LARGE_TOWNS)
    digits = [each.prefix for each in LARGE_TOWNS if each.prefix]
    assert len(set(digits)) == len(digits)
    assert len({each.state for each in LARGE_TOWNS}) == 51


@pytest.mark.parametrize(
    ("country", "region", "zone"),
    [
        ("US", "California", "America/Los_Angeles"), ("US", "tx", "America/Chicago"), ("US", "AZ", "America/Phoenix"),
        ("US", "Hawaii", "Pacific/Honolulu"), ("US", "somewhere", "America/New_York"),
        ("CA", "BC", "America/Vancouver"), ("CA", "Saskatchewan", "America/Regina"), ("AU", "WA", "Australia/Perth"),
        ("AU", "Queensland", "Australia/Brisbane"), ("GB", "Kent", "Europe/London"), ("XX", "", "UTC"),
    ],
)  # fmt: skip
def test_a_profile_begins_with_the_time_of_its_state(country: str, region: str, zone: str) -> None:
    assert zone_of(country, region) == zone
    assert zone in TIME_ZONES


def test_in_a_state_with_two_clocks_one_has_to_look() -> None:
    assert has_two_clocks("US", "Tennessee")
    assert not has_two_clocks("US", "Ohio")
    assert not has_two_clocks("DE", "or")


def test_a_postal_code_settles_the_time_of_most_of_a_state_with_two() -> None:
    assert clock_of("US", "Texas", "75201") == "America/Chicago"
    assert clock_of("US", "TX", "79901") == "America/Denver"
    assert clock_of("US", "Tennessee", "37209") == ""
    assert clock_of("US", "Ohio", "") == "America/New_York"


@pytest.mark.parametrize(
    ("old", "new", "zone", "proposed"),
    [
        (("US", "Ohio"), ("US", "OH"), "America/Chicago", ""),
        (("US", "Ohio"), ("US", "Iowa"), "America/New_York", "America/Chicago"),
        (("US", "Ohio"), ("US", "Virginia"), "America/New_York", ""),
        (("US", "Ohio"), ("US", "Kentucky"), "America/New_York", "America/New_York"),
        (("ES", "Las Palmas"), ("ES", "Tenerife"), "Atlantic/Canary", ""),
        (("US", "Ohio"), ("GB", "Kent"), "America/New_York", "Europe/London"),
    ],
)
def test_who_moves_is_shown_the_time_of_the_new_home(
    old: tuple[str, str], new: tuple[str, str], zone: str, proposed: str
) -> None:
    assert clock_to_check(old, new, zone) == proposed


@pytest.mark.parametrize(
    ("km", "units", "words"),
    [
        (0.2, Units.KM, "1 km"),
        (12.4, Units.KM, "12 km"),
        (1.7, Units.MILES, "1 mile"),
        (2000, Units.MILES, "1,243 miles"),
    ],
)
def test_distances_are_said_in_the_readers_units(km: float, units: Units, words: str) -> None:
    assert distance_words(km, units) == words


def test_americans_begin_with_miles_and_everybody_chooses_from_a_few_distances() -> None:
    assert [units_of(country) for country in ("US", "GB", "DE")] == [Units.MILES, Units.KM, Units.KM]
    assert distances(Units.MILES)[0] == (2, "Within 1 mile")
    assert len(distances(Units.KM)) == len(distances(Units.MILES))
