"""A map without tiles: where points come to lie, and which are merged."""

from itertools import combinations
from math import asin, cos, hypot, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.clients.domain import Caption, Point, box_of, captions, inside, projected, projected_from
from survey.clients.domain.maps import CELL, HEIGHT, WIDTH

LEEDS = Point(53.7997, -1.5492, "Leeds", "/leeds")
YORK = Point(53.9591, -1.0815, "York", "/york")
HULL = Point(53.7457, -0.3367, "Hull", "/hull")
points = st.lists(
    st.builds(Point, st.floats(-85, 85), st.floats(-180, 180), st.just("x"), st.just("/x")), min_size=1, max_size=60
)


def kilometres(one: Point, other: Point) -> float:
    """Along a great circle: the haversine formula, with the mean radius of the earth."""
    height = radians(other.latitude - one.latitude)
    width = radians(other.longitude - one.longitude)
    arc = sin(height / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(width / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(arc))


def test_nothing_is_no_map() -> None:
    assert projected([]) is None


def test_north_is_up_and_east_is_to_the_right() -> None:
    chart = projected([LEEDS, YORK, HULL])
    assert chart
    at = {mark.label: mark for mark in chart.marks}
    assert at["York"].y < at["Leeds"].y < at["Hull"].y
    assert at["Leeds"].x < at["York"].x < at["Hull"].x
    assert [at[name].url for name in ("Leeds", "York", "Hull")] == ["/leeds", "/york", "/hull"]


def test_distances_on_the_drawing_are_those_on_the_ground() -> None:
    chart = projected([LEEDS, YORK, HULL])
    assert chart
    at = {mark.label: mark for mark in chart.marks}
    km = chart.scale_km / chart.scale_length
    for one, other in combinations((LEEDS, YORK, HULL), 2):
        a, b = at[one.label], at[other.label]
        assert hypot(a.x - b.x, a.y - b.y) * km == pytest.approx(kilometres(one, other), rel=0.01)


def test_one_point_lies_in_the_middle() -> None:
    chart = projected([LEEDS])
    assert chart
    assert [(mark.x, mark.y) for mark in chart.marks] == [(WIDTH / 2, HEIGHT / 2)]


def test_where_somebody_looks_from_is_on_the_drawing_and_no_row_of_it() -> None:
    near = Point(53.80, -1.55, "Riverside")
    chart = projected_from((53.80, -1.55), [near, Point(53.90, -1.20, "Far")])
    assert chart is not None
    assert chart.here is not None
    assert (chart.count, abs(chart.here[0] - chart.marks[-1].x) < 0.2) == (2, True)
    assert projected_from((53.80, -1.55), []) is None


def test_a_bar_in_miles_is_a_round_number_of_them_and_no_longer_than_the_other() -> None:
    chart = projected([Point(53.80, -1.55, "Riverside"), Point(54.70, -1.20, "Far")])
    assert chart is not None
    many, length = chart.bar(1.609344)
    assert (many in (1, 2, 5, 10, 20, 50), length <= chart.scale_length) == (True, True)
    assert many * 1.609344 / length == pytest.approx(chart.scale_km / chart.scale_length)


def test_the_180th_meridian_tears_nothing_apart() -> None:
    suva, taveuni = Point(-18.12, 178.45, "Suva"), Point(-16.9, -179.9, "Taveuni")
    chart = projected([suva, taveuni])
    assert chart
    assert [mark.label for mark in sorted(chart.marks, key=lambda mark: mark.x)] == ["Suva", "Taveuni"]
    assert chart.scale_km < 200


def test_places_that_would_cover_each_other_are_one_mark_with_their_number() -> None:
    near = [Point(53.8 + step / 10_000, -1.55, f"Store {step}", f"/{step}") for step in range(5)]
    chart = projected([*near, HULL])
    assert chart
    many = next(mark for mark in chart.marks if mark.count > 1)
    assert (many.count, many.url, many.label) == (5, "", "Store 0, Store 1, Store 2 and 2 more")
    box = box_of(many.box_text)
    assert box
    assert [inside(box, point.latitude, point.longitude) for point in (*near, HULL)] == [True] * 5 + [False]


def test_a_store_at_the_edge_of_a_crowd_joins_it() -> None:
    crowd = [Point(53.80, -1.55, "In town")] * 9
    chart = projected([*crowd, Point(53.85, -1.55, "At its edge"), Point(55.0, -1.55, "Far")])
    assert chart
    assert sorted(mark.count for mark in chart.marks) == [1, 10]


def test_marks_of_one_kind_keep_it_and_mixed_ones_do_not() -> None:
    shut = Point(53.8, -1.55, "Shut", kind="attention")
    pair = projected([shut, Point(53.8, -1.55, "Other", kind="attention")])
    mixed = projected([shut, LEEDS, HULL])
    assert pair
    assert mixed
    assert pair.marks[0].kind == "attention"
    assert {mark.kind for mark in mixed.marks} == {""}


@given(points)
def test_every_point_is_on_the_drawing_once(given_points: list[Point]) -> None:
    chart = projected(given_points)
    assert chart
    assert chart.count == len(given_points)
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT for mark in chart.marks)
    assert 0 < chart.scale_length <= WIDTH * 0.31
    assert len(chart.marks) <= (WIDTH // CELL + 1) * (HEIGHT // CELL + 1)


@given(points)
def test_a_marks_box_holds_its_points(given_points: list[Point]) -> None:
    chart = projected(given_points)
    assert chart
    held = 0
    for mark in chart.marks:
        box = box_of(mark.box_text)
        assert box
        held += mark.count
        assert sum(inside(box, point.latitude, point.longitude) for point in given_points) >= mark.count
    assert held == len(given_points)


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "2,0,1,0", "0,0,95,0", "nan,0,1,0", "0,0,1,181"])
def test_an_address_that_is_no_box_is_none(text: str) -> None:
    assert box_of(text) is None


def test_a_place_that_is_far_away_does_not_shrink_the_map() -> None:
    points = [LEEDS, YORK, HULL]
    far = projected_from((50.1, -5.5), points)
    near = projected(points)
    assert far
    assert near
    assert (far.here, far.is_here_outside, far.marks) == (None, True, near.marks)


def test_a_town_is_named_once_and_in_the_middle_of_its_places() -> None:
    [one] = captions([("Leeds", 100.0, 100.0), ("Leeds", 140.0, 100.0)], (WIDTH, HEIGHT))
    assert one.text == "Leeds"
    assert one.x < 120 < one.x + 6.4 * len("Leeds")


def test_a_name_for_which_there_is_no_room_is_left_out() -> None:
    many = [("Leeds", 100.0, 100.0), ("Leeds", 100.0, 100.0), ("York", 102.0, 104.0), ("Hull", 101.0, 101.0)]
    written = captions(many, (WIDTH, HEIGHT), taken=[Caption(90.0, 122.0, "You")])
    assert written[0].text == "Leeds"
    assert len(written) < 3


@given(
    st.lists(
        st.tuples(st.text("abcde", min_size=1, max_size=30), st.floats(0, WIDTH), st.floats(0, HEIGHT)), max_size=30
    )
)
def test_names_never_cover_one_another_and_stay_on_the_map(named: list[tuple[str, float, float]]) -> None:
    written = captions(named, (WIDTH, HEIGHT))
    assert all(one.is_apart_from(other) for one, other in combinations(written, 2))
    assert all(0 <= one.x <= WIDTH and 0 <= one.y <= HEIGHT for one in written)
